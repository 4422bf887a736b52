"""The only writer of tiers, and of the policies that they are judged by."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Min

from accounts.models import Branch, User
from audit.services import record
from interactions.models import Interaction, Referral
from partners.models import Partner
from tiers.classification import Verdict, classify
from tiers.dispatch import tiers_moved
from tiers.models import NightlyRun, PolicyVersion, TierChange, TierStanding
from tiers.policy import Policy
from tiers.policy_history import PoliciesInForce
from tiers.policy_sense import nonsense
from tiers.signals import Subject, subjects

# Partners judged in one transaction: enough to be fast, few enough to keep nobody waiting.
SLICE = 500
Item = TypeVar("Item")


@dataclass(frozen=True)
class Judged:
    """A partner, and the verdict that its facts give on the day by the policy of its branch."""

    subject: Subject
    verdict: Verdict
    version: PolicyVersion

    @property
    def tier_moves(self) -> bool:
        return self.verdict.tier != self.subject.standing.tier

    @property
    def rule_moves(self) -> bool:
        return self.tier_moves or self.verdict.rule != self.subject.standing.rule


def reclassify(partner_ids: Collection[int], *, as_of: date) -> list[Judged]:
    """Judge these partners as of a day, write what changed, and return those whose tier moved.

    In one transaction: locks the rows in the order of their keys, and only then reads the signals
    (locking and reading in one statement stored the wrong tier in every race); judges; writes the
    verdicts that differ; records a TierChange where the tier or its rule changed. Archived
    partners are left as they are. `as_of` must not lie before a change that is recorded already.
    """
    with transaction.atomic():
        locked = Partner.objects.active().locked(list(partner_ids))
        policies = PolicyVersion.objects.in_force(as_of, make=True)
        judged = _record_changes(locked, as_of, policies)
        _write_standings(judged, as_of)
    return [case for case in judged if case.tier_moves]


def reclassify_now(partner_ids: Collection[int], *, now: datetime) -> list[Judged]:
    """Judge these partners as of their owners' today: what every save calls.

    Returns those whose tier moved, and tells `tiers_moved` of those that had one before. Locks
    them all first, as their days can differ: day by day, they would be locked out of order.
    """
    by_day: defaultdict[date, list[int]] = defaultdict(list)
    with transaction.atomic():
        locked = Partner.objects.active().locked(list(partner_ids))
        days = Partner.objects.filter(pk__in=locked).annotate(last_change=Max("tier_changes__on"))
        for partner in days.select_related("owner"):
            today = partner.owner.today(now)
            # A hand-over to an owner further west can turn today back: the record keeps its order.
            by_day[max(today, partner.last_change or today)].append(partner.pk)
        moved = [case for day in sorted(by_day) for case in reclassify(by_day[day], as_of=day)]
        if known := [case.subject.partner_id for case in moved if case.subject.standing.tier]:
            tiers_moved.send(TierStanding, partner_ids=known, now=now)
    return moved


def judge(
    partner_ids: Sequence[int], *, as_of: date, policies: PoliciesInForce | None = None
) -> list[Judged]:
    """What the facts give on a day, from the tier then standing; writes nothing.

    Each partner by the policy of its owner's branch: of that day, where no `policies` are given.
    """
    policies = policies or PolicyVersion.objects.in_force(as_of)
    partners = Partner.objects.filter(pk__in=partner_ids).order_by("pk")
    return [_judged(subject, policies) for subject in subjects(partners, as_of)]


def compare(
    partner_ids: Sequence[int], *, as_of: date, policies: PoliciesInForce, other: PoliciesInForce
) -> list[tuple[Judged, Judged]]:
    """What the same facts give on a day by these policies, and by the other ones; see `judge`."""
    partners = Partner.objects.filter(pk__in=partner_ids).order_by("pk")
    return [
        (_judged(subject, policies), _judged(subject, other))
        for subject in subjects(partners, as_of)
    ]


def _judged(subject: Subject, policies: PoliciesInForce) -> Judged:
    version = policies.of(subject.branch_id)
    return Judged(subject, classify(subject.signals, subject.standing, version.policy), version)


def replay(partner_ids: Sequence[int], *, today: date) -> None:
    """Rebuild the tier history of these partners from their facts.

    Takes away every computed change (an imported label stays: it is a fact), judges each partner
    on the first of each month from its first fact on, and today, by the policy of that day. In one
    transaction. Archived partners are left as they are.
    """
    with transaction.atomic():
        locked = Partner.objects.active().locked(list(partner_ids))
        TierChange.objects.filter(partner__in=locked).exclude(rule="").delete()
        history = PolicyVersion.objects.history(make=True)
        first_facts = _first_facts(locked, today)
        for day in _firsts_of_months(min(first_facts.values(), default=today), today):
            begun = [partner_id for partner_id, first in first_facts.items() if first <= day]
            # The tier then standing is read from the changes; a standing shows today alone.
            _record_changes(begun, day, history.on(day))
        reclassify(locked, as_of=today)


def label(tiers: dict[int, str], *, on: date) -> None:
    """Note tiers that an import brought as the officer's own, for partners that have none yet."""
    judged = set(TierChange.objects.filter(partner__in=tiers).values_list("partner", flat=True))
    TierChange.objects.bulk_create(
        TierChange(partner_id=partner_id, on=on, tier=tier)
        for partner_id, tier in tiers.items()
        if partner_id not in judged
    )


def judge_new_days(*, now: datetime, slices: int) -> bool:
    """Judge all partners of each time zone where a new day has begun; True when all is done.

    At most `slices` slices of work, each its own transaction that also notes how far it came: a
    run that is killed or out of time goes on where it stopped, and a missed night is caught up.
    """
    zones = Partner.objects.active().values_list("owner__time_zone", flat=True).distinct()
    for zone in sorted(zones):
        day = now.astimezone(ZoneInfo(zone)).date()
        run, _ = NightlyRun.objects.get_or_create(time_zone=zone, day=day)
        while run.finished_at is None:
            if slices == 0:
                return False
            slices -= 1
            run = _judge_slice(run.pk, now)
    return True


def publish_policy(
    *,
    actor: User,
    branch: Branch | None,
    policy: Policy,
    starts_on: date,
    note: str,
    now: datetime,
) -> PolicyVersion:
    """Let a policy hold from a day on, for a branch or (where it is None) for the company.

    A new version, recorded; the nightly runs of that day and later begin anew, so that everybody
    is judged by it within minutes where the day has begun. Raises ValidationError for a policy
    that makes no sense, and for a day before the actor's today.
    """
    if complaints := nonsense(policy):
        raise ValidationError([complaint.sentence for complaint in complaints])
    return _publish(actor, branch, policy.to_dict(), starts_on, note, now)


def follow_company(
    *, actor: User, branch: Branch, starts_on: date, note: str, now: datetime
) -> PolicyVersion:
    """Let a branch follow the company's policy again from a day on. Else like `publish_policy`."""
    return _publish(actor, branch, None, starts_on, note, now)


def _publish(
    actor: User,
    branch: Branch | None,
    rules: dict[str, Any] | None,
    starts_on: date,
    note: str,
    now: datetime,
) -> PolicyVersion:
    if starts_on < actor.today(now):
        raise ValidationError("Choose today or a later day: the past was judged already.")
    with transaction.atomic():
        number = PolicyVersion.objects.next_number()
        last = PolicyVersion.objects.filter(branch=branch).order_by("starts_on", "number").last()
        if last and rules is None and (last.rules, last.starts_on) == (None, starts_on):
            # The second of two clicks.
            return last
        version = PolicyVersion.objects.create(
            number=number,
            branch=branch,
            rules=rules,
            starts_on=starts_on,
            note=note,
            published_by=actor,
            published_at=now,
        )
        NightlyRun.objects.filter(day__gte=starts_on).update(judged_up_to=0, finished_at=None)
        action = "policy.published" if rules else "policy.company_followed"
        record(
            actor=actor,
            action=action,
            target=version,
            number=version.number,
            branch=branch.name if branch else "",
            starts_on=starts_on.isoformat(),
        )
    return version


def in_slices(items: Sequence[Item], size: int = SLICE) -> Iterator[Sequence[Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _judge_slice(run_id: int, now: datetime) -> NightlyRun:
    """Locks the run, as a policy that is published meanwhile begins it anew."""
    with transaction.atomic():
        run = NightlyRun.objects.select_for_update().get(pk=run_id)
        partners = Partner.objects.active().filter(
            owner__time_zone=run.time_zone, pk__gt=run.judged_up_to
        )
        ids = list(partners.order_by("pk").values_list("pk", flat=True)[:SLICE])
        reclassify_now(ids, now=now)
        run.judged_up_to = ids[-1] if ids else run.judged_up_to
        run.finished_at = now if len(ids) < SLICE else None
        run.save(update_fields=["judged_up_to", "finished_at"])
    return run


def _record_changes(locked: Sequence[int], as_of: date, policies: PoliciesInForce) -> list[Judged]:
    """Judge partners whose rows are locked, and write down what changed."""
    judged = judge(locked, as_of=as_of, policies=policies)
    _write_changes([case for case in judged if case.rule_moves], as_of)
    return judged


def _write_changes(judged: list[Judged], as_of: date) -> None:
    TierChange.objects.bulk_create(
        TierChange(
            partner_id=case.subject.partner_id,
            on=as_of,
            tier=case.verdict.tier,
            from_tier=case.subject.standing.tier or "",
            rule=case.verdict.rule,
            reasons=case.verdict.reasons,
            flags=case.verdict.flags,
            signals=asdict(case.subject.signals),
            since=as_of if case.tier_moves else case.subject.standing_since,
            policy=case.version,
        )
        for case in judged
    )


WRITTEN = [
    "tier",
    "rule",
    "reasons",
    "flags",
    "since",
    "policy_id",
    "last_conversation_on",
    "last_referral_on",
    "referrals_365",
]


def _write_standings(judged: list[Judged], as_of: date) -> None:
    stored = TierStanding.objects.in_bulk([case.subject.partner_id for case in judged])
    added, changed = [], []
    for case in judged:
        standing = _standing(case, as_of)
        known = stored.get(standing.partner_id)
        if known is None:
            added.append(standing)
        elif any(getattr(known, name) != getattr(standing, name) for name in WRITTEN):
            changed.append(standing)
    TierStanding.objects.bulk_create(added)
    fields = [name.removesuffix("_id") for name in WRITTEN]
    TierStanding.objects.bulk_update(changed, fields, batch_size=SLICE)


def _standing(case: Judged, as_of: date) -> TierStanding:
    signals, verdict = case.subject.signals, case.verdict
    return TierStanding(
        partner_id=case.subject.partner_id,
        tier=verdict.tier,
        rule=verdict.rule,
        # Lists, as they come back from the database.
        reasons=list(verdict.reasons),
        flags=list(verdict.flags),
        since=as_of if case.tier_moves else case.subject.standing_since,
        policy=case.version,
        last_conversation_on=_day(as_of, signals.days_since_conversation),
        last_referral_on=_day(as_of, signals.days_since_referral),
        referrals_365=signals.referrals_365,
    )


def _day(as_of: date, days_ago: int | None) -> date | None:
    return None if days_ago is None else as_of - timedelta(days=days_ago)


def _first_facts(partner_ids: Sequence[int], today: date) -> dict[int, date]:
    """The day of the first fact of each partner that has one."""
    firsts: dict[int, date] = {}
    for facts in (Interaction.objects.all(), Referral.objects.filter(is_counted=True)):
        rows = facts.filter(partner__in=partner_ids, day__lte=today).order_by()
        for partner_id, first in rows.values_list("partner").annotate(Min("day")):
            firsts[partner_id] = min(first, firsts.get(partner_id, first))
    return firsts


def _firsts_of_months(first: date, last: date) -> Iterator[date]:
    day = first if first.day == 1 else _next_month(first)
    while day < last:
        yield day
        day = _next_month(day)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)

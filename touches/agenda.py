"""What is due for the partners of one owner: Today, the digest and the calendar read it here.

Each function takes a fixed number of queries, whatever the rows; `playbook` decides.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet

from accounts.models import User
from interactions.models import Interaction, Referral
from interactions.querysets import ReferralQuerySet
from partners.models import Partner
from tiers.classification import Tier
from tiers.models import TierStanding
from touches.cadences import Audience, Playbook
from touches.kinds import Fit, TouchKind
from touches.models import FocusPlace, PlannedTouch, PlaybookVersion
from touches.occasions import Anniversaries, OccasionTouch, occasion_touches
from touches.playbook import (
    AHEAD,
    LOOK_BACK_DAYS,
    OCCASION_KINDS,
    SOON_DAYS,
    THANKS_DAYS,
    Due,
    Facts,
    Row,
    Urgency,
    due_touches,
    silences,
    unthanked_since,
)
from touches.querysets import last_fitting
from touches.workdays import monday_of

OPT_OUTS = ["no_calls", "no_texts", "no_emails", "no_mail"]
FITS = list(Fit)


@dataclass(frozen=True)
class Entry:
    """A partner with what is due, the most urgent first. `focus_rank` is None off the list."""

    partner: Partner
    tier: Tier
    audience: Audience
    focus_rank: int | None
    dues: tuple[Due, ...]

    @property
    def first(self) -> Due:
        return self.dues[0]


def agenda(
    owner: User, today: date, *, partner: Partner | None = None, soon_days: int = SOON_DAYS
) -> list[Entry]:
    """The partners of this owner (or this one of theirs) with something due, in `ranking` order.

    `today` is the owner's day. Seven queries. The partners come without their phone numbers and
    other long fields: see `load_phones`.
    """
    scope = Q(owner=owner, archived_at__isnull=True)
    if partner is not None:
        scope &= Q(pk=partner.pk)
    log = _Log(owner, scope, today)
    playbook = PlaybookVersion.objects.playbook()
    entries = [
        entry
        for one in _partners(owner, scope)
        if (entry := _entry(one, log, playbook, today, soon_days))
    ]
    return sorted(entries, key=ranking)


def ranking(entry: Entry) -> tuple[Any, ...]:
    """The one order of Today and the digest.

    What is overdue or due stands before what is due soon; then thanks, steps, occasions, the
    focus list by its ranks, who is too new, Maintenance, other Cultivation; then the day, the
    name.
    """
    name = (entry.partner.last_name.casefold(), entry.partner.first_name.casefold())
    soon, group, due_on = urgency_key(entry.first, entry.audience)
    rank = (entry.focus_rank or 0) if group == AUDIENCE_GROUPS[Audience.FOCUS] else 0
    return (soon, group, rank, due_on, *name, entry.partner.pk)


KIND_GROUPS = {
    TouchKind.THANKS: 0,
    TouchKind.STEP: 1,
    TouchKind.PREPARE: 2,
    TouchKind.CONGRATULATE: 2,
}
AUDIENCE_GROUPS = {
    Audience.FOCUS: 3,
    Audience.TOO_NEW: 4,
    Audience.MAINTENANCE: 5,
    Audience.CULTIVATION: 6,
    Audience.NONE: 7,
}


def urgency_key(due: Due, audience: Audience) -> tuple[bool, int, date]:
    """How the touches with one partner stand among each other; the start of `ranking`."""
    group = KIND_GROUPS.get(due.kind, AUDIENCE_GROUPS[audience])
    return due.urgency == Urgency.SOON, group, due.due_on


def load_phones(partners: Collection[Partner]) -> None:
    """Load the phone numbers of those who are shown with ways to reach them; one query."""
    by_pk = {partner.pk: partner for partner in partners}
    phones = Partner.objects.filter(pk__in=by_pk).order_by()
    for pk, mobile, work in phones.values_list("pk", "phone_mobile", "phone_work"):
        by_pk[pk].phone_mobile, by_pk[pk].phone_work = mobile, work


def waiting_referrals(owner: User, today: date) -> QuerySet[Referral]:
    """Received referrals of this owner that nobody has contacted yet, the oldest first.

    Also of partners in Cease, asked to stop or archived: this is service on a loan.
    """
    waiting: ReferralQuerySet = Referral.objects.waiting().filter(
        partner__owner=owner, day__lte=today + AHEAD
    )
    return waiting.select_related("partner").order_by("received_at", "id")


def occasions_ahead(
    owner: User, today: date, days: int = 10
) -> list[tuple[Partner, OccasionTouch]]:
    """The occasions from today on, so many days ahead, soonest first; two queries.

    Each with its call, or with its card where calls are silenced; those whose touch is done or
    skipped are left out.
    """
    closed = {
        (row["partner_id"], row["kind"], row["occurrence"])
        for row in PlannedTouch.objects.filter(
            Q(done_at__isnull=False) | Q(skipped_on__isnull=False),
            partner__owner=owner,
            kind__in=OCCASION_KINDS,
            due_on__gte=today - timedelta(days=30),
        ).values("partner_id", "kind", "occurrence")
    }
    found = [
        (partner, touch)
        for partner in _partners(owner, Q(owner=owner, archived_at__isnull=True))
        for touch in _occasions_of(partner, today, today + timedelta(days=days))
        if (partner.pk, touch.kind, touch.occurrence) not in closed
    ]
    return sorted(found, key=lambda pair: (pair[1].day, pair[0].last_name.casefold(), pair[0].pk))


def _occasions_of(partner: Partner, today: date, until: date) -> Iterable[OccasionTouch]:
    facts = facts_of(partner, today)
    kinds = [TouchKind.CONGRATULATE, TouchKind.PREPARE]
    loud = next((kind for kind in kinds if not silences(facts, kind)), None)
    for touch in occasion_touches(facts.anniversaries, today, until):
        if touch.kind == loud and today <= touch.day <= until:
            yield touch


class _Log:
    """What the tables hold about these partners, by partner; five queries."""

    def __init__(self, owner: User, scope: Q, today: date) -> None:
        theirs = Partner.objects.filter(scope).order_by().values("pk")
        self.rows = _open_rows(PlannedTouch.objects.filter(partner__in=theirs))
        self.skipped = _skips(PlannedTouch.objects.filter(partner__in=theirs))
        oldest = today - timedelta(days=LOOK_BACK_DAYS)
        newest = today + AHEAD
        recent = Interaction.objects.filter(partner__in=theirs, day__range=(oldest, newest))
        self.last = {
            partner_id: {fit: day for fit, day in zip(FITS, days, strict=True) if day}
            for partner_id, *days in last_fitting(recent).values_list("partner_id", *FITS)
        }
        self.referrals: defaultdict[int, list[date]] = defaultdict(list)
        thanks = Referral.objects.filter(
            partner__in=theirs,
            is_counted=True,
            day__range=(today - timedelta(days=THANKS_DAYS), newest),
        )
        for partner_id, day in thanks.order_by().values_list("partner_id", "day"):
            self.referrals[partner_id].append(day)
        self.ranks, self.focus_since = _focus(owner, theirs, today)


def _focus(owner: User, partners: Any, today: date) -> tuple[dict[int, int], dict[int, date]]:
    """By partner: the rank of today, and since when they stand on the list week after week.

    A list that was chosen late, on a Tuesday say, makes no gap.
    """
    ranks: dict[int, int] = {}
    since: dict[int, date] = {}
    places = FocusPlace.objects.filter(
        week__officer=owner,
        partner__in=partners,
        starts_on__lte=today,
        ends_on__gte=today - timedelta(days=LOOK_BACK_DAYS),
    ).order_by("-ends_on", "-starts_on")
    for partner_id, rank, first, last in places.values_list(
        "partner_id", "rank", "starts_on", "ends_on"
    ):
        if last >= today:
            ranks.setdefault(partner_id, rank)
            since.setdefault(partner_id, first)
        elif partner_id in since and last + timedelta(days=1) >= monday_of(since[partner_id]):
            since[partner_id] = first
    return ranks, since


def _open_rows(planned: Any) -> dict[int, list[Row]]:
    rows: defaultdict[int, list[Row]] = defaultdict(list)
    names = ["pk", "kind", "due_on", "opens_on", "occurrence", "what"]
    for partner_id, pk, kind, *rest in planned.open().values_list("partner_id", *names):
        rows[partner_id].append(Row(pk, TouchKind(kind), *rest))
    return rows


def _skips(planned: Any) -> dict[int, dict[TouchKind, date]]:
    skipped: defaultdict[int, dict[TouchKind, date]] = defaultdict(dict)
    # The skip of an occasion or of one first touch is no skip of a cadence.
    newest = planned.skipped().filter(occurrence="").exclude(kind=TouchKind.STEP)
    newest = newest.values("partner_id", "kind").annotate(newest=Max("skipped_on"))
    for partner_id, kind, day in newest.values_list("partner_id", "kind", "newest"):
        skipped[partner_id][TouchKind(kind)] = day
    return skipped


# What neither decides nor shows in a list. Reading two phone numbers takes as long as all else.
LEFT_OUT = ["notes", "phone_mobile", "phone_work", "synergy_answers", "license_no", "nmls_id"]
LEFT_OUT += ["source", "street", "city", "zip", "standing__reasons", "standing__flags"]


def _partners(owner: User, scope: Q) -> list[Partner]:
    """The partners as lists show them. Without a verdict, which no saved partner is, no plan."""
    found = Partner.objects.filter(scope, standing__isnull=False)
    loaded = found.select_related("company", "standing__override").defer(*LEFT_OUT).order_by()
    partners: list[Partner] = list(loaded)
    for partner in partners:
        partner.owner = owner
    return partners


def _entry(
    partner: Partner, log: _Log, playbook: Playbook, today: date, soon_days: int
) -> Entry | None:
    facts = facts_of(partner, today, log)
    dues = due_touches(facts, playbook, today, soon_days=soon_days)
    if not dues:
        return None
    audience = facts.audience
    # Who left Cultivation during the week, or from whom we step away, is not on the list any more.
    on_list = facts.tier == Tier.CULTIVATION and not facts.stepping_away
    return Entry(
        partner=partner,
        tier=Tier(facts.tier),
        audience=audience,
        focus_rank=log.ranks.get(partner.pk) if on_list else None,
        dues=tuple(sorted(dues, key=lambda due: urgency_key(due, audience))),
    )


def facts_of(partner: Partner, today: date, log: _Log | None = None) -> Facts:
    standing: TierStanding = partner.standing
    known = {} if log is None else _from_log(partner.pk, log, today)
    return Facts(
        tier=standing.tier_in_force(today),
        rule=standing.rule,
        clock_starts_on=max(partner.created_on, standing.since or partner.created_on),
        anniversaries=anniversaries_of(partner),
        silenced=frozenset(name for name in OPT_OUTS if getattr(partner, name)),
        asked_to_stop=partner.do_not_contact,
        stepping_away=partner.stepping_away_since is not None,
        archived=partner.archived_at is not None,
        **known,
    )


def _from_log(partner_id: int, log: _Log, today: date) -> dict[str, Any]:
    last = log.last.get(partner_id, {})
    skipped = log.skipped.get(partner_id, {})
    referrals = log.referrals.get(partner_id, ())
    thanked, no_thanks = last.get(Fit.GRATITUDE), skipped.get(TouchKind.THANKS)
    return {
        "focus_since": log.focus_since.get(partner_id),
        "last": last,
        "skipped": skipped,
        "rows": tuple(log.rows.get(partner_id, ())),
        "unthanked_since": unthanked_since(referrals, thanked, no_thanks, today),
    }


def anniversaries_of(partner: Partner) -> Anniversaries:
    return Anniversaries(
        partner.birth_month,
        partner.birth_day,
        partner.relationship_start,
        partner.business_start,
    )

"""What goes along when partners get another owner, shown before anybody decides it."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from accounts.access import HELPERS
from accounts.models import Grant, User
from interactions.models import OPEN_STAGES, Referral
from pages.handover_words import Going, notes_of
from partners.models import Partner
from tiers.labels import TIER_NAMES
from tiers.models import PolicyVersion
from touches.focus_list import places_now
from touches.models import PlannedTouch

# What one form may hold: each partner is a field, and Django takes at most 2,000.
MOST_AT_ONCE = 1000
ARCHIVED = "archived"
NOT_JUDGED = "new"
GROUPS = {**{str(tier): name for tier, name in TIER_NAMES.items()}, NOT_JUDGED: "Not judged yet"}
GROUPS |= {ARCHIVED: "Archived"}
LEFT_OUT = ["notes", "phone_mobile", "phone_work", "synergy_answers"]


@dataclass(frozen=True)
class Line:
    """A partner to tick, with what hangs on them."""

    partner: Partner
    group: str
    extras: tuple[str, ...]
    ticked: bool


@dataclass(frozen=True)
class Group:
    """The partners of one tier, or the archived ones."""

    code: str
    name: str
    lines: list[Line]

    @property
    def tier(self) -> str:
        return self.code if self.code in TIER_NAMES else ""


@dataclass(frozen=True)
class Preview:
    groups: list[Group]
    # How many partners are left for another time.
    rest: int
    steps: int
    planned: int
    referrals: int
    waiting: list[Referral]
    places: int
    notes: list[str]

    @property
    def partners(self) -> int:
        return sum(len(group.lines) for group in self.groups)


def preview(
    from_owner: User,
    to_owner: User,
    *,
    only: Collection[int],
    is_ticked: Callable[[int, str], bool],
    now: datetime,
) -> Preview:
    """What would go from one to the other at `now`, of all partners or `only` of these.

    `is_ticked` says so of a partner's key and group. A fixed number of queries.
    """
    theirs = Partner.objects.filter(owner=from_owner)
    theirs = theirs.filter(pk__in=only) if only else theirs
    today = from_owner.today(now)
    loaded = theirs.select_related("company", "standing__override").defer(*LEFT_OUT)
    partners = list(loaded[: MOST_AT_ONCE + 1])
    shown = partners[:MOST_AT_ONCE]
    rest = theirs.count() - len(shown) if len(partners) > len(shown) else 0
    hanging = _Hanging(from_owner, shown, today)
    lines = [_line(partner, hanging, is_ticked, today) for partner in shown]
    return Preview(
        groups=_groups(lines),
        rest=rest,
        steps=hanging.steps.total(),
        planned=hanging.planned.total(),
        referrals=len(hanging.referrals),
        waiting=[referral for referral in hanging.referrals if referral.is_waiting],
        places=len(hanging.places),
        notes=notes_of(_going(from_owner, to_owner, len(hanging.places), now)),
    )


class _Hanging:
    """What hangs on these partners, by partner; three queries."""

    def __init__(self, owner: User, partners: Collection[Partner], today: date) -> None:
        keys = {partner.pk for partner in partners}
        theirs = Q(partner__owner=owner)
        self.steps: Counter[int] = Counter()
        self.planned: Counter[int] = Counter()
        rows = PlannedTouch.objects.open().filter(theirs, partner__archived_at=None).order_by()
        steps, others = Count("pk", filter=Q(kind="step")), Count("pk", filter=~Q(kind="step"))
        counted = rows.values_list("partner").annotate(steps=steps, others=others)
        for pk, step_count, other_count in counted:
            if pk in keys:
                self.steps[pk], self.planned[pk] = step_count, other_count
        open_ones = Referral.objects.received().filter(theirs, stage__in=OPEN_STAGES)
        loaded = open_ones.select_related("partner").defer("borrower_phone", "borrower_email")
        ordered = loaded.order_by("received_at", "pk")
        self.referrals = [referral for referral in ordered if referral.partner_id in keys]
        self.open = Counter(referral.partner_id for referral in self.referrals)
        self.waiting = Counter(one.partner_id for one in self.referrals if one.is_waiting)
        listed = places_now(owner, today).order_by().values_list("partner_id", flat=True)
        self.places = set(listed) & keys

    def of(self, partner: Partner) -> tuple[str, ...]:
        """In words, the most urgent first."""
        waiting = self.waiting[partner.pk]
        known = [
            _count(waiting, "referral waits", "referrals wait"),
            _count(self.open[partner.pk] - waiting, "open referral"),
            _count(self.steps[partner.pk], "next step"),
            "on the focus list" if partner.pk in self.places else "",
        ]
        return tuple(words for words in known if words)


def _count(number: int, one: str, many: str = "") -> str:
    return "" if not number else f"{number} {one if number == 1 else many or f'{one}s'}"


def _line(
    partner: Partner, hanging: _Hanging, is_ticked: Callable[[int, str], bool], today: date
) -> Line:
    standing = getattr(partner, "standing", None)
    group = str(standing.tier_in_force(today)) if standing else NOT_JUDGED
    group = ARCHIVED if partner.archived_at else group
    is_set = standing is not None and standing.override_in_force(today) is not None
    return Line(
        partner=partner,
        group=group,
        extras=(*hanging.of(partner), *(["tier set by a person"] if is_set else [])),
        ticked=is_ticked(partner.pk, group),
    )


def _groups(lines: list[Line]) -> list[Group]:
    groups = [
        Group(code, name, [line for line in lines if line.group == code])
        for code, name in GROUPS.items()
    ]
    return [group for group in groups if group.lines]


def _going(from_owner: User, to_owner: User, places: int, now: datetime) -> Going:
    policies = PolicyVersion.objects.in_force(to_owner.today(now))
    before, after = (policies.of(person.branch_id) for person in (from_owner, to_owner))
    helpers = Grant.objects.in_force().filter(role__in=HELPERS, officer__in=[from_owner, to_owner])
    people: dict[int, set[str]] = {from_owner.pk: set(), to_owner.pk: set()}
    for grant in helpers.select_related("user"):
        people[grant.officer_id].add(grant.user.name)
    return Going(
        from_name=from_owner.name,
        to_name=to_owner.name,
        from_zone=from_owner.time_zone,
        to_zone=to_owner.time_zone,
        from_branch=from_owner.branch.name if from_owner.branch else "",
        to_branch=to_owner.branch.name if to_owner.branch else "",
        other_policy=after.number if before.number != after.number else None,
        losing=tuple(sorted(people[from_owner.pk] - people[to_owner.pk])),
        gaining=tuple(sorted(people[to_owner.pk] - people[from_owner.pk])),
        places=places,
    )

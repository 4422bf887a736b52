"""The rows that a date plans: occasions, and the first touches with a new partner."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from interactions.models import Interaction
from partners.models import Partner
from touches.agenda import facts_of
from touches.cadences import Audience, FirstTouch
from touches.kinds import TouchKind
from touches.models import PlannedTouch, PlanningDay, PlaybookVersion
from touches.occasions import Anniversaries, OccasionTouch, occasion_touches, touch_named
from touches.playbook import OCCASION_KINDS, Facts, silences
from touches.services import complete_fitting
from touches.workdays import working_day_until, working_days_after

# Partners planned in one transaction.
SLICE = 500
HORIZON_DAYS = 30
# How long before its day a touch is open for what completes it.
CARD_OPENS_DAYS = 14
RUNG_OPENS_DAYS = 3
# What was missed is of no use after this, and would be read again on every page for ever.
KEPT_DAYS = 30
DATED_KINDS = OCCASION_KINDS | {TouchKind.FIRST_TOUCH}
FIRST = "first"

Name = tuple[TouchKind, str]


@dataclass(frozen=True)
class Dated:
    """A touch that a date asks for, by its kind and what it comes once for."""

    kind: TouchKind
    occurrence: str
    due_on: date
    opens_on: date
    # Whether its time has not passed, so that it may still be planned.
    lies_ahead: bool

    @property
    def name(self) -> Name:
        return self.kind, self.occurrence


def plan_new_days(*, now: datetime, slices: int) -> bool:
    """Plan the dates of all partners of each time zone where a new day has begun.

    At most `slices` slices of work, each its own transaction that also notes how far it came.
    Returns True when all is done. Running it twice changes nothing.
    """
    zones = Partner.objects.active().order_by().values_list("owner__time_zone", flat=True)
    for zone in sorted(zones.distinct()):
        day = now.astimezone(ZoneInfo(zone)).date()
        run, _ = PlanningDay.objects.get_or_create(time_zone=zone, day=day)
        while run.finished_at is None:
            if slices == 0:
                return False
            slices -= 1
            _plan_slice(run, now)
    return True


def _plan_slice(run: PlanningDay, now: datetime) -> None:
    with transaction.atomic():
        partners = Partner.objects.active().filter(
            owner__time_zone=run.time_zone, pk__gt=run.planned_up_to
        )
        ids = list(partners.order_by("pk").values_list("pk", flat=True)[:SLICE])
        plan_dates_now(ids, now=now)
        run.planned_up_to = ids[-1] if ids else run.planned_up_to
        run.finished_at = now if len(ids) < SLICE else None
        run.save(update_fields=["planned_up_to", "finished_at"])


def plan_dates_now(partner_ids: Collection[int], *, now: datetime) -> None:
    """Plan the dates of these partners as of their owners' today; see `plan_dates`."""
    by_day: defaultdict[date, list[int]] = defaultdict(list)
    with transaction.atomic():
        locked = Partner.objects.active().locked(list(partner_ids))
        zones = Partner.objects.filter(pk__in=locked).order_by()
        for pk, zone in zones.values_list("pk", "owner__time_zone"):
            by_day[now.astimezone(ZoneInfo(zone)).date()].append(pk)
        for today, ids in sorted(by_day.items()):
            _plan_locked(ids, today)


def plan_dates(partner_ids: Collection[int], *, today: date) -> None:
    """Make, move and take away the rows that dates ask of these partners, as of a day.

    In one transaction: locks the active ones of them in the order of their keys; makes the first
    touches of who is too new to judge, and the occasions of the next 30 days, each once; moves
    or takes away the open ones whose date was changed; takes away those that were missed more
    than 30 days ago; completes those that the log completes.
    Nothing that lies in the past is made up for; nothing new is made for who is in Cease, asked to
    stop, or is being stepped away from.
    """
    with transaction.atomic():
        _plan_locked(Partner.objects.active().locked(list(partner_ids)), today)


def _plan_locked(partner_ids: Collection[int], today: date) -> None:
    partners = Partner.objects.filter(pk__in=partner_ids, standing__isnull=False)
    loaded = list(partners.select_related("standing__override").order_by("pk"))
    known = _known(partner_ids)
    playbook = PlaybookVersion.objects.playbook()
    strangers = _strangers(loaded, known, today)
    changes = _Changes()
    for partner in loaded:
        facts = facts_of(partner, today)
        calendar = _Calendar(partner, facts.anniversaries, playbook.first_touch, today)
        rows = known.get(partner.pk, {})
        changes.correct(calendar, rows.values(), facts.audience)
        for touch in _wanted(calendar, facts, partner.pk in strangers):
            if touch.name not in rows:
                changes.add(partner.pk, touch)
    changes.write()


def _known(partner_ids: Collection[int]) -> dict[int, dict[Name, PlannedTouch]]:
    known: defaultdict[int, dict[Name, PlannedTouch]] = defaultdict(dict)
    rows = PlannedTouch.objects.filter(partner__in=partner_ids, kind__in=DATED_KINDS)
    for row in rows.exclude(occurrence="").order_by():
        known[row.partner_id][TouchKind(row.kind), row.occurrence] = row
    return known


def _strangers(
    partners: Iterable[Partner], known: dict[int, dict[Name, PlannedTouch]], today: date
) -> set[int]:
    """Those too new to judge with whom there was never a touch or a conversation."""
    new = {
        partner.pk
        for partner in partners
        if facts_of(partner, today).audience == Audience.TOO_NEW
        and (TouchKind.FIRST_TOUCH, FIRST) not in known.get(partner.pk, {})
    }
    if not new:
        return new
    met = Interaction.objects.filter(Q(is_touch=True) | Q(is_conversation=True), partner__in=new)
    return new - set(met.order_by().values_list("partner_id", flat=True))


@dataclass(frozen=True)
class _Calendar:
    """One partner's dates."""

    partner: Partner
    anniversaries: Anniversaries
    first_touch: FirstTouch
    today: date

    def first_touches(self) -> Iterator[Dated]:
        begun, kind = self.partner.created_on, TouchKind.FIRST_TOUCH
        soon = working_days_after(begun, self.first_touch.working_days)
        # Nobody has met them yet, so it is never too late; but it is not overdue from the start.
        yield Dated(kind, FIRST, max(soon, self.today), begun, True)
        for days in self.first_touch.days:
            day = begun + timedelta(days=days)
            opens_on = day - timedelta(days=RUNG_OPENS_DAYS)
            yield Dated(kind, f"day {days}", day, opens_on, day >= self.today)

    def occasions(self) -> Iterator[Dated]:
        until = self.today + timedelta(days=HORIZON_DAYS)
        for touch in occasion_touches(self.anniversaries, self.today, until):
            yield self._dated(touch)

    def named(self, name: Name) -> Dated | None:
        """The touch of this name as the dates are now; None where they ask for none."""
        kind, occurrence = name
        if kind == TouchKind.FIRST_TOUCH:
            return next((one for one in self.first_touches() if one.name == name), None)
        touch = touch_named(self.anniversaries, kind, occurrence)
        return self._dated(touch) if touch else None

    def _dated(self, touch: OccasionTouch) -> Dated:
        near = touch.due_on <= self.today + timedelta(days=HORIZON_DAYS)
        if touch.kind == TouchKind.CONGRATULATE:
            ahead = near and touch.day >= self.today
            return Dated(touch.kind, touch.occurrence, touch.due_on, touch.due_on, ahead)
        # A card still makes sense before the day of the call, though not on it.
        ahead = near and (touch.due_on >= self.today or working_day_until(touch.day) > self.today)
        opens_on = touch.due_on - timedelta(days=CARD_OPENS_DAYS)
        due_on = max(touch.due_on, self.today)
        return Dated(touch.kind, touch.occurrence, due_on, opens_on, ahead)


def _wanted(calendar: _Calendar, facts: Facts, is_stranger: bool) -> Iterator[Dated]:
    """What is to be planned now, planned already or not."""
    if silences(facts, TouchKind.FIRST_TOUCH):
        return
    if facts.audience == Audience.TOO_NEW:
        for touch in calendar.first_touches():
            if touch.lies_ahead and (touch.occurrence != FIRST or is_stranger):
                yield touch
    for touch in calendar.occasions():
        if touch.lies_ahead:
            yield touch


class _Changes:
    """What is to be written for a slice of partners."""

    def __init__(self) -> None:
        self.added: list[PlannedTouch] = []
        self.moved: list[PlannedTouch] = []
        self.removed: list[int] = []

    def add(self, partner_id: int, touch: Dated) -> None:
        self.added.append(
            PlannedTouch(
                partner_id=partner_id,
                kind=touch.kind,
                occurrence=touch.occurrence,
                due_on=touch.due_on,
                opens_on=touch.opens_on,
            )
        )

    def correct(
        self, calendar: _Calendar, rows: Iterable[PlannedTouch], audience: Audience
    ) -> None:
        """Follow a date that was changed, and take away what nobody can make up for any more.

        A row that was only snoozed still opens on its day. A new partner's first touches stay
        however late they are.
        """
        for row in rows:
            kind = TouchKind(row.kind)
            touch = calendar.named((kind, row.occurrence))
            waits = audience == Audience.TOO_NEW and kind == TouchKind.FIRST_TOUCH
            long_past = row.due_on < calendar.today - timedelta(days=KEPT_DAYS) and not waits
            if row.done_at or row.skipped_on:
                continue
            if touch is None or long_past:
                self.removed.append(row.pk)
            elif touch.opens_on != row.opens_on:
                self._follow(row, touch)

    def _follow(self, row: PlannedTouch, touch: Dated) -> None:
        if touch.lies_ahead:
            row.due_on, row.opens_on = touch.due_on, touch.opens_on
            self.moved.append(row)
        else:
            self.removed.append(row.pk)

    def write(self) -> None:
        if self.removed:
            PlannedTouch.objects.open().filter(pk__in=self.removed).delete()
        PlannedTouch.objects.bulk_create(self.added, batch_size=SLICE)
        PlannedTouch.objects.bulk_update(self.moved, ["due_on", "opens_on"], batch_size=SLICE)
        fresh = {row.partner_id for row in (*self.added, *self.moved)}
        if fresh:
            complete_fitting(fresh)

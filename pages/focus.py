"""The focus list of one officer, and the minutes that it asks for, as plain objects."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef

from accounts.access import access_to
from accounts.models import User
from pages.officers import Choice
from partners.models import Partner
from tiers.classification import Tier
from tiers.querysets import in_force
from touches.agenda import agenda
from touches.cadences import Audience, Playbook
from touches.effort import in_hours
from touches.focus import MOST_PLACES, in_words
from touches.focus_list import last_touch, places_now
from touches.models import FocusPlace, FocusWeek, PlaybookVersion
from touches.playbook import Due, audience
from touches.workdays import monday_of

# Shorter than in the play-book, where they stand as headings.
SHARE_NAMES = {
    Audience.MAINTENANCE: "Maintenance",
    Audience.FOCUS: "Focus list",
    Audience.CULTIVATION: "Other Cultivation",
    Audience.TOO_NEW: "Too new to judge",
}
# How far ahead the next touch is looked for: the shortest cadences of the list are as long.
NEXT_WITHIN_DAYS = 14


@dataclass(frozen=True)
class Row:
    """A place on the list; `due` is the next touch, None where it lies further ahead."""

    place: FocusPlace
    partner: Partner
    tier: Tier
    overridden: bool
    reasons: str
    last_touch_on: date | None
    due: Due | None


@dataclass(frozen=True)
class Share:
    """What the play-book asks for with the partners of one part of it, in minutes a week.

    `start` and `width` place it in a bar of 100, as text that needs no rounding.
    """

    audience: Audience
    name: str
    partners: int
    minutes: str
    start: str
    width: str


@dataclass(frozen=True)
class Budget:
    """The weekly minutes that the play-book asks for, against those that the officer plans."""

    shares: list[Share]
    asked: str
    planned: str
    # Minutes above the plan, in words; blank where it fits.
    over: str
    # Where the plan ends in a bar of 100.
    mark: str
    # What one partner less on the list frees, in words.
    freed: str


@dataclass(frozen=True)
class FocusPage:
    officer: User
    is_own: bool
    works: bool
    has_book: bool
    monday: date
    today: date
    # Whether the list of this week was chosen already, be it empty.
    is_chosen: bool
    rows: list[Row]
    most: int
    budget: Budget


def build(viewer: User, choice: Choice, now: datetime) -> FocusPage:
    """Everything on the page, in a fixed number of queries."""
    officer = choice.officer
    today = officer.today(now)
    monday = monday_of(today)
    return FocusPage(
        officer=officer,
        is_own=officer == viewer,
        works=access_to(viewer, officer).works,
        has_book=choice.has_book,
        monday=monday,
        today=today,
        is_chosen=FocusWeek.objects.filter(officer=officer, starts_on=monday).exists(),
        rows=_rows(officer, today),
        most=MOST_PLACES,
        budget=_budget(officer, today),
    )


def _rows(officer: User, today: date) -> list[Row]:
    places = places_now(officer, today).annotate(last_touch_on=last_touch("partner"))
    loaded = places.select_related(
        "partner__company", "partner__standing__override", "pinned_by"
    ).defer("partner__notes")
    dues = _next_dues(officer, today)
    return [_row(place, today, dues.get(place.partner_id)) for place in loaded]


def _row(place: FocusPlace, today: date, due: Due | None) -> Row:
    partner = place.partner
    last: date | None = getattr(place, "last_touch_on", None)
    return Row(
        place=place,
        partner=partner,
        tier=partner.standing.tier_in_force(today),
        overridden=partner.standing.override_in_force(today) is not None,
        reasons=in_words(place.reasons),
        last_touch_on=last,
        due=due,
    )


def _next_dues(officer: User, today: date) -> dict[int, Due]:
    entries = agenda(officer, today, soon_days=NEXT_WITHIN_DAYS)
    return {
        entry.partner.pk: min(entry.dues, key=lambda due: due.due_on)
        for entry in entries
        if entry.focus_rank
    }


def _budget(officer: User, today: date) -> Budget:
    playbook = PlaybookVersion.objects.playbook()
    counts = _counts(officer, today)
    asked = playbook.weekly_minutes(counts)
    scale = max(asked, officer.weekly_minutes, 1)
    over = asked - officer.weekly_minutes
    freed = playbook.weekly_minutes({Audience.FOCUS: 1, Audience.CULTIVATION: -1})
    return Budget(
        shares=_shares(playbook, counts, scale),
        asked=in_hours(asked),
        planned=in_hours(officer.weekly_minutes),
        over=in_hours(over) if round(over) > 0 else "",
        mark=_percent(officer.weekly_minutes, scale),
        freed=in_hours(freed) if counts[Audience.FOCUS] and freed >= 1 else "",
    )


def _counts(officer: User, today: date) -> Counter[Audience]:
    """How many active partners of this officer each part of the play-book is for; one query."""
    places = FocusPlace.objects.on(today).filter(week__officer=officer, partner=OuterRef("pk"))
    partners = Partner.objects.active().not_left_in_peace().filter(owner=officer)
    groups = (
        partners.filter(standing__isnull=False)
        .order_by()
        .annotate(tier_now=in_force(today), on_focus=Exists(places))
        .values_list("tier_now", "standing__rule", "on_focus")
        .annotate(number=Count("pk"))
    )
    counts: Counter[Audience] = Counter()
    for tier, rule, on_focus, number in groups:
        counts[audience(tier, rule, on_focus)] += number
    return counts


def _shares(playbook: Playbook, counts: Counter[Audience], scale: float) -> list[Share]:
    shares, start = [], 0.0
    for one, name in SHARE_NAMES.items():
        minutes = playbook.weekly_minutes({one: counts[one]})
        place = {"start": _percent(start, scale), "width": _percent(minutes, scale)}
        shares.append(Share(one, name, counts[one], in_hours(minutes), **place))
        start += minutes
    return shares


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.2f}"

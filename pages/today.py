"""Today: whom to reach and why, as plain objects for the template."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.timesince import timesince

from accounts.access import Access, access_to
from accounts.models import Grant, User
from gratitude.models import Event
from interactions.contacts import contact_of
from interactions.models import Conduct, Interaction, Referral
from pages.ahead import Ahead, what_is_ahead
from pages.due_lines import LOOK_AHEAD_DAYS, Line, line_of
from pages.officers import Choice
from pages.tier_moves import Move, tier_moves
from partners.models import Partner, Way
from stepaway.proposed import proposed
from tiers.classification import Tier
from touches.agenda import Entry, agenda, waiting_referrals
from touches.effort import EffortLine, effort_this_week
from touches.focus_list import places_now
from touches.models import FocusPlace
from touches.workdays import working_day_from
from web.templatetags.pages import days_ago, days_ahead

# How many partners a page shows before somebody asks for all of them, and then at most.
MOST_CARDS = 20
MOST_AT_ALL = 200
# How far ahead an event is told of.
EVENT_DAYS = 7
# How many lines of one partner stand open; one contact often does for the others too.
MOST_LINES = 2
MOST_NAMES = 5
NOTE_LENGTH = 110


@dataclass(frozen=True)
class Waiting:
    """A borrower whom nobody has contacted yet, and for how long."""

    referral: Referral
    words: str
    late: bool
    # Their phone, or else their e-mail, masked: the referral's own page shows it and calls.
    contact: str


@dataclass(frozen=True)
class LastTalk:
    """The last conversation in one line; the note is blank for who may not see conduct by it."""

    kind: str
    day: date
    note: str


@dataclass(frozen=True)
class Card:
    """A partner to reach, and for what."""

    partner: Partner
    tier: Tier
    overridden: bool
    focus_rank: int | None
    lines: list[Line]
    last: LastTalk | None
    ways: list[Way]

    @property
    def first_lines(self) -> list[Line]:
        return self.lines[:MOST_LINES]

    @property
    def more_lines(self) -> list[Line]:
        return self.lines[MOST_LINES:]


@dataclass(frozen=True)
class StandIn:
    """Who works whose list while they are away; the flags say who of the two is the viewer."""

    officer: User
    stand_in: User
    until: date
    for_viewer: bool
    by_viewer: bool
    # Whether the list is another one than that on the page, and holds somebody to link to.
    elsewhere: bool


@dataclass(frozen=True)
class Today:
    """The day of one officer, as one person sees it."""

    officer: User
    is_own: bool
    has_book: bool
    stand_ins: list[StandIn]
    date: date
    waiting: list[Waiting]
    cards: list[Card]
    # Of how many partners these are the first.
    people: int
    ahead: Ahead
    moves: list[Move]
    # Events of the next seven days, their own and those that they host with a colleague.
    events: list[Event]
    # The first names of this week's focus list.
    focus: list[FocusPlace]
    effort: EffortLine
    # How many partners are proposed to be stepped away from, for who decides about them.
    step_aways: int


def build(viewer: User, choice: Choice, now: datetime, *, back: str, show_all: bool) -> Today:
    """Everything on the page, in a fixed number of queries; `back` is the page's own address."""
    officer = choice.officer
    today = officer.today(now)
    access = access_to(viewer, officer)
    entries = agenda(officer, today, soon_days=LOOK_AHEAD_DAYS)
    due = [entry for entry in entries if entry.first.due_on <= today]
    return Today(
        officer=officer,
        is_own=officer == viewer,
        has_book=choice.has_book,
        stand_ins=_stand_ins(viewer, officer),
        date=today,
        waiting=list(_waiting(officer, today, now)),
        cards=_cards(due[: MOST_AT_ALL if show_all else MOST_CARDS], access, today, back),
        people=len(due),
        ahead=what_is_ahead(entries, today, back),
        moves=tier_moves(officer, access, today),
        events=_events(officer, viewer, today),
        focus=list(places_now(officer, today).select_related("partner")[:MOST_NAMES]),
        effort=effort_this_week(officer, today),
        step_aways=_step_aways(viewer, officer, access, now),
    )


def _step_aways(viewer: User, officer: User, access: Access, now: datetime) -> int:
    if not access.decides:
        return 0
    return proposed(viewer, officer.today(now), now).filter(owner=officer).count()


def _stand_ins(viewer: User, officer: User) -> list[StandIn]:
    """Who works this list meanwhile, and on the viewer's own day whose lists they work."""
    about = Q(officer=officer)
    if officer == viewer:
        about |= Q(user=viewer)
    book = Partner.objects.active().filter(owner=OuterRef("officer"))
    found = Grant.objects.absences().in_force().filter(about, user__is_active=True)
    return [
        StandIn(
            officer=grant.officer,
            stand_in=grant.user,
            until=grant.last_day,
            for_viewer=grant.officer == viewer,
            by_viewer=grant.user == viewer,
            elsewhere=grant.officer != officer and grant.has_book,
        )
        for grant in found.annotate(has_book=Exists(book)).order_by("ends_at", "pk")
    ]


def _events(officer: User, viewer: User, today: date) -> list[Event]:
    """Of those that the viewer sees, too."""
    last = today + timedelta(days=EVENT_DAYS)
    own = Event.objects.of(officer).visible_to(viewer).going_on()
    return list(own.filter(day__range=(today, last)).order_by("day", "starts_at", "pk"))


def _waiting(officer: User, today: date, now: datetime) -> Iterator[Waiting]:
    for referral in waiting_referrals(officer, today):
        due_on = working_day_from(referral.day)
        yield Waiting(
            referral=referral,
            words=f"Came in {_since(referral, today, now)}; {_by(due_on, today)}.",
            late=due_on < today,
            contact=contact_of(referral).masked,
        )


def _since(referral: Referral, today: date, now: datetime) -> str:
    """By the hour on its own day, and by the day later."""
    if referral.day < today:
        return days_ago(referral.day, today)
    if now - referral.received_at < timedelta(minutes=1):
        return "just now"
    return f"{timesince(referral.received_at, now, depth=1)} ago"


def _by(due_on: date, today: date) -> str:
    words = days_ahead(due_on, today)
    if due_on < today:
        return f"the first call is {words}"
    return f"call {words}" if due_on == today else f"call by {words}"


def _cards(entries: Sequence[Entry], access: Access, today: date, back: str) -> list[Card]:
    shown = [entry.partner.pk for entry in entries]
    talks = _last_talks(shown, access)
    # The agenda leaves out phone numbers, which are slow to read, as most partners show none.
    with_phones = Partner.objects.in_bulk(shown)
    return [
        Card(
            partner=entry.partner,
            tier=entry.tier,
            overridden=entry.partner.standing.override_in_force(today) is not None,
            focus_rank=entry.focus_rank,
            lines=[
                line_of(entry.partner, due, today, back)
                for due in entry.dues
                if due.due_on <= today
            ],
            last=talks.get(entry.partner.pk),
            ways=with_phones[entry.partner.pk].reachable_by,
        )
        for entry in entries
    ]


def _last_talks(partner_ids: Sequence[int], access: Access) -> dict[int, LastTalk]:
    """The newest conversation of each partner, in one query."""
    talks = Interaction.objects.filter(partner=OuterRef("pk"), is_conversation=True).newest_first()
    newest = Partner.objects.filter(pk__in=partner_ids).annotate(
        newest=Subquery(talks.values("pk")[:1])
    )
    rows = Interaction.objects.filter(pk__in=newest.order_by().values("newest"))
    return {row.partner_id: _talk(row, access) for row in rows}


def _talk(row: Interaction, access: Access) -> LastTalk:
    private = row.conduct != Conduct.NONE and not access.sees_conduct
    first, *_ = row.note.strip().splitlines() or [""]
    short = first if len(first) <= NOTE_LENGTH else f"{first[:NOTE_LENGTH].rstrip()}…"
    return LastTalk(row.get_kind_display(), row.day, "" if private else short)

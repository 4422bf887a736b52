"""Today: whom to reach and why, as plain objects for the template."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import OuterRef, Subquery
from django.utils.timesince import timesince

from accounts.access import Access, access_to
from accounts.models import User
from interactions.models import Conduct, Interaction, Referral
from pages.due_lines import LOOK_AHEAD_DAYS, Line, line_of
from pages.officers import Choice
from pages.verdict import shown_verdict
from partners.models import Partner
from tiers.classification import Tier
from tiers.models import TierChange
from tiers.wording import explain
from touches.agenda import Entry, agenda, load_phones, waiting_referrals
from touches.effort import EffortLine, effort_this_week
from touches.focus_list import places_now
from touches.kinds import TouchKind
from touches.models import FocusPlace
from touches.playbook import SOON_DAYS, Due
from touches.workdays import working_day_from
from web.templatetags.pages import days_ago, days_ahead

# How many partners a page shows before somebody asks for all of them.
MOST_CARDS = 20
MOST_STEPS = 6
MOST_NAMES = 5
MOST_MOVES = 8
OCCASION_DAYS = 10
NOTE_LENGTH = 110


@dataclass(frozen=True)
class Waiting:
    """A borrower whom nobody has contacted yet, and for how long."""

    referral: Referral
    words: str
    late: bool
    # A link that calls them; blank where no phone is known.
    call: str


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


@dataclass(frozen=True)
class OccasionAhead:
    """A birthday or an anniversary, and what is still to do for it."""

    partner: Partner
    # Any of its touches: they share the day and the words for it.
    due: Due
    lines: list[Line]


@dataclass(frozen=True)
class Move:
    """A partner whose tier changed, from the first of these days to the last."""

    partner: Partner
    from_tier: Tier
    tier: Tier
    overridden: bool
    sentence: str


@dataclass(frozen=True)
class Today:
    """The day of one officer, as one person sees it."""

    officer: User
    is_own: bool
    has_book: bool
    date: date
    waiting: list[Waiting]
    cards: list[Card]
    # Of how many partners these are the first.
    people: int
    # Next steps from tomorrow on: the first ones, and the rest.
    steps: list[Line]
    later_steps: list[Line]
    occasions: list[OccasionAhead]
    soon: list[Line]
    moves: list[Move]
    more_moves: int
    # The first names of this week's focus list.
    focus: list[FocusPlace]
    effort: EffortLine
    # The next touch of a day on which nothing is due.
    next: Line | None


def build(viewer: User, choice: Choice, now: datetime, *, back: str, show_all: bool) -> Today:
    """Everything on the page, in a fixed number of queries; `back` is the page's own address."""
    officer = choice.officer
    today = officer.today(now)
    entries = agenda(officer, today, soon_days=LOOK_AHEAD_DAYS)
    lines = [line_of(entry.partner, due, today, back) for entry in entries for due in entry.dues]
    ahead = sorted((line for line in lines if line.due.due_on > today), key=_by_day)
    access = access_to(viewer, officer)
    due = [entry for entry in entries if entry.first.due_on <= today]
    steps = [line for line in ahead if line.due.kind == TouchKind.STEP]
    moves = _moves(officer, access, today)
    return Today(
        officer=officer,
        is_own=officer == viewer,
        has_book=choice.has_book,
        date=today,
        waiting=list(_waiting(officer, today, now)),
        cards=_cards(due if show_all else due[:MOST_CARDS], lines, access, today),
        people=len(due),
        steps=steps[:MOST_STEPS],
        later_steps=steps[MOST_STEPS:],
        occasions=_occasions(lines, today),
        soon=[line for line in ahead if _is_soon(line, today)],
        moves=moves[:MOST_MOVES],
        more_moves=len(moves[MOST_MOVES:]),
        focus=list(places_now(officer, today).select_related("partner")[:MOST_NAMES]),
        effort=effort_this_week(officer, today),
        next=ahead[0] if ahead else None,
    )


def _by_day(line: Line) -> date:
    return line.due.due_on


def _is_soon(line: Line, today: date) -> bool:
    if line.due.kind == TouchKind.STEP or line.due.occasion:
        return False
    return line.due.due_on <= today + timedelta(days=SOON_DAYS)


def _waiting(officer: User, today: date, now: datetime) -> Iterator[Waiting]:
    for referral in waiting_referrals(officer, today):
        due_on = working_day_from(referral.day)
        phone = "".join(sign for sign in referral.borrower_phone if sign in "+0123456789")
        yield Waiting(
            referral=referral,
            words=f"Came in {_since(referral, today, now)}; {_by(due_on, today)}.",
            late=due_on < today,
            call=f"tel:{phone}" if phone else "",
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


def _cards(
    entries: Sequence[Entry], lines: Iterable[Line], access: Access, today: date
) -> list[Card]:
    due: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.due.due_on <= today:
            due[line.partner.pk].append(line)
    load_phones([entry.partner for entry in entries])
    talks = _last_talks([entry.partner.pk for entry in entries], access)
    return [
        Card(
            partner=entry.partner,
            tier=entry.tier,
            overridden=entry.partner.standing.override_in_force(today) is not None,
            focus_rank=entry.focus_rank,
            lines=due[entry.partner.pk],
            last=talks.get(entry.partner.pk),
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


def _occasions(lines: Iterable[Line], today: date) -> list[OccasionAhead]:
    """Those of the next ten days for which something is still to do."""
    last = today + timedelta(days=OCCASION_DAYS)
    near = [line for line in lines if today <= (line.due.occasion_on or date.min) <= last]
    near.sort(key=lambda line: (line.due.occasion_on, *_occasion(line), line.due.due_on))
    found = []
    for _, rows in groupby(near, key=_occasion):
        group = list(rows)
        found.append(OccasionAhead(group[0].partner, group[0].due, group))
    return found


def _occasion(line: Line) -> tuple[int, str]:
    return line.partner.pk, line.due.occasion


def _moves(officer: User, access: Access, today: date) -> list[Move]:
    """Active partners whose tier changed since yesterday, each once."""
    changes = TierChange.objects.filter(
        partner__owner=officer,
        partner__archived_at__isnull=True,
        on__range=(today - timedelta(days=1), today),
    ).moves()
    # A first tier is no change, and neither is a label that came with an import.
    changes = changes.exclude(from_tier="").exclude(rule="").order_by("partner_id", "on", "pk")
    changes = changes.select_related("partner__standing__override")
    found = []
    for _, rows in groupby(changes, key=lambda change: change.partner_id):
        of_one = list(rows)
        if of_one[0].from_tier != of_one[-1].tier:
            found.append(_move(of_one[0], of_one[-1], access, today))
    return found


def _move(first: TierChange, last: TierChange, access: Access, today: date) -> Move:
    return Move(
        partner=last.partner,
        from_tier=Tier(first.from_tier),
        tier=Tier(last.tier),
        overridden=last.partner.standing.override_in_force(today) is not None,
        sentence=explain(shown_verdict(last, access)),
    )

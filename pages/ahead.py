"""What comes after today: next steps, occasions, and what is due soon."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from pages.due_lines import Line, line_of
from partners.models import Partner
from touches.agenda import Entry
from touches.kinds import TouchKind
from touches.playbook import SOON_DAYS, Due

OCCASION_DAYS = 10
MOST_STEPS = 6
MOST_FOLDED = 30


@dataclass(frozen=True)
class OccasionAhead:
    """A birthday or an anniversary, and what is still to do for it."""

    partner: Partner
    # Any of its touches: they share the day and the words for it.
    due: Due
    lines: list[Line]


@dataclass(frozen=True)
class Ahead:
    """Lists are cut where a page gets too long; `soon_count` says how many there are."""

    # Next steps from tomorrow on: the first ones, and those that are folded away.
    steps: list[Line]
    later_steps: list[Line]
    occasions: list[OccasionAhead]
    soon: list[Line]
    soon_count: int
    # The very next touch, for a day on which nothing is due.
    next: Line | None


def what_is_ahead(entries: Iterable[Entry], today: date, back: str) -> Ahead:
    """Sorted by their days; `back` is the address that the forms lead back to."""
    pairs = [(entry.partner, due) for entry in entries for due in entry.dues]
    pairs.sort(key=lambda pair: pair[1].due_on)
    ahead = [(partner, due) for partner, due in pairs if due.due_on > today]

    def lines(chosen: Iterable[tuple[Partner, Due]]) -> list[Line]:
        return [line_of(partner, due, today, back) for partner, due in chosen]

    steps = [pair for pair in ahead if pair[1].kind == TouchKind.STEP]
    soon = [pair for pair in ahead if _is_soon(pair[1], today)]
    return Ahead(
        steps=lines(steps[:MOST_STEPS]),
        later_steps=lines(steps[MOST_STEPS:][:MOST_FOLDED]),
        occasions=_occasions(lines(pair for pair in pairs if _is_near(pair[1], today))),
        soon=lines(soon[:MOST_FOLDED]),
        soon_count=len(soon),
        next=next(iter(lines(ahead[:1])), None),
    )


def _is_near(due: Due, today: date) -> bool:
    """Whether its occasion is among the next ten days."""
    last = today + timedelta(days=OCCASION_DAYS)
    return due.occasion_on is not None and today <= due.occasion_on <= last


def _is_soon(due: Due, today: date) -> bool:
    if due.kind == TouchKind.STEP or due.occasion:
        return False
    return due.due_on <= today + timedelta(days=SOON_DAYS)


def _occasions(lines: Sequence[Line]) -> list[OccasionAhead]:
    by_occasion = sorted(lines, key=_occasion)
    groups = [list(group) for _, group in groupby(by_occasion, key=_occasion)]
    return [OccasionAhead(group[0].partner, group[0].due, group) for group in groups]


def _occasion(line: Line) -> tuple[date, int, str]:
    return line.due.occasion_on or date.max, line.partner.pk, line.due.occasion

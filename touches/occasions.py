"""Birthdays and anniversaries: on which day each is kept, and when to prepare and to call. Pure.

Source: the calendar rules in docs/playbook.md. An age is never told, as no year of birth is known
here.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from touches.kinds import Occasion, TouchKind
from touches.workdays import working_day_until

PREPARE_DAYS = 10


@dataclass(frozen=True)
class Anniversaries:
    """The days of a partner that come back every year; None where unknown."""

    birth_month: int | None = None
    birth_day: int | None = None
    relationship_start: date | None = None
    business_start: date | None = None

    def start_of(self, occasion: Occasion) -> date | None:
        """Since when this is counted; None for a birthday, whose year is nobody's business."""
        if occasion == Occasion.BIRTHDAY:
            return None
        return self.relationship_start if occasion == Occasion.ANNIVERSARY else self.business_start


@dataclass(frozen=True)
class OccasionTouch:
    """A touch for one occasion; `year` is the occasion's, also where the touch falls before it."""

    kind: TouchKind
    occasion: Occasion
    year: int
    due_on: date
    # The day of the occasion itself.
    day: date
    # How many years it is, such as 10; None for a birthday.
    years: int | None

    @property
    def occurrence(self) -> str:
        """What it comes once for, such as "birthday 2027"."""
        return f"{self.occasion} {self.year}"


def kept_on(month: int, day: int, year: int) -> date:
    """The day in a year on which this is kept: 29 February on 28 February in common years."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def day_of(anniversaries: Anniversaries, occasion: Occasion, year: int) -> date | None:
    """The day of an occasion in a year; None where unknown, or where the first is yet to come."""
    if occasion == Occasion.BIRTHDAY:
        if not (anniversaries.birth_month and anniversaries.birth_day):
            return None
        return kept_on(anniversaries.birth_month, anniversaries.birth_day, year)
    start = anniversaries.start_of(occasion)
    if start is None or year <= start.year:
        return None
    return kept_on(start.month, start.day, year)


def touches_of_year(anniversaries: Anniversaries, year: int) -> Iterator[OccasionTouch]:
    """All touches for the occasions of one year: prepare ten days ahead, call on the day.

    A call that would fall on no working day comes on the working day before.
    """
    for occasion in Occasion:
        day = day_of(anniversaries, occasion, year)
        if day is None:
            continue
        start = anniversaries.start_of(occasion)
        years = year - start.year if start else None
        prepare_on, call_on = day - timedelta(days=PREPARE_DAYS), working_day_until(day)
        yield OccasionTouch(TouchKind.PREPARE, occasion, year, prepare_on, day, years)
        yield OccasionTouch(TouchKind.CONGRATULATE, occasion, year, call_on, day, years)


def occasion_touches(
    anniversaries: Anniversaries, from_day: date, until_day: date
) -> tuple[OccasionTouch, ...]:
    """The touches whose own day, or whose occasion's day, lies between these days (both included).

    Sorted by their own day. A touch in December may belong to an occasion of the new year.
    """
    found = [
        touch
        for year in range(from_day.year, until_day.year + 2)
        for touch in touches_of_year(anniversaries, year)
        if from_day <= touch.due_on <= until_day or from_day <= touch.day <= until_day
    ]
    return tuple(sorted(found, key=lambda touch: (touch.due_on, touch.day, touch.occasion)))


def touch_named(
    anniversaries: Anniversaries, kind: TouchKind, occurrence: str
) -> OccasionTouch | None:
    """The touch for an occurrence such as "birthday 2027" as the partner's days are now."""
    year = occurrence.rpartition(" ")[2]
    if not year.isdecimal():
        return None
    for touch in touches_of_year(anniversaries, int(year)):
        if (touch.kind, touch.occurrence) == (kind, occurrence):
            return touch
    return None


NAMES = {
    Occasion.BIRTHDAY: "Birthday",
    Occasion.ANNIVERSARY: "as partners",
    Occasion.BUSINESS: "in business",
}


def occasion_name(occasion: Occasion, years: int | None) -> str:
    """What is kept, in words: "Birthday", "10 years as partners", "1 year in business"."""
    if years is None:
        return NAMES[Occasion.BIRTHDAY]
    return f"{years} {'year' if years == 1 else 'years'} {NAMES[occasion]}"

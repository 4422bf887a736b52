"""Which days and hours look plausible: working days, office hours, the season of home buying."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

SATURDAY, SUNDAY = 5, 6

# Closings by month, January first; a referral comes about two months before its closing.
CLOSINGS = [5.6, 5.8, 7.9, 8.5, 9.7, 10.5, 9.8, 9.9, 8.6, 8.4, 7.3, 8.0]
MONTHS_AHEAD = 2


def working_day(day: date, today: date) -> date:
    """The day itself, or the nearest working day for one of a weekend; never after `today`."""
    if day.weekday() == SATURDAY:
        return day - timedelta(days=1)
    if day.weekday() == SUNDAY:
        monday = day + timedelta(days=1)
        return monday if monday <= today else day - timedelta(days=2)
    return day


def office_hour(rng: Random, day: date) -> datetime:
    return datetime.combine(day, time(rng.randrange(8, 18), rng.randrange(60)))


def waking_hour(rng: Random, day: date) -> datetime:
    """When a referral comes in: mostly in the afternoon, from 8 to 20."""
    minute = int(rng.triangular(8 * 60, 20 * 60, 14 * 60))
    return datetime.combine(day, time(minute // 60, minute % 60))


def days_apart(rng: Random, first: int, last: int, every: float) -> Iterator[int]:
    """Days ago from `first` down to `last`, a quarter of `every` early or late.

    Two neighbors are never more than one and a half of `every` apart.
    """
    place = float(first)
    while place >= last:
        yield max(last, min(first, round(place + rng.uniform(-0.25, 0.25) * every)))
        place -= every


def in_season(rng: Random, today: date, first: int, last: int) -> int:
    """One of the days from `first` to `last` days ago; months with many buyers come up oftener."""
    choices = range(last, first + 1)
    return rng.choices(choices, [_demand(today - timedelta(days=ago)) for ago in choices])[0]


def _demand(day: date) -> float:
    return CLOSINGS[(day.month - 1 + MONTHS_AHEAD) % 12]

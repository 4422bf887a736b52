"""Working days: not Saturday, not Sunday, and no US federal holiday (nor the day it is kept on)."""

from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

SATURDAY = 5


@lru_cache(maxsize=32)
def federal_holidays(year: int) -> frozenset[date]:
    """The federal holidays of a year with the days on which they are observed."""
    return frozenset(country_holidays("US", years=[year]))


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in federal_holidays(day.year)


def monday_of(day: date) -> date:
    """The first day of the week of a day."""
    return day - timedelta(days=day.weekday())


def working_day_from(day: date) -> date:
    """This day, or the next working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_day_until(day: date) -> date:
    """This day, or the last working day before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def working_days_after(day: date, count: int) -> date:
    """The day so many working days later."""
    for _ in range(count):
        day = working_day_from(day + timedelta(days=1))
    return day

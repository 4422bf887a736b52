"""The days and months that a report looks at, from its end backwards. Pure."""

import calendar
from datetime import date, timedelta

MONTHS = 12
YEAR = timedelta(days=365)
# More may still come of referrals of younger months.
OPEN_DAYS = 120


def days_over_time(end: date) -> tuple[date, ...]:
    """The end and the same day of the twelve months before it, the oldest first."""
    return tuple(_same_day(end, months) for months in range(MONTHS, -1, -1))


def conversion_months(end: date) -> tuple[date, ...]:
    """The first days of the twelve calendar months up to the end's, the oldest first."""
    return tuple(month_of(_same_day(end, months)) for months in range(MONTHS - 1, -1, -1))


def first_day(end: date) -> date:
    """The day from which on a referral is counted by when it was received."""
    return min(conversion_months(end)[0], end - YEAR)


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def is_open(month: date, end: date) -> bool:
    """Whether the last day of a month is younger than 120 days."""
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    return end - last < timedelta(days=OPEN_DAYS)


def _same_day(end: date, months_before: int) -> date:
    """The same day so many months before; the last of a month that is too short."""
    months = end.year * 12 + end.month - 1 - months_before
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(end.day, last))

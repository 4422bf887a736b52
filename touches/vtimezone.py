"""A time zone written out for calendar programs (VTIMEZONE).

The library's own lists every change of the clock; Outlook reads only rules that repeat, so here a
change that falls on the same weekday of the same month each year becomes such a rule.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
# From the year before to the second after: what is read now is looked at for a while.
YEARS = 4
DAYS_A_WEEK = 7

Observance = TimezoneStandard | TimezoneDaylight


@dataclass(frozen=True)
class Change:
    """The clock is put forward or back; `at` is the local time before it."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str

    def component(self) -> Observance:
        made = TimezoneDaylight() if self.after > self.before else TimezoneStandard()
        made.add("dtstart", self.at)
        made.add("tzoffsetfrom", self.before)
        made.add("tzoffsetto", self.after)
        made.add("tzname", self.name)
        return made


@lru_cache(maxsize=64)
def time_zone_component(name: str, year: int) -> Timezone:
    """The zone of this name, right for the years around `year`. Not to be changed: it is shared."""
    zone = ZoneInfo(name)
    start = datetime(year - 1, 1, 1, tzinfo=UTC)
    years = [list(changes_of(zone, one)) for one in range(start.year, start.year + YEARS)]
    made = Timezone()
    made.add("tzid", name)
    for part in _repeating(years) or _listed(zone, start, years):
        made.add_component(part)
    return made


def changes_of(zone: ZoneInfo, year: int) -> Iterator[Change]:
    """Every change of the clock in a year, by looking at each day and then halving it."""
    day = datetime(year, 1, 1, tzinfo=UTC)
    while day.year == year:
        following = day + timedelta(days=1)
        if _offset(day, zone) != _offset(following, zone):
            yield _change_between(day, following, zone)
        day = following


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _change_between(last: datetime, first: datetime, zone: ZoneInfo) -> Change:
    before, after = _offset(last, zone), _offset(first, zone)
    while first - last > timedelta(minutes=1):
        middle = last + timedelta(minutes=(first - last) // timedelta(minutes=2))
        if _offset(middle, zone) == before:
            last = middle
        else:
            first = middle
    at = (first + before).replace(tzinfo=None)
    return Change(at, before, after, first.astimezone(zone).tzname() or "")


def _repeating(years: list[list[Change]]) -> list[Observance]:
    """One rule for each change of a year; empty where there is none, or the years do not agree."""
    if len({len(changes) for changes in years}) > 1:
        return []
    parts = [_rule(same) for same in zip(*years, strict=True)]
    return [part for part in parts if part] if all(parts) else []


def _rule(same: tuple[Change, ...]) -> Observance | None:
    """The rule that these changes of several years follow, such as every second Sunday of March."""
    days = set.intersection(*(_places_in_month(change.at) for change in same))
    clocks = {(change.at.month, change.at.time(), change.before, change.after) for change in same}
    if len(clocks) > 1 or not days:
        return None
    part = same[0].component()
    part.add("rrule", vRecur(freq="YEARLY", bymonth=same[0].at.month, byday=min(days)))
    return part


def _places_in_month(at: datetime) -> set[str]:
    """What a day is in its month: "2SU" is the second Sunday, "-1SU" the last."""
    weekday = WEEKDAYS[at.weekday()]
    is_last = at.day + DAYS_A_WEEK > monthrange(at.year, at.month)[1]
    return {f"{(at.day - 1) // DAYS_A_WEEK + 1}{weekday}", *([f"-1{weekday}"] if is_last else [])}


def _listed(zone: ZoneInfo, start: datetime, years: list[list[Change]]) -> list[Observance]:
    """What holds at first, and then each change by itself."""
    offset = _offset(start, zone)
    name = start.astimezone(zone).tzname() or ""
    first = Change(start.replace(tzinfo=None), offset, offset, name)
    return [change.component() for change in [first, *(one for year in years for one in year)]]

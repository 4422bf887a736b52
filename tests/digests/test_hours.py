"""When a digest is due: on every clock, over its changes, and for who travels. No database.

The rule, as it is held here: (1) two digests of a person stand at least twelve hours apart; (2) a
local date has one at most; (3) whenever the work looks (a tick) within the person's window of a
wanted day, that date has its digest, or one was due less than twelve hours before.
"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.hours import evening_of, is_due
from digests.kinds import DAILY, EVERY_DAY, MONDAY, MONDAYS, WORKDAYS, days_of

ZONES = [
    "America/New_York",
    "America/Phoenix",
    "Pacific/Honolulu",
    "America/Los_Angeles",
    "UTC",
]
FAR = [*ZONES, "Pacific/Auckland", "Pacific/Kiritimati", "Asia/Kolkata", "Pacific/Guam"]
TWELVE_HOURS = timedelta(hours=12)
NEW_YORK = ZoneInfo("America/New_York")


def at(text, zone="America/New_York"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def due(now, hour=7, weekdays=WORKDAYS, planned=None, zone=NEW_YORK):
    return is_due(now, zone, hour=hour, weekdays=weekdays, planned=planned or {})


def test_each_kind_has_its_days():
    assert days_of(DAILY, on_weekends=False) == {0, 1, 2, 3, 4}
    assert days_of(DAILY, on_weekends=True) == {0, 1, 2, 3, 4, 5, 6}
    assert days_of(MONDAY, on_weekends=False) == days_of(MONDAY, on_weekends=True) == {0}


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-06-15T06:59:59", False),
        ("2026-06-15T07:00", True),
        ("2026-06-15T12:34", True),
        ("2026-06-15T19:59:59", True),
        ("2026-06-15T20:00", False),
        ("2026-06-15T00:00", False),
        # Friday, Saturday, Sunday.
        ("2026-06-19T07:00", True),
        ("2026-06-20T07:00", False),
        ("2026-06-21T07:00", False),
    ],
)
def test_it_is_due_from_the_hour_until_the_evening_of_a_weekday(moment, expected):
    assert due(at(moment)) is expected


@pytest.mark.parametrize("day", ["2026-06-20", "2026-06-21"])
def test_who_wants_it_gets_it_on_weekends(day):
    assert due(at(f"{day}T07:00"), weekdays=EVERY_DAY)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-06-14T23:59", False),
        ("2026-06-15T06:59", False),
        ("2026-06-15T07:00", True),
        ("2026-06-15T19:59", True),
        # Tuesday, and the next Monday.
        ("2026-06-16T07:00", False),
        ("2026-06-22T07:00", True),
    ],
)
def test_what_comes_on_mondays_comes_on_no_other_day(moment, expected):
    assert due(at(moment), weekdays=MONDAYS, planned={}) is expected


@pytest.mark.parametrize(
    ("last", "expected"), [("2026-06-14T19:01", False), ("2026-06-14T19:00", True)]
)
def test_the_last_one_was_due_twelve_hours_before(last, expected):
    assert due(at("2026-06-15T07:00"), planned={"2026-06-14": at(last)}) is expected


def test_a_date_comes_once_whatever_the_hours_between():
    assert not due(at("2026-06-15T19:30"), planned={"2026-06-15": at("2026-06-15T04:00")})


@pytest.mark.parametrize("zone", FAR)
def test_it_may_leave_until_eight_in_the_evening_of_that_day(zone):
    now = at("2026-03-08T07:00", zone)
    assert evening_of(now, ZoneInfo(zone)).isoformat()[:16] == "2026-03-08T20:00"


class Person:
    """Somebody whose digests are planned, with what the person wants at each moment."""

    def __init__(self, zone, hour=7, weekdays=WORKDAYS):
        self.zone, self.hour, self.weekdays = ZoneInfo(zone), hour, weekdays
        self.planned = {}

    def tick(self, now):
        wish = {"hour": self.hour, "weekdays": self.weekdays}
        local = now.astimezone(self.zone)
        if is_due(now, self.zone, **wish, planned=self.planned):
            self.planned[local.date().isoformat()] = now
        self.check_no_day_is_missed(now, local)

    def check_no_day_is_missed(self, now, local):
        if local.weekday() in self.weekdays and time(self.hour) <= local.time() < time(20):
            lately = [due for due in self.planned.values() if now - due < TWELVE_HOURS]
            assert local.date().isoformat() in self.planned or lately

    def check_distances(self):
        assert all(b - a >= TWELVE_HOURS for a, b in pairwise(sorted(self.planned.values())))


def weekdays(first, days, wanted=WORKDAYS):
    found = [first + timedelta(days=n) for n in range(days)]
    return [day.isoformat() for day in found if day.weekday() in wanted]


def local_dues(person):
    return [f"{due.astimezone(person.zone):%Y-%m-%dT%H:%M}" for due in person.planned.values()]


# The US springs on March 8 and falls back on November 1; 2028 has a leap day.
SEASONS = [date(2026, 3, 2), date(2026, 10, 26), date(2028, 2, 24), date(2026, 12, 28)]


@pytest.mark.parametrize("first", SEASONS)
@pytest.mark.parametrize("zone", ZONES)
def test_minute_by_minute_each_weekday_has_one_at_its_hour(zone, first):
    for hour in [4, 18]:
        person = Person(zone, hour)
        start = at(f"{first}T00:00", zone)
        for minute in range(9 * 24 * 60):
            person.tick(start + timedelta(minutes=minute))
        assert local_dues(person) == [f"{day}T{hour:02}:00" for day in weekdays(first, 9)]


@settings(max_examples=60, deadline=None)
@given(data=st.data(), zone=st.sampled_from(ZONES), first=st.sampled_from(SEASONS))
def test_missed_and_doubled_ticks_miss_no_day_and_double_none(data, zone, first):
    """Pauses of up to 100 minutes: less than any window, which is two hours at least."""
    person = Person(zone, data.draw(st.integers(4, 18)))
    now, end = at(f"{first}T00:00", zone), at(f"{first + timedelta(days=14)}T00:00", zone)
    pauses = st.lists(st.sampled_from([0, 1, 1, 5, 30, 100]), min_size=20, max_size=40)
    steps = [*data.draw(pauses), 100]
    while now < end:
        for minutes in steps:
            person.tick(now)
            now += timedelta(minutes=minutes)
    person.check_distances()
    assert weekdays(first, 14) == [day for day in person.planned if day < str(end.date())]


@settings(max_examples=60, deadline=None)
@given(hours=st.lists(st.integers(4, 18), min_size=28, max_size=28), zone=st.sampled_from(ZONES))
def test_who_changes_the_hour_twice_a_day_misses_no_weekday(hours, zone):
    person, first = Person(zone), date(2026, 10, 26)
    start = at(f"{first}T00:00", zone)
    for quarter in range(14 * 24 * 4):
        person.hour = hours[quarter // 48]
        person.tick(start + timedelta(minutes=15 * quarter))
    person.check_distances()
    assert list(person.planned) == weekdays(first, 14)


@pytest.mark.parametrize("zone", FAR)
def test_quarter_by_quarter_each_monday_has_one_at_its_hour(zone):
    person, first = Person(zone, weekdays=MONDAYS), date(2026, 10, 19)
    for quarter in range(21 * 24 * 4):
        person.tick(at(f"{first}T00:00", zone) + timedelta(minutes=15 * quarter))
    assert local_dues(person) == [f"{day}T07:00" for day in weekdays(first, 21, MONDAYS)]


DAYS = st.sampled_from([WORKDAYS, EVERY_DAY, MONDAYS])
CHANGES = st.tuples(st.sampled_from(FAR), st.integers(4, 18), DAYS, st.integers(1, 60))


@settings(max_examples=150, deadline=None)
@given(start=st.sampled_from(SEASONS), changes=st.lists(CHANGES, min_size=1, max_size=40))
def test_who_travels_never_gets_two_in_twelve_hours_nor_misses_a_day(start, changes):
    """Zone, hour and days change every few hours; `tick` holds that no day is missed."""
    person, now = Person("America/New_York"), at(f"{start}T00:00")
    for zone, hour, wanted, ticks in changes:
        person.zone, person.hour, person.weekdays = ZoneInfo(zone), hour, wanted
        for _ in range(ticks):
            person.tick(now)
            now += timedelta(minutes=20)
    person.check_distances()


def test_after_an_outage_of_days_there_is_one_todays():
    person = Person("America/New_York")
    person.tick(at("2026-06-15T07:00"))
    for minute in range(300):
        person.tick(at("2026-06-18T14:00") + timedelta(minutes=minute))
    assert local_dues(person) == ["2026-06-15T07:00", "2026-06-18T14:00"]

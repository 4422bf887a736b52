"""Birthdays and anniversaries by the calendar, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from touches.kinds import Occasion, TouchKind
from touches.occasions import (
    Anniversaries,
    day_of,
    kept_on,
    occasion_name,
    occasion_touches,
    touch_named,
)
from touches.workdays import is_working_day

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def born(month, day):
    return Anniversaries(birth_month=month, birth_day=day)


def calls(anniversaries, year):
    """Due days of the calls for the occasions of a year."""
    found = occasion_touches(anniversaries, date(year - 1, 12, 1), date(year, 12, 31))
    return [
        touch.due_on
        for touch in found
        if (touch.kind, touch.year) == (TouchKind.CONGRATULATE, year)
    ]


@pytest.mark.parametrize(
    ("month", "day", "year", "kept"),
    [
        (2, 29, 2027, date(2027, 2, 28)),
        (2, 29, 2028, date(2028, 2, 29)),
        (2, 28, 2028, date(2028, 2, 28)),
        (2, 29, 2100, date(2100, 2, 28)),
        (12, 31, 2027, date(2027, 12, 31)),
    ],
)
def test_29_february_is_kept_on_the_28th_in_common_years(month, day, year, kept):
    assert kept_on(month, day, year) == kept


@pytest.mark.parametrize(
    ("birthday", "year", "due_on"),
    [
        # Wednesday.
        ((3, 4), 2026, date(2026, 3, 4)),
        # Saturday and Sunday: the Friday before.
        ((6, 6), 2026, date(2026, 6, 5)),
        ((6, 7), 2026, date(2026, 6, 5)),
        # Memorial Day, a Monday: the Friday before.
        ((5, 25), 2026, date(2026, 5, 22)),
        # Independence Day 2026 is a Saturday and observed on Friday the 3rd.
        ((7, 4), 2026, date(2026, 7, 2)),
        ((7, 3), 2026, date(2026, 7, 2)),
        # In 2027 it is a Sunday and observed on Monday the 5th.
        ((7, 5), 2027, date(2027, 7, 2)),
        # Thanksgiving, and the Friday after it, which is none.
        ((11, 26), 2026, date(2026, 11, 25)),
        ((11, 27), 2026, date(2026, 11, 27)),
        # Juneteenth.
        ((6, 19), 2026, date(2026, 6, 18)),
        # Christmas 2027 is a Saturday, observed on Friday the 24th.
        ((12, 25), 2027, date(2027, 12, 23)),
        # New Year's Day: the call falls in December and belongs to the new year.
        ((1, 1), 2027, date(2026, 12, 31)),
        # It is a Saturday in 2028, and observed on 31 December 2027.
        ((1, 1), 2028, date(2027, 12, 30)),
        # Leap day in a common year: 28 February 2027 is a Sunday.
        ((2, 29), 2027, date(2027, 2, 26)),
    ],
)
def test_call_on_the_day_or_the_working_day_before(birthday, year, due_on):
    assert calls(born(*birthday), year) == [due_on]


def test_card_is_prepared_ten_days_ahead():
    found = occasion_touches(born(3, 4), date(2026, 2, 1), date(2026, 3, 31))
    assert [(touch.kind, touch.due_on, touch.occurrence) for touch in found] == [
        ("prepare", date(2026, 2, 22), "birthday 2026"),
        ("congratulate", date(2026, 3, 4), "birthday 2026"),
    ]


def test_card_for_the_new_year_is_of_the_new_year():
    found = occasion_touches(born(1, 5), date(2026, 12, 20), date(2026, 12, 31))
    assert [(touch.kind, touch.due_on, touch.year) for touch in found] == [
        ("prepare", date(2026, 12, 26), 2027)
    ]


@pytest.mark.parametrize(
    ("year", "kept"),
    [(2019, None), (2020, None), (2021, date(2021, 2, 28)), (2024, date(2024, 2, 29))],
)
@pytest.mark.parametrize("occasion", [Occasion.ANNIVERSARY, Occasion.BUSINESS])
def test_year_of_the_start_is_no_anniversary(occasion, year, kept):
    start = date(2020, 2, 29)
    anniversaries = Anniversaries(relationship_start=start, business_start=start)
    assert day_of(anniversaries, occasion, year) == kept


def test_start_to_come_gives_no_anniversary_yet():
    begins = Anniversaries(relationship_start=date(2027, 6, 1))
    assert occasion_touches(begins, date(2026, 1, 1), date(2027, 12, 31)) == ()


def test_no_date_no_occasion():
    assert occasion_touches(Anniversaries(), date(2026, 1, 1), date(2026, 12, 31)) == ()


@pytest.mark.parametrize(
    ("occasion", "years", "name"),
    [
        (Occasion.BIRTHDAY, None, "Birthday"),
        (Occasion.ANNIVERSARY, 1, "1 year as partners"),
        (Occasion.ANNIVERSARY, 10, "10 years as partners"),
        (Occasion.BUSINESS, 25, "25 years in business"),
    ],
)
def test_names_count_years_but_never_an_age(occasion, years, name):
    assert occasion_name(occasion, years) == name


@settings(deadline=None)  # a year's holidays are worked out once
@given(day=DAYS)
def test_birthday_has_no_years_to_show(day):
    found = occasion_touches(born(day.month, day.day), day, day + timedelta(days=400))
    assert {touch.years for touch in found} == {None}


@settings(deadline=None)  # a year's holidays are worked out once
@given(day=DAYS)
def test_call_is_on_a_working_day_never_after_and_at_most_four_days_before(day):
    for due_on in calls(born(day.month, day.day), day.year):
        kept = kept_on(day.month, day.day, day.year)
        assert is_working_day(due_on)
        assert timedelta(0) <= kept - due_on <= timedelta(days=4)


@settings(deadline=None)  # a year's holidays are worked out once
@given(day=DAYS, start=DAYS, begun=DAYS, steps=st.lists(st.integers(1, 40), min_size=150))
def test_each_occasion_comes_once_a_kind_and_year_over_ten_years(day, start, begun, steps):
    """However irregular the days are on which somebody looks ahead."""
    anniversaries = Anniversaries(day.month, day.day, start, start)
    seen, today = {}, begun
    until = begun + timedelta(days=3650)
    for step in steps:
        for touch in occasion_touches(anniversaries, today, today + timedelta(days=40)):
            key = touch.kind, touch.occurrence
            assert seen.setdefault(key, touch) == touch
        today += timedelta(days=step)
    for year in range(begun.year + 1, min(today, until).year):
        named = [
            (TouchKind.CONGRATULATE, f"birthday {year}"),
            (TouchKind.PREPARE, f"birthday {year}"),
        ]
        named += [(kind, f"anniversary {year}") for kind, _ in named if year > start.year]
        assert set(named) <= set(seen)


@settings(deadline=None)  # a year's holidays are worked out once
@given(day=DAYS, start=DAYS)
def test_touch_is_found_again_by_its_name(day, start):
    anniversaries = Anniversaries(day.month, day.day, start, start)
    for touch in occasion_touches(anniversaries, day, day + timedelta(days=500)):
        assert touch_named(anniversaries, touch.kind, touch.occurrence) == touch


@pytest.mark.parametrize("name", ["", "birthday", "day 7", "first", "birthday 20x7"])
def test_other_names_are_no_occasion(name):
    assert touch_named(born(3, 4), TouchKind.CONGRATULATE, name) is None

"""The tier in force on past days: as a value, and against the query that tells the same of rows."""

from datetime import date, timedelta

import pytest

from interactions.models import Interaction
from partners.models import Partner
from tests.insights.books import TODAY, Book
from tiers.history import Change, Held, History, histories, with_tier_on
from tiers.verdict import Tier

M, C, X = Tier.MAINTENANCE, Tier.CULTIVATION, Tier.CEASE
DAY = date(2026, 3, 10)


def on(offset):
    return DAY + timedelta(days=offset)


def change(offset, tier, rule="C", pk=1):
    return Change(on(offset), pk, tier, rule)


def held(first, last, tier, *, ended=None, by_manager=False, pk=1):
    return Held(pk, tier, by_manager, on(first), on(last), None if ended is None else on(ended))


@pytest.mark.parametrize(
    ("changes", "overrides", "tiers"),
    [
        ([], [], [None, None, None]),
        ([], [held(-9, 9, M)], [None, None, None]),
        ([change(0, C)], [], [None, C, C]),
        ([change(0, C, pk=1), change(0, M, "M", pk=2)], [], [None, M, M]),
        ([change(0, M, "M", pk=2), change(0, C, pk=1)], [], [None, M, M]),
        ([change(-5, C)], [held(0, 0, M)], [C, M, C]),
        ([change(-5, C)], [held(-1, 9, M, ended=0)], [M, C, C]),
        ([change(-5, C)], [held(-1, 9, M, ended=1)], [M, M, C]),
        ([change(-5, C)], [held(0, 9, M, ended=0)], [C, C, C]),
        ([change(0, C)], [held(-9, 0, M)], [None, M, C]),
        # Of two that hold the one that was made last.
        ([change(-5, C)], [held(-9, 9, M, pk=1), held(-9, 0, X, pk=2)], [X, X, M]),
        # Nobody overrides a request to stop, and conduct only a manager.
        ([change(-5, X, "X4")], [held(-1, 9, M, by_manager=True)], [X, X, X]),
        ([change(-5, X, "X1")], [held(-1, 9, M)], [X, X, X]),
        ([change(-5, X, "X1")], [held(-1, 9, M, by_manager=True)], [M, M, M]),
        ([change(-5, X, "X1"), change(0, C)], [held(-1, 9, M)], [X, M, M]),
    ],
)
def test_the_tier_in_force_the_day_before_on_the_day_and_after(changes, overrides, tiers):
    history = History(changes, overrides)
    assert [history.tier_on(on(offset)) for offset in (-1, 0, 1)] == tiers


@pytest.mark.parametrize(
    ("changes", "overrides", "entered"),
    [
        ([change(-5, X)], [], -5),
        ([change(-20, X)], [], None),
        ([change(-10, X)], [], None),
        ([change(0, X)], [], 0),
        ([change(1, X)], [], None),
        ([change(-8, X), change(-6, C), change(-4, X), change(-2, C)], [], -4),
        # Another rule of the same tier is no new tier.
        ([change(-8, X, "X2"), change(-4, X, "X1")], [], -8),
        ([change(-20, C)], [held(-3, 9, X)], -3),
        ([change(-20, X)], [held(-6, -3, C)], -2),
        ([change(-20, X)], [held(-6, 9, C, ended=-4)], -4),
    ],
)
def test_the_day_on_which_a_tier_came_into_force(changes, overrides, entered):
    found = History(changes, overrides).entered(X, after=on(-10), through=DAY)
    assert found == (None if entered is None else on(entered))


def test_the_last_change_and_the_override_of_a_day():
    first, second = change(-9, C, pk=1), change(-2, X, "X1", pk=2)
    override = held(-9, 9, M)
    history = History([second, first], [override])
    assert [history.change_on(on(day)) for day in (-10, -9, -3, -2, 0)] == [
        None, first, first, second, second,
    ]  # fmt: skip
    assert [history.override_on(on(day)) for day in (-10, -9, -3, -2)] == [
        None, override, override, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("override", "is_open"),
    [
        (held(-9, -5, M), True),
        (held(-9, -5, M, ended=1), True),
        (held(-9, -5, M, ended=0), False),
        (held(1, 9, M), False),
    ],
)
def test_an_override_is_open_until_somebody_ends_it(override, is_open):
    assert (History([change(-9, C)], [override]).open_override_on(DAY) is not None) is is_open


@pytest.mark.django_db
def test_histories_agree_with_the_query_for_rows():
    """On every day of a contact, with overrides, conduct, requests to stop and several zones."""
    book = Book(5)
    known = histories(Partner.objects.all())
    for owner in book.people:
        touches = Interaction.objects.filter(partner__owner=owner)
        rows = with_tier_on(touches, owner.zone).values_list("partner", "day", "tier_then")
        told = [
            (partner, day, known.get(partner, History([])).tier_on(day)) for partner, day, _ in rows
        ]
        assert told == list(rows)
        assert len({tier for _, _, tier in told}) == 4


@pytest.mark.django_db
def test_histories_take_two_queries_and_read_codes_when_asked(django_assert_num_queries):
    Book(5)
    with django_assert_num_queries(2):
        known = histories(Partner.objects.all())
    last = next(iter(known.values())).change_on(TODAY)
    assert (len(last.reasons), len(last.flags)) == (2, 1)
    without = histories(Partner.objects.all(), codes=False)
    assert {one.change_on(TODAY).reasons for one in without.values() if one.change_on(TODAY)} == {
        ()
    }

from datetime import date
from decimal import Decimal

import pytest

from gratitude.piece_states import State, state_of, when_in_words
from gratitude.shares import Side, objections, pays_over_its_share, percent_of_cost


def sides(*pairs):
    return [Side(Decimal(share), Decimal(cost)) for share, cost in pairs]


@pytest.mark.parametrize(
    ("pairs", "total", "said"),
    [
        ([("50", "300"), ("50", "300")], "600", []),
        ([("33.33", "1"), ("33.33", "1"), ("33.34", "1")], "3", []),
        ([("50", "0"), ("50", "0")], "0", []),
        (
            [("50", "300"), ("40", "300")],
            "600",
            ["The shares of the piece come to 90 %, not 100 %: 10 % is missing."],
        ),
        (
            [("50", "300"), ("50.5", "300")],
            "600",
            ["The shares of the piece come to 100.5 %, not 100 %: 0.5 % too much."],
        ),
        (
            [("50", "300"), ("50", "299.99")],
            "600",
            ["What the sides pay comes to $599.99, not $600: $0.01 is missing."],
        ),
        (
            [("50", "1000"), ("50", "500")],
            "1200",
            ["What the sides pay comes to $1,500, not $1,200: $300 too much."],
        ),
        (
            [("100", "600"), ("0", "0")],
            "600",
            ["Each side needs a share of the piece: one without any has no part in it."],
        ),
    ],
)
def test_shares_and_costs_come_to_the_whole(pairs, total, said):
    assert list(objections(sides(*pairs), Decimal(total))) == said


@pytest.mark.parametrize(
    ("share", "cost", "over"),
    [("50", "300", False), ("50", "300.01", False), ("50", "300.02", True), ("50", "0", False)],
)
def test_paying_over_ones_share_is_seen_beyond_a_cent(share, cost, over):
    assert pays_over_its_share(*sides((share, cost)), Decimal(600)) is over


def test_the_percent_of_a_cost_is_none_where_nothing_is_paid():
    [side] = sides(("50", "200"))
    assert percent_of_cost(side, Decimal(600)) == Decimal("33.33")
    assert percent_of_cost(side, Decimal(0)) is None


@pytest.mark.parametrize(
    ("starts", "ends", "off", "state"),
    [
        (9, None, False, State.LIVE),
        (9, 9, False, State.LIVE),
        (8, 8, False, State.ENDED),
        (10, None, False, State.TO_COME),
        (10, None, True, State.CALLED_OFF),
    ],
)
def test_the_state_follows_from_the_days(starts, ends, off, state):
    last = ends and date(2026, 3, ends)
    assert state_of(date(2026, 3, starts), last, off, date(2026, 3, 9)) == state


def test_the_days_of_a_piece_are_said_in_words():
    first = date(2026, 3, 2)
    assert when_in_words(first, None) == "from March 2, 2026"
    assert when_in_words(first, first) == "March 2, 2026"
    assert when_in_words(first, date(2026, 4, 1)) == "March 2, 2026 to April 1, 2026"

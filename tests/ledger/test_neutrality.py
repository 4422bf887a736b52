"""The rank correlation of the neutrality report, by hand and by a second way of counting."""

from decimal import Decimal
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.neutrality import (
    Reading,
    Share,
    mean_ranks,
    neutrality,
    rank_correlation,
    reading_of,
)


def test_ranks_of_what_is_alike_are_their_mean():
    # 5 has rank 1; the two 7 share 2 and 3; 9 has rank 4. All doubled.
    assert mean_ranks([7, 5, 9, 7]) == [5, 2, 8, 5]


@pytest.mark.parametrize(
    ("values", "referrals", "rho"),
    [
        # 1 - 6 * sum of d² / (n * (n² - 1)), where nothing is alike.
        ([10, 20, 30, 40, 50], [0, 1, 2, 3, 4], 1),
        ([10, 20, 30, 40, 50], [4, 3, 2, 1, 0], -1),
        ([10, 20, 30, 40, 50], [1, 0, 3, 2, 4], 1 - 6 * 4 / 120),
        ([10, 20, 30, 40, 50], [2, 4, 0, 1, 3], 1 - 6 * 22 / 120),
        # Ranks 1, 2.5, 2.5, 4 against 1.5, 1.5, 3, 4: 3.75 / sqrt(4.5 * 4.5).
        ([5, 7, 7, 9], [0, 0, 1, 2], 3.75 / 4.5),
        # Everybody alike: nothing to compare.
        ([20, 20, 20], [0, 1, 2], None),
        ([20, 30, 40], [1, 1, 1], None),
    ],
)
def test_rank_correlation_by_hand(values, referrals, rho):
    found = rank_correlation([Decimal(value) for value in values], referrals)
    assert found == (rho if rho is None else pytest.approx(rho, abs=1e-12))


pairs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5)), min_size=2, max_size=30)


def naive_rank(value, values):
    return 1 + sum(other < value for other in values) + (values.count(value) - 1) / 2


@given(pairs)
@settings(max_examples=100)
def test_rank_correlation_agrees_with_a_naive_count(rows):
    columns = [list(column) for column in zip(*rows, strict=True)]
    ranks = [[naive_rank(value, column) for value in column] for column in columns]
    means = [sum(column) / len(column) for column in ranks]
    away = [[rank - mean for rank in column] for column, mean in zip(ranks, means, strict=True)]
    spread = sqrt(sum(a * a for a in away[0])) * sqrt(sum(b * b for b in away[1]))
    found = rank_correlation(*columns)
    if not spread:
        assert found is None
    else:
        together = sum(a * b for a, b in zip(*away, strict=True))
        assert found == pytest.approx(together / spread, abs=1e-9)


@given(pairs, st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_rank_correlation_does_not_depend_on_the_order(rows, chance):
    shuffled = chance.sample(rows, len(rows))
    found = [rank_correlation(*zip(*some, strict=True)) for some in [rows, shuffled]]
    assert found[0] == found[1]


@given(st.lists(st.integers(0, 500), min_size=2, max_size=40, unique=True))
@settings(max_examples=50)
def test_what_rises_together_gives_one(values):
    assert rank_correlation(values, [value * value + 3 for value in values]) == 1
    assert rank_correlation(values, [-value for value in values]) == -1


@pytest.mark.parametrize(
    ("rho", "recipients", "reading"),
    [
        (1.0, 9, Reading.TOO_FEW),
        (None, 10, Reading.ALL_ALIKE),
        # With 10 recipients the lines lie at 1.96 / 3 = 0.653 and 2.576 / 3 = 0.859.
        (0.65, 10, Reading.NO_SIGN),
        (0.66, 10, Reading.SOME),
        (0.85, 10, Reading.SOME),
        (0.86, 10, Reading.STRONG),
        (-0.65, 10, Reading.NO_SIGN),
        (-0.86, 10, Reading.OTHER_WAY),
        # With 101 at 0.196 and 0.258.
        (0.19, 101, Reading.NO_SIGN),
        (0.2, 101, Reading.SOME),
        (0.26, 101, Reading.STRONG),
    ],
)
def test_what_a_correlation_is_read_as(rho, recipients, reading):
    assert reading_of(rho, recipients) == reading


def test_neutrality_of_an_officer():
    given_to = {f"p{n}": Decimal(n) for n in range(1, 11)} | {"taken back": Decimal(0)}
    referrals = {"p9": 1, "p10": 2, "x": 1, "elsewhere": 5}
    found = neutrality(given_to, referrals, {"p1", "p9", "p10", "x", "y", "z"})
    assert (found.recipients, found.received, found.others) == (10, Share(2, 10), Share(1, 3))
    # Ranks of the referrals: eight share 4.5, then 9 and 10. Away from 5.5 they come to 40.5.
    assert found.rho == pytest.approx(40.5 / sqrt(82.5 * 40.5))
    assert found.reading == Reading.SOME
    assert found.limit == pytest.approx(0.6533, abs=1e-4)


def test_neutrality_with_too_few_recipients_gives_no_figure():
    found = neutrality({f"p{n}": Decimal(n) for n in range(9)}, {"p8": 3}, set())
    assert (found.rho, found.reading, found.limit) == (None, Reading.TOO_FEW, None)
    assert found.others.percent is None

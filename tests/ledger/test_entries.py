from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.entries import Other, most_within, others_of, read, shares

DAY = date(2026, 3, 31)


@given(cents=st.integers(0, 10**8), heads=st.integers(1, 300))
def test_shares_are_the_value_to_the_cent(cents, heads):
    value = Decimal(cents) / 100

    parts = shares(value, heads)

    assert sum(parts) == value
    assert max(parts) - min(parts) <= Decimal("0.01")


def test_read_takes_what_a_form_or_another_part_of_the_house_said():
    entry = read(
        {
            "kind": "meal",
            "day": "2026-03-31",
            "cost": "$1,040.5",
            "attendees": "3",
            "partners": ["7", 7, 9, "x"],
            "others": "Ann  Lee, Harbor Homes\nann lee, harbor homes\n\nBen",
        }
    )

    assert (entry.kind, entry.day, entry.attendees) == ("meal", DAY, 3)
    assert entry.cost == entry.market_value == Decimal("1040.50")
    assert entry.partners == (7, 9)
    assert entry.others == (Other("Ann Lee", "Harbor Homes"), Other("Ben"))


@pytest.mark.parametrize(
    "said",
    [
        {"cost": "NaN"},
        {"cost": "-1"},
        {"cost": "1.005"},
        {"cost": "99999999"},
        {"day": "2026-02-30"},
        {"attendees": "0"},
        {"attendees": "2.5"},
        {"kind": "bribe"},
    ],
)
def test_read_of_nonsense_is_nothing(said):
    (name,) = said

    assert not getattr(read(said), name)


def test_read_leaves_out_what_belongs_to_another_kind():
    said = {"benchmark": "100", "share_of_cost": "80", "deliverable": "A table"}

    assert read({**said, "kind": "gift"}) == read({"kind": "gift"})
    assert read({**said, "kind": "sponsorship"}).benchmark == 100
    assert read({**said, "kind": "marketing"}).share_of_cost == 80


def test_others_of_a_name_with_two_companies_are_two():
    assert len(others_of("Ann Lee, Harbor Homes\nAnn Lee, Keystone")) == 2


@pytest.mark.parametrize(
    ("days", "fullest"),
    [
        ([], 1),
        ([0], 2),
        ([-89], 2),
        ([-90], 1),
        ([-45, 45], 2),
        ([-44, 45], 3),
        ([-80, -70, 10, 12, 14], 5),
    ],
)
def test_most_within_counts_the_fullest_stretch_around_the_day(days, fullest):
    assert most_within([DAY + timedelta(days=day) for day in days], DAY, 90) == fullest

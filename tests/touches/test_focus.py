"""Points, reasons and order of the focus list, as a table, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touches.focus import (
    POINTS,
    REASONS,
    Candidate,
    Place,
    choose,
    in_words,
    reasons_of,
    score_of,
)

TODAY = date(2026, 6, 15)


def ago(days):
    return TODAY - timedelta(days=days)


def candidate(partner_id=1, rule="C", **known):
    return Candidate(partner_id, rule, **known)


@pytest.mark.parametrize(
    ("known", "score", "words"),
    [
        ({}, 0, "Ranked by the last touch"),
        ({"flags": ["rising_star"]}, 5, "Rising star"),
        ({"flags": ["win_back"]}, 3, "Worth winning back"),
        ({"synergy": 0}, 0, "Ranked by the last touch"),
        ({"synergy": 4}, 8, "Synergy 4"),
        ({"last_referral_on": ago(0)}, 2, "Referred in the last year"),
        ({"last_referral_on": ago(365)}, 2, "Referred in the last year"),
        ({"last_referral_on": ago(366)}, 0, "Ranked by the last touch"),
        ({"rule": "G"}, 1, "Too new to judge"),
        ({"flags": ["slipping", "needs_synergy"]}, 0, "Ranked by the last touch"),
        (
            {"flags": ["rising_star", "win_back"], "synergy": 5, "last_referral_on": ago(1)},
            20,
            "Rising star · worth winning back · synergy 5 · referred in the last year",
        ),
    ],
)
def test_points_and_their_reasons(known, score, words):
    reasons = reasons_of(candidate(**known), TODAY)
    assert (score_of(reasons), in_words(reasons)) == (score, words)


def test_every_reason_has_words_and_points():
    assert POINTS.keys() == REASONS.keys()


def test_points_decide_and_then_the_longest_wait():
    """Never touched is the longest wait."""
    found = choose(
        [
            candidate(1, last_touch_on=ago(3)),
            candidate(2, last_touch_on=ago(30)),
            candidate(3),
            candidate(4, rule="G", last_touch_on=ago(1)),
        ],
        TODAY,
    )
    assert [place.partner_id for place in found] == [4, 3, 2, 1]
    assert found[0] == Place(partner_id=4, rank=1, score=1, reasons=("too_new",))


def test_fifteen_at_most():
    found = choose([candidate(number, synergy=number % 6) for number in range(1, 40)], TODAY)
    assert [place.rank for place in found] == list(range(1, 16))
    assert {place.score for place in found} == {6, 8, 10}


def test_a_pinned_one_stays_where_its_points_put_it():
    others = [candidate(number, synergy=5) for number in range(1, 16)]
    found = choose([*others, candidate(99, is_pinned=True)], TODAY)
    assert [place.partner_id for place in found] == [*range(1, 15), 99]
    assert found[-1] == Place(99, 15, 0, ("waited",))


candidates = st.lists(
    st.builds(
        Candidate,
        partner_id=st.integers(1, 10_000),
        rule=st.sampled_from(["C", "G", "M", ""]),
        flags=st.lists(st.sampled_from(["rising_star", "win_back", "slipping"]), unique=True),
        synergy=st.none() | st.integers(0, 5),
        last_referral_on=st.none() | st.dates(ago(500), TODAY),
        last_touch_on=st.none() | st.dates(ago(500), TODAY),
        is_pinned=st.booleans(),
    ),
    max_size=30,
    unique_by=lambda one: one.partner_id,
)


@given(candidates)
def test_the_list_is_whole_in_order_and_keeps_the_pinned(given):
    found = choose(given, TODAY)
    assert len(found) == min(15, len(given))
    assert [place.score for place in found] == sorted(
        (place.score for place in found), reverse=True
    )
    chosen = {place.partner_id for place in found}
    pinned = {one.partner_id for one in given if one.is_pinned}
    assert pinned <= chosen or chosen <= pinned
    assert choose(given[::-1], TODAY) == found

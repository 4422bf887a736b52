"""The starting texts that come along: fair, short, whole with and without facts."""

import re

import pytest

from interactions.fair_words import objections, speaks_of_referrals
from texts.filling import EXAMPLE, fill, placeholder_errors
from texts.occasions import OCCASIONS, Occasion, Program
from texts.originals import ORIGINALS, Text, places, tiers_of
from tiers.labels import TIER_NAMES

GIVEN = re.compile(r"\b(gift|lunch|dinner|ticket|meal|treat|buy|pay|\$|\d)", re.I)
OF_A_LOAN = re.compile(r"\b(borrower|buyer|loan|rate|amount|funded|lender|house|home)\b", re.I)


def every(test):
    cases = [pytest.param(text, id="-".join(vars(at).values())) for at, text in ORIGINALS.items()]
    return pytest.mark.parametrize("text", cases)(test)


def test_every_occasion_has_a_text_for_each_program():
    assert set(places()) == ORIGINALS.keys()
    assert {place.occasion for place in places()} == set(OCCASIONS)
    assert {occasion for occasion in Occasion if len(tiers_of(occasion)) == 2} == {
        "birthday",
        "anniversary",
        "insight",
        "coffee",
    }


@every
def test_an_original_is_fair_and_can_be_filled(text):
    whole = f"{text.subject}. {text.body}"
    assert objections(whole) == ()
    assert placeholder_errors(whole) == ()
    assert not GIVEN.search(whole)
    assert not [name for name in TIER_NAMES.values() if name.lower() in whole.lower()]
    assert not speaks_of_referrals(whole)


@every
def test_an_original_is_whole_with_and_without_facts(text):
    full, bare = fill(text.body, EXAMPLE), fill(text.body, {"my_first_name": "Alice"})
    assert "{" not in full + bare
    assert full.startswith(("Hi Rita,", "Happy", "Congrat", "Thank", "Good news"))
    assert bare.endswith("Alice")
    assert len(bare.split()) >= 6


@pytest.mark.parametrize("program", Program)
def test_it_closed_tells_nothing_about_the_loan(program):
    text = next(
        t for at, t in ORIGINALS.items() if (at.occasion, at.program) == ("closed", program)
    )
    assert not OF_A_LOAN.search(f"{text.subject} {text.body}")


def test_only_an_email_has_a_subject_and_a_message_is_short():
    for place, text in ORIGINALS.items():
        assert isinstance(text, Text)
        assert bool(text.subject) == (place.program == Program.EMAIL)
        assert len(text.body) < (200 if place.program == Program.TEXT else 700)

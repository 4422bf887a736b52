from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiers.strategies import VECTORS, any_signals, partners, standings
from tiers.classification import Policy, Rule, Signals, Standing, Tier, classify, settled
from tiers.flags import FLAGS

RANK = {"cease": 0, "cultivation": 1, "maintenance": 2}
CODES = {"X1a", "X1b", "X1c", "X2", "X3a", "X3b", "X4", "stays", "G", "M1", "M2", "M3", "MS"}
CODES |= {"C1", "C2", "C3", "not_M1", "not_M2", "default"}


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["id"])
def test_classify_worked_case(case):
    verdict = classify(Signals(**case["signals"]), Standing(**case["standing"]), Policy())
    assert {
        "tier": verdict.tier,
        "rule": verdict.rule,
        "reasons": list(verdict.reasons),
        "flags": list(verdict.flags),
    } == case["expected"]


def test_signals_are_named_as_in_the_worked_cases():
    assert [field.name for field in fields(Signals)] == list(VECTORS["cases"][0]["signals"])


@given(any_signals, standings)
def test_classify_is_total(signals, standing):
    verdict = classify(signals, standing, Policy())
    assert verdict.tier in set(Tier)
    assert verdict.rule in set(Rule)
    assert verdict.reasons == tuple(sorted(set(verdict.reasons) & CODES)) != ()
    assert verdict.flags == tuple(sorted(set(verdict.flags) & set(FLAGS)))


@given(partners, standings)
def test_classify_twice_changes_no_tier(signals, standing):
    first = classify(signals, standing, Policy())
    if first.tier != standing.tier:
        signals = replace(signals, partner_contacts_since_tier=0)
    assert classify(signals, settled(standing, first), Policy()).tier == first.tier


@given(partners, standings, st.none() | st.integers(0, 5))
def test_synergy_never_changes_the_tier(signals, standing, synergy):
    other = classify(replace(signals, synergy=synergy), standing, Policy())
    verdict = classify(signals, standing, Policy())
    assert (other.tier, other.rule) == (verdict.tier, verdict.rule)


@given(partners, standings, st.integers(0, 12), st.integers(0, 12), st.integers(0, 4))
def test_more_referrals_never_lower_a_tier(signals, standing, in_year, before, quarters):
    more = replace(
        signals,
        referrals_365=signals.referrals_365 + in_year,
        referrals_total=signals.referrals_total + in_year + before,
        referral_quarters=signals.referral_quarters + quarters,
    )
    assert rank(more, standing) >= rank(signals, standing)


@given(partners, standings, st.integers(0, 3000))
def test_a_later_referral_never_lowers_a_tier(signals, standing, days):
    last = signals.days_since_referral
    later = replace(signals, days_since_referral=days if last is None else min(days, last))
    assert rank(later, standing) >= rank(signals, standing)


def rank(signals, standing):
    return RANK[classify(signals, standing, Policy()).tier]


@pytest.mark.parametrize(
    ("standing", "tier", "expected"),
    [
        (Standing("cultivation", "C", 80), Tier.CULTIVATION, 80),
        (Standing("cultivation", "C", None), Tier.CULTIVATION, None),
        (Standing("maintenance", None, 80), Tier.CULTIVATION, 0),
        (Standing(None, None, None), Tier.CULTIVATION, 0),
    ],
)
def test_settled_begins_a_new_tier_and_goes_on_with_a_kept_one(standing, tier, expected):
    case = next(case for case in VECTORS["cases"] if case["id"] == "V42")
    verdict = classify(Signals(**case["signals"]), Standing("cultivation", "C", 80), Policy())
    assert settled(standing, verdict) == Standing(tier, "C", expected)

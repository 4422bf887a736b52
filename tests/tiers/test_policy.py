import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiers.strategies import (
    CULTIVATION,
    MAINTENANCE,
    ONE_SIDED,
    REFERS,
    SILENT,
    VECTORS,
    signals,
)
from tiers.classification import Policy, Standing, classify
from tiers.policy import ReferralLine


def test_from_dict_of_the_worked_cases_is_the_default():
    assert Policy.from_dict(VECTORS["policy"]) == Policy()
    assert Policy().to_dict() == VECTORS["policy"]


def test_from_dict_of_to_dict_is_the_same_policy_through_json():
    policy = Policy.from_dict({"grace_days": 30, "referrals": {"builder": {"quarters": 2}}})
    assert Policy.from_dict(json.loads(json.dumps(policy.to_dict()))) == policy


def test_from_dict_gives_a_missing_key_its_default_at_any_depth():
    policy = Policy.from_dict({"referrals": {"low_frequency": {"per_year": 3}}, "conduct": {}})
    low_frequency = ReferralLine(3, quarters=2, last_within_days=180, stay_last_within_days=365)
    assert policy == replace(
        Policy(), referrals=replace(Policy().referrals, low_frequency=low_frequency)
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            {"grace_day": 1},
            "The policy has no value called grace_day. Please check its spelling.",
        ),
        (
            {"referrals": {"builder": {"per_month": 1}}},
            "The policy has no value called referrals.builder.per_month. "
            "Please check its spelling.",
        ),
        (
            {"referrals": {"realtor": {}}},
            "The policy has no value called referrals.realtor. Please check its spelling.",
        ),
        ({1: 1}, "The policy has no value called 1. Please check its spelling."),
        ({"grace_days": -1}, "The policy's grace_days must be a whole number, 0 or more."),
        ({"grace_days": "120"}, "The policy's grace_days must be a whole number, 0 or more."),
        ({"grace_days": 120.0}, "The policy's grace_days must be a whole number, 0 or more."),
        ({"grace_days": True}, "The policy's grace_days must be a whole number, 0 or more."),
        ({"grace_days": None}, "The policy's grace_days must be a whole number, 0 or more."),
        (
            {"one_sided": {"asks_365": []}},
            "The policy's one_sided.asks_365 must be a whole number, 0 or more.",
        ),
        (
            {"stay_referral_share": -0.5},
            "The policy's stay_referral_share must be a number, 0 or more.",
        ),
        (
            {"stay_referral_share": float("nan")},
            "The policy's stay_referral_share must be a number, 0 or more.",
        ),
        (
            {"stay_referral_share": float("inf")},
            "The policy's stay_referral_share must be a number, 0 or more.",
        ),
        (
            {"stay_referral_share": False},
            "The policy's stay_referral_share must be a number, 0 or more.",
        ),
        (
            {"stay_referral_share": "half"},
            "The policy's stay_referral_share must be a number, 0 or more.",
        ),
        ({"conduct": 3}, "The policy's conduct must be a set of named values."),
        ([], "The policy's data must be a set of named values."),
    ],
)
def test_from_dict_refuses_with_a_sentence(data, sentence):
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the whole sentence is compared
        Policy.from_dict(data)
    assert str(error.value) == sentence


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_from_dict_takes_no_other_value_for_a_whole_number(value):
    with pytest.raises(ValueError, match="must be a whole number"):
        Policy.from_dict({"win_back_days": value})


@pytest.mark.parametrize("share", [0, 1, 0.0, 0.55])
def test_a_share_may_be_whole_or_nothing(share):
    policy = Policy.from_dict({"stay_referral_share": share})
    assert policy == replace(Policy(), stay_referral_share=share)


@pytest.mark.parametrize(
    ("data", "changes", "standing", "rule", "flags"),
    [
        ({"grace_days": 801}, {}, CULTIVATION, "G", ()),
        ({"tracking_guard_days": 801}, {}, CULTIVATION, "C", ("insufficient_history",)),
        ({"tracking_guard_days": 801}, {}, MAINTENANCE, "MS", ("insufficient_history",)),
        ({"win_back_days": 201}, SILENT, CULTIVATION, "C", ("last_chance",)),
        (
            {"first_touch_days": 13, "grace_days": 900},
            {"touches_365": 0, "conversations_total": 0, "relationship_days": 14},
            CULTIVATION,
            "G",
            ("first_touch_overdue",),
        ),
        ({"long_standing_days": 801}, REFERS, CULTIVATION, "C", ("rising_star",)),
        ({"long_standing_days": 801}, {"synergy": 0}, CULTIVATION, "C", ()),
        ({"referrals": {"default": {"per_year": 5}}}, REFERS, CULTIVATION, "C", ()),
        (
            {"referrals": {"default": {"per_year": 1}}},
            {"referrals_total": 1, "days_since_referral": 300},
            CULTIVATION,
            "C",
            ("win_back",),
        ),
        (
            {"referrals": {"default": {"stay_last_within_days": 300}}},
            {"referrals_total": 9, "days_since_referral": 300},
            CULTIVATION,
            "C",
            (),
        ),
        ({"conversations": {"per_90_days": 4}}, REFERS, CULTIVATION, "C", ()),
        ({"conversations": {"last_within_days": 13}}, REFERS, CULTIVATION, "C", ()),
        ({"conversations": {"stay_per_180_days": 7}}, REFERS, MAINTENANCE, "M", ()),
        (
            {
                "conversations": {
                    "per_90_days": 9,
                    "stay_per_180_days": 7,
                    "our_neglect_below_touches_180": 9,
                }
            },
            REFERS,
            MAINTENANCE,
            "MS",
            ("our_neglect", "slipping"),
        ),
        ({"conduct": {"abusive_730": 2}}, {"abusive_730": 1}, CULTIVATION, "C", ()),
        (
            {"unresponsive": {"attempts": 7}},
            {**SILENT, "unanswered_channels": 1},
            CULTIVATION,
            "C",
            (),
        ),
        ({"unresponsive": {"channels": 3}}, SILENT, CULTIVATION, "C", ("try_another_channel",)),
        ({"unresponsive": {"span_days": 46}}, SILENT, CULTIVATION, "C", ()),
        ({"unresponsive": {"no_conversation_days": 201}}, SILENT, CULTIVATION, "C", ()),
        (
            {"unresponsive": {"no_referral_days": 131}},
            {**SILENT, "days_since_referral": 130},
            CULTIVATION,
            "C",
            ("refers_but_silent",),
        ),
        ({"one_sided": {"relationship_days": 801}}, ONE_SIDED, CULTIVATION, "C", ()),
        ({"one_sided": {"tracked_days": 801}}, ONE_SIDED, CULTIVATION, "C", ()),
        ({"one_sided": {"touches_365": 19}}, ONE_SIDED, CULTIVATION, "C", ()),
        ({"one_sided": {"asks_365": 0}}, {"partner_initiated_365": 0}, CULTIVATION, "X3", ()),
        ({"one_sided": {"partner_initiated_at_most": 0}}, ONE_SIDED, CULTIVATION, "C", ()),
        (
            {"one_sided": {"no_referral_days": 600}},
            {**ONE_SIDED, "days_since_referral": 599},
            CULTIVATION,
            "C",
            (),
        ),
        ({"synergy_low": 2}, {}, CULTIVATION, "C", ("low_alignment",)),
    ],
)
def test_every_threshold_is_read_from_the_policy(data, changes, standing, rule, flags):
    verdict = classify(signals(changes), standing, Policy.from_dict(data))
    assert (verdict.rule, verdict.flags) == (rule, flags)


def test_synergy_high_is_read_from_the_policy():
    policy = Policy.from_dict({"synergy_high": 2})
    assert classify(signals(), Standing(None, None, None), policy).reasons == ("C3",)

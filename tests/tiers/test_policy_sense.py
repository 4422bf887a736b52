"""What makes no sense in a policy, and what a policy without complaints promises."""

from dataclasses import fields, replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.tiers.strategies import VECTORS, any_signals, signals
from tiers.characteristics import CONDUCT_TESTS, holding, regular_communication, stay_line
from tiers.classification import Policy, Standing, classify
from tiers.policy_sense import Complaint, nonsense, paths, value_at

TYPES = ["realtor", "builder", "cpa"]
NEW = Standing(None, None, None)


def changed(values):
    """The default policy with these values, by path."""
    policy = Policy()
    for path, value in values.items():
        policy = with_value(policy, path.split("."), value)
    return policy


def with_value(part, path, value):
    first, *rest = path
    inner = with_value(getattr(part, first), rest, value) if rest else value
    return replace(part, **{first: inner})


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        (
            {"stay_referral_share": 1.2},
            "stay_referral_share",
            "Enter 100 percent at most: staying asks for no more.",
        ),
        (
            {"referrals.builder.stay_last_within_days": 100},
            "referrals.builder.stay_last_within_days",
            "Enter at least 120: staying asks for no more than entering.",
        ),
        (
            {"conversations.stay_per_180_days": 4},
            "conversations.stay_per_180_days",
            "Enter 3 at most: staying asks for no more than entering.",
        ),
        (
            {"referrals.default.quarters": 5},
            "referrals.default.quarters",
            "Enter a whole number from 1 to 4.",
        ),
        (
            {"referrals.low_frequency.per_year": 1},
            "referrals.low_frequency.quarters",
            "Enter 1 at most: so few referrals fill no more quarters.",
        ),
        (
            {"conduct.abusive_730": 0},
            "conduct.abusive_730",
            "Enter a whole number from 1 to 3650.",
        ),
        (
            {"one_sided.asks_365": 0},
            "one_sided.asks_365",
            "Enter a whole number from 1 to 3650.",
        ),
        (
            {"conversations.last_within_days": 91, "unresponsive.no_conversation_days": 100},
            "conversations.last_within_days",
            "Enter a whole number from 1 to 90.",
        ),
        (
            {"grace_days": 400},
            "grace_days",
            "Enter 365 at most: then a relationship is long-standing.",
        ),
        (
            {"first_touch_days": 121},
            "first_touch_days",
            "Enter 120 at most: after that nobody is too new to judge.",
        ),
        (
            {"synergy_low": 3},
            "synergy_low",
            "Enter less than the score of potential synergy: nobody has both.",
        ),
        ({"synergy_high": 6}, "synergy_high", "Enter a whole number from 1 to 5."),
        (
            {"unresponsive.channels": 7},
            "unresponsive.channels",
            "Enter 6 at most: so few attempts use no more channels.",
        ),
        (
            {"unresponsive.no_conversation_days": 45},
            "unresponsive.no_conversation_days",
            "Enter more than 45: up to then contact counts as regular.",
        ),
        (
            {"one_sided.no_referral_days": 365},
            "one_sided.no_referral_days",
            "Enter more than 365: up to then a referral keeps a partner in Maintenance.",
        ),
        (
            {"one_sided.tracked_days": 119},
            "one_sided.tracked_days",
            "Enter at least 120: before that nothing counts as missing.",
        ),
        (
            {"one_sided.touches_365": 2},
            "one_sided.touches_365",
            "Enter at least 3: with fewer touches the silence is ours.",
        ),
        (
            {"conduct.disrespectful_180": 4},
            "conduct.disrespectful_180",
            "Enter 3 at most: so many notes together end it already.",
        ),
    ],
)
def test_each_complaint_says_what_to_do(values, field, sentence):
    assert nonsense(changed(values)) == [Complaint(field, sentence)]


def test_guide_makes_sense_and_each_value_is_complained_of_once():
    assert nonsense(Policy()) == []
    policy = changed(dict.fromkeys(paths(), 10_000))
    found = [complaint.field for complaint in nonsense(policy)]
    assert sorted(found) == sorted(set(found))
    assert set(found) <= set(paths())


@pytest.mark.parametrize("case", VECTORS["cases"][:1])
def test_paths_name_every_threshold(case):
    flat = sum(_leaves(value) for value in VECTORS["policy"].values())
    assert len(list(paths())) == len(set(paths())) == flat


def _leaves(value):
    return sum(map(_leaves, value.values())) if isinstance(value, dict) else 1


def near(path):
    """Values around the default, and its edges."""
    default = value_at(Policy(), path)
    if path == "stay_referral_share":
        return st.floats(0, 1.5, allow_nan=False).map(lambda share: round(share, 2))
    return st.integers(0, 3 * default + 2) | st.sampled_from([default - 1, default + 1])


@st.composite
def sensible_policies(draw):
    """A few values moved, without complaint."""
    moved = draw(st.lists(st.sampled_from(list(paths())), max_size=5, unique=True))
    values = {path: draw(near(path)) for path in moved}
    assume(all(value >= 0 for value in values.values()))
    policy = changed(values)
    assume(not nonsense(policy))
    return policy


@st.composite
def just_maintenance(draw, policy):
    """Signals at the entry line of a type, or somewhat above it."""
    partner_type = draw(st.sampled_from(TYPES))
    line = policy.line_for(partner_type)
    talks = policy.conversations.per_90_days + draw(st.integers(0, 2))
    referrals = line.per_year + draw(st.integers(0, 2))
    days = policy.long_standing_days + draw(st.integers(0, 2))
    return signals(
        partner_type=partner_type,
        relationship_days=max(days, policy.grace_days),
        tracked_days=draw(st.integers(0, days)),
        conversations_90=talks,
        conversations_180=talks + draw(st.integers(0, 2)),
        days_since_conversation=draw(st.integers(0, policy.conversations.last_within_days)),
        touches_180=draw(st.integers(0, 5)),
        referrals_365=referrals,
        referrals_total=referrals,
        referral_quarters=line.quarters,
        days_since_referral=draw(st.integers(0, line.last_within_days)),
    )


@given(st.data())
def test_who_enters_maintenance_stays_above_its_stay_line(data):
    """Whoever becomes Maintenance by M passes MS on the same day, by the same facts."""
    policy = data.draw(sensible_policies())
    partner = data.draw(just_maintenance(policy))
    assert classify(partner, NEW, policy).rule == "M"
    assert stay_line(partner, policy)
    assert classify(partner, Standing("maintenance", "M", 0), policy).tier == "maintenance"


@given(sensible_policies(), any_signals)
def test_nobody_without_a_cause_is_ceased(policy, partner):
    """Without conduct notes, unanswered attempts, our touches and their requests."""
    harmless = replace(
        partner,
        do_not_contact=False,
        unanswered_attempts=0,
        unanswered_channels=0,
        unanswered_span_days=0,
        touches_365=0,
        asks_365=0,
        negative_180=0,
        disrespectful_180=0,
        abusive_730=0,
    )
    assert classify(harmless, NEW, policy).tier != "cease"


@given(sensible_policies(), any_signals)
def test_regular_contact_is_never_unresponsive(policy, partner):
    if regular_communication(partner, policy):
        verdict = classify(partner, NEW, policy)
        assert verdict.rule != "X2"


@given(sensible_policies(), any_signals)
def test_who_refers_enough_to_stay_is_never_one_sided(policy, partner):
    line = policy.line_for(partner.partner_type)
    last = partner.days_since_referral
    if last is not None and last <= line.stay_last_within_days:
        assert classify(partner, NEW, policy).rule != "X3"


@given(sensible_policies(), any_signals)
def test_each_conduct_test_can_be_the_first_to_hold(policy, partner):
    """A note more than the limit of disrespect ends it, and one fewer does not by itself."""
    limit = policy.conduct.disrespectful_180
    notes = replace(partner, abusive_730=0, negative_180=0, disrespectful_180=limit)
    assert "X1b" in holding(CONDUCT_TESTS, notes, policy)
    assert holding(CONDUCT_TESTS, replace(notes, disrespectful_180=limit - 1), policy) == ()


@given(sensible_policies())
def test_sensible_policy_comes_back_from_plain_data(policy):
    assert Policy.from_dict(policy.to_dict()) == policy
    assert [item.name for item in fields(policy)] == list(policy.to_dict())
    assert nonsense(policy) == []

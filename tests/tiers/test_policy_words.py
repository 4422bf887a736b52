"""A policy in words, and what differs between two."""

import pytest

from tests.tiers.test_policy_sense import changed
from tiers.policy import Policy
from tiers.policy_sense import paths
from tiers.policy_words import GROUPS, PHRASES, changes, label_of, shown


def words(policy, title):
    group = next(group for group in GROUPS if group.title == title)
    return [sentence.in_words(policy) for sentence in group.sentences]


def test_every_threshold_stands_once_in_the_words_and_has_a_phrase():
    places = [
        bit.path
        for group in GROUPS
        for sentence in group.sentences
        for bit in sentence.bits(Policy())
        if bit.path
    ]
    assert sorted(places) == sorted(paths())
    assert set(PHRASES) == set(paths())


def test_sentences_hold_the_numbers():
    assert words(Policy(), "Becoming Maintenance") == [
        "Known for at least 365 days.",
        "At least 3 conversations in 90 days, the last one at most 45 days ago.",
    ]
    assert words(Policy(), "Staying in Maintenance")[0] == (
        "At least 50 percent of the referrals in 365 days that entering asks for, and never "
        "fewer than one."
    )


def test_one_is_no_plural():
    policy = changed({"one_sided.touches_365": 1, "win_back_days": 1})
    assert words(policy, "Consistently one-sided")[1:] == [
        "No referral for at least 548 days, and at most 1 contact that they started in 365 days.",
        "At least 1 touch by us, or at least 6 requests by them, in 365 days.",
    ]
    assert words(policy, "The win-back window") == [
        "In the first 1 day of a tier neither silence nor one-sidedness ends a partnership."
    ]


@pytest.mark.parametrize(
    ("share", "percent"), [(0.5, "50"), (0.55, "55"), (0.333, "33.3"), (1.0, "100"), (0.0, "0")]
)
def test_share_is_shown_in_percent(share, percent):
    assert shown(changed({"stay_referral_share": share}), "stay_referral_share") == percent


def test_changes_say_from_what_to_what():
    new = changed(
        {
            "conversations.per_90_days": 4,
            "stay_referral_share": 0.75,
            "referrals.builder.per_year": 8,
        }
    )
    plain = [line.replace("\N{NO-BREAK SPACE}", " ") for line in changes(Policy(), new)]
    assert plain == [
        "Regular communication: at least 3 → 4 conversations in 90 days",
        "Staying in Maintenance: 50 → 75 percent of the referrals",
        "Referrals, builders: at least 6 → 8 referrals in 365 days",
    ]
    assert changes(new, new) == []


def test_label_leaves_the_number_open():
    assert label_of("grace_days") == "Too new to judge: known for fewer than … days"

"""A policy in words, with its numbers in the sentences; and what differs between two: pure.

The pages show these sentences, and the form puts its inputs into the same ones.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from tiers.policy import Policy
from tiers.policy_sense import value_at
from tiers.verdict import Tier

SHARE = "stay_referral_share"
# With spaces that do not break.
ARROW = "\N{NO-BREAK SPACE}→\N{NO-BREAK SPACE}"
LINES = {
    "default": "Real estate agents and most others",
    "builder": "Builders",
    "low_frequency": "Those who refer seldom",
}
SELDOM = "financial advisors, CPAs, attorneys, insurance agents, title and escrow, past clients"


@dataclass(frozen=True)
class Bit:
    """A piece of a sentence: words, or the number of a threshold."""

    text: str
    path: str = ""


@dataclass(frozen=True)
class Sentence:
    """A rule. "{path}" stands for a number and "{path|noun}" for one with its noun."""

    text: str
    name: str = ""

    def bits(self, policy: Policy) -> Iterator[Bit]:
        for place, piece in enumerate(PLACE.split(self.text)):
            if place % 2 == 0:
                yield Bit(piece)
                continue
            path, _, noun = piece.partition("|")
            yield Bit(shown(policy, path), path)
            if noun:
                yield Bit(f" {noun}" if value_at(policy, path) == 1 else f" {plural(noun)}")

    def in_words(self, policy: Policy) -> str:
        return "".join(bit.text for bit in self.bits(policy))


def plural(noun: str) -> str:
    return f"{noun}es" if noun.endswith("ch") else f"{noun}s"


PLACE = re.compile(r"\{([^}]+)\}")


@dataclass(frozen=True)
class Group:
    """The sentences that decide one thing."""

    title: str
    sentences: tuple[Sentence, ...]
    tier: str = ""
    lead: str = ""
    foot: str = ""


def shown(policy: Policy, path: str) -> str:
    """The number as people write it: a share in percent."""
    value = value_at(policy, path)
    return (
        f"{Decimal(str(value)) * 100:f}".rstrip("0").rstrip(".") or "0"
        if path == SHARE
        else str(value)
    )


def _line(key: str) -> Sentence:
    at = f"referrals.{key}"
    return Sentence(
        f"At least {{{at}.per_year|referral}} in 365 days, in at least {{{at}.quarters}} of the "
        f"last four quarters, the last one at most {{{at}.last_within_days|day}} ago.",
        LINES[key],
    )


def _stay_line(key: str) -> Sentence:
    path = f"referrals.{key}.stay_last_within_days"
    return Sentence(f"The last referral at most {{{path}|day}} ago.", LINES[key])


GROUPS: tuple[Group, ...] = (
    Group(
        "Too new to judge",
        (
            Sentence("Known for fewer than {grace_days|day}: Cultivation."),
            Sentence("The first touch is due within {first_touch_days|day}."),
        ),
        Tier.CULTIVATION,
        "A new partner is given time, whatever the record says so far.",
    ),
    Group(
        "Becoming Maintenance",
        (
            Sentence("Known for at least {long_standing_days|day}.", "Long-standing relationship"),
            Sentence(
                "At least {conversations.per_90_days|conversation} in 90 days, the last one at "
                "most {conversations.last_within_days|day} ago.",
                "Regular communication",
            ),
        ),
        Tier.MAINTENANCE,
        "All three signs hold: these two, and actively sending referrals.",
    ),
    Group(
        "Actively sending referrals",
        (_line("default"), _line("builder"), _line("low_frequency")),
        Tier.MAINTENANCE,
        "The third sign of Maintenance: how often, how steadily and how lately, by kind.",
        f"Those who refer seldom: {SELDOM}.",
    ),
    Group(
        "Staying in Maintenance",
        (
            Sentence(
                "At least {stay_referral_share} percent of the referrals in 365 days that entering "
                "asks for, and never fewer than one.",
                "Referrals",
            ),
            _stay_line("default"),
            _stay_line("builder"),
            _stay_line("low_frequency"),
            Sentence(
                "At least {conversations.stay_per_180_days|conversation} in 180 days.",
                "Conversations",
            ),
            Sentence(
                "With fewer than {conversations.our_neglect_below_touches_180|touch} by us in "
                "180 days, a silence counts as ours while they actively send referrals.",
                "Our neglect",
            ),
            Sentence(
                "Tracked for fewer than {tracking_guard_days|day}: nothing counts as missing.",
                "Short history",
            ),
        ),
        Tier.MAINTENANCE,
        "A lower line than that of entering, so that nobody moves to and fro.",
    ),
    Group(
        "Potential synergy",
        (
            Sentence("A score of at least {synergy_high} of 5.", "Potential synergy"),
            Sentence("A score of at most {synergy_low} of 5.", "Low alignment"),
        ),
        Tier.CULTIVATION,
        "Everybody who is neither Maintenance nor Cease is Cultivation; the score says what to "
        "build on.",
    ),
    Group(
        "Unresponsive",
        (
            Sentence(
                "At least {unresponsive.attempts|unanswered attempt}, on at least "
                "{unresponsive.channels|channel}, over at least {unresponsive.span_days|day}."
            ),
            Sentence(
                "No conversation for at least {unresponsive.no_conversation_days|day}, and no "
                "referral for at least {unresponsive.no_referral_days|day}."
            ),
        ),
        Tier.CEASE,
        "All of it holds, and the window below is over.",
    ),
    Group(
        "Consistently one-sided",
        (
            Sentence(
                "Known for at least {one_sided.relationship_days|day} and tracked for at least "
                "{one_sided.tracked_days|day}."
            ),
            Sentence(
                "No referral for at least {one_sided.no_referral_days|day}, and at most "
                "{one_sided.partner_initiated_at_most|contact} that they started in 365 days."
            ),
            Sentence(
                "At least {one_sided.touches_365|touch} by us, or at least "
                "{one_sided.asks_365|request} by them, in 365 days."
            ),
        ),
        Tier.CEASE,
        "All of it holds, and the window below is over.",
    ),
    Group(
        "The win-back window",
        (
            Sentence(
                "In the first {win_back_days|day} of a tier neither silence nor one-sidedness "
                "ends a partnership."
            ),
        ),
        Tier.CEASE,
        "And never straight out of Maintenance.",
    ),
    Group(
        "Conduct toward us",
        (
            Sentence("At least {conduct.abusive_730|note} of abuse in 730 days, or"),
            Sentence("at least {conduct.disrespectful_180|note} of disrespect in 180 days, or"),
            Sentence(
                "at least {conduct.negative_180|note} of disrespect or negativity together in "
                "180 days."
            ),
        ),
        Tier.CEASE,
        "One of these is enough, whatever a partner sends. Who asked us to stop is always Cease.",
    ),
)

# The threshold alone: what a change names, and what an input is called.
PHRASES: dict[str, str] = {
    "grace_days": "Too new to judge: known for fewer than {} days",
    "first_touch_days": "First touch: within {} days",
    "long_standing_days": "Long-standing: known for at least {} days",
    "conversations.per_90_days": "Regular communication: at least {} conversations in 90 days",
    "conversations.last_within_days": "Regular communication: the last at most {} days ago",
    SHARE: "Staying in Maintenance: {} percent of the referrals",
    "conversations.stay_per_180_days": (
        "Staying in Maintenance: at least {} conversations in 180 days"
    ),
    "conversations.our_neglect_below_touches_180": (
        "Our neglect: fewer than {} touches in 180 days"
    ),
    "tracking_guard_days": "Short history: tracked for fewer than {} days",
    "synergy_high": "Potential synergy: at least {} of 5",
    "synergy_low": "Low alignment: at most {} of 5",
    "unresponsive.attempts": "Unresponsive: at least {} unanswered attempts",
    "unresponsive.channels": "Unresponsive: on at least {} channels",
    "unresponsive.span_days": "Unresponsive: over at least {} days",
    "unresponsive.no_conversation_days": "Unresponsive: no conversation for {} days",
    "unresponsive.no_referral_days": "Unresponsive: no referral for {} days",
    "one_sided.relationship_days": "One-sided: known for at least {} days",
    "one_sided.tracked_days": "One-sided: tracked for at least {} days",
    "one_sided.no_referral_days": "One-sided: no referral for {} days",
    "one_sided.partner_initiated_at_most": (
        "One-sided: at most {} contacts that they started in 365 days"
    ),
    "one_sided.touches_365": "One-sided: at least {} touches by us in 365 days",
    "one_sided.asks_365": "One-sided: at least {} requests by them in 365 days",
    "win_back_days": "Win-back window: {} days",
    "conduct.abusive_730": "Conduct: at least {} notes of abuse in 730 days",
    "conduct.disrespectful_180": "Conduct: at least {} notes of disrespect in 180 days",
    "conduct.negative_180": "Conduct: at least {} notes of both kinds in 180 days",
}
OF_A_LINE = {
    "per_year": "at least {} referrals in 365 days",
    "quarters": "in at least {} of four quarters",
    "last_within_days": "the last at most {} days ago",
    "stay_last_within_days": "to stay, the last at most {} days ago",
}
PHRASES |= {
    f"referrals.{line}.{key}": f"Referrals, {name[0].lower()}{name[1:]}: {phrase}"
    for line, name in LINES.items()
    for key, phrase in OF_A_LINE.items()
}


def label_of(path: str) -> str:
    """What a threshold is called where its sentence is not read: its number left open."""
    return PHRASES[path].replace("{}", "…")


def changes(old: Policy, new: Policy) -> list[str]:
    """What differs, each as in "Regular communication: at least 3 → 4 conversations in 90 days"."""
    return [
        PHRASES[path].format(f"{shown(old, path)}{ARROW}{shown(new, path)}")
        for path in PHRASES
        if value_at(old, path) != value_at(new, path)
    ]

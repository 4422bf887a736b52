"""What makes no sense in a policy, in sentences that say what to do: pure.

A policy without complaints keeps what the rules promise: whoever becomes Maintenance stays it on
that day, nobody is Cease without a cause, and each tier can be reached (docs/tiers.md).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import reduce
from typing import Any

from tiers.policy import Policy, ReferralLine

QUARTERS = 4
SYNERGY_MOST = 5


@dataclass(frozen=True)
class Complaint:
    """A value that makes no sense, and what to do; `field` is its path, as in `paths`."""

    field: str
    sentence: str


def paths(value: Any = None, above: str = "") -> Iterator[str]:
    """The paths of all thresholds, as in "referrals.default.per_year"."""
    value = Policy() if value is None else value
    for item in fields(value):
        path, inner = f"{above}{item.name}", getattr(value, item.name)
        if is_dataclass(inner):
            yield from paths(inner, f"{path}.")
        else:
            yield path


def value_at(policy: Policy, path: str) -> Any:
    return reduce(getattr, path.split("."), policy)


def nonsense(policy: Policy) -> list[Complaint]:
    """What does not fit together, at most one complaint for each value."""
    found: dict[str, Complaint] = {}
    for check in CHECKS:
        for complaint in check(policy):
            found.setdefault(complaint.field, complaint)
    return list(found.values())


# Nothing would end a partnership, or be missing, at 0; beyond the most, the signals count nothing.
LEAST_ONE = {
    "first_touch_days",
    "long_standing_days",
    "conversations.per_90_days",
    "conversations.last_within_days",
    "conversations.stay_per_180_days",
    "conversations.our_neglect_below_touches_180",
    "conduct.abusive_730",
    "conduct.disrespectful_180",
    "conduct.negative_180",
    "unresponsive.attempts",
    "unresponsive.channels",
    "unresponsive.span_days",
    "unresponsive.no_conversation_days",
    "unresponsive.no_referral_days",
    "one_sided.relationship_days",
    "one_sided.tracked_days",
    "one_sided.no_referral_days",
    "one_sided.touches_365",
    "one_sided.asks_365",
    "synergy_high",
}
MOST_DAYS = 3650
MOST: dict[str, int] = {
    "conversations.per_90_days": 90,
    "conversations.last_within_days": 90,
    "conversations.stay_per_180_days": 180,
    "conversations.our_neglect_below_touches_180": 180,
    "one_sided.touches_365": 365,
    "synergy_high": SYNERGY_MOST,
}
OF_A_LINE = {"per_year": 365, "quarters": QUARTERS, "last_within_days": 365}
OF_A_LINE |= {"stay_last_within_days": 365}


def least(path: str) -> int:
    """The smallest value that makes sense by itself."""
    return 1 if path in LEAST_ONE or path.startswith("referrals.") else 0


def most(path: str) -> int:
    """The largest value that makes sense by itself: the window that the signal counts."""
    if path.startswith("referrals."):
        return OF_A_LINE[path.rpartition(".")[2]]
    return MOST.get(path, MOST_DAYS)


def _out_of_range(policy: Policy) -> Iterator[Complaint]:
    for path in paths():
        if path == "stay_referral_share":
            if policy.stay_referral_share > 1:
                yield Complaint(path, "Enter 100 percent at most: staying asks for no more.")
        elif not least(path) <= value_at(policy, path) <= most(path):
            yield Complaint(path, f"Enter a whole number from {least(path)} to {most(path)}.")


def _lines(policy: Policy) -> Iterator[Complaint]:
    for item in fields(policy.referrals):
        line: ReferralLine = getattr(policy.referrals, item.name)
        if line.quarters > line.per_year:
            yield Complaint(
                f"referrals.{item.name}.quarters",
                f"Enter {line.per_year} at most: so few referrals fill no more quarters.",
            )
        if line.stay_last_within_days < line.last_within_days:
            yield Complaint(
                f"referrals.{item.name}.stay_last_within_days",
                f"Enter at least {line.last_within_days}: staying asks for no more than entering.",
            )


def _conversations(policy: Policy) -> Iterator[Complaint]:
    talks = policy.conversations
    if talks.stay_per_180_days > talks.per_90_days:
        yield Complaint(
            "conversations.stay_per_180_days",
            f"Enter {talks.per_90_days} at most: staying asks for no more than entering.",
        )
    if policy.unresponsive.no_conversation_days <= talks.last_within_days:
        yield Complaint(
            "unresponsive.no_conversation_days",
            f"Enter more than {talks.last_within_days}: up to then contact counts as regular.",
        )


def _beginnings(policy: Policy) -> Iterator[Complaint]:
    if policy.grace_days > policy.long_standing_days:
        yield Complaint(
            "grace_days",
            f"Enter {policy.long_standing_days} at most: then a relationship is long-standing.",
        )
    if policy.first_touch_days > policy.grace_days > 0:
        yield Complaint(
            "first_touch_days",
            f"Enter {policy.grace_days} at most: after that nobody is too new to judge.",
        )


def _endings(policy: Policy) -> Iterator[Complaint]:
    tries, conduct = policy.unresponsive, policy.conduct
    if tries.channels > tries.attempts:
        yield Complaint(
            "unresponsive.channels",
            f"Enter {tries.attempts} at most: so few attempts use no more channels.",
        )
    if conduct.disrespectful_180 > conduct.negative_180:
        yield Complaint(
            "conduct.disrespectful_180",
            f"Enter {conduct.negative_180} at most: so many notes together end it already.",
        )


def _one_sided(policy: Policy) -> Iterator[Complaint]:
    limits, neglect = policy.one_sided, policy.conversations.our_neglect_below_touches_180
    lines = [getattr(policy.referrals, item.name) for item in fields(policy.referrals)]
    longest = max(line.stay_last_within_days for line in lines)
    if limits.no_referral_days <= longest:
        yield Complaint(
            "one_sided.no_referral_days",
            f"Enter more than {longest}: up to then a referral keeps a partner in Maintenance.",
        )
    if limits.tracked_days < policy.tracking_guard_days:
        yield Complaint(
            "one_sided.tracked_days",
            f"Enter at least {policy.tracking_guard_days}: before that nothing counts as missing.",
        )
    if limits.touches_365 < neglect:
        yield Complaint(
            "one_sided.touches_365",
            f"Enter at least {neglect}: with fewer touches the silence is ours.",
        )


def _synergy(policy: Policy) -> Iterator[Complaint]:
    if policy.synergy_low >= policy.synergy_high:
        yield Complaint(
            "synergy_low",
            "Enter less than the score of potential synergy: nobody has both.",
        )


CHECKS: tuple[Callable[[Policy], Iterator[Complaint]], ...] = (
    _out_of_range,
    _lines,
    _conversations,
    _beginnings,
    _endings,
    _one_sided,
    _synergy,
)

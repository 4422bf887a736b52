"""The nine characteristics of the guide, made measurable: one small test for each code.

A test reads the signals and the policy, nothing else. The words for each stand in docs/tiers.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tiers.policy import Policy


@dataclass(frozen=True)
class Signals:
    """What is counted about one partner as of one day.

    Days are whole days before that day; ``None`` means never (or, for synergy, not assessed). The
    number in a name is the length of its window in days.
    """

    partner_type: str
    do_not_contact: bool
    synergy: int | None
    relationship_days: int
    tracked_days: int
    referrals_365: int
    referral_quarters: int
    referrals_total: int
    days_since_referral: int | None
    conversations_90: int
    conversations_180: int
    conversations_total: int
    days_since_conversation: int | None
    touches_90: int
    touches_180: int
    touches_365: int
    unanswered_attempts: int
    unanswered_channels: int
    unanswered_span_days: int
    partner_initiated_365: int
    asks_365: int
    negative_180: int
    disrespectful_180: int
    abusive_730: int
    incidents_total: int
    partner_contacts_since_tier: int


def within(days_ago: int | None, limit: int) -> bool:
    """Tell whether something happened at most ``limit`` days ago; never is not within."""
    return days_ago is not None and days_ago <= limit


def silent_for(days_ago: int | None, limit: int) -> bool:
    """Tell whether nothing has happened for at least ``limit`` days; never counts as silence."""
    return days_ago is None or days_ago >= limit


# Maintenance


def long_standing(signals: Signals, policy: Policy) -> bool:
    return signals.relationship_days >= policy.long_standing_days


def regular_communication(signals: Signals, policy: Policy) -> bool:
    limits = policy.conversations
    return signals.conversations_90 >= limits.per_90_days and within(
        signals.days_since_conversation, limits.last_within_days
    )


def actively_refers(signals: Signals, policy: Policy) -> bool:
    line = policy.line_for(signals.partner_type)
    return (
        signals.referrals_365 >= line.per_year
        and signals.referral_quarters >= line.quarters
        and within(signals.days_since_referral, line.last_within_days)
    )


# Cultivation


def sporadic_referrals(signals: Signals, policy: Policy) -> bool:
    return signals.referrals_total >= 1 and not actively_refers(signals, policy)


def limited_follow_up(signals: Signals, policy: Policy) -> bool:
    return signals.conversations_total <= 2 or signals.conversations_90 == 0


def potential_synergy(signals: Signals, policy: Policy) -> bool:
    return signals.synergy is not None and signals.synergy >= policy.synergy_high


# Cease


def abusive(signals: Signals, policy: Policy) -> bool:
    return signals.abusive_730 >= policy.conduct.abusive_730


def disrespectful(signals: Signals, policy: Policy) -> bool:
    return signals.disrespectful_180 >= policy.conduct.disrespectful_180


def steadily_negative(signals: Signals, policy: Policy) -> bool:
    return recent_incidents(signals) >= policy.conduct.negative_180


def unresponsive(signals: Signals, policy: Policy) -> bool:
    limits = policy.unresponsive
    return (
        signals.unanswered_attempts >= limits.attempts
        and signals.unanswered_channels >= limits.channels
        and signals.unanswered_span_days >= limits.span_days
        and silent_for(signals.days_since_conversation, limits.no_conversation_days)
        and silent_for(signals.days_since_referral, limits.no_referral_days)
    )


def one_sided_effort(signals: Signals, policy: Policy) -> bool:
    return (
        _gives_nothing_back(signals, policy) and signals.touches_365 >= policy.one_sided.touches_365
    )


def one_sided_asks(signals: Signals, policy: Policy) -> bool:
    return _gives_nothing_back(signals, policy) and signals.asks_365 >= policy.one_sided.asks_365


def asked_to_stop(signals: Signals, policy: Policy) -> bool:
    return signals.do_not_contact


def _gives_nothing_back(signals: Signals, policy: Policy) -> bool:
    limits = policy.one_sided
    return (
        signals.relationship_days >= limits.relationship_days
        and signals.tracked_days >= limits.tracked_days
        and silent_for(signals.days_since_referral, limits.no_referral_days)
        and signals.partner_initiated_365 <= limits.partner_initiated_at_most
    )


# The stay line of Maintenance, and what the rows and flags share


def stay_line(signals: Signals, policy: Policy) -> bool:
    """Tell whether a Maintenance partner stays one although the entry tests no longer all hold."""
    if barely_tracked(signals, policy):
        return True
    return _referrals_to_stay(signals, policy) and (
        not too_few_to_stay(signals, policy)
        or (silence_is_ours(signals, policy) and actively_refers(signals, policy))
    )


def barely_tracked(signals: Signals, policy: Policy) -> bool:
    """Tell whether too little time was tracked to say that something is missing."""
    return signals.tracked_days < policy.tracking_guard_days


def too_few_to_stay(signals: Signals, policy: Policy) -> bool:
    return signals.conversations_180 < policy.conversations.stay_per_180_days


def silence_is_ours(signals: Signals, policy: Policy) -> bool:
    return signals.touches_180 < policy.conversations.our_neglect_below_touches_180


def recent_incidents(signals: Signals) -> int:
    """Return the negative and disrespectful conduct notes of 180 days."""
    return signals.negative_180 + signals.disrespectful_180


def _referrals_to_stay(signals: Signals, policy: Policy) -> bool:
    line = policy.line_for(signals.partner_type)
    return signals.referrals_365 >= policy.stay_referrals(line) and within(
        signals.days_since_referral, line.stay_last_within_days
    )


Test = Callable[[Signals, Policy], bool]

MAINTENANCE_TESTS: dict[str, Test] = {
    "M1": long_standing,
    "M2": regular_communication,
    "M3": actively_refers,
}
CULTIVATION_TESTS: dict[str, Test] = {
    "C1": sporadic_referrals,
    "C2": limited_follow_up,
    "C3": potential_synergy,
}
CONDUCT_TESTS: dict[str, Test] = {
    "X1a": abusive,
    "X1b": disrespectful,
    "X1c": steadily_negative,
}
ONE_SIDED_TESTS: dict[str, Test] = {
    "X3a": one_sided_effort,
    "X3b": one_sided_asks,
}
TESTS: dict[str, Test] = {
    **MAINTENANCE_TESTS,
    **CULTIVATION_TESTS,
    **CONDUCT_TESTS,
    "X2": unresponsive,
    **ONE_SIDED_TESTS,
    "X4": asked_to_stop,
}


def holding(tests: dict[str, Test], signals: Signals, policy: Policy) -> tuple[str, ...]:
    """Return the codes of the tests that hold."""
    return tuple(code for code, test in tests.items() if test(signals, policy))

"""Each test of the rules with its own numbers, so that one can argue with the tier."""

from collections.abc import Callable
from dataclasses import dataclass

from tiers.characteristics import (
    CONDUCT_TESTS,
    TESTS,
    Signals,
    actively_refers,
    barely_tracked,
    recent_incidents,
    silence_is_ours,
    stay_line,
    too_few_to_stay,
)
from tiers.policy import Policy
from tiers.verdict import Standing, Tier


@dataclass(frozen=True)
class TestLine:
    """One test of the rules: whether it holds, and the figures that say so."""

    __test__ = False  # pytest takes classes called Test... for tests

    code: str
    name: str
    holds: bool
    sentence: str
    about_conduct: bool


NAMES: dict[str, str] = {
    "M1": "Long-standing relationship",
    "M2": "Regular communication",
    "M3": "Actively sends referrals",
    "MS": "Stay line of Maintenance",
    "C1": "Sporadic referrals",
    "C2": "Limited follow-up",
    "C3": "Potential synergy",
    "X1a": "Abusive",
    "X1b": "Disrespectful",
    "X1c": "Negative",
    "X2": "Unresponsive",
    "X3a": "One-sided: all effort is ours",
    "X3b": "One-sided: they only ask",
    "X4": "Asked us to stop",
}


def test_lines(signals: Signals, standing: Standing, policy: Policy) -> tuple[TestLine, ...]:
    """Return every test with its numbers; the stay line only where Maintenance is standing.

    The lines about conduct are for whoever may see conduct (tiers.disclosure leaves them out).
    """
    lines = [_line(code, signals, policy) for code in TESTS]
    if standing.tier == Tier.MAINTENANCE:
        holds, sentence = stay_line(signals, policy), _stay_line(signals, policy)
        lines.insert(3, TestLine("MS", NAMES["MS"], holds, sentence, about_conduct=False))
    return tuple(lines)


def _line(code: str, signals: Signals, policy: Policy) -> TestLine:
    holds = TESTS[code](signals, policy)
    sentence = SENTENCES[code](signals, policy)
    return TestLine(code, NAMES[code], holds, sentence, about_conduct=code in CONDUCT_TESTS)


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "0 referrals", "1 referral", "2 referrals"."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def ago(days: int) -> str:
    """Return how long ago a day lies: "today", "1 day ago", "12 days ago"."""
    return f"{counted(days, 'day')} ago" if days else "today"


def _known(signals: Signals, policy: Policy) -> str:
    return _known_for(signals, policy.long_standing_days) + "."


def _known_for(signals: Signals, limit: int) -> str:
    return f"Known for {counted(signals.relationship_days, 'day')} ({limit} at least)"


def _communication(signals: Signals, policy: Policy) -> str:
    limits = policy.conversations
    last = signals.days_since_conversation
    if last is None:
        return f"Never a conversation ({limits.per_90_days} in 90 days at least)."
    talks = counted(signals.conversations_90, "conversation")
    return _sentence(
        f"{talks} in 90 days ({limits.per_90_days} at least), "
        f"the last {ago(last)} ({limits.last_within_days} at most)"
    )


def _referrals(signals: Signals, policy: Policy) -> str:
    line = policy.line_for(signals.partner_type)
    last = signals.days_since_referral
    if last is None:
        return f"Never a referral ({line.per_year} in 12 months needed for this test)."
    return _sentence(
        f"{_of_needed(signals.referrals_365, line.per_year)}, "
        f"in {_quarters(signals.referral_quarters, line.quarters)}, "
        f"the last {ago(last)} ({line.last_within_days} at most)"
    )


def _of_needed(number: int, needed: int) -> str:
    if number < needed:
        return f"{number} of {counted(needed, 'referral')} in 12 months"
    return f"{counted(number, 'referral')} in 12 months ({needed} needed)"


def _quarters(number: int, needed: int) -> str:
    if number < needed:
        return f"{number} of the {counted(needed, 'quarter')} needed"
    return f"{counted(number, 'quarter')} ({needed} needed)"


def _stay_line(signals: Signals, policy: Policy) -> str:
    if barely_tracked(signals, policy):
        return (
            f"Tracked for {counted(signals.tracked_days, 'day')}: before "
            f"{policy.tracking_guard_days} days nothing counts as missing."
        )
    sentence = _sentence(
        f"{_referrals_to_stay(signals, policy)}, {_talks_to_stay(signals, policy)}"
    )
    if too_few_to_stay(signals, policy) and silence_is_ours(signals, policy):
        return f"{sentence} {_our_silence(signals, policy)}"
    return sentence


def _referrals_to_stay(signals: Signals, policy: Policy) -> str:
    line = policy.line_for(signals.partner_type)
    needed = policy.stay_referrals(line)
    last = signals.days_since_referral
    if last is None:
        return f"never a referral ({needed} in 12 months needed to stay)"
    return (
        f"{_of_needed(signals.referrals_365, needed)}, "
        f"the last {ago(last)} ({line.stay_last_within_days} at most)"
    )


def _talks_to_stay(signals: Signals, policy: Policy) -> str:
    needed = policy.conversations.stay_per_180_days
    return f"{counted(signals.conversations_180, 'conversation')} in 180 days ({needed} at least)"


def _our_silence(signals: Signals, policy: Policy) -> str:
    below = policy.conversations.our_neglect_below_touches_180
    if actively_refers(signals, policy):
        outcome = "so it is forgiven"
    else:
        outcome = "forgiven only while they actively refer"
    touches = counted(signals.touches_180, "touch", "touches")
    return f"The silence is ours ({touches} in 180 days, fewer than {below}), {outcome}."


def _sporadic(signals: Signals, policy: Policy) -> str:
    if signals.referrals_total == 0:
        return "Never a referral."
    total = _sentence(f"{counted(signals.referrals_total, 'referral')} so far")[:-1]
    if actively_refers(signals, policy):
        return f"{total}, steadily enough to count as actively sent."
    return f"{total}, not steadily enough to count as actively sent."


def _follow_up(signals: Signals, policy: Policy) -> str:
    ever = counted(signals.conversations_total, "conversation")
    recent = signals.conversations_90 or "none"
    return _sentence(f"{ever} ever (2 at most), {recent} in 90 days (or none)")


def _synergy(signals: Signals, policy: Policy) -> str:
    if signals.synergy is None:
        return f"Synergy is not assessed yet ({policy.synergy_high} of 5 at least)."
    return f"Synergy {signals.synergy} of 5 ({policy.synergy_high} at least)."


def _abuse(signals: Signals, policy: Policy) -> str:
    limit = policy.conduct.abusive_730
    return _sentence(
        f"{counted(signals.abusive_730, 'abusive incident')} in 730 days ({limit} at least)"
    )


def _disrespect(signals: Signals, policy: Policy) -> str:
    incidents = counted(signals.disrespectful_180, "disrespectful incident")
    return _sentence(f"{incidents} in 180 days ({policy.conduct.disrespectful_180} at least)")


def _negativity(signals: Signals, policy: Policy) -> str:
    incidents = counted(recent_incidents(signals), "negative or disrespectful incident")
    return _sentence(f"{incidents} in 180 days ({policy.conduct.negative_180} at least)")


def _silence(signals: Signals, policy: Policy) -> str:
    limits = policy.unresponsive
    if signals.unanswered_attempts == 0:
        return f"0 unanswered attempts ({limits.attempts} at least)."
    attempts = counted(signals.unanswered_attempts, "unanswered attempt")
    channels = counted(signals.unanswered_channels, "channel")
    span = counted(signals.unanswered_span_days, "day")
    return _sentence(
        f"{attempts} ({limits.attempts} at least), on {channels} ({limits.channels} at least), "
        f"over {span} ({limits.span_days} at least), "
        f"{_last('conversation', signals.days_since_conversation, limits.no_conversation_days)}, "
        f"{_last('referral', signals.days_since_referral, limits.no_referral_days)}"
    )


def _last(noun: str, days: int | None, limit: int) -> str:
    return f"never a {noun}" if days is None else f"the last {noun} {ago(days)} ({limit} at least)"


def _our_effort(signals: Signals, policy: Policy) -> str:
    touches = counted(signals.touches_365, "touch", "touches")
    effort = f"{touches} from us ({policy.one_sided.touches_365} at least)"
    return f"{_given_back(signals, policy)}, and {effort}."


def _their_asks(signals: Signals, policy: Policy) -> str:
    asks = f"{counted(signals.asks_365, 'request')} ({policy.one_sided.asks_365} at least)"
    return f"{_given_back(signals, policy)}, and {asks}."


def _given_back(signals: Signals, policy: Policy) -> str:
    limits = policy.one_sided
    started = counted(signals.partner_initiated_365, "contact or referral", "contacts or referrals")
    return (
        f"{_known_for(signals, limits.relationship_days)}, "
        f"tracked for {counted(signals.tracked_days, 'day')} ({limits.tracked_days} at least), "
        f"{_last('referral', signals.days_since_referral, limits.no_referral_days)}; in 12 months "
        f"{started} that they started ({limits.partner_initiated_at_most} at most)"
    )


def _stop(signals: Signals, policy: Policy) -> str:
    return "They asked us to stop." if signals.do_not_contact else "They have not asked us to stop."


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


SENTENCES: dict[str, Callable[[Signals, Policy], str]] = {
    "M1": _known,
    "M2": _communication,
    "M3": _referrals,
    "C1": _sporadic,
    "C2": _follow_up,
    "C3": _synergy,
    "X1a": _abuse,
    "X1b": _disrespect,
    "X1c": _negativity,
    "X2": _silence,
    "X3a": _our_effort,
    "X3b": _their_asks,
    "X4": _stop,
}

"""The steps that might change a tier: each is a change in words and what it makes of the record.

A step is only a try: tiers.prospects keeps those that lead where they should.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tiers.characteristics import Signals, actively_refers, asked_to_stop, within
from tiers.classification import classify
from tiers.evidence import counted
from tiers.moves import (
    Passing,
    opens_quarter,
    with_conversations,
    with_partner_contact,
    with_referrals,
    with_unanswered,
    without_conduct_notes,
)
from tiers.policy import Policy
from tiers.verdict import Rule, Standing, Tier
from tiers.wording import joined

# Further ahead than this a promise helps nobody.
HORIZON_DAYS = 366
# To compare unlike steps: about how many days one of each takes.
DAYS_PER_REFERRAL, DAYS_PER_QUARTER, DAYS_PER_CONVERSATION, DAYS_PER_ATTEMPT = 30, 91, 7, 3


@dataclass(frozen=True)
class Step:
    """A change to try: its words, what it makes of the record, about how many days it takes."""

    words: str
    signals: Signals
    standing: Standing
    size: int
    up: bool
    about_conduct: bool = False


@dataclass(frozen=True)
class Record:
    """The record of a partner as it stands once today's verdict is written down."""

    signals: Signals
    standing: Standing
    policy: Policy

    def in_window_for(self) -> int:
        """Return for how many more days the win-back window is open."""
        days = self.standing.days_in_tier
        return 0 if days is None else self.policy.win_back_days - days

    def too_new_for(self) -> int:
        """Return in how many days they are no longer too new to judge."""
        return self.policy.grace_days - self.signals.relationship_days


def steps_from(record: Record) -> Iterator[Step]:
    """Return the steps worth trying from where a partner stands."""
    if asked_to_stop(record.signals, record.policy):
        yield from _lifting(record)
    elif record.standing.rule == Rule.CONDUCT:
        yield _closing(record, "every conduct note on record is closed")
    elif record.standing.tier == Tier.CEASE:
        yield from _coming_back(record)
    elif record.standing.tier == Tier.MAINTENANCE:
        yield from _falling(record)
    else:
        yield from _rising(record)
        yield from _ending(record)


# Cease: what reopens it


def _lifting(record: Record) -> Iterator[Step]:
    words = "they agree to hear from us again and do-not-contact is lifted"
    lifted = replace(record.signals, do_not_contact=False)
    # Lifting leads nowhere while conduct notes end it, so that it is offered tells about conduct.
    yield Step(words, lifted, record.standing, size=1, up=True, about_conduct=True)
    if classify(lifted, record.standing, record.policy).rule == Rule.CONDUCT:
        lifted_record = replace(record, signals=lifted)
        yield _closing(lifted_record, f"{words}, and every conduct note on record is closed")


def _closing(record: Record, words: str) -> Step:
    signals = without_conduct_notes(record.signals)
    return Step(words, signals, record.standing, size=2, up=True, about_conduct=True)


def _coming_back(record: Record) -> Iterator[Step]:
    signals, standing = record.signals, record.standing
    if standing.rule == Rule.ONE_SIDED:
        yield _partner_contact(record)
    else:
        talked = with_conversations(signals, 1)
        yield Step("a conversation", talked, standing, DAYS_PER_CONVERSATION, up=True)
    referred = with_referrals(signals, 1)
    yield Step("a referral from them", referred, standing, DAYS_PER_REFERRAL, up=True)


def _partner_contact(record: Record) -> Step:
    words = "a contact that they start, not only to ask for something"
    # A contact on the tier's first day does not count: on that day the promise is for tomorrow.
    wait = Passing(1 if record.standing.days_in_tier == 0 else 0, no_referral=True)
    signals = with_partner_contact(wait.over(record.signals))
    standing = wait.over_standing(record.standing)
    return Step(words, signals, standing, DAYS_PER_CONVERSATION, up=True)


# Cultivation: what lifts it to Maintenance


def _rising(record: Record) -> Iterator[Step]:
    signals, policy = record.signals, record.policy
    days = max(0, policy.long_standing_days - signals.relationship_days, record.too_new_for())
    talks = _talks_missing(signals, policy)
    referrals, quarters = _referrals_missing(signals, policy)
    if days > HORIZON_DAYS:
        return
    time = Passing(days)
    moved = with_conversations(time.over(signals), talks)
    yield Step(
        _rising_words(referrals, quarters, talks, days),
        with_referrals(moved, referrals, quarters),
        time.over_standing(record.standing),
        size=days
        + referrals * DAYS_PER_REFERRAL
        + quarters * DAYS_PER_QUARTER
        + talks * DAYS_PER_CONVERSATION,
        up=True,
    )


def _talks_missing(signals: Signals, policy: Policy) -> int:
    """Return how many more conversations make communication regular."""
    limits = policy.conversations
    is_recent = within(signals.days_since_conversation, limits.last_within_days)
    return max(limits.per_90_days - signals.conversations_90, 0 if is_recent else 1)


def _referrals_missing(signals: Signals, policy: Policy) -> tuple[int, int]:
    """Return how many more referrals are "actively", and how many of them in other quarters."""
    if actively_refers(signals, policy):
        return 0, 0
    line = policy.line_for(signals.partner_type)
    quarters = max(0, line.quarters - signals.referral_quarters)
    referrals = max(1, line.per_year - signals.referrals_365, quarters)
    return referrals, max(0, quarters - opens_quarter(signals))


def _rising_words(referrals: int, quarters: int, talks: int, days: int) -> str:
    parts = []
    if referrals:
        parts.append(counted(referrals, "more referral") + _spread(referrals, quarters))
    if talks:
        parts.append(counted(talks, "more conversation"))
    if days:
        parts.append(f"{counted(days, 'more day')} of knowing each other")
    words = " and ".join(parts) if len(parts) < 3 else joined(parts)
    return words if referrals or talks else f"{words}, with the rest as now"


def _spread(referrals: int, quarters: int) -> str:
    if quarters == 0:
        return ""
    if quarters == referrals:
        return " in another quarter" if referrals == 1 else ", each in a quarter of its own"
    return f" ({quarters} of them in {'another quarter' if quarters == 1 else 'other quarters'})"


# Maintenance: what lets it fall


def _falling(record: Record) -> Iterator[Step]:
    signals, policy = record.signals, record.policy
    line = policy.line_for(signals.partner_type)
    untracked = policy.tracking_guard_days - signals.tracked_days
    silence = _days_to(181, signals.days_since_conversation)
    dearth = _days_to(line.stay_last_within_days + 1, signals.days_since_referral)
    for days in sorted({untracked, silence}):
        yield from _going_by(record, days, "conversation", Passing(days, no_conversation=True))
    for days in sorted({untracked, dearth}):
        yield from _going_by(record, days, "referral", Passing(days, no_referral=True))


def _days_to(limit: int, last: int | None) -> int:
    """Return in how many days the last one lies so many days back; never is there already."""
    return 0 if last is None else limit - last


def _going_by(record: Record, days: int, noun: str, time: Passing) -> Iterator[Step]:
    if 0 < days <= HORIZON_DAYS:
        words = f"{counted(days, 'more day')} without a {noun}, with the rest as now"
        signals = time.over(record.signals)
        yield Step(words, signals, time.over_standing(record.standing), days, up=False)


# Cultivation: what ends it


def _ending(record: Record) -> Iterator[Step]:
    yield from _going_silent(record)
    yield from _staying_one_sided(record)


def _going_silent(record: Record) -> Iterator[Step]:
    signals, limits = record.signals, record.policy.unresponsive
    span_missing = limits.span_days - signals.unanswered_span_days
    channels = max(0, limits.channels - signals.unanswered_channels)
    attempts = max(
        limits.attempts - signals.unanswered_attempts, channels, 1 if span_missing > 0 else 0
    )
    days = max(
        0,
        span_missing,
        _days_to(limits.no_conversation_days, signals.days_since_conversation),
        _days_to(limits.no_referral_days, signals.days_since_referral),
        record.in_window_for(),
        record.too_new_for(),
    )
    if days > HORIZON_DAYS:
        return
    time = Passing(days, no_referral=True, no_conversation=True)
    moved = with_unanswered(time.over(signals), attempts, channels, days)
    size = days + attempts * DAYS_PER_ATTEMPT
    words = _silent_words(signals, attempts, channels, days)
    yield Step(words, moved, time.over_standing(record.standing), size, up=False)


def _silent_words(signals: Signals, attempts: int, channels: int, days: int) -> str:
    parts = []
    if attempts:
        parts.append(_attempt_words(signals.unanswered_attempts, attempts, channels))
    if days:
        parts.append(f"{counted(days, 'more day')} without a conversation or a referral")
    return " and ".join(parts)


def _attempt_words(so_far: int, attempts: int, channels: int) -> str:
    if so_far == 0 and channels:
        return f"{counted(attempts, 'unanswered attempt')} on {counted(channels, 'channel')}"
    words = counted(attempts, "more unanswered attempt")
    if channels == 0:
        return words
    where = "on a new channel" if channels == 1 else "on new channels"
    return f"{words} {where}" if channels == attempts else f"{words} ({channels} {where})"


def _staying_one_sided(record: Record) -> Iterator[Step]:
    signals, limits = record.signals, record.policy.one_sided
    days = max(
        _days_to(limits.no_referral_days, signals.days_since_referral),
        limits.relationship_days - signals.relationship_days,
        limits.tracked_days - signals.tracked_days,
        record.in_window_for(),
        record.too_new_for(),
    )
    starts_little = signals.partner_initiated_365 <= limits.partner_initiated_at_most
    if starts_little and 0 < days <= HORIZON_DAYS:
        time = Passing(days, no_referral=True)
        words = (
            f"{counted(days, 'more day')} without a referral or a contact that they start, "
            "with the rest as now"
        )
        yield Step(words, time.over(signals), time.over_standing(record.standing), days, up=False)

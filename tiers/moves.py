"""Signals moved: what would be counted if something more came, or if time passed without it.

Each move keeps the signals that belong together consistent. What the signals cannot tell, such as
on which days the referrals of a year fell, stays as it is.
"""

from dataclasses import dataclass, replace

from tiers.characteristics import Signals
from tiers.verdict import Standing

# Where the four spans of `referral_quarters` end, in days before today.
QUARTER_ENDS = (90, 181, 272, 363)


def answered(signals: Signals) -> Signals:
    """A sign of life: no attempt is unanswered any more."""
    return replace(signals, unanswered_attempts=0, unanswered_channels=0, unanswered_span_days=0)


def with_conversations(signals: Signals, more: int) -> Signals:
    """Add conversations on so many days, the last of them today."""
    if more == 0:
        return signals
    return replace(
        answered(signals),
        conversations_90=signals.conversations_90 + more,
        conversations_180=signals.conversations_180 + more,
        conversations_total=signals.conversations_total + more,
        days_since_conversation=0,
    )


def with_referrals(signals: Signals, more: int, other_quarters: int = 0) -> Signals:
    """Add referrals, the last of them today; so many of them fall into quarters of their own."""
    if more == 0:
        return signals
    quarters = signals.referral_quarters + other_quarters + opens_quarter(signals)
    return replace(
        answered(signals),
        referrals_365=signals.referrals_365 + more,
        referrals_total=signals.referrals_total + more,
        referral_quarters=min(len(QUARTER_ENDS), quarters),
        days_since_referral=0,
        partner_initiated_365=signals.partner_initiated_365 + more,
    )


def opens_quarter(signals: Signals) -> bool:
    """Tell whether a referral today would be the first one of the newest quarter."""
    last = signals.days_since_referral
    return last is None or last > QUARTER_ENDS[0]


def with_partner_contact(signals: Signals) -> Signals:
    """Add one contact that the partner started today; it is a conversation as well."""
    return replace(
        with_conversations(signals, 1),
        partner_initiated_365=signals.partner_initiated_365 + 1,
        partner_contacts_since_tier=signals.partner_contacts_since_tier + 1,
    )


def with_unanswered(signals: Signals, more: int, channels: int, days: int) -> Signals:
    """Add unanswered attempts, so many of them on new channels, the last one in so many days."""
    if more == 0:
        return signals
    return replace(
        signals,
        unanswered_attempts=signals.unanswered_attempts + more,
        unanswered_channels=signals.unanswered_channels + channels,
        unanswered_span_days=signals.unanswered_span_days + days,
        touches_90=signals.touches_90 + more,
        touches_180=signals.touches_180 + more,
        touches_365=signals.touches_365 + more,
    )


def without_conduct_notes(signals: Signals) -> Signals:
    """Close every conduct note: a closed one counts nowhere."""
    return replace(signals, negative_180=0, disrespectful_180=0, abusive_730=0, incidents_total=0)


@dataclass(frozen=True)
class Passing:
    """So many days going by; what is not missing in them goes on as now."""

    days: int
    no_referral: bool = False
    no_conversation: bool = False

    def over(self, signals: Signals) -> Signals:
        """Return the signals at the end of these days."""
        moved = replace(
            signals,
            relationship_days=signals.relationship_days + self.days,
            tracked_days=signals.tracked_days + self.days,
        )
        if self.no_referral:
            moved = _without_referral(moved, self.days)
        return _without_conversation(moved, self.days) if self.no_conversation else moved

    def over_standing(self, standing: Standing) -> Standing:
        """Return what stands at the end of these days, if nothing changes it."""
        if standing.days_in_tier is None:
            return standing
        return replace(standing, days_in_tier=standing.days_in_tier + self.days)


def _without_referral(signals: Signals, days: int) -> Signals:
    if signals.days_since_referral is None:
        return signals
    last = signals.days_since_referral + days
    possible = sum(last <= end for end in QUARTER_ENDS)
    return replace(
        signals,
        days_since_referral=last,
        referrals_365=0 if last > 365 else signals.referrals_365,
        referral_quarters=min(signals.referral_quarters, possible),
    )


def _without_conversation(signals: Signals, days: int) -> Signals:
    if signals.days_since_conversation is None:
        return signals
    last = signals.days_since_conversation + days
    return replace(
        signals,
        days_since_conversation=last,
        conversations_90=0 if last > 90 else signals.conversations_90,
        conversations_180=0 if last > 180 else signals.conversations_180,
    )

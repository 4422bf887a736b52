"""The thresholds that the tiers are judged by: one value, with its defaults (docs/tiers.md)."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

LOW_FREQUENCY_TYPES = frozenset(
    {
        "financial_advisor",
        "cpa",
        "attorney",
        "insurance_agent",
        "title_escrow",
        "past_client",
    }
)


@dataclass(frozen=True)
class ReferralLine:
    """What "actively sends referrals" means for one kind of partner: how many, spread, recent."""

    per_year: int = 4
    quarters: int = 3
    last_within_days: int = 120
    stay_last_within_days: int = 240


@dataclass(frozen=True)
class ReferralLines:
    """The referral line of each kind of partner."""

    default: ReferralLine = ReferralLine()
    builder: ReferralLine = ReferralLine(per_year=6)
    low_frequency: ReferralLine = ReferralLine(
        per_year=2, quarters=2, last_within_days=180, stay_last_within_days=365
    )


@dataclass(frozen=True)
class ConversationPolicy:
    """What counts as regular communication, and below how many touches a silence is ours."""

    per_90_days: int = 3
    last_within_days: int = 45
    stay_per_180_days: int = 2
    our_neglect_below_touches_180: int = 3


@dataclass(frozen=True)
class ConductPolicy:
    """How many conduct notes end a partnership.

    ``negative_180`` is the limit of negative and disrespectful notes together.
    """

    abusive_730: int = 1
    disrespectful_180: int = 2
    negative_180: int = 3


@dataclass(frozen=True)
class UnresponsivePolicy:
    """How long and how widely we try before silence means "unresponsive"."""

    attempts: int = 6
    channels: int = 2
    span_days: int = 45
    no_conversation_days: int = 90
    no_referral_days: int = 120


@dataclass(frozen=True)
class OneSidedPolicy:
    """How long and how much of the effort must be ours before it is "consistently one-sided"."""

    relationship_days: int = 365
    tracked_days: int = 180
    no_referral_days: int = 548
    touches_365: int = 18
    asks_365: int = 6
    partner_initiated_at_most: int = 1


@dataclass(frozen=True)
class Policy:
    """Every threshold of the tier rules.

    Days are whole days. ``stay_referral_share`` is the share of a line's ``per_year`` that keeps a
    Maintenance partner.
    """

    grace_days: int = 120
    tracking_guard_days: int = 120
    win_back_days: int = 60
    first_touch_days: int = 14
    long_standing_days: int = 365
    referrals: ReferralLines = field(default_factory=ReferralLines)
    stay_referral_share: float = 0.5
    conversations: ConversationPolicy = field(default_factory=ConversationPolicy)
    conduct: ConductPolicy = field(default_factory=ConductPolicy)
    unresponsive: UnresponsivePolicy = field(default_factory=UnresponsivePolicy)
    one_sided: OneSidedPolicy = field(default_factory=OneSidedPolicy)
    synergy_high: int = 3
    synergy_low: int = 1

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Policy":
        """Build a policy from plain data, as JSON gives it.

        A key that is missing, at any depth, takes its default. Raises ValueError, with a sentence
        for people, for an unknown key and for a value that is no whole number of 0 or more.
        """
        policy: Policy = _overlay(cls(), data, path="")
        return policy

    def to_dict(self) -> dict[str, Any]:
        """Return plain data that ``from_dict`` turns back into an equal policy."""
        return asdict(self)

    def line_for(self, partner_type: str) -> ReferralLine:
        """Return the referral line for a partner type; an unknown type takes the default line."""
        if partner_type == "builder":
            return self.referrals.builder
        if partner_type in LOW_FREQUENCY_TYPES:
            return self.referrals.low_frequency
        return self.referrals.default

    def stay_referrals(self, line: ReferralLine) -> int:
        """Return how many referrals in 365 days keep a Maintenance partner on this line."""
        return _share_rounded_up(self.stay_referral_share, line.per_year)


@lru_cache(maxsize=256)
def _share_rounded_up(share: float, per_year: int) -> int:
    # In exact decimals: 0.55 of 20 is 11; as binary floats it is a hair more and rounds up to 12.
    return max(1, math.ceil(Fraction(str(share)) * per_year))


def _overlay(default: Any, data: object, path: str) -> Any:
    """Lay plain data over a default, level by level."""
    if not isinstance(data, Mapping):
        raise ValueError(f"The policy's {path or 'data'} must be a set of named values.")
    known = {item.name for item in fields(default)}
    changes = {}
    for key, value in data.items():
        name = f"{path}.{key}" if path else str(key)
        if key not in known:
            raise ValueError(f"The policy has no value called {name}. Please check its spelling.")
        changes[key] = _checked(getattr(default, key), value, name)
    return replace(default, **changes)


def _checked(default: Any, value: object, name: str) -> Any:
    if is_dataclass(default):
        return _overlay(default, value, name)
    if isinstance(default, float):
        return _checked_share(value, name)
    # True and False are ints in Python, but no threshold.
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"The policy's {name} must be a whole number, 0 or more.")
    return value


def _checked_share(value: object, name: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf:
        return float(value)
    raise ValueError(f"The policy's {name} must be a number, 0 or more.")

"""What is judged and what comes out: the standing tier, the case, the verdict."""

from dataclasses import dataclass
from enum import StrEnum

from tiers.characteristics import Signals, within
from tiers.policy import Policy, ReferralLine


class Tier(StrEnum):
    """The three tiers of the guide, the lowest last."""

    MAINTENANCE = "maintenance"
    CULTIVATION = "cultivation"
    CEASE = "cease"


class Rule(StrEnum):
    """The row that gave a verdict."""

    ASKED_TO_STOP = "X4"
    CONDUCT = "X1"
    UNRESPONSIVE = "X2"
    ONE_SIDED = "X3"
    TOO_NEW = "G"
    MAINTENANCE = "M"
    STAYS = "MS"
    CULTIVATION = "C"


@dataclass(frozen=True)
class Standing:
    """The computed tier now standing: an override changes what is in force, not what stands.

    ``tier`` is None before the first verdict, ``rule`` is None for a label that an import brought,
    and ``days_in_tier`` (since the tier, not its rule, began) is None where unknown.
    """

    tier: str | None
    rule: str | None
    days_in_tier: int | None

    def began_by(self, days_ago: int | None) -> bool:
        """Tell whether this lies since the tier began, whose first day counts; unknown is not."""
        return self.days_in_tier is not None and within(days_ago, self.days_in_tier)


@dataclass(frozen=True)
class Verdict:
    """A tier and why: the rule that gave it, its reasons and what a person should see beside it."""

    tier: Tier
    rule: str
    reasons: tuple[str, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """What the rows and flags read.

    ``standing`` is as given; ``counted`` is what rows 5 to 9 and the window take as standing.
    """

    signals: Signals
    standing: Standing
    policy: Policy
    reopened: bool
    counted: Standing

    @property
    def line(self) -> ReferralLine:
        return self.policy.line_for(self.signals.partner_type)

    @property
    def win_back_open(self) -> bool:
        """Tell whether the win-back window keeps silence and one-sidedness from ending it."""
        days = self.counted.days_in_tier
        return self.counted.tier == Tier.MAINTENANCE or (
            days is not None and days < self.policy.win_back_days
        )


@dataclass(frozen=True)
class Ruling:
    """A row's answer, before its flags. ``stays``: the rule was standing and is not given anew."""

    tier: Tier
    rule: str
    reasons: tuple[str, ...]
    stays: bool = False

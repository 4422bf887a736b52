"""What the figures of a branch, or of one officer, say: plain values, no rows, no clock. Pure.

Each figure is the size of a set of rows that one can open (`insights.sets`), and the names of
those sets stand here beside the figures: a page links to the very rows that it counts. Facts dated
after `start` through `end` are in the period.
"""

from dataclasses import dataclass
from datetime import date, datetime

from tiers.verdict import Tier

# Of fewer than these nobody should read a rate.
FEWEST = 5

NEW = "new"
ARCHIVED = "archived"


@dataclass(frozen=True)
class Rate:
    """A part of a whole of `n`."""

    part: int
    n: int

    @property
    def percent(self) -> int | None:
        """In whole percents, rounded down; None where there are too few to tell."""
        return 100 * self.part // self.n if self.n >= FEWEST else None


@dataclass(frozen=True)
class TiersOn:
    """How many partners were in each tier in force at the end of a day."""

    day: date
    maintenance: int
    cultivation: int
    cease: int

    def of(self, tier: Tier) -> int:
        return {
            Tier.MAINTENANCE: self.maintenance,
            Tier.CULTIVATION: self.cultivation,
            Tier.CEASE: self.cease,
        }[tier]

    @property
    def total(self) -> int:
        return self.maintenance + self.cultivation + self.cease


@dataclass(frozen=True)
class Flow:
    """Partners who went from one tier to another: a tier or NEW, and a tier or ARCHIVED."""

    before: str
    after: str
    count: int

    @property
    def rows(self) -> str:
        return f"move:{self.before}:{self.after}"


@dataclass(frozen=True)
class Movement:
    """Tiers in force at the end of `start` by those at the end of `end`; flows of 0 left out."""

    flows: tuple[Flow, ...]
    # From Cultivation to Maintenance, of those in Cultivation at the start.
    promoted: Rate

    @property
    def moved(self) -> int:
        """How many stand in another tier than before, new and archived ones apart."""
        return sum(
            flow.count
            for flow in self.flows
            if flow.before != flow.after and flow.before != NEW and flow.after != ARCHIVED
        )


@dataclass(frozen=True)
class Mover:
    """A partner who stands in another tier than at the start, and the last verdict's codes.

    `overridden` where a person's tier is in force at the end. Pass the codes through
    `tiers.disclosure` before anybody reads them.
    """

    partner_id: int
    name: str
    owner: str
    before: Tier
    after: Tier
    on: date
    overridden: bool
    rule: str
    reasons: tuple[str, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True)
class Effort:
    """Minutes of touches in the period, by the partner's tier on the touch's day."""

    maintenance: int
    cultivation: int
    cease: int
    # Touches of days on which no tier was known yet: in none of the above.
    unknown_touches: int

    def of(self, tier: Tier) -> int:
        return {
            Tier.MAINTENANCE: self.maintenance,
            Tier.CULTIVATION: self.cultivation,
            Tier.CEASE: self.cease,
        }[tier]

    @property
    def total(self) -> int:
        return self.maintenance + self.cultivation + self.cease

    @property
    def by_tier(self) -> dict[Tier, int]:
        return {tier: self.of(tier) for tier in Tier}


@dataclass(frozen=True)
class Covered:
    """Partners of one audience with a conversation in the last `limit_days`."""

    # "maintenance", "focus" or "cultivation": those of Cultivation who are not on the focus list.
    audience: str
    limit_days: int
    rate: Rate


@dataclass(frozen=True)
class Conversion:
    """What became, by `end`, of the referrals received in one calendar month."""

    # Its first day.
    month: date
    received: int
    application: int
    pre_approved: int
    funded: int
    # Younger than 120 days: more may come of them.
    is_open: bool


@dataclass(frozen=True)
class Lost:
    """Referrals lost in the period for one reason of `LostReason`."""

    reason: str
    count: int


@dataclass(frozen=True)
class Sender:
    """A partner, and how many referrals came from them and went to them in 365 days."""

    partner_id: int
    name: str
    owner: str
    received: int
    given: int


@dataclass(frozen=True)
class Concentration:
    """The share of the referrals of 365 days that came from the five largest partners."""

    rate: Rate
    largest: tuple[Sender, ...]


@dataclass(frozen=True)
class FirstContact:
    """Hours from received to contacted, of the referrals received in the period."""

    # None where nobody was contacted.
    median_hours: float | None
    contacted: int
    # Still waiting for a first contact at the end.
    waiting: int
    # Ended (lost) without a move that dates a contact: left out.
    undated: int


@dataclass(frozen=True)
class Thanks:
    """Referrals of the period that were thanked for by the end of the next working day."""

    rate: Rate
    # Not thanked for yet, and that day is not over: left out.
    not_due: int


@dataclass(frozen=True)
class Exchange:
    """Referrals received and given in 365 days, side by side: information, never a debt."""

    received: int
    given: int
    # How many partners sent and got some, only sent, only got.
    both: int
    only_received: int
    only_given: int


@dataclass(frozen=True)
class Freed:
    """A partner who went to Cease in the period, and the weekly minutes they had before."""

    partner_id: int
    name: str
    owner: str
    on: date
    # Of touches in the 90 days before, a week.
    weekly_minutes: float


@dataclass(frozen=True)
class Flagged:
    """How many partners of one tier in force carry a flag at the end."""

    tier: Tier
    flag: str
    count: int

    @property
    def rows(self) -> str:
        return f"flag:{self.tier}:{self.flag}"


@dataclass(frozen=True)
class AtRisk:
    """A partner who may be lost soon, with what says so: whom to help first."""

    partner_id: int
    name: str
    owner: str
    tier: Tier
    flags: tuple[str, ...]
    last_conversation_on: date | None


@dataclass(frozen=True)
class Waiting:
    """A partner from whom referrals wait for a first contact at the end."""

    partner_id: int
    name: str
    owner: str
    count: int
    since: date


@dataclass(frozen=True)
class OfficerLine:
    """One officer in the table of a branch: for coaching, sorted by name and not by rank."""

    officer_id: int
    name: str
    tiers: TiersOn
    effort: Effort
    covered: Rate
    promoted: Rate
    received: int
    waiting: int
    # The last day with a touch of theirs, up to the end.
    last_touch_on: date | None


@dataclass(frozen=True)
class LeftOut:
    """What the long lists of a stored report would go on with."""

    freed: int = 0
    freed_minutes: float = 0.0
    waiting_partners: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Report:
    """All figures of one scope and period."""

    start: date
    end: date
    counted_at: datetime
    partners: int
    tiers_over_time: tuple[TiersOn, ...]
    movement: Movement
    # All of them, the latest first; of a stored report only the first ones.
    movers: tuple[Mover, ...]
    effort: Effort
    coverage: tuple[Covered, ...]
    conversion: tuple[Conversion, ...]
    # Received in those months, but without a dated move to the stage they stand at.
    conversion_undated: int
    pull_through: Rate
    pull_through_undated: int
    lost: tuple[Lost, ...]
    concentration: Concentration
    first_contact: FirstContact
    thanks: Thanks
    exchange: Exchange
    # The same for these, and for those who wait.
    freed: tuple[Freed, ...]
    health: tuple[Flagged, ...]
    overrides_past: int
    at_risk: tuple[AtRisk, ...]
    # Of how many those are the first.
    at_risk_total: int
    waiting: tuple[Waiting, ...]
    officers: tuple[OfficerLine, ...]
    left_out: LeftOut = LeftOut()

    @property
    def tiers(self) -> TiersOn:
        """As they stand at the end."""
        return self.tiers_over_time[-1]

    @property
    def period_days(self) -> int:
        return (self.end - self.start).days

    @property
    def freed_total(self) -> int:
        return len(self.freed) + self.left_out.freed

    @property
    def freed_minutes(self) -> float:
        """A week, of all of them."""
        return sum(one.weekly_minutes for one in self.freed) + self.left_out.freed_minutes

    @property
    def waiting_partners(self) -> int:
        return len(self.waiting) + self.left_out.waiting_partners

    @property
    def waiting_total(self) -> int:
        """Referrals that wait, of all of them."""
        return sum(one.count for one in self.waiting) + self.left_out.waiting

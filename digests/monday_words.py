"""How the Monday pack says things. Pure.

Each verdict passes `tiers.disclosure` here, as an e-mail tells nothing of conduct.
"""

from collections.abc import Iterable
from datetime import date

from insights.report import AtRisk, Covered, Mover, Rate
from tiers.disclosure import disclosed_codes
from tiers.labels import FLAG_LABELS, TIER_NAMES
from tiers.verdict import Tier
from tiers.wording import joined, why
from touches.playbook import in_words

# From the best to the worst.
RANKS = {Tier.MAINTENANCE: 0, Tier.CULTIVATION: 1, Tier.CEASE: 2}
AUDIENCES = {
    "maintenance": "Maintenance",
    "focus": "Focus list",
    "cultivation": "Other Cultivation",
}
# What an at-risk partner's flags are called here, the most telling first.
RISKS = ["last_chance", "refers_but_silent", "our_neglect", "slipping"]
CALM = "nobody moved, nobody is at risk, no referral waits"
BY_OVERRIDE = "An override is in force"


def moved_up(mover: Mover) -> bool:
    return RANKS[mover.after] < RANKS[mover.before]


def summary_of(movers: Iterable[Mover], at_risk: int, waiting: int) -> str:
    """Such as "2 moved up, 1 moved down, 3 to help, 4 referrals waiting"; `waiting` counts
    referrals.
    """
    ups = [moved_up(mover) for mover in movers]
    parts = [
        (ups.count(True), "moved up"),
        (ups.count(False), "moved down"),
        (at_risk, "to help"),
        (waiting, "referral waiting" if waiting == 1 else "referrals waiting"),
    ]
    return ", ".join(f"{count} {words}" for count, words in parts if count) or CALM


def by_weight(movers: Iterable[Mover]) -> list[Mover]:
    """Who left Maintenance first, then who came to it, then the others; the newest first."""
    return sorted(movers, key=lambda one: (_weight(one), -one.on.toordinal(), one.name))


def _weight(mover: Mover) -> int:
    if Tier.MAINTENANCE in (mover.before, mover.after):
        return 0 if mover.before == Tier.MAINTENANCE else 1
    return 2


def move_of(mover: Mover) -> str:
    """Such as "Up to Maintenance on June 12", or "Down from Maintenance to Cease on June 12".

    Where one came from is told of two steps alone: a single one has but one beginning.
    """
    steps = RANKS[mover.after] - RANKS[mover.before]
    way = "Down" if steps > 0 else "Up"
    before = f" from {TIER_NAMES[mover.before]}" if abs(steps) > 1 else ""
    return f"{way}{before} to {TIER_NAMES[mover.after]} on {in_words(mover.on)}"


def why_moved(mover: Mover) -> str:
    if mover.overridden:
        return BY_OVERRIDE
    rule, reasons, flags = disclosed_codes(mover.rule, mover.reasons, mover.flags)
    return why(rule, reasons, flags)


def risk_of(partner: AtRisk) -> str:
    """Such as "Maintenance: slipping, and we went quiet"."""
    labels = [FLAG_LABELS[flag].short for flag in RISKS if flag in partner.flags]
    told = f": {joined(labels)}" if labels else ""
    return f"{TIER_NAMES[partner.tier]}{told}"


def last_conversation(day: date | None, today: date) -> str:
    return f"Last conversation on {day_of(day, today)}" if day else "No conversation yet"


def day_of(day: date, today: date) -> str:
    """Such as "June 3", or "June 3, 2025" of another year."""
    return in_words(day) if day.year == today.year else f"{in_words(day)}, {day.year}"


def coverage_of(covered: Covered) -> str:
    """Such as "Maintenance, in 45 days: 8 of 10 (80%)"."""
    name = AUDIENCES[covered.audience]
    return f"{name}, in {covered.limit_days} days: {in_rate(covered.rate)}"


def in_rate(rate: Rate) -> str:
    """Such as "8 of 10 (80%)"."""
    share = "too few for a rate" if rate.percent is None else f"{rate.percent}%"
    return f"{rate.part} of {rate.n} ({share})"

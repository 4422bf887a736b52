"""Where the minutes go, and who was spoken to. Pure."""

from collections.abc import Mapping

from insights.facts import Book
from insights.report import Covered, Effort
from insights.sets import LIMITS, Sets, rate
from tiers.verdict import Tier

UNKNOWN = "unknown"


def effort(book: Book, sets: Sets) -> Effort:
    """Minutes of touches by the partner's tier on the touch's day."""
    minutes = {
        tier: sum(book.touches[key].minutes for key in sets[f"effort:{tier}"].keys) for tier in Tier
    }
    return effort_of(minutes, len(sets["effort:unknown"]))


def effort_of(minutes: Mapping[Tier, int], unknown_touches: int) -> Effort:
    """The same, from minutes that somebody added up."""
    return Effort(
        maintenance=minutes[Tier.MAINTENANCE],
        cultivation=minutes[Tier.CULTIVATION],
        cease=minutes[Tier.CEASE],
        unknown_touches=unknown_touches,
    )


def coverage(sets: Sets) -> tuple[Covered, ...]:
    """Partners with a conversation within the limit of their tier."""
    return tuple(
        Covered(audience, limit, rate(sets, f"covered:{audience}", f"uncovered:{audience}"))
        for audience, limit in LIMITS.items()
    )

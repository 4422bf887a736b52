"""Where the minutes go: touches by the tier of their day, against what the guide asks for.

Source: the effort share by tier in docs/playbook.md. Cultivation gets most of the effort: over 50 %
is green, 40 to 50 amber, below red; Cease over 5 % is red.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Case, F, IntegerField, Sum, Value, When
from django.db.models.functions import Coalesce

from accounts.models import User
from interactions.models import DEFAULT_MINUTES, Interaction
from tiers.history import with_tier_on
from tiers.labels import TIER_NAMES
from tiers.verdict import Tier

# With less than an hour, one lunch would decide the share.
ENOUGH_MINUTES = 60
GREEN_ABOVE, AMBER_FROM, CEASE_AT_MOST = 50, 40, 5


class EffortLevel(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    TOO_LITTLE = "too_little"


@dataclass(frozen=True)
class EffortLine:
    """How the minutes are shared, in words; never told by the level's color alone."""

    level: EffortLevel
    text: str


def minutes_by_tier(owner: User, from_day: date, to_day: date) -> dict[Tier, int]:
    """Minutes of this person's touches from one day to another, both counted. One query.

    By the partner's tier in force on the touch's day; the few touches of days on which no tier was
    known yet are left out. A touch without minutes counts the default of its kind.
    """
    touches = Interaction.objects.filter(
        officer=owner, is_touch=True, day__range=(from_day, to_day)
    ).order_by()
    rows = (
        with_tier_on(touches, owner.zone)
        .filter(tier_then__isnull=False)
        .values("tier_then")
        .annotate(total=Sum(Coalesce(F("minutes"), usual_minutes())))
    )
    found = {row["tier_then"]: row["total"] for row in rows}
    return {tier: found.get(tier, 0) for tier in Tier}


def usual_minutes() -> Case:
    """What a touch of its kind takes where nobody wrote it down, for the database."""
    kinds = [When(kind=kind, then=Value(minutes)) for kind, minutes in DEFAULT_MINUTES.items()]
    return Case(*kinds, default=Value(0), output_field=IntegerField())


def effort_this_week(owner: User, today: date) -> EffortLine:
    """The line about this person's week, from Monday on; `today` is theirs."""
    monday = today - timedelta(days=today.weekday())
    return effort_line(minutes_by_tier(owner, monday, today))


def effort_line(minutes: Mapping[Tier, int], span: str = "This week") -> EffortLine:
    """The minutes of a span by tier, in a sentence or two; `span` says which days they are of."""
    total = sum(minutes.values())
    if total < ENOUGH_MINUTES:
        logged = f"{in_hours(total)} logged so far" if total else "nothing logged yet"
        return EffortLine(EffortLevel.TOO_LITTLE, f"{span}: {logged}, too little to compare.")
    share = f"{span}: {_share_sentence(minutes, total)}"
    if 100 * minutes.get(Tier.CEASE, 0) > CEASE_AT_MOST * total:
        ceased = _share(minutes, Tier.CEASE, total)
        return EffortLine(EffortLevel.RED, f"{share} Cease had {ceased}, more than it should.")
    cultivation = 100 * minutes.get(Tier.CULTIVATION, 0)
    if cultivation > GREEN_ABOVE * total:
        return EffortLine(EffortLevel.GREEN, f"{share} That is most of it, as the guide asks.")
    if cultivation >= AMBER_FROM * total:
        return EffortLine(EffortLevel.AMBER, f"{share} The guide asks for more than half.")
    return EffortLine(EffortLevel.RED, f"{share} The guide asks for most of it.")


def _share_sentence(minutes: Mapping[Tier, int], total: int) -> str:
    given = in_hours(minutes.get(Tier.CULTIVATION, 0))
    percent = _share(minutes, Tier.CULTIVATION, total)
    name = TIER_NAMES[Tier.CULTIVATION]
    return f"{name} {given} of {in_hours(total)} ({percent})."


def _share(minutes: Mapping[Tier, int], tier: Tier, total: int) -> str:
    # Rounded down, so that the figure never says more than the color.
    return f"{100 * minutes.get(tier, 0) // total}%"


def in_hours(minutes: float) -> str:
    """`45 min`, `2 h`, `3 h 10 min`, to the whole minute."""
    hours, rest = divmod(round(minutes), 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"

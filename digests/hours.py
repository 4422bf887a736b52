"""When a digest is due on a person's clock. Pure.

A condition, never a moment: it holds from the person's hour until the evening, so missed ticks,
two planners, changes of the clock and restarts need no code. Gaps and overlaps of every time zone
fall outside these hours. Source: docs/operations.md.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

# No digest leaves earlier, and what has not left by the evening is no news of this day any more.
MORNING, EVENING = time(4), time(20)
# Also for who moves through time zones, or changes the hour.
LEAST_APART = timedelta(hours=12)


def is_due(
    now: datetime,
    zone: ZoneInfo,
    *,
    hour: int,
    weekdays: Collection[int],
    planned: Mapping[str, datetime],
) -> bool:
    """Tell whether a digest is to be planned at `now` (aware), on these days of the week.

    `planned` holds the digests of this kind of the last days: the local date (ISO) of each, and
    when it was planned.
    """
    local = now.astimezone(zone)
    if local.date().isoformat() in planned:
        return False
    if local.weekday() not in weekdays:
        return False
    if not time(hour) <= local.time() < EVENING:
        return False
    return all(now - planned_at >= LEAST_APART for planned_at in planned.values())


def is_day(now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether a digest may leave at all, also one that somebody sends again by hand."""
    return MORNING <= now.astimezone(zone).time() < EVENING


def evening_of(now: datetime, zone: ZoneInfo) -> datetime:
    """Until when the digest of the local date at `now` may leave."""
    return datetime.combine(now.astimezone(zone).date(), EVENING, zone)

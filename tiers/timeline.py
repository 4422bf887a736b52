"""The tier in force for one partner on any past day: changes and overrides side by side. Pure.

The same rule as `querysets.in_force` and `history.with_tier_on`: nobody overrides a request to
stop, and conduct only a manager.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from tiers.verdict import Rule, Tier


class Change(NamedTuple):
    """From this day the rules gave this tier; blank rule: a label that an import brought."""

    on: date
    pk: int
    tier: Tier
    rule: str
    reasons: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


class Held(NamedTuple):
    """A person's override, with its end as a day of the partner's owner."""

    pk: int
    tier: Tier
    by_manager: bool
    starts_on: date
    # The last day on which it was to hold.
    ends_on: date
    # The first day on which it did not hold any more, as somebody ended it; None while open.
    ended_on: date | None

    def holds_on(self, day: date) -> bool:
        if self.ended_on is not None and self.ended_on <= day:
            return False
        return self.starts_on <= day <= self.ends_on


class History:
    """The tier in force at the end of every day, from changes and overrides in any order."""

    __slots__ = ("_changed", "_changes", "_days", "_overrides", "_tiers")

    def __init__(self, changes: Iterable[Change], overrides: Iterable[Held] = ()) -> None:
        self._changes = sorted(changes)
        self._changed = [change.on for change in self._changes]
        # Of several that hold on one day the one that was made last.
        self._overrides = sorted(overrides, reverse=True)
        self._days: list[date] = []
        self._tiers: list[Tier] = []
        self._lay_out()

    def tier_on(self, day: date) -> Tier | None:
        """The tier in force at the end of a day; None where none was known yet."""
        place = bisect_right(self._days, day)
        return self._tiers[place - 1] if place else None

    def entered(self, tier: Tier, after: date, through: date) -> date | None:
        """The last day later than `after`, up to `through`, on which this tier came into force."""
        for day, became in zip(reversed(self._days), reversed(self._tiers), strict=True):
            if day <= after:
                return None
            if day <= through and became == tier:
                return day
        return None

    def change_on(self, day: date) -> Change | None:
        """The last computed change on a day or before it."""
        place = bisect_right(self._changed, day)
        return self._changes[place - 1] if place else None

    def override_on(self, day: date) -> Held | None:
        """The override in force on a day; None where the rules' own tier was."""
        if not self._overrides:
            return None
        change = self.change_on(day)
        return self._override_of(change, day) if change else None

    def open_override_on(self, day: date) -> Held | None:
        """The override that nobody had ended by then, though its last day may have passed."""
        for held in self._overrides:
            if held.starts_on <= day and (held.ended_on is None or held.ended_on > day):
                return held
        return None

    def _lay_out(self) -> None:
        """Note each day on which another tier came into force, once: it is asked very often."""
        before: Tier | None = None
        for day in self._days_to_look_at():
            override = self.override_on(day)
            change = self._changes[bisect_right(self._changed, day) - 1]
            tier = override.tier if override else change.tier
            if tier != before:
                self._days.append(day)
                self._tiers.append(tier)
                before = tier

    def _days_to_look_at(self) -> list[date]:
        """The days on which the tier in force can have changed, none before the first change."""
        if not self._overrides or not self._changed:
            return self._changed
        days = set(self._changed)
        for held in self._overrides:
            days |= {
                held.starts_on,
                held.ends_on + timedelta(days=1),
                held.ended_on or held.starts_on,
            }
        return sorted(day for day in days if day >= self._changed[0])

    def _override_of(self, change: Change, day: date) -> Held | None:
        if change.rule == Rule.ASKED_TO_STOP:
            return None
        holding = [held for held in self._overrides if held.holds_on(day)]
        if change.rule == Rule.CONDUCT and not any(held.by_manager for held in holding):
            return None
        return holding[0] if holding else None


NOTHING_KNOWN = History(())

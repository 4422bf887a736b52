"""The play-book itself: which touches come how often, for whom, and how long they take. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from touches.kinds import TouchKind

DAYS_A_WEEK = 7
MOST_DAYS = 365
MOST_MINUTES = 480
MOST_WORKING_DAYS = 10


class Audience(StrEnum):
    """Whom a part of the play-book is for."""

    MAINTENANCE = "maintenance"
    FOCUS = "focus"
    TOO_NEW = "too_new"
    CULTIVATION = "cultivation"
    NONE = "none"


@dataclass(frozen=True)
class Cadence:
    """A touch that comes again and again."""

    kind: TouchKind
    every_days: int
    minutes: int


@dataclass(frozen=True)
class FirstTouch:
    """The first touches with a new partner: soon, and then on days counted from the record's."""

    minutes: int = 15
    working_days: int = 2
    days: tuple[int, ...] = (7, 21, 45, 75, 105)


DEFAULT_CADENCES: dict[Audience, tuple[Cadence, ...]] = {
    Audience.MAINTENANCE: (
        Cadence(TouchKind.PERSONAL_CALL, 30, 10),
        Cadence(TouchKind.IN_PERSON, 90, 60),
        Cadence(TouchKind.HANDWRITTEN_NOTE, 90, 10),
        Cadence(TouchKind.REVIEW, 180, 60),
    ),
    Audience.FOCUS: (
        Cadence(TouchKind.FOCUS_CONVERSATION, 14, 10),
        Cadence(TouchKind.FOCUS_IN_PERSON, 45, 60),
        Cadence(TouchKind.VALUE_GIVEN, 30, 30),
        Cadence(TouchKind.LIGHT_TOUCH, 14, 5),
    ),
    Audience.CULTIVATION: (Cadence(TouchKind.PERSONAL_TOUCH, 42, 10),),
}


@dataclass(frozen=True)
class Playbook:
    """All cadences, the first touches and the thanks. `Playbook()` holds the guide's defaults."""

    cadences: Mapping[Audience, tuple[Cadence, ...]] = field(
        default_factory=lambda: dict(DEFAULT_CADENCES)
    )
    first_touch: FirstTouch = FirstTouch()
    thanks_minutes: int = 5

    def cadences_for(self, audience: Audience) -> tuple[Cadence, ...]:
        return self.cadences.get(audience, ())

    def weekly_minutes(self, counts: Mapping[Audience, int]) -> float:
        """Minutes a week that so many partners of each audience ask for.

        The first touches are spread evenly until the last of them. Occasions and thanks come on
        top: nobody can plan them by the week.
        """
        return sum(self.weekly_minutes_each(one) * number for one, number in counts.items())

    def weekly_minutes_each(self, audience: Audience) -> float:
        if audience == Audience.TOO_NEW:
            first = self.first_touch
            return (1 + len(first.days)) * first.minutes * DAYS_A_WEEK / first.days[-1]
        return sum(
            cadence.minutes * DAYS_A_WEEK / cadence.every_days
            for cadence in self.cadences_for(audience)
        )

    def to_dict(self) -> dict[str, Any]:
        """As JSON: {"maintenance": {"personal_call": {"every_days": 30, "minutes": 10}, ...}, ...}.

        Beside the audiences: {"first_touch": {"minutes", "working_days", "days"}} and
        {"thanks": {"minutes"}}.
        """
        rules: dict[str, Any] = {
            str(audience): {
                str(one.kind): {"every_days": one.every_days, "minutes": one.minutes}
                for one in cadences
            }
            for audience, cadences in self.cadences.items()
        }
        first = asdict(self.first_touch) | {"days": list(self.first_touch.days)}
        return rules | {"first_touch": first, "thanks": {"minutes": self.thanks_minutes}}

    @classmethod
    def from_dict(cls, rules: Mapping[str, Any]) -> "Playbook":
        """From `to_dict`; what is missing takes its default. Raises ValueError for nonsense."""
        defaults = cls().to_dict()
        _refuse_unknown(rules, defaults, "the play-book")
        cadences = {
            audience: tuple(
                _cadence(known, _part(_part(rules, audience), known.kind))
                for known in DEFAULT_CADENCES[audience]
            )
            for audience in DEFAULT_CADENCES
        }
        for audience, part in cadences.items():
            _refuse_unknown(_part(rules, audience), {one.kind: None for one in part}, audience)
        thanks = _part(rules, "thanks")
        _refuse_unknown(thanks, defaults["thanks"], "thanks")
        minutes = _number(thanks, "minutes", cls.thanks_minutes, MOST_MINUTES)
        return cls(cadences, _first_touch(_part(rules, "first_touch")), minutes)


def _part(rules: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = rules.get(name, {})
    if not isinstance(part, Mapping):
        raise ValueError(f"{name} must hold names and numbers.")
    return part


def _refuse_unknown(given: Mapping[str, Any], known: Mapping[str, Any], where: str) -> None:
    unknown = sorted(set(given) - {str(name) for name in known})
    if unknown:
        raise ValueError(f"Nothing is called {unknown[0]!r} in {where}.")


def _number(part: Mapping[str, Any], name: str, default: int, most: int) -> int:
    value = part.get(name, default)
    if type(value) is not int or not 1 <= value <= most:
        raise ValueError(f"{name} must be a whole number from 1 to {most}.")
    return value


def _cadence(default: Cadence, part: Mapping[str, Any]) -> Cadence:
    _refuse_unknown(part, {"every_days": None, "minutes": None}, default.kind)
    return Cadence(
        default.kind,
        _number(part, "every_days", default.every_days, MOST_DAYS),
        _number(part, "minutes", default.minutes, MOST_MINUTES),
    )


def _first_touch(part: Mapping[str, Any]) -> FirstTouch:
    default = FirstTouch()
    _refuse_unknown(part, asdict(default), "first_touch")
    days = part.get("days", default.days)
    whole = isinstance(days, list | tuple) and all(type(day) is int for day in days)
    if not whole or not days or list(days) != sorted(set(days)) or not days[0] >= 1:
        raise ValueError("days must be whole numbers, each later than the one before.")
    if days[-1] > MOST_DAYS:
        raise ValueError(f"days must not go beyond {MOST_DAYS}.")
    return FirstTouch(
        _number(part, "minutes", default.minutes, MOST_MINUTES),
        _number(part, "working_days", default.working_days, MOST_WORKING_DAYS),
        tuple(days),
    )

"""The play-book as a person reads it: which touch, for whom, how often, how it is done. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from tiers.verdict import Tier
from touches.cadences import Audience, Cadence, Playbook
from touches.kinds import KINDS, Fit, TouchKind

AUDIENCE_NAMES: dict[Audience, str] = {
    Audience.MAINTENANCE: "Maintenance",
    Audience.FOCUS: "Cultivation, on the focus list",
    Audience.CULTIVATION: "Cultivation, the rest",
    Audience.TOO_NEW: "Cultivation, too new to judge",
    Audience.NONE: "Cease",
}
AUDIENCE_TIERS: dict[Audience, Tier] = {
    Audience.MAINTENANCE: Tier.MAINTENANCE,
    Audience.FOCUS: Tier.CULTIVATION,
    Audience.CULTIVATION: Tier.CULTIVATION,
    Audience.TOO_NEW: Tier.CULTIVATION,
    Audience.NONE: Tier.CEASE,
}

FIT_NAMES: dict[Fit, str] = {
    Fit.CALL: "a call or a video that they answered",
    Fit.IN_PERSON: "a coffee, lunch, meeting, brainstorm or event",
    Fit.NOTE: "a handwritten note",
    Fit.REVIEW: "any conversation ticked “partnership review”",
    Fit.CONVERSATION: "any conversation",
    Fit.VALUE: "a class or an open house, or any touch ticked “value given”",
    Fit.LIGHT: "a text, an e-mail or a post",
    Fit.TOUCH: "any touch",
    Fit.GRATITUDE: "any touch to say thanks",
}


@dataclass(frozen=True)
class Line:
    """One planned touch; `minutes` is what it takes each time."""

    what: str
    often: str
    minutes: int
    done_by: str


@dataclass(frozen=True)
class Part:
    """What the play-book asks for with one kind of partner; `weekly` in minutes for each."""

    name: str
    tier: Tier | None
    lines: tuple[Line, ...]
    weekly: float | None = None


def in_words(playbook: Playbook) -> list[Part]:
    """The whole play-book, part by part, in the order of the tiers."""
    parts = [_part(playbook, audience) for audience in AUDIENCE_NAMES]
    thanks = _line(TouchKind.THANKS, "the same working day", playbook.thanks_minutes)
    return [*parts, Part("Everybody but Cease", None, (thanks,))]


def _part(playbook: Playbook, audience: Audience) -> Part:
    lines = tuple(_cadence(one) for one in playbook.cadences_for(audience))
    if audience == Audience.TOO_NEW:
        lines = _first_touches(playbook)
    weekly = playbook.weekly_minutes_each(audience) if lines else None
    return Part(AUDIENCE_NAMES[audience], AUDIENCE_TIERS[audience], lines, weekly)


def _cadence(cadence: Cadence) -> Line:
    often = "every day" if cadence.every_days == 1 else f"every {cadence.every_days} days"
    return _line(cadence.kind, often, cadence.minutes)


def _first_touches(playbook: Playbook) -> tuple[Line, ...]:
    first = playbook.first_touch
    within = "a working day" if first.working_days == 1 else f"{first.working_days} working days"
    often = f"within {within}, then on {_days(first.days)}"
    return (_line(TouchKind.FIRST_TOUCH, often, first.minutes),)


def _days(days: Sequence[int]) -> str:
    if len(days) == 1:
        return f"day {days[0]}"
    return f"days {', '.join(map(str, days[:-1]))} and {days[-1]}"


def _line(kind: TouchKind, often: str, minutes: int) -> Line:
    fit = KINDS[kind].fit
    return Line(KINDS[kind].label, often, minutes, FIT_NAMES[fit] if fit else "")

"""Whether a co-branded piece is to come, live or over, from its days. Pure."""

from datetime import date
from enum import StrEnum


class State(StrEnum):
    LIVE = "live"
    TO_COME = "to_come"
    ENDED = "ended"
    CALLED_OFF = "called_off"


LABELS = {
    State.LIVE: "Live",
    State.TO_COME: "To come",
    State.ENDED: "Ended",
    State.CALLED_OFF: "Called off",
}


def state_of(starts_on: date, ends_on: date | None, called_off: bool, today: date) -> State:
    """The last day still counts as live."""
    if called_off:
        return State.CALLED_OFF
    if starts_on > today:
        return State.TO_COME
    return State.ENDED if ends_on is not None and ends_on < today else State.LIVE


def when_in_words(starts_on: date, ends_on: date | None) -> str:
    """Such as "March 2, 2026 to April 1, 2026", or "from March 2, 2026"."""
    begins = _day(starts_on)
    if ends_on is None:
        return f"from {begins}"
    return begins if starts_on == ends_on else f"{begins} to {_day(ends_on)}"


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"

"""What became of the events and of the seals that do not fit: changed, or in another's place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.contrib.auth import get_user_model

from audit.sealing import Deed, Link, mac_of

# To find its place each seal is tried at each place behind each other one.
MOST_TO_PLACE = 20


@dataclass(frozen=True)
class BadEvent:
    """An event that is not as it was sealed: what it says now, and both proofs."""

    event_id: int
    deed: Deed
    sealed: str
    found: str


@dataclass(frozen=True)
class BadLink:
    """A seal whose code does not follow from the one before it."""

    link: Link
    mac: str
    previous: str


def of_events(misfits: Sequence[BadEvent]) -> Iterator[str]:
    """A sentence for each: two that have each other's proofs changed places."""
    names = _names(misfits)
    by_sealed = {bad.sealed: bad for bad in misfits}
    told: set[int] = set()
    for bad in misfits:
        if bad.event_id in told:
            continue
        origin = by_sealed.get(bad.found)
        if origin and origin.found == bad.sealed:
            told.add(origin.event_id)
            yield f"Events {bad.event_id} and {origin.event_id} changed places."
        elif origin:
            yield f"Event {bad.event_id} holds what event {origin.event_id} said."
        else:
            who = names.get(bad.deed.actor_id, "the system")
            yield (
                f"Event {bad.event_id} was changed. It says now: {bad.deed.action} by {who} at "
                f"{moment(bad.deed.at)}, {bad.deed.target_type} {bad.deed.target_id}."
            )


def moment(at: datetime | None) -> str:
    """Such as 2026-06-15 11:00:03 UTC; on SQLite a changed time may be none."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if at else "no time"


def _names(misfits: Sequence[BadEvent]) -> dict[int | None, str]:
    people = get_user_model()._base_manager.in_bulk(
        {bad.deed.actor_id for bad in misfits if bad.deed.actor_id}
    )
    unknown = {bad.deed.actor_id: "nobody who exists" for bad in misfits if bad.deed.actor_id}
    return {**unknown, **{pk: str(person) for pk, person in people.items()}}


def of_links(misfits: Sequence[BadLink], keys: Mapping[str, bytes]) -> Iterator[str]:
    """A sentence for each that is itself at fault; none for those that only stand behind one."""
    places = [bad.link.number for bad in misfits]
    befores = {code for bad in misfits for code in (bad.mac, bad.previous)}
    for bad in misfits:
        place = None
        if len(misfits) <= MOST_TO_PLACE:
            place = _place_of(bad, places, befores, keys[bad.link.key_id])
        event = f"of event {bad.link.event_id}"
        if place is None:
            yield f"Seal {bad.link.number} {event} was changed or put in."
        elif place != bad.link.number:
            yield f"Seal {bad.link.number} {event} was made as seal {place}: the order was changed."


def _place_of(bad: BadLink, places: Sequence[int], befores: set[str], key: bytes) -> int | None:
    """The number as which this seal was made; None where it was not made with our keys so."""
    for place in [bad.link.number, *places]:
        link = replace(bad.link, number=place)
        if any(mac_of(key, link, before) == bad.mac for before in befores):
            return place
    return None

"""What a hand-over changes, in sentences. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Going:
    """Who gives partners to whom, and what is different there."""

    from_name: str
    to_name: str
    from_zone: str
    to_zone: str
    # Blank for who belongs to no branch.
    from_branch: str
    to_branch: str
    # The policy that their tiers are judged by then, where it is another one.
    other_policy: int | None = None
    # Who helps the one and not the other.
    losing: tuple[str, ...] = ()
    gaining: tuple[str, ...] = ()
    # On the focus list of who gives them.
    places: int = 0


def notes_of(going: Going) -> list[str]:
    """What a person should know before they hand over, the usual first."""
    return list(_notes(going))


def _notes(going: Going) -> Iterator[str]:
    old, new = going.from_name, going.to_name
    yield (
        f"Tiers, overrides, next steps and what was put off go along. What {old} logged stays"
        f" {old}’s effort."
    )
    if going.places:
        places = "1 place" if going.places == 1 else f"{going.places} places"
        end = "ends" if going.places == 1 else "end"
        yield f"{places} on {old}’s focus list {end}; {new} can pin them, or wait for Monday’s."
    if going.from_branch != going.to_branch:
        there = f"in {going.to_branch}" if going.to_branch else "outside of any branch"
        yield f"They are {there} from then on: who manages the old branch sees them no more."
    if going.other_policy:
        yield f"There tiers follow policy {going.other_policy}, so some may change at once."
    if going.from_zone != going.to_zone:
        yield f"Days are counted in {_place(going.to_zone)} then, as {new} works there."
    for helper in going.losing:
        yield f"{helper}, who helps {old}, sees them no more."
    for helper in going.gaining:
        yield f"{helper}, who helps {new}, sees them from then on."


def _place(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ") + " time"

"""What is in somebody's hands, told by the apps that know: the page of a person asks for it.

Each app registers its own in a module of this name, and accounts knows none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True)
class Belonging:
    """So many of one thing: "3 partners", and where they are listed."""

    count: int
    what: str
    href: str


Teller = Callable[[User], Belonging]
_tellers: list[Teller] = []


def register(teller: Teller) -> Teller:
    """Make a way of telling known, in the order in which apps are loaded."""
    _tellers.append(teller)
    return teller


def belongings_of(person: User) -> list[Belonging]:
    """What is theirs, without what there is none of."""
    return [belonging for teller in _tellers if (belonging := teller(person)).count]

"""What the two databases have in common when they are copied and counted."""

from collections.abc import Mapping
from dataclasses import dataclass

# Whoever stole a backup must not be signed in by it: its rows are in none.
LEFT_OUT = "django_session"


class CannotCopy(Exception):
    """The sentence says what to do."""


@dataclass(frozen=True)
class Dump:
    """What one snapshot held: the rows of each table but `LEFT_OUT`, and the migrations."""

    counts: Mapping[str, int]
    migrations: tuple[str, ...]
    server: int = 0


def differences(said: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    """Tables whose rows do not agree, in words."""
    return [
        f"{table}: {said.get(table, 'no table')} expected, {found.get(table, 'no table')} found"
        for table in sorted(said.keys() | found.keys())
        if said.get(table) != found.get(table)
    ]

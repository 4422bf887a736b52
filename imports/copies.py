"""Which interactions without a key the book does not have yet: copies are counted.

A file with three equal calls, imported into a book that has two of them, adds one. Where the file
names no officer, a copy of any officer counts: a partner may have been handed over since.
"""

from collections import Counter
from datetime import date
from hashlib import blake2b
from typing import Any


def content(partner: str, day: date, *facts: Any) -> bytes:
    """A short stand-in for what an interaction says, its officer apart."""
    text = "\x1f".join(map(str, (partner, day, *facts))).replace("\r\n", "\n")
    return blake2b(text.encode(), digest_size=16).digest()


class Copies:
    """Counts copies: `expect` each of the file, `find` each of the book, then ask `is_missing`."""

    def __init__(self) -> None:
        # By content and the officer's e-mail; blank where the file names none.
        self.expected: Counter[tuple[bytes, str]] = Counter()
        self.found: Counter[tuple[bytes, str]] = Counter()
        self.of_any_officer: Counter[bytes] = Counter()

    def expect(self, said: bytes, officer: str) -> None:
        self.expected[said, officer] += 1

    def find(self, said: bytes, officer: str) -> None:
        self.found[said, officer] += 1
        self.of_any_officer[said] += 1

    def settle(self) -> None:
        """Keep back, for rows that name their officer, the copies of that officer."""
        for (said, officer), times in self.expected.items():
            held = self.found[said, officer] if officer else 0
            if held:
                self.of_any_officer[said] -= min(times, held)

    def is_missing(self, said: bytes, officer: str) -> bool:
        """Tell whether one more copy must be added; each call uses up one of the book's copies."""
        left = self.found[said, officer] if officer else self.of_any_officer[said]
        if left <= 0:
            return True
        if officer:
            self.found[said, officer] -= 1
        else:
            self.of_any_officer[said] -= 1
        return False

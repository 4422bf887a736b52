"""What the writers of one import share: the book, its people and partners, and what was done."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import TypeVar

from accounts.models import Role, User
from accounts.services import add_person
from imports.book import Book

# Rows written by one statement.
SLICE = 1_000
# A word about the progress after so many rows.
STEP = 20_000

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Held:
    """A partner of the book that is in the database."""

    pk: int
    owner: User


class People:
    """Everybody who signs in, by e-mail; who is missing is made, without a usable password."""

    def __init__(self) -> None:
        self.by_email = {user.email: user for user in User.objects.all()}
        self.by_id = {user.pk: user for user in self.by_email.values()}

    def named(self, email: str) -> User:
        if email not in self.by_email:
            user = add_person(actor=None, email=email, name=_name(email), role=Role.OFFICER)
            self.by_email[email] = self.by_id[user.pk] = user
        return self.by_email[email]


@dataclass
class Load:
    """One import on its way into the database."""

    book: Book
    people: People
    now: datetime
    tell: Callable[[str], None]
    held: dict[str, Held] = field(default_factory=dict)
    # Partners to be judged, as something about them changed.
    touched: set[int] = field(default_factory=set)
    # The officers' own tiers, by the day on which they came.
    labels: defaultdict[date, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    # How many of what, by owner.
    done: Counter[tuple[int, str]] = field(default_factory=Counter)

    def note(self, owner: User, what: str) -> None:
        self.done[owner.pk, what] += 1

    def slices(self, rows: Iterable[Item], file: str) -> Iterator[list[Item]]:
        """The rows of a file in slices, with a word about the progress now and then."""
        rows, written = iter(rows), 0
        while part := list(islice(rows, SLICE)):
            yield part
            written += len(part)
            if written % STEP == 0:
                self.tell(f"Wrote {written:,} rows of {file}.")


def _name(email: str) -> str:
    """A name to begin with: jane.doe@example.com is Jane Doe."""
    local = email.partition("@")[0]
    return " ".join(word.capitalize() for word in re.split(r"[._+-]+", local) if word) or local

"""Pages of a list that do not count it: one row more than is shown tells whether more follow."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: list[Row]
    number: int
    has_next: bool

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.has_next else None


def page_number(text: str | None) -> int:
    """The number of a page from the address bar; 1 for anything that is none."""
    if text and text.isascii() and text.isdigit() and len(text) < 7:
        return max(int(text), 1)
    return 1


def row_keys(texts: Iterable[object]) -> list[int]:
    """The keys of rows among what an address or a form names; nonsense is left out."""
    found = [str(text) for text in texts]
    return [int(text) for text in found if text.isascii() and text.isdigit() and len(text) < 19]


def page_of(rows: QuerySet[Row], number: int, size: int) -> Page[Row]:
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    return Page(found[:size], number, len(found) > size)

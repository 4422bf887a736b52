"""The kinds of digest: what each is called, and on which days it comes. Pure."""

from dataclasses import dataclass

MONDAYS = frozenset({0})
WORKDAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))

# By their names in `mailing.kinds`.
DAILY, MONDAY = "daily_digest", "monday_pack"


@dataclass(frozen=True)
class DigestWords:
    """What a kind is called, at the head of a page and within a sentence; and what goes on when
    it is stopped.
    """

    label: str
    called: str
    still: str


WORDS: dict[str, DigestWords] = {
    DAILY: DigestWords("Daily digest", "daily digest", "Today still shows what is due."),
    MONDAY: DigestWords(
        "Monday pack", "Monday pack", "The page of your branch still shows the figures."
    ),
}


def days_of(kind: str, *, on_weekends: bool) -> frozenset[int]:
    """The days of the week on which a kind comes, Monday being 0."""
    if kind == MONDAY:
        return MONDAYS
    return EVERY_DAY if on_weekends else WORKDAYS

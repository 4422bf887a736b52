"""A line as it is about to be entered: what a form said, read as values. Pure.

A draft keeps plain texts, as other parts of the house begin drafts too; what cannot be read as
what it should be is None, and the checks ask for it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from typing import Any

from ledger.kinds import KINDS, WAYS, Kind, Way

CENT = Decimal("0.01")
MOST = Decimal("9999999.99")
LONGEST_NAME = 120
MOST_ATTENDEES = 10_000

# The names of the line form. `statement` is the number of the one that was on the page.
SAID = (
    *("way", "kind", "day", "description", "payer", "payer_name", "cost", "market_value"),
    *("attendees", "person_present", "purpose", "discussed", "ground", "ground_words"),
    *("deliverable", "benchmark", "benchmark_source", "share_of_piece", "share_of_cost"),
    *("paid_back", "is_raffle", "partners", "others", "stated", "stated_name", "statement"),
)

# Fields of one kind alone: what is left in them after another was chosen says nothing.
ONLY_OF = {
    "deliverable": Kind.SPONSORSHIP,
    "benchmark": Kind.SPONSORSHIP,
    "benchmark_source": Kind.SPONSORSHIP,
    "share_of_piece": Kind.MARKETING,
    "share_of_cost": Kind.MARKETING,
}


@dataclass(frozen=True)
class Other:
    """A recipient who is no partner."""

    name: str
    company: str = ""


@dataclass(frozen=True)
class Entry:
    """Money in US dollars, for all together; shares in percent. None: not said, or unreadable."""

    way: str = Way.GIVEN
    kind: str = ""
    day: date | None = None
    description: str = ""
    payer: str = ""
    payer_name: str = ""
    cost: Decimal | None = None
    market_value: Decimal | None = None
    attendees: int | None = None
    person_present: str = ""
    purpose: str = ""
    discussed: str = ""
    ground: str = ""
    ground_words: str = ""
    deliverable: str = ""
    benchmark: Decimal | None = None
    benchmark_source: str = ""
    share_of_piece: Decimal | None = None
    share_of_cost: Decimal | None = None
    paid_back: Decimal | None = None
    is_raffle: bool = False
    partners: tuple[int, ...] = ()
    others: tuple[Other, ...] = ()
    stated: bool = False
    stated_name: str = ""
    statement: int | None = None

    @property
    def is_given(self) -> bool:
        return self.way == Way.GIVEN


def read(said: Mapping[str, Any]) -> Entry:
    """What a draft says, as values. An unsaid market value is what it cost."""
    kind = _listed(said.get("kind"), KINDS)
    said = {name: value for name, value in said.items() if ONLY_OF.get(name, kind) == kind}
    cost = _money(said.get("cost"))
    text = {name: _text(said.get(name)) for name in _TEXTS}
    return Entry(
        **text,
        way=_listed(said.get("way") or Way.GIVEN, WAYS),
        kind=kind,
        day=_day(said.get("day")),
        cost=cost,
        market_value=_money(said.get("market_value")) if said.get("market_value") else cost,
        attendees=_number(said.get("attendees"), 1, MOST_ATTENDEES),
        benchmark=_money(said.get("benchmark")),
        share_of_piece=_percent(said.get("share_of_piece")),
        share_of_cost=_percent(said.get("share_of_cost")),
        paid_back=_money(said.get("paid_back")),
        is_raffle=bool(said.get("is_raffle")),
        partners=tuple(dict.fromkeys(_keys(said.get("partners") or ()))),
        others=tuple(others_of(_text(said.get("others"), lines=True))),
        stated=bool(said.get("stated")),
        statement=_number(said.get("statement"), 1, 10**6),
    )


_TEXTS = (
    *("description", "payer", "payer_name", "person_present", "purpose", "discussed", "ground"),
    *("ground_words", "deliverable", "benchmark_source", "stated_name"),
)


def others_of(text: str) -> list[Other]:
    """Lines such as "Ann Lee, Harbor Homes"; one name comes once with a company."""
    found: dict[tuple[str, str], Other] = {}
    for line in text.splitlines():
        name, _, company = line.partition(",")
        other = Other(" ".join(name.split()), " ".join(company.split()))
        if other.name:
            found.setdefault((other.name.casefold(), other.company.casefold()), other)
    return list(found.values())


def shares(value: Decimal, heads: int) -> list[Decimal]:
    """The value divided among heads to the cent; together they are the value, exactly."""
    each = (value / heads).quantize(CENT, ROUND_DOWN)
    cents_left = int((value - each * heads) / CENT)
    return [each + CENT if head < cents_left else each for head in range(heads)]


def most_within(days: Sequence[date], day: date, span: int) -> int:
    """How many of these days lie in the fullest stretch of `span` days that holds `day`.

    `days` are the others; `day` itself counts too.
    """
    around = sorted([*(other for other in days if abs((other - day).days) < span), day])
    return max(
        sum(1 for other in around if 0 <= (other - first).days < span)
        for first in around
        if first <= day
    )


def _text(value: Any, *, lines: bool = False) -> str:
    text = str(value or "").replace("\0", "").replace("\r\n", "\n").strip()
    return text if lines else re.sub(r"[^\S\n]+", " ", text)


def _listed(value: Any, names: Mapping[str, str]) -> str:
    return str(value) if value is not None and str(value) in names else ""


def _decimal(value: Any, most: Decimal) -> Decimal | None:
    try:
        number = Decimal(str(value).strip().replace(",", "").removeprefix("$"))
    except InvalidOperation:
        return None
    fits = number.is_finite() and 0 <= number <= most
    return number.quantize(CENT) if fits and number == number.quantize(CENT) else None


def _money(value: Any) -> Decimal | None:
    return _decimal(value, MOST)


def _percent(value: Any) -> Decimal | None:
    return _decimal(value, Decimal(100))


def _number(value: Any, least: int, most: int) -> int | None:
    text = str(value or "").strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
    return number if least <= number <= most else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def _keys(values: Sequence[Any]) -> list[int]:
    texts = [str(value) for value in values]
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]

"""What the sides of a co-branded piece do and pay, and whether that adds up. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

WHOLE = Decimal(100)


@dataclass(frozen=True)
class Side:
    """Percent of the piece, and dollars of its cost."""

    share: Decimal
    cost: Decimal


def objections(sides: Sequence[Side], total: Decimal) -> tuple[str, ...]:
    """What does not add up, each as a sentence that says by how much; empty when it fits.

    A side without any share of the piece is none.
    """
    shares = sum((side.share for side in sides), Decimal(0))
    costs = sum((side.cost for side in sides), Decimal(0))
    found = []
    if shares != WHOLE:
        off = _off(WHOLE - shares, _percent)
        found.append(f"The shares of the piece come to {_percent(shares)}, not 100 %: {off}.")
    if costs != total:
        off = _off(total - costs, _dollars)
        said = f"What the sides pay comes to {_dollars(costs)}, not {_dollars(total)}"
        found.append(f"{said}: {off}.")
    if any(side.share == 0 for side in sides):
        found.append("Each side needs a share of the piece: one without any has no part in it.")
    return tuple(found)


def percent_of_cost(side: Side, total: Decimal) -> Decimal | None:
    """What percent of the whole cost a side pays, to two places; None for what costs nothing."""
    return (side.cost / total * WHOLE).quantize(Decimal("0.01")) if total else None


def pays_over_its_share(side: Side, total: Decimal) -> bool:
    """Whether a side pays a larger part of the cost than its part of the piece, by over a cent."""
    return side.cost * WHOLE - side.share * total > WHOLE * Decimal("0.01")


def _off(missing: Decimal, in_words: Callable[[Decimal], str]) -> str:
    return f"{in_words(abs(missing))} {'is missing' if missing > 0 else 'too much'}"


def _percent(number: Decimal) -> str:
    return f"{_plain(number)} %"


def _dollars(number: Decimal) -> str:
    cents = number != number.to_integral_value()
    return f"${number:,.2f}" if cents else f"${number:,.0f}"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"

"""Whether what an officer gave to partners goes along with what these referred: pure.

A report of compliance alone. It holds back nothing by itself, and nothing else reads it.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import sqrt

# With fewer recipients a figure says nothing, whatever it is.
LEAST_RECIPIENTS = 10
# Where value has nothing to do with referrals, rho lies within this many times 1/sqrt(n-1) of 0 in
# 19 of 20 cases, and in 99 of 100: the two-sided 5 and 1 percent points of the normal curve.
ONCE_IN_20 = 1.96
ONCE_IN_100 = 2.576


class Reading(StrEnum):
    TOO_FEW = "too_few"
    ALL_ALIKE = "all_alike"
    NO_SIGN = "no_sign"
    SOME = "some"
    STRONG = "strong"
    OTHER_WAY = "other_way"


WORDS: dict[str, str] = {
    Reading.TOO_FEW: "Too few recipients to say anything",
    Reading.ALL_ALIKE: "Nothing to compare: all had the same value, or referred the same",
    Reading.NO_SIGN: "No sign that value follows referrals",
    Reading.SOME: "Some sign: chance alone does this once in 20",
    Reading.STRONG: "A strong sign: chance alone does this once in 100",
    Reading.OTHER_WAY: "The other way round: more went to those who refer less",
}


@dataclass(frozen=True)
class Share:
    """How many of some partners referred somebody."""

    referred: int
    of: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.referred / self.of) if self.of else None


@dataclass(frozen=True)
class Neutrality:
    """What was found of one officer; `rho` is None where there is nothing to compare."""

    recipients: int
    rho: float | None
    reading: Reading
    received: Share
    others: Share

    @property
    def words(self) -> str:
        return WORDS[self.reading]

    @property
    def limit(self) -> float | None:
        """From which rho on there is some sign."""
        if self.reading == Reading.TOO_FEW:
            return None
        return ONCE_IN_20 / sqrt(self.recipients - 1)


def neutrality(
    given: Mapping[str, Decimal], referrals: Mapping[str, int], active: Set[str]
) -> Neutrality:
    """Compare the value that each partner was given with how many they referred.

    All by the partner's key: `given` in dollars, by those who were given something, `referrals`
    whoever referred, `active` the officer's active partners.
    """
    keys = [key for key, value in given.items() if value > 0]
    others = active - set(keys)
    rho = None
    if len(keys) >= LEAST_RECIPIENTS:
        rho = rank_correlation(
            [given[key] for key in keys], [referrals.get(key, 0) for key in keys]
        )
    return Neutrality(
        recipients=len(keys),
        rho=rho,
        reading=reading_of(rho, len(keys)),
        received=Share(sum(referrals.get(key, 0) > 0 for key in keys), len(keys)),
        others=Share(sum(referrals.get(key, 0) > 0 for key in others), len(others)),
    )


def rank_correlation(one: Sequence[Decimal], other: Sequence[int]) -> float | None:
    """Spearman's rho of two lists of the same length; None where one of them is all alike."""
    ranks, other_ranks = mean_ranks(one), mean_ranks(other)
    middle = len(one) + 1
    pairs = [(a - middle, b - middle) for a, b in zip(ranks, other_ranks, strict=True)]
    spread = sum(a * a for a, _ in pairs) * sum(b * b for _, b in pairs)
    if not spread:
        return None
    return sum(a * b for a, b in pairs) / sqrt(spread)


def mean_ranks(values: Sequence[Decimal] | Sequence[int]) -> list[int]:
    """Twice the rank of each, from 1 on: those that are alike share the mean of their ranks.

    Twice, so that a mean is a whole number and nothing is rounded.
    """
    first: dict[Decimal | int, int] = {}
    last: dict[Decimal | int, int] = {}
    ordered: list[Decimal | int] = sorted(values)
    for place, value in enumerate(ordered, start=1):
        first.setdefault(value, place)
        last[value] = place
    return [first[value] + last[value] for value in values]


def reading_of(rho: float | None, recipients: int) -> Reading:
    """What a rho says, given how many were compared."""
    if recipients < LEAST_RECIPIENTS:
        return Reading.TOO_FEW
    if rho is None:
        return Reading.ALL_ALIKE
    strength = abs(rho) * sqrt(recipients - 1)
    if strength < ONCE_IN_20:
        return Reading.NO_SIGN
    if rho < 0:
        return Reading.OTHER_WAY
    return Reading.STRONG if strength >= ONCE_IN_100 else Reading.SOME

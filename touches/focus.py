"""Who stands on the focus list, in which order, and why. Pure.

Source: the points of the focus list in docs/playbook.md.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tiers.verdict import Rule

MOST_PLACES = 15
REFERRED_WITHIN_DAYS = 365
HIGHEST_SYNERGY = 5

RISING_STAR, WIN_BACK, REFERRED, TOO_NEW = "rising_star", "win_back", "referred", "too_new"
# For who has no points: nothing but the wait gave the place.
WAITED = "waited"
SYNERGY = "synergy_"

POINTS = {RISING_STAR: 5, WIN_BACK: 3, REFERRED: 2, TOO_NEW: 1, WAITED: 0} | {
    f"{SYNERGY}{score}": 2 * score for score in range(1, HIGHEST_SYNERGY + 1)
}

REASONS: dict[str, str] = {
    RISING_STAR: "rising star",
    WIN_BACK: "worth winning back",
    **{f"{SYNERGY}{score}": f"synergy {score}" for score in range(1, HIGHEST_SYNERGY + 1)},
    REFERRED: "referred in the last year",
    TOO_NEW: "too new to judge",
    WAITED: "ranked by the last touch",
}


@dataclass(frozen=True)
class Candidate:
    """A Cultivation partner as the focus list sees one."""

    partner_id: int
    rule: str
    flags: Collection[str] = ()
    # Null where nobody answered the questions.
    synergy: int | None = None
    last_referral_on: date | None = None
    # The last touch, of any kind; null where there was none.
    last_touch_on: date | None = None
    is_pinned: bool = False


@dataclass(frozen=True)
class Place:
    """A place on the list; 1 is the first."""

    partner_id: int
    rank: int
    score: int
    reasons: tuple[str, ...]


def reasons_of(candidate: Candidate, today: date) -> tuple[str, ...]:
    """The codes of what gives points, the most telling first; WAITED where nothing does."""
    last = candidate.last_referral_on
    held = {
        RISING_STAR: RISING_STAR in candidate.flags,
        WIN_BACK: WIN_BACK in candidate.flags,
        f"{SYNERGY}{candidate.synergy}": bool(candidate.synergy),
        REFERRED: last is not None and last >= today - timedelta(days=REFERRED_WITHIN_DAYS),
        TOO_NEW: candidate.rule == Rule.TOO_NEW,
    }
    return tuple(code for code, holds in held.items() if holds) or (WAITED,)


def score_of(reasons: Iterable[str]) -> int:
    """5 rising star + 3 win-back + 2 x synergy + 2 a referral in 365 days + 1 too new."""
    return sum(POINTS[code] for code in reasons)


def choose(
    candidates: Iterable[Candidate], today: date, most: int = MOST_PLACES
) -> tuple[Place, ...]:
    """The best candidates in their order, and the pinned ones where their points put them."""
    ordered = sorted(candidates, key=lambda candidate: _order(candidate, today))
    pinned = [candidate for candidate in ordered if candidate.is_pinned]
    others = [candidate for candidate in ordered if not candidate.is_pinned]
    chosen = {candidate.partner_id for candidate in (*pinned, *others)[:most]}
    places = (candidate for candidate in ordered if candidate.partner_id in chosen)
    return tuple(place_of(candidate, today, rank) for rank, candidate in enumerate(places, start=1))


def place_of(candidate: Candidate, today: date, rank: int) -> Place:
    reasons = reasons_of(candidate, today)
    return Place(candidate.partner_id, rank, score_of(reasons), reasons)


def _order(candidate: Candidate, today: date) -> tuple[int, date, int]:
    """By points; then whoever waits longest for a touch, first those who never had one."""
    score = score_of(reasons_of(candidate, today))
    return -score, candidate.last_touch_on or date.min, candidate.partner_id


def in_words(reasons: Iterable[str]) -> str:
    """`Rising star · synergy 4 · referred in the last year`."""
    text = " · ".join(REASONS[code] for code in reasons)
    return text[:1].upper() + text[1:]

"""The same figures for each officer of a scope. Pure."""

from collections import Counter
from collections.abc import Iterable

from insights.counting.touches import effort_of
from insights.facts import Book
from insights.report import ARCHIVED, OfficerLine, Rate, TiersOn
from insights.sets import LIMITS, Sets
from tiers.verdict import Tier

By = dict[str, Counter[int]]


def officers(book: Book, sets: Sets) -> tuple[OfficerLine, ...]:
    """A line for each officer, by name: their own touches, all else by today's owner."""
    owned, minutes = _by_owner(book, sets), _minutes(book, sets)
    unknown = Counter(book.touches[key].officer_id for key in sets["effort:unknown"].keys)
    return tuple(
        OfficerLine(
            officer_id=one.pk,
            name=one.name,
            tiers=TiersOn(book.end, *(owned[f"tier:{tier}"][one.pk] for tier in Tier)),
            effort=effort_of({tier: minutes[tier][one.pk] for tier in Tier}, unknown[one.pk]),
            covered=Rate(owned["covered"][one.pk], owned["looked after"][one.pk]),
            promoted=Rate(owned["promoted"][one.pk], owned["from cultivation"][one.pk]),
            received=owned["received"][one.pk],
            waiting=owned["waiting"][one.pk],
            last_touch_on=one.last_touch_on,
        )
        for one in book.officers
    )


def _minutes(book: Book, sets: Sets) -> dict[Tier, Counter[int]]:
    found = {}
    for tier in Tier:
        found[tier] = counted = Counter[int]()
        for key in sets[f"effort:{tier}"].keys:
            touch = book.touches[key]
            counted[touch.officer_id] += touch.minutes
    return found


def _by_owner(book: Book, sets: Sets) -> By:
    """How many rows of some sets each owner has."""
    moves = {after: f"move:{Tier.CULTIVATION}:{after}" for after in (*Tier, ARCHIVED)}
    covered = [f"covered:{audience}" for audience in LIMITS]
    partners = {
        **{f"tier:{tier}": [f"tier:{tier}"] for tier in Tier},
        "covered": covered,
        "looked after": [*covered, *(f"un{name}" for name in covered)],
        "promoted": [moves[Tier.MAINTENANCE]],
        "from cultivation": list(moves.values()),
    }
    referrals = {
        "received": ["contact:made", "contact:waiting", "contact:undated"],
        "waiting": ["waiting"],
    }
    by_partner = {name: _keys(sets, named) for name, named in partners.items()}
    by_referral = {
        name: [book.referrals[key].partner_id for key in _keys(sets, named)]
        for name, named in referrals.items()
    }
    return {
        name: Counter(book.partners[key].owner_id for key in keys)
        for name, keys in {**by_partner, **by_referral}.items()
    }


def _keys(sets: Sets, names: Iterable[str]) -> list[int]:
    return [key for name in names if name in sets for key in sets[name].keys]

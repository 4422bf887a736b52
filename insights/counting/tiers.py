"""Tiers, movement, and what stands out about the book. Pure."""

from insights.facts import NO_CODES, Book, PartnerFact
from insights.report import (
    ARCHIVED,
    NEW,
    AtRisk,
    Flagged,
    Flow,
    Freed,
    Movement,
    Mover,
    Rate,
    TiersOn,
)
from insights.sets import AT_RISK, Sets
from insights.span import days_over_time
from tiers.verdict import Tier

DAYS_BEFORE_CEASE, WEEK = 90, 7


def tiers_over_time(book: Book, sets: Sets) -> tuple[TiersOn, ...]:
    return tuple(
        TiersOn(day, *(len(sets[f"tier:{tier}:{day}"]) for tier in Tier))
        for day in days_over_time(book.end)
    )


def movement(sets: Sets) -> Movement:
    """Tiers at the start by those at the end; promotion is from Cultivation to Maintenance."""
    flows = [
        Flow(before, after, len(sets[name]))
        for before in (*Tier, NEW)
        for after in (*Tier, ARCHIVED)
        if (name := f"move:{before}:{after}") in sets
    ]
    started = [flow for flow in flows if flow.before == Tier.CULTIVATION]
    promoted = sum(flow.count for flow in started if flow.after == Tier.MAINTENANCE)
    return Movement(tuple(flows), Rate(promoted, sum(flow.count for flow in started)))


def movers(book: Book, sets: Sets) -> tuple[Mover, ...]:
    """Who stands in another tier than at the start, the last ones first."""
    found = [
        _mover(book, book.partners[key], before, after)
        for before in Tier
        for after in Tier
        if before != after
        if (name := f"move:{before}:{after}") in sets
        for key in sets[name].keys
    ]
    return tuple(sorted(found, key=lambda mover: (-mover.on.toordinal(), mover.partner_id)))


def _mover(book: Book, partner: PartnerFact, before: Tier, after: Tier) -> Mover:
    history = book.history(partner.pk)
    codes = book.codes.get(partner.pk, NO_CODES)
    return Mover(
        partner_id=partner.pk,
        name=partner.name,
        owner=partner.owner,
        before=before,
        after=after,
        on=history.entered(after, book.start, book.end) or book.end,
        overridden=history.override_on(book.end) is not None,
        rule=codes.rule,
        reasons=codes.reasons,
        flags=codes.flags,
    )


def freed(book: Book, sets: Sets) -> tuple[Freed, ...]:
    """Who went to Cease in the period, and the weekly minutes that they had before."""
    found = []
    for key in sets["freed"].keys:
        partner = book.partners[key]
        on = book.history(key).entered(Tier.CEASE, book.start, book.end) or book.end
        minutes = sum(touch.minutes for touch in book.before_cease[key])
        weekly = minutes * WEEK / DAYS_BEFORE_CEASE
        found.append(Freed(key, partner.name, partner.owner, on, weekly))
    return tuple(sorted(found, key=lambda one: (-one.on.toordinal(), one.partner_id)))


def health(sets: Sets) -> tuple[Flagged, ...]:
    """How many of each tier carry each flag; those that nobody carries are left out."""
    found = [name.split(":")[1:] for name in sets if name.startswith("flag:")]
    order = list(Tier)
    return tuple(
        Flagged(Tier(tier), flag, len(sets[f"flag:{tier}:{flag}"]))
        for tier, flag in sorted(found, key=lambda each: (order.index(Tier(each[0])), each[1]))
    )


def at_risk(book: Book, sets: Sets) -> tuple[AtRisk, ...]:
    """Partners who may be lost soon: by what is most urgent, then the longest silence."""
    rows = [book.partners[key] for key in sets["at_risk"].keys]
    return tuple(
        AtRisk(
            partner_id=partner.pk,
            name=partner.name,
            owner=partner.owner,
            tier=_tier_at_end(book, partner),
            flags=partner.flags,
            last_conversation_on=partner.last_conversation_on,
        )
        for partner in sorted(rows, key=_urgency)
    )


def _urgency(partner: PartnerFact) -> tuple[int, int, int]:
    last = partner.last_conversation_on
    first = min(AT_RISK.index(flag) for flag in partner.flags if flag in AT_RISK)
    return first, last.toordinal() if last else 0, partner.pk


def _tier_at_end(book: Book, partner: PartnerFact) -> Tier:
    tier = book.tier_on(partner, book.end)
    assert tier is not None  # noqa: S101 - for the type checker: the set holds none without a tier
    return tier

"""Counts a report from a book. Pure; every count is the length of a set of rows.

The formulas stand in docs/figures.md.
"""

from collections import Counter
from collections.abc import Iterable
from statistics import median

from insights.facts import Book, PartnerFact
from insights.report import (
    ARCHIVED,
    NEW,
    AtRisk,
    Concentration,
    Conversion,
    Covered,
    Effort,
    Exchange,
    FirstContact,
    Flagged,
    Flow,
    Freed,
    Lost,
    Movement,
    Mover,
    OfficerLine,
    Rate,
    Report,
    Sender,
    Thanks,
    TiersOn,
    Waiting,
)
from insights.sets import AT_RISK, LIMITS, REACHED, Rows, sets_of
from insights.span import conversion_months, days_over_time, is_open
from tiers.verdict import Tier

# How many of those at risk a report names.
AT_RISK_NAMED = 25
DAYS_BEFORE_CEASE, WEEK = 90, 7
Sets = dict[str, Rows]


def report_of(book: Book) -> Report:
    """All figures of a book."""
    sets = sets_of(book)
    at_risk = at_risk_of(book, sets)
    tiers = tiers_over_time(book, sets)
    return Report(
        start=book.start,
        end=book.end,
        counted_at=book.counted_at,
        partners=tiers[-1].total,
        tiers_over_time=tiers,
        movement=movement(sets),
        movers=movers(book, sets),
        effort=effort(book, sets),
        coverage=coverage(sets),
        conversion=conversion(book, sets),
        conversion_undated=len(sets["conversion:undated"]),
        pull_through=pull_through(sets),
        pull_through_undated=len(sets["pull:undated"]),
        lost=lost(sets),
        concentration=concentration(book, sets),
        first_contact=first_contact(book, sets),
        thanks=thanks(sets),
        exchange=exchange(sets),
        freed=freed(book, sets),
        health=health(sets),
        overrides_past=len(sets["overrides:past"]),
        at_risk=at_risk[:AT_RISK_NAMED],
        at_risk_total=len(at_risk),
        waiting=waiting(book, sets),
        officers=officers(book, sets),
    )


# --- tiers


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
        for key in _keys(sets, f"move:{before}:{after}")
    ]
    return tuple(sorted(found, key=lambda mover: (-mover.on.toordinal(), mover.partner_id)))


def _mover(book: Book, partner: PartnerFact, before: Tier, after: Tier) -> Mover:
    history = book.history(partner.pk)
    codes = book.codes[partner.pk]
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


def at_risk_of(book: Book, sets: Sets) -> tuple[AtRisk, ...]:
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


# --- touches


def effort(book: Book, sets: Sets) -> Effort:
    """Minutes of touches by the partner's tier on the touch's day."""
    return _effort(book, {name: sets[f"effort:{name}"].keys for name in (*Tier, "unknown")})


def _effort(book: Book, keys: dict[str, Iterable[int]]) -> Effort:
    minutes = (sum(book.touches[key].minutes for key in keys[tier]) for tier in Tier)
    return Effort(*minutes, unknown_touches=len(tuple(keys["unknown"])))


def coverage(sets: Sets) -> tuple[Covered, ...]:
    """Partners with a conversation within the limit of their tier."""
    return tuple(
        Covered(audience, limit, _rate(sets, f"covered:{audience}", f"uncovered:{audience}"))
        for audience, limit in LIMITS.items()
    )


# --- referrals


def conversion(book: Book, sets: Sets) -> tuple[Conversion, ...]:
    """What became of the referrals of each month."""
    return tuple(
        Conversion(
            month,
            len(sets[f"received:{month:%Y-%m}"]),
            *(len(sets[f"reached:{month:%Y-%m}:{stage}"]) for stage in REACHED),
            is_open=is_open(month, book.end),
        )
        for month in conversion_months(book.end)
    )


def pull_through(sets: Sets) -> Rate:
    """Funded, of those funded or lost after an application in the period."""
    return _rate(sets, "pull:funded", "pull:lost")


def lost(sets: Sets) -> tuple[Lost, ...]:
    """Why referrals were lost in the period, the most frequent reason first."""
    found = [
        Lost(name.removeprefix("lost:"), len(rows))
        for name, rows in sets.items()
        if name.startswith("lost:")
    ]
    return tuple(sorted(found, key=lambda one: (-one.count, one.reason)))


def concentration(book: Book, sets: Sets) -> Concentration:
    """The share of the year's referrals that came from the five largest partners."""
    sizes = {
        int(name.removeprefix("largest:")): len(rows)
        for name, rows in sets.items()
        if name.startswith("largest:")
    }
    given = Counter(book.referrals[key].partner_id for key in sets["given:365"].keys)
    largest = tuple(
        Sender(key, book.partners[key].name, book.partners[key].owner, sizes[key], given[key])
        for key in sorted(sizes, key=lambda key: (-sizes[key], key))
    )
    return Concentration(Rate(sum(sizes.values()), len(sets["received:365"])), largest)


def first_contact(book: Book, sets: Sets) -> FirstContact:
    """Hours from received to contacted; a contact noted before the receipt took none."""
    hours = []
    for key in sets["contact:made"].keys:
        referral = book.referrals[key]
        if referral.contacted_at is not None:
            seconds = (referral.contacted_at - referral.received_at).total_seconds()
            hours.append(max(0.0, seconds / 3600))
    return FirstContact(
        median_hours=median(hours) if hours else None,
        contacted=len(hours),
        waiting=len(sets["contact:waiting"]),
        undated=len(sets["contact:undated"]),
    )


def thanks(sets: Sets) -> Thanks:
    """Referrals thanked for by the end of the next working day."""
    return Thanks(_rate(sets, "thanks:in_time", "thanks:late"), len(sets["thanks:not_due"]))


def exchange(sets: Sets) -> Exchange:
    """Received and given in 365 days, side by side."""
    return Exchange(
        received=len(sets["received:365"]),
        given=len(sets["given:365"]),
        both=len(sets["exchange:both"]),
        only_received=len(sets["exchange:only_received"]),
        only_given=len(sets["exchange:only_given"]),
    )


def waiting(book: Book, sets: Sets) -> tuple[Waiting, ...]:
    """From whom referrals wait for a first contact, the longest wait first."""
    since: dict[int, list] = {}
    for key in sets["waiting"].keys:
        referral = book.referrals[key]
        since.setdefault(referral.partner_id, []).append(referral.day)
    found = [
        Waiting(key, book.partners[key].name, book.partners[key].owner, len(days), min(days))
        for key, days in since.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.since, one.partner_id)))


# --- officers


def officers(book: Book, sets: Sets) -> tuple[OfficerLine, ...]:
    """A line for each officer, by name."""
    return ()


def _rate(sets: Sets, part: str, rest: str) -> Rate:
    return Rate(len(sets[part]), len(sets[part]) + len(sets[rest]))


def _keys(sets: Sets, name: str) -> tuple[int, ...]:
    return sets[name].keys if name in sets else ()

"""The rows behind every figure, by name: a count on a page is the length of one of these. Pure.

What each figure means stands in docs/figures.md, what each set is called in `insights.titles`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from insights.facts import FUNDED, LOST, STEPS, Book, PartnerFact, ReferralFact
from insights.report import ARCHIVED, NEW, Rate
from insights.span import YEAR, conversion_months, days_over_time, month_of
from insights.titles import title_of
from tiers.verdict import Tier
from touches.workdays import working_days_after

__all__ = ["Rows", "sets_of", "title_of"]

PARTNERS, TOUCHES, REFERRALS = "partners", "touches", "referrals"

# Days within which a partner of each audience had a conversation, or is not covered.
LIMITS = {"maintenance": 45, "focus": 21, "cultivation": 60}
# Stages that a month's referrals are asked about.
REACHED = ("application", "pre_approved", "funded")
LARGEST = 5
# What says that a partner may be lost soon, the most urgent first: a silence that is ours can be
# ended today.
AT_RISK = ("our_neglect", "last_chance", "refers_but_silent", "slipping")


@dataclass(frozen=True)
class Rows:
    """Which rows a figure counts, by key."""

    kind: str
    keys: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.keys)


Sets = dict[str, Rows]
Pairs = Iterator[tuple[str, int]]


def sets_of(book: Book) -> Sets:
    """All sets of a book by name, each in the order of its rows' keys.

    Those of one reason, one flag, one move or one partner are there when they hold something, all
    others always.
    """
    found: Sets = {}
    for kind, names, pairs in (
        (PARTNERS, _names_of_partners(book), _partners(book)),
        (TOUCHES, _names_of_touches(), _touches(book)),
        (REFERRALS, _names_of_referrals(book), _referrals(book)),
    ):
        keys: dict[str, list[int]] = {name: [] for name in names}
        for name, key in pairs:
            keys.setdefault(name, []).append(key)
        found |= {name: Rows(kind, tuple(sorted(held))) for name, held in keys.items()}
    return found


# --- partners


def _names_of_partners(book: Book) -> Iterator[str]:
    for tier in Tier:
        yield f"tier:{tier}"
        yield from (f"tier:{tier}:{day}" for day in days_over_time(book.end))
    for audience in LIMITS:
        yield f"covered:{audience}"
        yield f"uncovered:{audience}"
    yield from ("freed", "overrides:past", "at_risk")
    yield from ("exchange:both", "exchange:only_received", "exchange:only_given")


def _partners(book: Book) -> Pairs:
    yield from _over_time(book)
    for partner in book.partners.values():
        tier = book.tier_on(partner, book.end)
        yield from _moved(book, partner, tier)
        if tier is not None:
            yield f"tier:{tier}", partner.pk
            for name in (*_covered(book, partner, tier), *_health(book, partner, tier)):
                yield name, partner.pk
    yield from ((f"exchange:{who}", pk) for pk, who in _exchanging(book))


def _over_time(book: Book) -> Pairs:
    names = {day: {tier: f"tier:{tier}:{day}" for tier in Tier} for day in days_over_time(book.end)}
    for partner in book.partners.values():
        tier_on = book.history(partner.pk).tier_on
        for day, named in names.items():
            if partner.archived_on is not None and partner.archived_on <= day:
                break
            tier = tier_on(day)
            if tier is not None:
                yield named[tier], partner.pk


def _moved(book: Book, partner: PartnerFact, after: Tier | None) -> Pairs:
    before = book.tier_on(partner, book.start)
    if before is None and after is None:
        return
    yield f"move:{before or NEW}:{after or ARCHIVED}", partner.pk


def _covered(book: Book, partner: PartnerFact, tier: Tier) -> Iterator[str]:
    audience = audience_of(partner, tier)
    if audience is None:
        return
    last = partner.last_conversation_on
    recent = last is not None and (book.end - last).days <= LIMITS[audience]
    yield f"{'covered' if recent else 'uncovered'}:{audience}"


def audience_of(partner: PartnerFact, tier: Tier) -> str | None:
    """Whose limit holds for a partner; nobody looks for contact with those in Cease."""
    if tier == Tier.MAINTENANCE:
        return "maintenance"
    if tier == Tier.CULTIVATION:
        return "focus" if partner.on_focus else "cultivation"
    return None


def _health(book: Book, partner: PartnerFact, tier: Tier) -> Iterator[str]:
    yield from (f"flag:{tier}:{flag}" for flag in partner.flags)
    if tier == Tier.CEASE and partner.pk in book.before_cease:
        yield "freed"
    if tier != Tier.CEASE and any(flag in AT_RISK for flag in partner.flags):
        yield "at_risk"
    open_override = book.history(partner.pk).open_override_on(book.end)
    if open_override is not None and open_override.ends_on < book.end:
        yield "overrides:past"


def _exchanging(book: Book) -> Iterator[tuple[int, str]]:
    rows = [referral for referral in book.referrals.values() if _in_the_year(book, referral)]
    sent = {referral.partner_id for referral in rows if referral.is_received}
    got = {referral.partner_id for referral in rows if not referral.is_received}
    yield from ((pk, "both") for pk in sent & got)
    yield from ((pk, "only_received") for pk in sent - got)
    yield from ((pk, "only_given") for pk in got - sent)


# --- touches


def _names_of_touches() -> Iterator[str]:
    yield from (f"effort:{tier}" for tier in Tier)
    yield from ("effort:unknown", "freed:touches")


def _touches(book: Book) -> Pairs:
    names = {tier: f"effort:{tier}" for tier in Tier}
    for touch in book.touches.values():
        tier = book.history(touch.partner_id).tier_on(touch.day)
        yield names[tier] if tier else "effort:unknown", touch.pk
    for touches in book.before_cease.values():
        yield from (("freed:touches", touch.pk) for touch in touches)


# --- referrals


def _names_of_referrals(book: Book) -> Iterator[str]:
    for month in conversion_months(book.end):
        yield f"received:{month:%Y-%m}"
        yield from (f"reached:{month:%Y-%m}:{stage}" for stage in REACHED)
    yield from ("conversion:undated", "pull:funded", "pull:lost", "pull:undated")
    yield from ("received:365", "given:365", "contact:made", "contact:waiting")
    yield from ("contact:undated", "thanks:in_time", "thanks:late", "thanks:not_due", "waiting")


def _referrals(book: Book) -> Pairs:
    first_month = conversion_months(book.end)[0]
    largest = _largest(book)
    for referral in book.referrals.values():
        for name in (
            *_converted(referral, first_month),
            *_ended(book, referral),
            *_exchanged(book, referral, largest),
            *_answered(book, referral),
        ):
            yield name, referral.pk


def _converted(referral: ReferralFact, first_month: date) -> Iterator[str]:
    if not (referral.is_received and referral.counts and referral.day >= first_month):
        return
    if referral.stands_since is None:
        yield "conversion:undated"
        return
    month = month_of(referral.day)
    yield f"received:{month:%Y-%m}"
    for stage in REACHED:
        if referral.furthest >= STEPS[stage]:
            yield f"reached:{month:%Y-%m}:{stage}"


def _ended(book: Book, referral: ReferralFact) -> Iterator[str]:
    if not referral.is_received or referral.stage not in (FUNDED, LOST):
        return
    if referral.stands_since is None:
        yield "pull:undated"
    elif referral.stands_since > book.start:
        if referral.stage == FUNDED:
            yield "pull:funded"
            return
        yield f"lost:{referral.lost_reason}"
        if referral.furthest >= STEPS["application"]:
            yield "pull:lost"


def _exchanged(book: Book, referral: ReferralFact, largest: set[int]) -> Iterator[str]:
    if not _in_the_year(book, referral):
        return
    yield "received:365" if referral.is_received else "given:365"
    if referral.is_received and referral.partner_id in largest:
        yield f"largest:{referral.partner_id}"


def _answered(book: Book, referral: ReferralFact) -> Iterator[str]:
    if referral.is_waiting:
        yield "waiting"
    if referral.is_received and referral.counts and referral.day > book.start:
        yield f"contact:{_contact(referral)}"
        yield f"thanks:{_thanks(book, referral)}"


def _contact(referral: ReferralFact) -> str:
    if referral.contacted_at is not None:
        return "made"
    return "waiting" if referral.is_waiting else "undated"


def _thanks(book: Book, referral: ReferralFact) -> str:
    last_day = working_days_after(referral.day, 1)
    thanked = book.thanked_on.get(referral.partner_id, ())
    if any(referral.day <= day <= last_day for day in thanked):
        return "in_time"
    # The end may be a day that still goes on.
    is_over = last_day < book.end or (
        last_day == book.end and not book.partners[referral.partner_id].is_current
    )
    return "late" if is_over else "not_due"


def _in_the_year(book: Book, referral: ReferralFact) -> bool:
    return referral.counts and book.end - referral.day <= YEAR


def _largest(book: Book) -> set[int]:
    """The five partners who sent most; of those who sent the same the first ones by key."""
    sent: dict[int, int] = {}
    for referral in book.referrals.values():
        if referral.is_received and _in_the_year(book, referral):
            sent[referral.partner_id] = sent.get(referral.partner_id, 0) + 1
    return set(sorted(sent, key=lambda pk: (-sent[pk], pk))[:LARGEST])


def rate(sets: Sets, part: str, rest: str) -> Rate:
    """A part of a whole that two sets make."""
    return Rate(len(sets[part]), len(sets[part]) + len(sets[rest]))

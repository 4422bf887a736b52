"""The checks of the ledger: what holds a line back, and what is to be looked at. Pure.

Each is a rule of the company, not a legal ruling: none says that something is lawful or is not.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from interactions.fair_words import speaks_of_referrals
from ledger.entries import CENT, Entry, most_within
from ledger.kinds import Kind
from ledger.needs import missing
from ledger.rules import Code, Rules

# Never entered so; entered once compliance releases it; entered, and compliance is to approve it.
BLOCK, HOLD, WARN = "block", "hold", "warn"


@dataclass(frozen=True)
class Finding:
    """What a check says. `field` is the field of the form that it is about; blank for none."""

    code: str
    level: str
    text: str
    field: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class KnownRecipient:
    """What is known of somebody named on a line, besides the line."""

    name: str
    # The days of what was given to them, standing, around this line's day.
    given_days: tuple[date, ...] = ()
    # The days on which they referred somebody to us, near this line's day.
    referral_days: tuple[date, ...] = ()
    # Their part of what was given in the calendar year of this line, and of this line.
    given_this_year: Decimal = Decimal(0)
    share: Decimal = Decimal(0)
    asked_for_no_contact: bool = False
    is_stepped_away_from: bool = False


@dataclass(frozen=True)
class Known:
    """What the database knows. `today` is the officer's day, `statement` the one in force."""

    today: date
    statement: int
    recipients: tuple[KnownRecipient, ...] = ()


Check = Callable[[Entry, Known, Rules], Iterator[Finding]]


def check(entry: Entry, known: Known, rules: Rules) -> tuple[Finding, ...]:
    """All findings, in the order of the checks. A check that is off finds nothing."""
    found: list[Finding] = []
    for code, judge in CHECKS.items():
        if rules.is_on(code):
            found += judge(entry, known, rules)
    return tuple(found)


def words_of_referrals(entry: Entry, rules: Rules) -> str:
    """The words for which compliance looks at a draft, even when they are changed; or blank."""
    if not rules.is_on(Code.REFERRAL_WORDS):
        return ""
    said = [str(getattr(entry, field)) for field in _WORDS]
    return "\n".join(words for words in said if speaks_of_referrals(words))


def _required(entry: Entry, known: Known, rules: Rules) -> Iterator[Finding]:
    for field, sentence in missing(entry):
        yield Finding(Code.REQUIRED, BLOCK, sentence, field)
    if entry.day and entry.day > known.today:
        yield Finding(
            Code.REQUIRED, BLOCK, "The day has not come yet: enter it when it happened.", "day"
        )


def _statement(entry: Entry, known: Known, rules: Rules) -> Iterator[Finding]:
    if not entry.stated:
        text = "Read the statement and tick that you confirm it."
        yield Finding(Code.STATEMENT, BLOCK, text, "stated")
    elif entry.statement != known.statement:
        text = "The statement has changed since you read it. Please read it again and confirm it."
        yield Finding(Code.STATEMENT, BLOCK, text, "stated")
    if not entry.stated_name:
        text = "Type your name under the statement."
        yield Finding(Code.STATEMENT, BLOCK, text, "stated_name")


_CASH = re.compile(
    r"\b(cash|gift\s*-?cards?|prepaid\s+(?:debit\s+)?cards?|(?:visa|amazon|starbucks)\s+cards?"
    r"|store\s+credit|venmo|zelle|gift\s+certificates?)\b",
    re.IGNORECASE,
)


def _cash(entry: Entry, known: Known, rules: Rules) -> Iterator[Finding]:
    if entry.kind == Kind.CASH or _CASH.search(entry.description):
        text = "The company gives and takes no cash and no gift cards, whatever the occasion."
        yield Finding(Code.CASH, BLOCK, text, "kind")


def _raffle(entry: Entry, known: Known, rules: Rules) -> Iterator[Finding]:
    if entry.is_given and (entry.is_raffle or _RAFFLE.search(entry.description)):
        text = (
            "A raffle or drawing among people who might refer waits until compliance releases it."
        )
        yield Finding(Code.RAFFLE, HOLD, text, "is_raffle")


_RAFFLE = re.compile(r"\b(raffles?|drawings?\s+for|door\s+prizes?|sweepstakes?)\b", re.IGNORECASE)


def _referral_words(entry: Entry, known: Known, rules: Rules) -> Iterator[Finding]:
    for field, label in _WORDS.items():
        if speaks_of_referrals(getattr(entry, field)):
            text = (
                f"{label} speaks of referrals. If something was for referrals, it may not be "
                "given or taken here: ask compliance. If it was not, say in other words what it "
                "was for; compliance sees both."
            )
            yield Finding(Code.REFERRAL_WORDS, BLOCK, text, field)


_WORDS = {
    "description": "The description",
    "purpose": "The purpose",
    "discussed": "What was discussed",
    "ground_words": "How the recipients were chosen",
    "deliverable": "What we get for it",
}


# What belongs to a partner's own business, by the words that name it.
_LICENSE = re.compile(
    r"\blicen[cs]e\s+(?:fees?|renewals?|dues)\b|\blicen[cs]ing\s+fees?\b"
    r"|\b(?:mls|association|realtor|board|desk)\s+(?:fees?|dues)\b",
    re.IGNORECASE,
)
_OWN_COSTS = re.compile(
    r"\bsigns\b|\bsignage\b|\b(?:yard|sale|house|listing|directional)\s+sign\b"
    r"|\bphotos\b|\bphotograph(?:y|er)\b|\bheadshots?\b|\bstaging\b|\bvirtual\s+tours?\b"
    r"|\block\s*boxe?s?\b|\bleads\b(?!\s+(?:to|the|a|an|us)\b)"
    r"|\blead\s+(?:generation|service|subscription|fee)s?\b",
    re.IGNORECASE,
)
_NO_COST_OF_THEIRS = {Kind.MEAL, Kind.MARKETING}


def names_a_partner_cost(entry: Entry) -> bool:
    """Whether it is, by kind or by description, a cost of the partner's own business.

    A co-branded piece is judged by its shares, and a meal may be about anything.
    """
    if entry.kind == Kind.PARTNER_COST or entry.kind in _NO_COST_OF_THEIRS:
        return entry.kind == Kind.PARTNER_COST
    if _LICENSE.search(entry.description):
        return True
    return entry.kind != Kind.CLASS and bool(_OWN_COSTS.search(entry.description))


def _partner_cost(entry: Entry, known: Known, rules: Rules) -> Iterator[Finding]:
    value = entry.market_value or Decimal(0)
    if entry.is_given and names_a_partner_cost(entry) and (entry.paid_back or 0) < value:
        text = (
            "This looks like a cost of the partner’s own business, such as signs, photos, license "
            "fees or leads. It can be entered when they paid us its market value, "
            f"{dollars(value)}. If it is something else, describe it in other words."
        )
        yield Finding(Code.PARTNER_COST, BLOCK, text, "paid_back")


def _cost_share(entry: Entry, known: Known, rules: Rules) -> Iterator[Finding]:
    ours, piece = entry.share_of_cost, entry.share_of_piece
    if entry.is_given and ours is not None and piece is not None and ours > piece:
        text = f"We pay {percent(ours)} of the cost for {percent(piece)} of the piece."
        yield Finding(Code.COST_SHARE, WARN, text, "share_of_cost")


def _deliverable(entry: Entry, known: Known, rules: Rules) -> Iterator[Finding]:
    if entry.is_given and entry.kind == Kind.SPONSORSHIP and not entry.deliverable:
        text = "Say what we get for the sponsorship, such as a table and our name on the program."
        yield Finding(Code.DELIVERABLE, BLOCK, text, "deliverable")


def _benchmark(entry: Entry, known: Known, rules: Rules) -> Iterator[Finding]:
    if not entry.is_given or entry.kind != Kind.SPONSORSHIP:
        return
    if not entry.benchmark:
        text = "Nothing says what others pay for the same, so nobody can compare it."
        yield Finding(Code.BENCHMARK, WARN, text, "benchmark")
    elif (entry.cost or 0) > entry.benchmark * rules.benchmark_times:
        text = (
            f"It costs more than {plain(rules.benchmark_times)} times what others pay for the "
            f"same, {dollars(entry.benchmark)}."
        )
        yield Finding(Code.BENCHMARK, WARN, text, "benchmark")


def _often(entry: Entry, known: Known, rules: Rules) -> Iterator[Finding]:
    if not entry.is_given or entry.day is None:
        return
    for one in known.recipients:
        times = most_within(one.given_days, entry.day, rules.times_days)
        if times > rules.most_times:
            text = (
                f"With this, {one.name} was given something {times} times within "
                f"{rules.times_days} days; the company asks to look at more than "
                f"{rules.most_times}."
            )
            yield Finding(Code.OFTEN, WARN, text, "partners")


def _near_referral(entry: Entry, known: Known, rules: Rules) -> Iterator[Finding]:
    if not entry.is_given or entry.day is None:
        return
    for one in known.recipients:
        if any(0 <= (entry.day - day).days <= rules.referral_days for day in one.referral_days):
            text = (
                f"Its day lies within {rules.referral_days} days after a referral from {one.name}. "
                "Compliance looks at it; keep what shows that the two have nothing to do with each "
                "other."
            )
            yield Finding(Code.NEAR_REFERRAL, WARN, text, "day")


def _yearly_cap(entry: Entry, known: Known, rules: Rules) -> Iterator[Finding]:
    cap = rules.yearly_cap
    if not entry.is_given or entry.day is None or cap is None:
        return
    for one in known.recipients:
        if one.given_this_year + one.share > cap:
            text = (
                f"With this, {one.name} would have more in {entry.day.year} than the company’s "
                f"yearly limit of {dollars(cap)} for one recipient (a company limit, not a legal "
                "safe harbor). It waits until compliance releases it."
            )
            yield Finding(Code.YEARLY_CAP, HOLD, text, "market_value")


def _no_contact(entry: Entry, known: Known, rules: Rules) -> Iterator[Finding]:
    for one in known.recipients:
        if entry.is_given and one.asked_for_no_contact:
            text = (
                f"{one.name} asked us for no contact. It waits until compliance releases it, for "
                "instance as it happened before they asked."
            )
            yield Finding(Code.NO_CONTACT, HOLD, text, "partners")


def _stepping_away(entry: Entry, known: Known, rules: Rules) -> Iterator[Finding]:
    for one in known.recipients:
        if entry.is_given and one.is_stepped_away_from and not one.asked_for_no_contact:
            text = (
                f"{one.name} is left in peace for now: no invitations go out. It waits until "
                "compliance releases it."
            )
            yield Finding(Code.STEPPING_AWAY, HOLD, text, "partners")


def _late(entry: Entry, known: Known, rules: Rules) -> Iterator[Finding]:
    if entry.day is not None and (known.today - entry.day).days > rules.late_days:
        text = f"It is entered more than {rules.late_days} days after its day."
        yield Finding(Code.LATE, WARN, text, "day")


CHECKS: dict[str, Check] = {
    Code.REQUIRED: _required,
    Code.STATEMENT: _statement,
    Code.CASH: _cash,
    Code.RAFFLE: _raffle,
    Code.REFERRAL_WORDS: _referral_words,
    Code.PARTNER_COST: _partner_cost,
    Code.COST_SHARE: _cost_share,
    Code.DELIVERABLE: _deliverable,
    Code.BENCHMARK: _benchmark,
    Code.OFTEN: _often,
    Code.NEAR_REFERRAL: _near_referral,
    Code.YEARLY_CAP: _yearly_cap,
    Code.NO_CONTACT: _no_contact,
    Code.STEPPING_AWAY: _stepping_away,
    Code.LATE: _late,
}


def dollars(amount: Decimal) -> str:
    return f"${amount.quantize(CENT):,}"


def percent(share: Decimal) -> str:
    return f"{plain(share)} %"


def plain(number: Decimal) -> str:
    """Without zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

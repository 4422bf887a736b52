"""What the rows behind a figure are called, for the person who opened them. Pure."""

from collections.abc import Callable
from datetime import date

from insights.report import ARCHIVED, NEW
from tiers.labels import FLAG_LABELS, TIER_NAMES

AUDIENCES = {
    "maintenance": "Maintenance",
    "focus": "the focus list",
    "cultivation": "Cultivation, not on the focus list",
}
STAGES = {
    "application": "reached an application",
    "pre_approved": "reached a pre-approval",
    "funded": "were funded",
}
TITLES = {
    "effort:unknown": "Touches before a tier was known",
    "conversion:undated": "Referrals whose stage has no date",
    "pull:funded": "Funded in the period",
    "pull:lost": "Lost after an application in the period",
    "pull:undated": "Ended, but nobody wrote down when",
    "received:365": "Referrals received in 365 days",
    "given:365": "Referrals given in 365 days",
    "exchange:both": "Partners who sent and got referrals in 365 days",
    "exchange:only_received": "Partners who sent referrals in 365 days",
    "exchange:only_given": "Partners who got referrals in 365 days",
    "contact:made": "Referrals of the period that were contacted",
    "contact:waiting": "Referrals of the period that wait for a first contact",
    "contact:undated": "Referrals of the period without a dated first contact",
    "thanks:in_time": "Referrals thanked for in time",
    "thanks:late": "Referrals not thanked for in time",
    "thanks:not_due": "Referrals whose thanks are not due yet",
    "freed": "Partners who went to Cease in the period",
    "freed:touches": "Touches of the 90 days before they went to Cease",
    "overrides:past": "Overrides past their date",
    "at_risk": "Partners at risk",
    "waiting": "Referrals that wait for a first contact",
}


def title_of(name: str) -> str:
    """The name of a set in words. Raises KeyError where no set is ever called so."""
    if name in TITLES:
        return TITLES[name]
    kind, *rest = name.split(":")
    try:
        return WORDS[kind](*rest)
    except (TypeError, ValueError) as error:
        raise KeyError(name) from error


def _tier(tier: str, day: str = "") -> str:
    on = f" on {_day(date.fromisoformat(day))}" if day else ""
    return f"{TIER_NAMES[tier]}{on}"


def _move(before: str, after: str) -> str:
    if before == NEW:
        to = "archived" if after == ARCHIVED else f"in {TIER_NAMES[after]}"
        return f"New in the period, now {to}"
    if after == ARCHIVED:
        return f"{TIER_NAMES[before]} at the start, archived since"
    if before == after:
        return f"{TIER_NAMES[before]} at the start and at the end"
    return f"From {TIER_NAMES[before]} to {TIER_NAMES[after]}"


def _effort(tier: str) -> str:
    return f"Touches with partners in {TIER_NAMES[tier]}"


def _covered(audience: str) -> str:
    return f"Covered: {AUDIENCES[audience]}"


def _uncovered(audience: str) -> str:
    return f"Not covered: {AUDIENCES[audience]}"


def _received(month: str) -> str:
    return f"Referrals received in {_month(month)}"


def _reached(month: str, stage: str) -> str:
    return f"Referrals received in {_month(month)} that {STAGES[stage]}"


def _lost(reason: str) -> str:
    return f"Lost in the period: {reason.replace('_', ' ')}"


def _largest(partner_id: str) -> str:
    int(partner_id)
    return "Referrals of one partner in 365 days"


def _flag(tier: str, flag: str) -> str:
    return f"{TIER_NAMES[tier]}: {FLAG_LABELS[flag].short}"


WORDS: dict[str, Callable[..., str]] = {
    "tier": _tier,
    "move": _move,
    "effort": _effort,
    "covered": _covered,
    "uncovered": _uncovered,
    "received": _received,
    "reached": _reached,
    "lost": _lost,
    "largest": _largest,
    "flag": _flag,
}


def _month(month: str) -> str:
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}"


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"

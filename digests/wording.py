"""How a digest says things. Pure."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from touches.kinds import KINDS, Occasion, TouchKind
from touches.playbook import Due, Urgency, in_words

MOST_PARTS = 4
# What a subject line counts, in this order: one word for one, another for several.
PARTS: dict[str, tuple[str, str]] = {
    "call": ("to call", "to call"),
    "referral": ("referral waiting", "referrals waiting"),
    Occasion.BIRTHDAY: ("birthday", "birthdays"),
    Occasion.ANNIVERSARY: ("anniversary", "anniversaries"),
    "thank": ("to thank", "to thank"),
    "step": ("next step", "next steps"),
    "meet": ("to meet", "to meet"),
    "write": ("to write to", "to write to"),
    "help": ("to help", "to help"),
}
COUNTED_AS: dict[TouchKind, str] = {
    TouchKind.STEP: "step",
    TouchKind.PERSONAL_CALL: "call",
    TouchKind.IN_PERSON: "meet",
    TouchKind.HANDWRITTEN_NOTE: "write",
    TouchKind.REVIEW: "meet",
    TouchKind.FOCUS_CONVERSATION: "call",
    TouchKind.FOCUS_IN_PERSON: "meet",
    TouchKind.VALUE_GIVEN: "help",
    TouchKind.LIGHT_TOUCH: "write",
    TouchKind.PERSONAL_TOUCH: "call",
    TouchKind.FIRST_TOUCH: "call",
    TouchKind.THANKS: "thank",
    TouchKind.PREPARE: "write",
}


def headline_of(due: Sequence[Due], waiting: int, coming: int) -> str:
    """The subject: "Today: 3 to call, 1 birthday". One touch a partner is counted.

    `waiting` counts referrals; `coming` whatever else the digest holds.
    """
    counts = Counter(_counted_as(one) for one in due)
    counts["referral"] += waiting
    parts = [f"{counts[key]} {PARTS[key][counts[key] > 1]}" for key in PARTS if counts[key]]
    if parts:
        return f"Today: {', '.join(parts[:MOST_PARTS])}"
    return f"Nothing is due today, {coming} coming up"


def lead_of(due_count: int) -> str:
    """The first sentence."""
    if due_count == 0:
        return "Nothing is due today. This is what comes next."
    return f"{due_count} {'partner' if due_count == 1 else 'partners'} to reach today"


def _counted_as(due: Due) -> str:
    if due.kind != TouchKind.CONGRATULATE:
        return COUNTED_AS[due.kind]
    return Occasion.BIRTHDAY if due.occasion == Occasion.BIRTHDAY else Occasion.ANNIVERSARY


def label_of(due: Due) -> str:
    """What to do. Not a step's own words: they may name a borrower."""
    return KINDS[due.kind].label


def why_of(due: Due) -> str:
    """Why it is due; blank for a step, as its reason is its words."""
    return "" if due.kind == TouchKind.STEP else due.why


def day_in_words(day: date, today: date) -> str:
    """ "Today", "Tomorrow", else such as "Friday, June 19"."""
    if (day - today).days in {0, 1}:
        return ("Today", "Tomorrow")[(day - today).days]
    return f"{day:%A}, {in_words(day)}"


def due_in_words(due: Due, today: date) -> str:
    """Such as "due today", "due since June 3", "due tomorrow", "due on Thursday"."""
    if due.urgency == Urgency.OVERDUE:
        return f"due since {in_words(due.due_on)}"
    if due.urgency == Urgency.DUE:
        return "due today"
    if due.due_on == today + timedelta(days=1):
        return "due tomorrow"
    return f"due on {due.due_on:%A}"


# Invisible signs that turn the direction of what follows, beyond the name that holds them.
TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def one_line(text: str) -> str:
    """A name as it may stand in a line of a mail: no line breaks, nothing that turns the line."""
    kept = (" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in text)
    plain = "".join(sign for sign in kept if unicodedata.bidirectional(sign) not in TURNING)
    return " ".join(plain.split())

"""The rules in plain words: a sentence and a few words for a verdict, a line for each test.

Conduct is worded here as well: pass a verdict through tiers.disclosure first where the reader may
not see it. No text says that anybody owes a referral.
"""

from collections.abc import Iterable, Sequence

from tiers.evidence import TestLine, test_lines
from tiers.labels import (
    FLAG_LABELS,
    PRIVATE,
    REASON_LABELS,
    RULE_LABELS,
    TIER_NAMES,
    Label,
)
from tiers.verdict import Verdict

__all__ = [
    "FLAG_LABELS",
    "PRIVATE",
    "REASON_LABELS",
    "RULE_LABELS",
    "TIER_NAMES",
    "Label",
    "TestLine",
    "explain",
    "joined",
    "test_lines",
    "why",
]

CLAUSES: dict[str, str] = {
    "C1": "referrals come now and then",
    "C2": "there has been little conversation",
    "C3": "there is good synergy to build on",
    "not_M1": "the relationship is not long-standing yet",
    "not_M2": "regular conversation is still missing",
    "default": "nothing in the record stands out yet",
    "G": "too new to judge",
    "MS": "not every sign holds today, but enough does to stay",
    "X1a": "they abused one of us",
    "X1b": "they have been disrespectful more than once",
    "X1c": "negative moments have added up",
    "X2": "our attempts on several channels stayed unanswered",
    "X3a": "for a long time the effort has been ours alone",
    "X3b": "they ask often and start little else",
    "X4": "they asked us to stop",
    "private": PRIVATE,
}
# What keeps a Cease as it was, by its rule.
STAYS: dict[str, str] = {
    "X1": "only a person reopens what ended over conduct",
    "X2": "neither a conversation nor a referral has come since",
    "X3": "neither a referral nor a contact that they started has come since",
}


def explain(verdict: Verdict) -> str:
    """Return one sentence that says what the tier is and why."""
    name = TIER_NAMES[verdict.tier]
    if "reopened" in verdict.flags:
        name = f"{name}, opened again"
    if verdict.reasons == ("stays",):
        return f"{name}, as before: {STAYS[verdict.rule]}."
    return f"{name}: {_because(verdict)}."


def _because(verdict: Verdict) -> str:
    if verdict.rule == "M":
        return "long-standing, in regular contact, and actively sending referrals"
    if verdict.rule == "MS" and "insufficient_history" in verdict.flags:
        return "too little has been tracked to say that anything is missing"
    return joined([CLAUSES[code] for code in verdict.reasons])


def joined(clauses: Sequence[str]) -> str:
    """Return clauses as one: "one", "one, and two", "one, two, and three"."""
    *first, last = clauses
    return f"{', '.join(first)}, and {last}" if first else last


# For one row of a list: the most telling code wins, so the order of each table matters.
WHY_BY_FLAG: dict[str, dict[str, str]] = {
    "C": {
        "last_chance": "Silent or one-sided; last chance",
        "rising_star": "Rising star: refers, still new",
        "refers_but_silent": "Refers, but does not answer",
        "win_back": "Once strong; win back",
        "reopened": "Opened again after Cease",
        "try_another_channel": "No answer; try another channel",
        "low_alignment": "Little in common so far",
        "follow_up_lapsed": "Our follow-up has lapsed",
    },
    "G": {
        "first_touch_due": "New: first touch due",
        "first_touch_overdue": "New: first touch overdue",
    },
    "MS": {
        "insufficient_history": "Too little tracked to judge",
        "our_neglect": "Slipping: we went quiet",
        "slipping": "Slipping, above the stay line",
    },
}
WHY_BY_REASON: dict[str, str] = {
    "not_M2": "Refers; regular conversation is missing",
    "not_M1": "Refers; not long-standing yet",
    "C1": "Refers now and then",
    "C2": "Little follow-up so far",
    "C3": "Good synergy to build on",
    "default": "Nothing stands out yet",
}
WHY_BY_RULE: dict[str, str] = {
    "X4": "Asked us to stop",
    "X1": "Conduct toward us",
    "X2": "Does not answer us",
    "X3": "One-sided: the effort is ours",
    "G": "Too new to judge",
    "M": "Steady, in touch, actively refers",
    "MS": "Above the stay line",
    "C": "Worth cultivating",
    "private": PRIVATE.capitalize(),
}
WHY_UNJUDGED = "A label, not judged yet"
WHY_STAYS: dict[str, str] = {
    "X1": "Conduct; a person may reopen",
    "X2": "Still nothing back from them",
    "X3": "Still one-sided",
}


def why(rule: str | None, reasons: Iterable[str], flags: Iterable[str]) -> str:
    """Return the reason for a tier in about six words, from its codes alone.

    ``rule`` is None, or blank, for a label that an import brought.
    """
    if not rule:
        return WHY_UNJUDGED
    if "stays" in reasons:
        return WHY_STAYS[rule]
    by_flag = _first(WHY_BY_FLAG.get(rule, {}), flags)
    by_reason = _first(WHY_BY_REASON, reasons) if rule == "C" else None
    return by_flag or by_reason or WHY_BY_RULE[rule]


def _first(texts: dict[str, str], codes: Iterable[str]) -> str | None:
    """Return the text of the first entry of the table that is among the codes."""
    held = set(codes)
    return next((text for code, text in texts.items() if code in held), None)

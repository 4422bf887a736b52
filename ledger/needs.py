"""What a line of each kind cannot do without. Pure."""

from collections.abc import Iterator

from ledger.entries import LONGEST_NAME, Entry
from ledger.kinds import Kind

MISSING = {
    "kind": "Choose what it was.",
    "day": "Enter the day, as 2026-03-31.",
    "description": "Describe it in a few words.",
    "payer": "Say who paid.",
    "cost": "Enter what it cost, in dollars.",
    "market_value": "Enter what it would cost anybody, in dollars.",
    "attendees": "Enter how many people had something of it, ours too.",
    "purpose": "Say what it was for.",
}
# Questions of one kind alone.
OF_KIND = {
    Kind.MEAL: {
        "person_present": "Name our person who was there. A meal without us is a gift.",
        "discussed": "Say what was discussed.",
    },
    Kind.MARKETING: {
        "share_of_piece": "Enter our share of the piece, in percent.",
        "share_of_cost": "Enter our share of its cost, in percent.",
    },
}
BY_NAME = "named_few"
SOMEBODY_ELSE = "third_party"


def missing(entry: Entry) -> Iterator[tuple[str, str]]:
    """The fields that are still asked for, each with its sentence."""
    yield from _blank(entry, MISSING)
    yield from _blank(entry, OF_KIND.get(Kind(entry.kind), {}) if entry.kind else {})
    if entry.payer == SOMEBODY_ELSE and not entry.payer_name:
        yield "payer_name", "Name who paid."
    yield from _of_recipients(entry)


def _blank(entry: Entry, asked: dict[str, str]) -> Iterator[tuple[str, str]]:
    for field, sentence in asked.items():
        if getattr(entry, field) in (None, ""):
            yield field, sentence


def _of_recipients(entry: Entry) -> Iterator[tuple[str, str]]:
    named = len(entry.partners) + len(entry.others)
    if not named:
        whom = "who had something of it" if entry.is_given else "from whom it came"
        yield "partners", f"Name {whom}: partners, or others by name and company."
    if entry.is_given and named > (entry.attendees or named):
        yield "attendees", f"You named {named} recipients: at least so many had something of it."
    if any(max(len(one.name), len(one.company)) > LONGEST_NAME for one in entry.others):
        yield "others", f"A name or a company has at most {LONGEST_NAME} letters."
    if entry.is_given and not entry.ground:
        yield "ground", "Say how the recipients were chosen."
    if entry.is_given and entry.ground == BY_NAME and not entry.ground_words:
        yield "ground_words", "Say why these few, by name."

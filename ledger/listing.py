"""What the pages of the ledger show of lines: their states, and sums in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ledger.checks import dollars
from ledger.kinds import Way
from ledger.models import Answer, Line

SHOWN_RECIPIENTS = 3


@dataclass(frozen=True)
class Row:
    """A line, with what compliance says of it: "" where nothing is to be said."""

    line: Line
    state: str
    question: str
    names: str

    @property
    def state_words(self) -> str:
        return STATE_WORDS[self.state]


STATE_WORDS = {
    "": "",
    "reversal": "Takes a line back",
    "reversed": "Reversed",
    "questioned": "Questioned",
    "waiting": "Waiting for compliance",
    "approved": "Approved",
}


def rows_of(lines: Iterable[Line]) -> list[Row]:
    """Of lines loaded by `for_list`."""
    return [row_of(line) for line in lines]


def row_of(line: Line) -> Row:
    answers = list(line.approvals.all())
    state = _state(line)
    question = answers[-1].note if state == "questioned" else ""
    return Row(line, state, question, _names(line))


def _state(line: Line) -> str:
    if line.reverses_id:
        return "reversal"
    if line.was_reversed:  # type: ignore[attr-defined]
        return "reversed"
    answer = line.newest_answer  # type: ignore[attr-defined]
    if answer == Answer.QUESTIONED:
        return "questioned"
    if answer == Answer.APPROVED:
        return "approved"
    return "waiting" if line.findings else ""


def _names(line: Line) -> str:
    """Its first recipients by name, and how many more there are."""
    names = [recipient.name for recipient in line.recipients.all()]
    more = len(names) - SHOWN_RECIPIENTS
    shown = ", ".join(names[:SHOWN_RECIPIENTS])
    return f"{shown} and {more} more" if more > 0 else shown


def sums_in_words(lines: Sequence[Line]) -> str:
    """What these lines come to, at market value; reversals count against what they take back."""
    given = sum((line.market_value for line in lines if line.way == Way.GIVEN), Decimal(0))
    received = sum((line.market_value for line in lines if line.way == Way.RECEIVED), Decimal(0))
    number = "1 line" if len(lines) == 1 else f"{len(lines)} lines"
    return f"On this page: {number}; given {dollars(given)}, received {dollars(received)}."

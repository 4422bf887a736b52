"""What an error of the mail server means for one delivery. Pure: values in, values out."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from smtplib import (
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

MOST_ATTEMPTS = 6
# In leases, so that one setting shortens all waiting: with the usual 180 s these are 1, 6, 21, 60
# and 180 minutes. Together they bridge a morning without a mail server.
WAITS = [1 / 3, 2, 7, 20, 60]
LONGEST_REASON = 300  # Delivery.reason


class Meaning(Enum):
    TRY_LATER = auto()
    GIVE_UP = auto()
    # The answer never came: it may have left or not.
    UNKNOWN = auto()


@dataclass(frozen=True)
class Answer:
    meaning: Meaning
    reason: str  # a sentence for an administrator


def meaning_of(problem: Exception, *, transmitting: bool) -> Answer:
    """Judge an error of sending; `transmitting` is whether the message had begun to leave.

    A server that refuses this mail is believed: 5xx for good, 4xx for now, as the answer to the
    message too. One that does not even listen (connection, greeting, password) refuses everybody,
    so the mail is not to blame and waits. An error that no server made is the mail's own.
    """
    refusal = _refusal(problem)
    if refusal:
        code, words = refusal
        if 400 <= code < 500:
            return Answer(Meaning.TRY_LATER, clean(f"The mail server said “later”: {words}"))
        if 500 <= code < 600:
            return Answer(Meaning.GIVE_UP, clean(f"The mail server refused it: {words}"))
    if transmitting:
        return Answer(Meaning.UNKNOWN, clean(f"No answer after it had left: {_words_of(problem)}"))
    if isinstance(problem, OSError):  # all of smtplib's errors are
        return Answer(Meaning.TRY_LATER, clean(f"No way to the mail server: {_words_of(problem)}"))
    return Answer(Meaning.GIVE_UP, broken(problem))


def broken(problem: Exception) -> str:
    """The reason where a mail cannot be written; not the error's words, which may quote it."""
    return f"The mail could not be written ({type(problem).__name__}). The worker’s log says more."


def wait_after(attempts: int, lease: timedelta) -> timedelta:
    """How long to wait after this many attempts, from 1 to MOST_ATTEMPTS - 1."""
    return lease * WAITS[attempts - 1]


def clean(text: str, longest: int = LONGEST_REASON) -> str:
    """One line that any database takes: servers answer with whatever bytes they like."""
    known = text.encode("utf-8", "replace").decode()
    line = "".join(sign if sign.isprintable() else " " for sign in known)
    return " ".join(line.split())[:longest]


def _refusal(problem: Exception) -> tuple[int, str] | None:
    """Code and words where the server refused this very mail."""
    if isinstance(problem, SMTPRecipientsRefused):
        code, words = next(iter(problem.recipients.values()))
        return code, f"{code} {_text(words)}"
    if isinstance(problem, SMTPSenderRefused | SMTPDataError):
        return problem.smtp_code, _words_of(problem)
    return None


def _words_of(problem: Exception) -> str:
    if isinstance(problem, SMTPResponseException):
        return f"{problem.smtp_code} {_text(problem.smtp_error)}"
    return str(problem) or type(problem).__name__


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words

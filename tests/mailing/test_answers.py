"""What an error of the mail server means: a table."""

import smtplib
from datetime import timedelta

import pytest

from mailing.answers import MOST_ATTEMPTS, Answer, Meaning, clean, meaning_of, wait_after

LATER, NEVER, UNKNOWN = Meaning.TRY_LATER, Meaning.GIVE_UP, Meaning.UNKNOWN


def refused(code, words=b"no"):
    return smtplib.SMTPRecipientsRefused({"a@example.com": (code, words)})


@pytest.mark.parametrize(
    ("problem", "before", "after"),
    [
        (refused(451), LATER, LATER),
        (refused(421), LATER, LATER),
        (refused(550), NEVER, NEVER),
        (smtplib.SMTPSenderRefused(450, b"no", "a@x"), LATER, LATER),
        (smtplib.SMTPSenderRefused(553, b"no", "a@x"), NEVER, NEVER),
        # An answer to the message: the server says that it has not taken it.
        (smtplib.SMTPDataError(452, b"full"), LATER, LATER),
        (smtplib.SMTPDataError(554, b"spam"), NEVER, NEVER),
        (smtplib.SMTPDataError(-1, b""), LATER, UNKNOWN),
        # It listens to nobody: no fault of this mail.
        (smtplib.SMTPAuthenticationError(535, b"password"), LATER, UNKNOWN),
        (smtplib.SMTPConnectError(554, b"go away"), LATER, UNKNOWN),
        (smtplib.SMTPHeloError(501, b"who"), LATER, UNKNOWN),
        (smtplib.SMTPServerDisconnected("closed"), LATER, UNKNOWN),
        (ConnectionRefusedError(111, "Connection refused"), LATER, UNKNOWN),
        (TimeoutError(), LATER, UNKNOWN),
        # No server said so: the mail itself is at fault.
        (UnicodeEncodeError("ascii", "ü", 0, 1, "no"), NEVER, UNKNOWN),
    ],
)
def test_what_an_error_means(problem, before, after):
    assert meaning_of(problem, transmitting=False).meaning is before
    assert meaning_of(problem, transmitting=True).meaning is after


@pytest.mark.parametrize(
    ("problem", "transmitting", "reason"),
    [
        (refused(550, b"5.1.1 No such\r\nuser"), False,
         "The mail server refused it: 550 5.1.1 No such user"),
        (smtplib.SMTPDataError(451, b"later"), True, "The mail server said “later”: 451 later"),
        (ConnectionRefusedError(111, "Connection refused"), False,
         "No way to the mail server: [Errno 111] Connection refused"),
        (TimeoutError(), True, "No answer after it had left: TimeoutError"),
        (ValueError("Cora Client"), False,
         "The mail could not be written (ValueError). The worker’s log says more."),
    ],
)  # fmt: skip
def test_the_reason_is_a_sentence(problem, transmitting, reason):
    assert meaning_of(problem, transmitting=transmitting).reason == reason


def test_any_bytes_of_a_server_become_one_line_that_fits():
    answer = meaning_of(refused(550, b"\xff\x00\x1b[31m" + b"x" * 999), transmitting=False)
    assert answer == Answer(NEVER, answer.reason)
    assert len(answer.reason) == 300
    assert answer.reason.isprintable()
    assert clean("half \ud800 a sign\x00") == "half ? a sign"


def test_the_waits_grow_and_are_counted_in_leases():
    waits = [wait_after(n, timedelta(minutes=3)) for n in range(1, MOST_ATTEMPTS)]
    assert waits == [timedelta(minutes=n) for n in [1, 6, 21, 60, 180]]
    assert wait_after(1, timedelta(seconds=6)) == timedelta(seconds=2)

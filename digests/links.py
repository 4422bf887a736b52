"""Links in a mail that do one step without a sign-in: signed, for one purpose, for two weeks.

A link names whose step it is, with which partner, which touch and its day. Opening one changes
nothing, as mail scanners open links; the button on its page does the step, if it still fits.
"""

from dataclasses import astuple, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from touches.kinds import TouchKind

STEP_DAYS = timedelta(days=14)
# A reader must be able to stop a mail for longer than its steps make sense: US law (CAN-SPAM, 16
# CFR 316.5) asks for 30 days.
STOP_DAYS = timedelta(days=60)
_STOP = "digests.stop"


class Act(StrEnum):
    """What a link does; each has a signature of its own."""

    DONE = "done"
    SNOOZE = "snooze"


class LinkExpired(Exception):
    """It was good once; its time is over."""


class LinkUnknown(Exception):
    """Nobody here made it for this purpose, or it was changed on its way."""


@dataclass(frozen=True)
class Step:
    """One step with one planned touch, as it stood in the mail. `row_id` as in `Due`."""

    user_id: int
    partner_id: int
    kind: TouchKind
    row_id: int | None
    due_on: date


def step_url(act: Act, step: Step) -> str:
    """The whole address of the page with the button."""
    *keys, due_on = astuple(step)
    token = signing.dumps([*keys, due_on.isoformat()], salt=_salt(act))
    return absolute(f"digest_{act}", token)


def read_step(act: Act, token: str) -> Step:
    """The step of a link for this act. Raises LinkExpired or LinkUnknown."""
    user_id, partner_id, kind, row_id, due_on = _read(token, _salt(act), STEP_DAYS)
    return Step(user_id, partner_id, TouchKind(kind), row_id, date.fromisoformat(due_on))


def stop_url(user_id: int, kind: str) -> str:
    """Where one click stops this kind of mail for this person."""
    return absolute("digest_stop", signing.dumps([user_id, kind], salt=_STOP))


def read_stop(token: str) -> tuple[int, str]:
    """The person and the kind of mail of a link that stops it. Raises as `read_step` does."""
    user_id, kind = _read(token, _STOP, STOP_DAYS)
    return user_id, kind


def absolute(name: str, *args: Any) -> str:
    """The whole address of a page, for a mail."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def _salt(act: Act) -> str:
    return f"digests.{act}"


def _read(token: str, salt: str, max_age: timedelta) -> Any:
    try:
        return signing.loads(token, salt=salt, max_age=max_age)
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except signing.BadSignature as error:
        raise LinkUnknown from error

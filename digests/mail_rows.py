"""Mails as the page shows them: what, to whom, how far, why, and what one may do."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from django.conf import settings

from accounts.models import User
from mailing.backends import read_from_folder
from mailing.kinds import kind_of
from mailing.models import Delivery, State
from mailing.services import RETRYABLE

# Why these ended concerns their reader; why one failed concerns who runs the server.
REASONS_FOR_ALL = {State.SUPPRESSED, State.EXPIRED}
TONES = {
    State.SENT: "good",
    State.UNCERTAIN: "warn",
    State.EXPIRED: "warn",
    State.FAILED: "stop",
}


@dataclass(frozen=True)
class MailRow:
    """One delivery. `reason` is blank for who is not to read it."""

    delivery: Delivery
    what: str
    at: datetime
    state: str
    tone: str
    reason: str
    readable: bool
    retryable: bool


def mail_row(delivery: Delivery, reader: User, administers: bool) -> MailRow:
    state = State(delivery.state)
    own = delivery.user_id == reader.pk
    return MailRow(
        delivery=delivery,
        what=_what(delivery, own),
        at=delivery.ended_at or delivery.due_at,
        state=str(state.label),
        tone=TONES.get(state, "quiet"),
        reason=delivery.reason if administers or state in REASONS_FOR_ALL else "",
        readable=own and state == State.SENT and lies_in_folder(),
        retryable=administers and state in RETRYABLE,
    )


def _what(delivery: Delivery, own: bool) -> str:
    """The subject for its reader, which is theirs; the kind alone for everybody else."""
    try:
        label = kind_of(delivery.kind).label
    except LookupError:
        # Planned by an app that is gone.
        label = delivery.kind
    return f"{label}: {delivery.headline}" if own and delivery.headline else label


def lies_in_folder() -> bool:
    return bool(getattr(settings, "EMAIL_FILE_PATH", None))


def text_of(delivery: Delivery) -> str:
    """The plain text of a sent mail; blank where it does not lie in a folder here."""
    message = read_from_folder(delivery.key)
    part = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    return part.get_content() if isinstance(part, EmailMessage) else ""

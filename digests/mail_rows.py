"""Mails as the page shows them: what, to whom, how far, why, and what one may do.

Only digests can be read here. A mail about an account holds a link that sets a new password: shown
to whoever holds a session, it would take the place of the password.
"""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from django.conf import settings

from accounts.models import User
from mailing.backends import read_from_folder
from mailing.kinds import MailKind, kind_of
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
    kind = _kind(delivery)
    label = kind.label if kind else delivery.kind
    return MailRow(
        delivery=delivery,
        # The subject is for its reader alone.
        what=f"{label}: {delivery.headline}" if own and delivery.headline else label,
        at=delivery.ended_at or delivery.due_at,
        state=str(state.label),
        tone=TONES.get(state, "quiet"),
        reason=delivery.reason if administers or state in REASONS_FOR_ALL else "",
        readable=bool(own and kind and kind.is_digest and state == State.SENT and _in_folder()),
        retryable=administers and state in RETRYABLE,
    )


def _kind(delivery: Delivery) -> MailKind | None:
    """None where the app that planned it is gone."""
    try:
        return kind_of(delivery.kind)
    except LookupError:
        return None


def _in_folder() -> bool:
    """Whether mails are laid into a folder here, as without a mail server."""
    return bool(getattr(settings, "EMAIL_FILE_PATH", None))


def text_of(row: MailRow) -> str:
    """The plain text of a sent mail; blank where it cannot be read here."""
    message = read_from_folder(row.delivery.key) if row.readable else None
    part = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    return part.get_content() if isinstance(part, EmailMessage) else ""

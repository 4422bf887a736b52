"""From a kind's words to the message that leaves: headers, Message-ID, styles of the HTML part."""

from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from css_inline import CSSInliner
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac

from mailing.answers import clean
from mailing.kinds import Mail
from mailing.models import Delivery

if TYPE_CHECKING:
    from accounts.models import User

# Mail programs drop style sheets and keep attributes; the rules for dark mode and for phones can
# stand in a style sheet alone, and programs that know them keep it.
_inliner = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


class Letter(EmailMultiAlternatives):
    """The message of one delivery.

    `before_data` is called when the recipient is accepted and nothing has left yet; when it raises,
    nothing leaves.
    """

    delivery_key: UUID
    before_data: Callable[[], None]


def compose(
    name: str,
    *,
    subject: str,
    context: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    with_html: bool = True,
) -> Mail:
    """Render `emails/<name>.txt` and, if wanted, `emails/<name>.html` with the same context.

    Both get `site_url` and `subject` besides. Extend `emails/base.txt` and `emails/base.html`.
    """
    words = {"site_url": settings.SITE_URL, "subject": subject, **context}
    return Mail(
        subject=subject,
        text=render_to_string(f"emails/{name}.txt", words).strip() + "\n",
        html=_inliner.inline(render_to_string(f"emails/{name}.html", words)) if with_html else "",
        headers=headers or {},
    )


def message_id(kind: str, user_id: int, subject: str, occurrence: str) -> str:
    """Derive the Message-ID from the key of a delivery: the same at each try, and unreadable."""
    key = "|".join([kind, str(user_id), subject, occurrence])
    digest = salted_hmac("mailing.message_id", key, algorithm="sha256").hexdigest()
    return f"<{kind}.{digest[:40]}@{urlsplit(settings.SITE_URL).hostname}>"


def build(delivery: Delivery, mail: Mail, user: "User", now: datetime) -> Letter:
    """Build the message of one delivery as it leaves at `now` (aware).

    Raises what Django raises for what no header can hold: BadHeaderError (a ValueError) for line
    breaks, UnicodeEncodeError for half a character.
    """
    message = Letter(
        subject=mail.subject,
        body=mail.text,
        to=[_address(user, mail.to or user.email)],
        headers={
            # As a string, so that it says the reader's own time of day.
            "Date": format_datetime(now.astimezone(user.zone)),
            # What was sent once keeps its ID, even when SECRET_KEY has changed since.
            "Message-ID": delivery.message_id
            or message_id(delivery.kind, user.pk, delivery.subject, delivery.occurrence),
            # Keeps out-of-office answers away.
            "Auto-Submitted": "auto-generated",
            **mail.headers,
        },
    )
    message.delivery_key = delivery.key
    message.before_data = _nothing
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _nothing() -> None:
    pass


def _address(user: "User", email: str) -> str:
    # Django quotes and encodes the name when it writes the header, and refuses line breaks: a name
    # that holds one must not keep the notices about an account from its owner.
    name = clean(user.name).replace("\\", "").replace('"', "")
    return f'"{name}" <{email}>' if name else email

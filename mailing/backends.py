"""The two ways out: a mail server, or a folder where there is none.

Both call `before_data()` of a `Letter` at the last moment at which nothing has left yet.
"""

import contextlib
import os
import tempfile
from collections.abc import Sequence
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage as ReadMessage
from email.policy import default as modern
from pathlib import Path
from smtplib import SMTP, SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import cast
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends import smtp
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address

from mailing.message import Letter

# Servers look through a whole message before they answer, and a message without an answer is
# uncertain. Seconds; the wait for every other answer is EMAIL_TIMEOUT. Together with what a task
# may have sent before (`mailing.tasks`) within the task's limit, and within a lease.
DATA_TIMEOUT = 60


class SmtpBackend(smtp.EmailBackend):
    """Django's, with a moment between the last accepted recipient and the message.

    All recipients must be accepted: one message goes to one person.
    """

    calls_before_data = True

    def _send(self, email_message: EmailMessage) -> bool:
        """Raises what `mailing.answers` judges, and what `before_data` raises: nothing has left."""
        encoding = email_message.encoding or settings.DEFAULT_CHARSET
        sender = sanitize_address(email_message.from_email, encoding)
        message = _as_bytes(email_message)
        server = cast(SMTP, self.connection)
        server.ehlo_or_helo_if_needed()
        sized = server.does_esmtp and server.has_extn("size")
        code, answer = server.mail(sender, [f"size={len(message)}"] if sized else [])
        if code != 250:
            raise SMTPSenderRefused(code, answer, sender)
        for address in email_message.recipients():
            recipient = sanitize_address(address, encoding)
            code, answer = server.rcpt(recipient)
            if code not in {250, 251}:
                raise SMTPRecipientsRefused({recipient: (code, answer)})
        if isinstance(email_message, Letter):
            email_message.before_data()
        if server.sock:
            server.sock.settimeout(DATA_TIMEOUT)
        code, answer = server.data(message)
        if code != 250:
            raise SMTPDataError(code, answer)
        return True

    def _close_connection(self, connection: SMTP) -> None:
        """Say goodbye; a server that does not answer changes nothing about what it has accepted."""
        try:
            super()._close_connection(connection)  # type: ignore[misc]
        except OSError:
            connection.close()


class FileBackend(BaseEmailBackend):
    """Lays each message into EMAIL_FILE_PATH as a file of its own, whole or not at all."""

    calls_before_data = True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            self._lay_down(message)
        return len(email_messages)

    def _lay_down(self, message: EmailMessage) -> None:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".writing-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_as_bytes(message))
            name = Path(temporary).name.removeprefix(".writing-")
            if isinstance(message, Letter):
                name = str(message.delivery_key)
                message.before_data()
            os.replace(temporary, folder / f"{name}.eml")
        except BaseException:
            os.unlink(temporary)
            raise


def read_from_folder(key: UUID) -> ReadMessage | None:
    """The message of the delivery with this key, where mails are laid into a folder."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if not folder:
        return None
    try:
        content = Path(folder, f"{key}.eml").read_bytes()
    except FileNotFoundError:
        return None
    return message_from_bytes(content, policy=modern)


def clear_folder(before: datetime) -> None:
    """Remove what was laid down before this moment, and what a killed worker left half written."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if not folder:
        return
    for pattern in ["*.eml", ".writing-*"]:
        for path in Path(folder).glob(pattern):
            # Another worker may be clearing too.
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()


def _as_bytes(message: EmailMessage) -> bytes:
    return message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]

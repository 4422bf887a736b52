"""Mail that is paused: nothing leaves, planning goes on, and what becomes too late expires."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from audit.services import record
from mailing.models import Pause

if TYPE_CHECKING:
    from accounts.models import User


def pause(*, reason: str, now: datetime) -> Pause:
    """Let nothing leave from now on; `reason` is a sentence for administrators."""
    return Pause.objects.create(since=now, reason=reason)


def pause_in_force() -> Pause | None:
    """The longest open one."""
    return Pause.objects.open().first()


def resume(*, actor: "User | None", now: datetime) -> bool:
    """Let mail leave again; False where it was not paused. Recorded as "mail.resumed".

    `actor` is None for whoever runs a command on the server.
    """
    with transaction.atomic():
        paused = list(Pause.objects.open().select_for_update())
        for one in paused:
            one.ended_at, one.ended_by = now, actor
            one.save(update_fields=["ended_at", "ended_by"])
            record(actor=actor, action="mail.resumed", target=one)
    return bool(paused)

"""Closing a note on conduct after a talk, and opening it again."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from audit.services import record
from interactions.models import Conduct, Interaction
from partners.models import Partner

# An abusive one stays: time alone takes it out of what a tier is judged by.
CLOSABLE = [Conduct.NEGATIVE, Conduct.DISRESPECTFUL]


def close_conduct(*, actor: User, interaction: Interaction, reason: str, now: datetime) -> bool:
    """Close a conduct note with a reason: it counts in no signal from the owner's today on.

    In one transaction: locks the partner, reads the note again, writes, and the save judges the
    partner anew. Recorded without values. False where it is closed already. Raises ValidationError
    where there is no note that may be closed.
    """
    with transaction.atomic():
        note = _locked(interaction)
        if note.conduct not in CLOSABLE:
            raise ValidationError("A note on abuse stays open, and so does one that is gone.")
        if note.conduct_closed_on:
            return False
        note.conduct_closed_on = note.partner.owner.today(now)
        note.conduct_closed_by, note.conduct_closed_reason = actor, reason
        _write(note)
        record(actor=actor, action="conduct.closed", target=note.partner)
    return True


def open_conduct(*, actor: User, interaction: Interaction) -> bool:
    """Open a note again that was closed by mistake, as if it had never been closed. Recorded.

    Locks and judges like `close_conduct`; False where it is open.
    """
    with transaction.atomic():
        note = _locked(interaction)
        if note.conduct_closed_on is None:
            return False
        note.open_conduct_again()
        _write(note)
        record(actor=actor, action="conduct.opened", target=note.partner)
    return True


def _locked(interaction: Interaction) -> Interaction:
    Partner.objects.locked([interaction.partner_id])
    rows = Interaction.objects.select_related("partner__owner")
    return rows.get(pk=interaction.pk)


def _write(note: Interaction) -> None:
    note.save(
        update_fields=["conduct_closed_on", "conduct_closed_by", "conduct_closed_reason"],
    )

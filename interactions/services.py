from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import User
from audit.services import record, record_each
from interactions.dispatch import facts_changed
from interactions.models import (
    Conduct,
    Direction,
    Interaction,
    Kind,
    Outcome,
    Purpose,
    Referral,
    Stage,
    StageMove,
)
from partners.models import Partner, new_key


@dataclass(frozen=True)
class Contact:
    """What happened, as it is said once for all partners who were there."""

    day: date
    kind: Kind
    direction: Direction = Direction.OUT
    outcome: Outcome = Outcome.CONNECTED
    purpose: Purpose = Purpose.RELATIONSHIP
    conduct: Conduct = Conduct.NONE
    minutes: int | None = None
    note: str = ""
    was_review: bool = False
    gave_value: bool = False


def log(
    *, actor: User, partners: Sequence[Partner], contact: Contact, batch: UUID
) -> list[Interaction]:
    """Log one contact with one or several partners; returns the rows of this `batch`.

    Locks the partners in the order of their keys, writes a row for each (the minutes divided
    equally), tells `facts_changed` so that each tier is judged once, and records it. A double
    submit gives the rows that it made; a form that was filled in anew after "back" is a new batch.
    """
    with transaction.atomic():
        Partner.objects.locked([partner.pk for partner in partners])
        known = list(Interaction.objects.filter(batch=batch))
        if known and _is_double(known, partners, contact):
            return known
        if known:
            batch = uuid4()
        shares = divided(contact.minutes, len(partners))
        rows = Interaction.objects.bulk_create(
            Interaction(
                batch=batch,
                partner=partner,
                day=contact.day,
                kind=contact.kind,
                direction=contact.direction,
                outcome=contact.outcome,
                purpose=contact.purpose,
                conduct=contact.conduct,
                minutes=share,
                note=contact.note,
                was_review=contact.was_review,
                gave_value=contact.gave_value,
                officer=partner.owner,
                logged_by=actor,
            )
            for partner, share in zip(partners, shares, strict=True)
        )
        facts_changed.send(Interaction, partner_ids=[partner.pk for partner in partners])
        record_each(actor=actor, action="interaction.logged", targets=partners, kind=contact.kind)
    return rows


def _is_double(known: Sequence[Interaction], partners: Sequence[Partner], contact: Contact) -> bool:
    if {row.partner_id for row in known} != {partner.pk for partner in partners}:
        return False
    said = [*("day", "kind", "direction", "outcome", "purpose"), "conduct", "note"]
    said += ["was_review", "gave_value"]
    return all(
        getattr(row, name) == getattr(contact, name) for row in known for name in said
    ) and sum(row.minutes or 0 for row in known) == (contact.minutes or 0)


def divided(minutes: int | None, people: int) -> list[int | None]:
    """Equal shares of whole minutes; what is left over goes to the first ones."""
    if minutes is None:
        return [None] * people
    share, rest = divmod(minutes, people)
    return [share + (1 if place < rest else 0) for place in range(people)]


def change_interaction(*, actor: User, interaction: Interaction, changed: Sequence[str]) -> None:
    """Correct a logged interaction; the save judges the partner anew. Recorded by field names.

    Locks the partner first, as whoever writes several facts does: the other way round two people
    would wait for each other. Keeps what somebody decided about its conduct note meanwhile; a note
    whose conduct is changed is open again.
    """
    with transaction.atomic():
        Partner.objects.locked([interaction.partner_id])
        _read_conduct_again(interaction, is_changed="conduct" in changed)
        interaction.save()
        record(
            actor=actor, action="interaction.changed", target=interaction.partner, fields=changed
        )


def _read_conduct_again(interaction: Interaction, *, is_changed: bool) -> None:
    if is_changed:
        interaction.open_conduct_again()
    else:
        names = ["conduct_closed_on", "conduct_closed_by", "conduct_closed_reason"]
        interaction.refresh_from_db(fields=["conduct", *names])


def remove_interaction(*, actor: User, interaction: Interaction) -> None:
    """Take back what was logged by mistake; the delete judges the partner anew. Recorded."""
    with transaction.atomic():
        Partner.objects.locked([interaction.partner_id])
        partner, kind = interaction.partner, interaction.kind
        interaction.delete()
        record(actor=actor, action="interaction.removed", target=partner, kind=kind)


def add_referral(*, actor: User, referral: Referral) -> Referral:
    """Write a referral with its first stage move; the save judges the partner. Recorded.

    A double submit, by its key, gives the row that it made; the key of any other row is replaced.
    """
    with transaction.atomic():
        Partner.objects.locked([referral.partner_id])
        known = Referral.objects.filter(key=referral.key).first()
        if known and _is_same(known, referral):
            return known
        if known:
            referral.key = new_key()
        referral.day = local_day(referral.partner, referral.received_at)
        referral.logged_by = actor
        referral.save()
        _add_move(actor, referral, referral.received_at)
        record(actor=actor, action="referral.added", target=referral)
    return referral


def _is_same(known: Referral, referral: Referral) -> bool:
    names = ("partner_id", "direction", "received_at", "borrower")
    return all(getattr(known, name) == getattr(referral, name) for name in names)


def change_referral(*, actor: User, referral: Referral, changed: Sequence[str]) -> None:
    """Correct a referral's facts; the save judges the partner anew. Recorded by field names.

    Writes these fields alone: its stage may have moved while the form was filled in. A contact that
    is entered anew after the old one was erased ends the erasure.
    """
    with transaction.atomic():
        Partner.objects.locked([referral.partner_id])
        written = ["day", *changed]
        if {"borrower_phone", "borrower_email"} & set(changed):
            referral.contact_erased_at = None
            written.append("contact_erased_at")
        referral.day = local_day(referral.partner, referral.received_at)
        referral.save(update_fields=written)
        record(actor=actor, action="referral.changed", target=referral, fields=changed)


def move_referral(
    *, actor: User, referral: Referral, stage: Stage, lost_reason: str = "", at: datetime
) -> bool:
    """Bring a referral to a stage, forward or back, and keep the move; False if it stood there.

    Locks the partner first and then reads the stage, so that a double click moves once. Recorded.
    """
    with transaction.atomic():
        Partner.objects.locked([referral.partner_id])
        referral.refresh_from_db(fields=["stage", "lost_reason"])
        reason = lost_reason if stage == Stage.LOST else ""
        if (referral.stage, referral.lost_reason) == (stage, reason):
            return False
        before = referral.stage
        referral.stage, referral.lost_reason = stage, reason
        referral.save(update_fields=["stage", "lost_reason"])
        _add_move(actor, referral, at)
        record(actor=actor, action="referral.moved", target=referral, before=before, after=stage)
    return True


def local_day(partner: Partner, at: datetime) -> date:
    """The day of `at` for the partner's owner: a partner's days are its owner's days."""
    return partner.owner.today(at)


def _add_move(actor: User, referral: Referral, at: datetime) -> None:
    StageMove.objects.create(
        referral=referral,
        stage=referral.stage,
        lost_reason=referral.lost_reason,
        at=at,
        day=local_day(referral.partner, at),
        moved_by=actor,
    )

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from audit.services import record
from gratitude.models import Event, EventKind, Invitation
from interactions.models import Interaction, Kind
from interactions.services import Contact, log
from partners.models import Partner

LOGGED_AS = {
    EventKind.CLASS: Kind.CLASS,
    EventKind.LUNCH_AND_LEARN: Kind.CLASS,
    EventKind.OPEN_HOUSE: Kind.OPEN_HOUSE,
}

CANCELLED = "This event was cancelled."
NOT_YET = "This event has not been yet. Log it when it is over."
TOOK_PLACE = "People were logged as having come: an event that took place is not cancelled."
LOGGED = (
    "{names}: logged as having come. If that is wrong, remove the interaction on the partner’s "
    "page first."
)


def kind_logged(event: Event) -> Kind:
    """The kind of interaction that is logged for who came."""
    return LOGGED_AS.get(EventKind(event.kind), Kind.EVENT)


def add_event(*, actor: User, event: Event, colleagues: Collection[User]) -> Event:
    """Write a new event with its other hosts. Recorded.

    A double submit, by its key, gives the event that it made.
    """
    with transaction.atomic():
        # One after the other, so that the second of two clicks finds what the first one made.
        User.objects.select_for_update(no_key=True).get(pk=event.officer_id)
        known = Event.objects.filter(key=event.key).first()
        if known and _is_same(known, event):
            return known
        if known:
            event.key = uuid4()
        event.made_by = actor
        event.save()
        event.colleagues.set(colleagues)
        record(actor=actor, action="event.added", target=event, kind=event.kind)
    return event


def _is_same(known: Event, event: Event) -> bool:
    return (known.officer_id, known.name, known.day) == (event.officer_id, event.name, event.day)


def change_event(
    *, actor: User, event: Event, colleagues: Collection[User], changed: Sequence[str]
) -> None:
    """Change an event's facts and other hosts. Recorded by field names.

    Its day stays where somebody was logged for it: what is logged names that day.
    """
    with transaction.atomic():
        before = _locked(event)
        if before.day != event.day and _logged(event).exists():
            raise ValidationError({"day": "People were logged for this day already."})
        event.cancelled_at = before.cancelled_at
        event.save()
        event.colleagues.set(colleagues)
        record(actor=actor, action="event.changed", target=event, fields=changed)


def cancel_event(*, actor: User, event: Event, now: datetime) -> None:
    """Cancel an event, once; it is kept and shown as cancelled. Recorded.

    Raises ValidationError where somebody was logged as having come.
    """
    with transaction.atomic():
        if _locked(event).cancelled_at:
            return
        if _logged(event).exists():
            raise ValidationError(TOOK_PLACE)
        event.cancelled_at = now
        event.save(update_fields=["cancelled_at"])
        record(actor=actor, action="event.cancelled", target=event)


def bring_back(*, actor: User, event: Event) -> None:
    """Take back that an event was cancelled. Recorded."""
    with transaction.atomic():
        if _locked(event).cancelled_at is None:
            return
        event.cancelled_at = None
        event.save(update_fields=["cancelled_at"])
        record(actor=actor, action="event.changed", target=event, fields=["cancelled"])


@dataclass(frozen=True)
class Asked:
    """Who was invited now, and who was not and why: each a sentence."""

    invited: int
    refused: list[str]


def invite(*, actor: User, event: Event, partner_ids: Sequence[int]) -> Asked:
    """Write down that these partners are invited; who is invited already stays as they are.

    Locks the event, then the partners, and only then reads who may be invited: whoever asked us
    to stop a moment ago is not. Recorded with how many. Raises ValidationError for a cancelled one.
    """
    with transaction.atomic():
        if _locked(event).cancelled_at:
            raise ValidationError(CANCELLED)
        partners = _locked_partners(actor, partner_ids)
        known = _known(event)
        refused = [sentence for partner in partners if (sentence := why_not(partner))]
        added = Invitation.objects.bulk_create(
            Invitation(event=event, partner=partner, invited_by=actor)
            for partner in partners
            if partner.pk not in known and not why_not(partner)
        )
        if added:
            record(actor=actor, action="event.invited", target=event, partners=len(added))
    return Asked(len(added), refused)


def why_not(partner: Partner) -> str:
    """Why no invitation goes to a partner, as a sentence; blank where one may."""
    if partner.archived_at:
        return f"{partner.full_name} is archived and cannot be invited."
    if partner.do_not_contact:
        return f"{partner.full_name} asked us to stop and cannot be invited."
    if partner.is_left_in_peace:
        return f"{partner.full_name} is left in peace and cannot be invited."
    return ""


def take_off(*, actor: User, invitation: Invitation) -> None:
    """Take somebody off the list who was put on it by mistake. Recorded.

    Raises ValidationError where they were logged as having come.
    """
    with transaction.atomic():
        _locked(invitation.event)
        found = Invitation.objects.filter(pk=invitation.pk).first()
        if found is None:
            return
        if found.interaction_id:
            raise ValidationError(LOGGED.format(names=invitation.partner.full_name))
        found.delete()
        record(actor=actor, action="event.uninvited", target=invitation.event)


def add_walk_ins(
    *, actor: User, event: Event, partner_ids: Sequence[int], today: date
) -> list[Invitation]:
    """Write down who came without having been invited; whoever was invited is ticked. Recorded.

    `today` is the day of the event's officer. Raises ValidationError for an event that is
    cancelled or to come.
    """
    with transaction.atomic():
        _check_took_place(event, today)
        partners = _locked_partners(actor, partner_ids)
        known = _known(event)
        event.invitations.filter(partner__in=partners).update(came=True)
        added = Invitation.objects.bulk_create(
            Invitation(event=event, partner=partner, invited_by=actor, walked_in=True, came=True)
            for partner in partners
            if partner.pk not in known
        )
        record(actor=actor, action="event.changed", target=event, fields=["came"])
    return added


def note_who_came(
    *,
    actor: User,
    event: Event,
    shown: Collection[int],
    came: Collection[int],
    today: date,
) -> None:
    """Write down who of the invitations that a page showed came, and who did not. Recorded.

    Only those of partners with whom the actor works. Raises ValidationError, and writes nothing,
    where somebody who was logged is not among them, or the event is cancelled or to come.
    """
    with transaction.atomic():
        _check_took_place(event, today)
        rows = list(
            event.invitations.workable_by(actor).filter(pk__in=shown).select_related("partner")
        )
        logged = [
            row.partner.full_name for row in rows if row.interaction_id and row.pk not in came
        ]
        if logged:
            raise ValidationError(LOGGED.format(names=", ".join(logged)))
        moved = [row for row in rows if row.came is not (row.pk in came)]
        for row in moved:
            row.came = row.pk in came
        # Who walked in and did not come after all was never there.
        gone = [row.pk for row in moved if row.walked_in and not row.came]
        Invitation.objects.filter(pk__in=gone).delete()
        Invitation.objects.bulk_update([row for row in moved if row.pk not in gone], ["came"])
        if moved:
            record(actor=actor, action="event.changed", target=event, fields=["came"])


def log_who_came(
    *, actor: User, event: Event, minutes: int | None, today: date, now: datetime
) -> list[Interaction]:
    """Log one interaction for everybody who came and has none yet; returns the new ones.

    Locks the event and only then reads who is still to log, so that two clicks, two windows or two
    colleagues log each guest once. The minutes are shared, as in any contact with several people.
    Only partners with whom the actor works; tells `facts_changed` through `log`. Recorded.
    Raises ValidationError for an event that is cancelled or to come.
    """
    with transaction.atomic():
        event = _check_took_place(event, today)
        waiting = event.invitations.workable_by(actor).to_log()
        rows = {row.partner_id: row for row in waiting.select_related("partner__owner")}
        if not rows:
            return []
        partners = [row.partner for row in rows.values()]
        contact = Contact(
            # Further west it may still be yesterday.
            day=min([event.day, *(partner.owner.today(now) for partner in partners)]),
            kind=kind_logged(event),
            minutes=minutes,
            note=event.name,
        )
        logged = log(actor=actor, partners=partners, contact=contact, batch=uuid4())
        for interaction in logged:
            rows[interaction.partner_id].interaction = interaction
        Invitation.objects.bulk_update(rows.values(), ["interaction"])
        record(actor=actor, action="event.logged", target=event, partners=len(logged))
    return logged


def _locked(event: Event) -> Event:
    """The event as it stands, locked: before the partners, in whatever is written about both."""
    return Event.objects.select_for_update(no_key=True).get(pk=event.pk)


def _check_took_place(event: Event, today: date) -> Event:
    """The event, locked and read anew."""
    found = _locked(event)
    if found.cancelled_at:
        raise ValidationError(CANCELLED)
    if found.day > today:
        raise ValidationError(NOT_YET)
    return found


def _locked_partners(actor: User, partner_ids: Iterable[int]) -> list[Partner]:
    ids = Partner.objects.workable_by(actor).locked(list(partner_ids))
    return list(Partner.objects.filter(pk__in=ids).select_related("owner"))


def _known(event: Event) -> set[int]:
    return set(event.invitations.values_list("partner_id", flat=True))


def _logged(event: Event) -> QuerySet[Invitation]:
    return event.invitations.filter(interaction__isnull=False)

"""Partners go from one owner to another, in one step that can be taken back."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.access import access_to
from accounts.models import User
from audit.services import record, record_each
from partners.dispatch import owner_changed
from partners.models import Handover, Partner


def hand_over(
    *,
    actor: User,
    from_owner: User,
    to_owner: User,
    partner_ids: Collection[int],
    note: str,
    key: UUID,
    now: datetime,
) -> Handover:
    """Give these partners of one owner to another. Recorded, for each partner too.

    In one transaction: locks both people, and then those of the partners who still are
    `from_owner`'s, archived ones too; changes their owner; tells `owner_changed`, whose receivers
    judge them as of the new owner's today, plan their dates, and end their places on the old
    owner's focus list. What was logged keeps its officer. A double submit hands over once.
    Raises ValidationError where the receiver left, where the actor would come to partners with
    whom they do not work, or where no partner is `from_owner`'s any more.
    """
    with transaction.atomic():
        people = _locked_people(from_owner, to_owner)
        known = Handover.objects.filter(key=key).first()
        if known and _is_same(known, from_owner, to_owner, partner_ids):
            return known
        _check_receiver(people[to_owner.pk])
        _check_own_rights(actor, from_owner, to_owner)
        ids = Partner.objects.filter(owner=from_owner).locked(list(partner_ids))
        if not ids:
            raise ValidationError(f"None of these partners is with {from_owner} any more.")
        handover = Handover.objects.create(
            key=uuid4() if known else key,
            from_owner=from_owner,
            to_owner=to_owner,
            note=note,
            made_by=actor,
            made_at=now,
        )
        handover.partners.add(*ids)
        _move(ids, to_owner, now)
        _record(actor, "made", handover, ids)
    return handover


def take_back(*, actor: User, handover: Handover, now: datetime) -> tuple[int, int]:
    """Give back the partners of a hand-over who still are with their new owner. Recorded.

    In one transaction, with the same locks and effects as `hand_over`. Returns how many went back
    and how many were left where somebody gave them since; (0, 0) where it was taken back already.
    Raises ValidationError where the old owner left, or where none could go back.
    """
    old, new = handover.from_owner, handover.to_owner
    with transaction.atomic():
        people = _locked_people(old, new)
        if not Handover.objects.filter(pk=handover.pk, taken_back_at__isnull=True).exists():
            return 0, 0
        _check_receiver(people[old.pk])
        given = list(handover.partners.values_list("pk", flat=True))
        ids = Partner.objects.filter(owner=new).locked(given)
        if not ids:
            raise ValidationError(f"None of these partners is with {new} any more.")
        handover.taken_back_at, handover.taken_back_by = now, actor
        handover.save(update_fields=["taken_back_at", "taken_back_by"])
        _move(ids, old, now)
        _record(actor, "taken_back", handover, ids)
    return len(ids), len(given) - len(ids)


def _locked_people(*people: User) -> dict[int, User]:
    """Read both behind their locks, which whoever changes their focus lists takes first too."""
    rows = User.objects.filter(pk__in=[person.pk for person in people]).order_by("pk")
    return {person.pk: person for person in rows.select_for_update(no_key=True)}


def _is_same(
    known: Handover, from_owner: User, to_owner: User, partner_ids: Collection[int]
) -> bool:
    """Tell a double click from a form that was filled in anew after "back"."""
    if known.taken_back_at or (known.from_owner_id, known.to_owner_id) != (
        from_owner.pk,
        to_owner.pk,
    ):
        return False
    return set(partner_ids) <= set(known.partners.values_list("pk", flat=True))


def _check_own_rights(actor: User, from_owner: User, to_owner: User) -> None:
    """An administrator sees no conduct, and must not come to see it as an owner."""
    if actor == to_owner and not access_to(actor, from_owner).works:
        raise ValidationError(
            "Nobody gives themselves the partners of somebody else: another administrator can."
        )


def _check_receiver(person: User) -> None:
    if not person.is_active:
        raise ValidationError(f"{person} has left. Choose somebody who signs in.")


def _move(partner_ids: list[int], owner: User, now: datetime) -> None:
    Partner.objects.filter(pk__in=partner_ids).update(owner=owner)
    owner_changed.send(Partner, partner_ids=partner_ids, now=now)


def _record(actor: User, what: str, handover: Handover, partner_ids: list[int]) -> None:
    """A line for the hand-over, and one for each partner: whoever looks for either finds it."""
    # That there is a note, not its words: they may name a borrower.
    said = {"partners": len(partner_ids), "note_given": bool(handover.note)}
    record(actor=actor, action=f"handover.{what}", target=handover, fields=(), **said)
    record_each(
        actor=actor,
        action=f"partner.{'handed_over' if what == 'made' else 'handed_back'}",
        targets=[Partner(pk=pk) for pk in partner_ids],
        handover=handover.pk,
        from_owner=handover.from_owner_id,
        to_owner=handover.to_owner_id,
    )

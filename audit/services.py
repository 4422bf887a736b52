from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Model

from audit.models import Event

LONGEST_ID = 40  # Event.target_id


def record(
    *,
    actor: Model | None,
    action: str,
    target: Model,
    fields: Sequence[str] = (),
    **detail: Any,
) -> None:
    """Write down who did what, in the caller's transaction: both are kept, or neither.

    `action` is a dotted name such as "partner.archived"; `fields` names what changed; `detail`
    must be JSON and must hold nothing about a borrower and no conduct. `actor` is None where the
    system itself acted.
    """
    record_each(actor=actor, action=action, targets=[target], fields=fields, **detail)


def record_each(
    *,
    actor: Model | None,
    action: str,
    targets: Iterable[Model],
    fields: Sequence[str] = (),
    **detail: Any,
) -> None:
    """Write down the same for several objects: a line for each, in one query. See `record`."""
    Event.objects.bulk_create(
        Event(
            actor_id=actor.pk if actor is not None else None,
            action=action,
            target_type=target._meta.label_lower,
            target_id=str(target.pk),
            fields=list(fields),
            detail=detail,
        )
        for target in targets
    )


def record_refusal(
    *,
    actor: Model,
    view: str,
    target_type: str,
    target_id: str,
    number: str,
    method: str,
    status: int,
) -> None:
    """Write down that somebody was not let in, in a transaction of its own.

    The view's has been taken back by then. There may be nothing of that kind and number.
    """
    with transaction.atomic():
        Event.objects.create(
            actor_id=actor.pk,
            action="access.refused",
            target_type=target_type,
            target_id=target_id[:LONGEST_ID],
            detail={
                "view": view,
                "number": number[:LONGEST_ID],
                "method": method,
                "status": status,
            },
        )

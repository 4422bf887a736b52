from collections.abc import Sequence
from typing import Any

from django.db.models import Model

from audit.models import Event


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
    Event.objects.create(
        actor_id=actor.pk if actor is not None else None,
        action=action,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        fields=list(fields),
        detail=detail,
    )

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import User
from audit.services import record, record_each
from partners.models import Partner
from touches.models import PlannedTouch


def plan(
    *, actor: User, partners: Sequence[Partner], what: str, due_on: date, key: UUID
) -> list[PlannedTouch]:
    """Plan the same next step with each partner; a double submit plans once. Recorded."""
    with transaction.atomic():
        Partner.objects.locked([partner.pk for partner in partners])
        known = list(PlannedTouch.objects.filter(key=key))
        if known and all((touch.what, touch.due_on) == (what, due_on) for touch in known):
            return known
        if known:
            key = uuid4()
        touches = PlannedTouch.objects.bulk_create(
            PlannedTouch(key=key, partner=partner, what=what, due_on=due_on, planned_by=actor)
            for partner in partners
        )
        record_each(actor=actor, action="step.planned", targets=partners, due_on=due_on.isoformat())
    return touches


def finish(*, actor: User, touch: PlannedTouch, now: datetime) -> bool:
    """Mark a planned step as done; False if it was done already. Recorded."""
    with transaction.atomic():
        changed = PlannedTouch.objects.open().filter(pk=touch.pk).update(done_at=now, done_by=actor)
        if changed:
            # Not its words, which may name a borrower.
            due_on = touch.due_on.isoformat()
            record(actor=actor, action="step.done", target=touch.partner, due_on=due_on)
    return bool(changed)

"""What changes a delivery, and nothing else does."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from mailing.models import Delivery, Heartbeat

if TYPE_CHECKING:
    from accounts.models import User


def plan(
    *,
    kind: str,
    user: "User",
    occurrence: str,
    due_at: datetime,
    expires_at: datetime,
    now: datetime,
    subject: str = "",
) -> None:
    """Plan one mail, once: asked again for the same kind, user, subject and occurrence, do nothing.

    It leaves at `due_at` or soon after, and not from `expires_at` on.
    """
    plan_many(
        [
            Delivery(
                kind=kind,
                user=user,
                subject=subject,
                occurrence=occurrence,
                due_at=due_at,
                expires_at=expires_at,
                planned_at=now,
            )
        ]
    )


def plan_many(rows: Iterable[Delivery]) -> None:
    """Plan these unsaved deliveries; those that exist already stay as they are.

    The unique constraint decides, so two planners at the same moment make one row.
    """
    Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def beat(name: str, now: datetime) -> None:
    """Write down that the background work `name` has just ended well."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})

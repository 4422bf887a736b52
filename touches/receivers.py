"""A logged contact completes what was planned, and a changed date plans anew, whoever does it.

In the caller's transaction where one is open, which every service of ours opens. Runs after the
receivers of tiers, as its app stands to the right of theirs.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from django.utils import timezone

from interactions.dispatch import facts_changed
from interactions.models import Interaction
from partners.dispatch import owner_changed
from partners.models import Partner
from tiers.dispatch import tiers_moved
from touches.focus_list import end_places_elsewhere
from touches.planning import plan_dates_now
from touches.services import complete_fitting, reopen


@receiver(facts_changed)
def complete_after_bulk(partner_ids: Collection[int], **kwargs: Any) -> None:
    complete_fitting(partner_ids)


@receiver(pre_save, sender=Interaction)
def reopen_before_change(instance: Interaction, raw: bool, **kwargs: Any) -> None:
    if instance.pk and not raw:
        reopen(instance)


@receiver(pre_delete, sender=Interaction)
def reopen_before_delete(instance: Interaction, **kwargs: Any) -> None:
    reopen(instance)


@receiver(post_save, sender=Interaction)
def complete_after_save(instance: Interaction, raw: bool, **kwargs: Any) -> None:
    if not raw:
        # The receivers of tiers noted from whom it was moved.
        moved_from: int | None = getattr(instance, "moved_from", None)
        _complete({instance.partner_id, moved_from or instance.partner_id})


@receiver(post_delete, sender=Interaction)
def complete_after_delete(instance: Interaction, **kwargs: Any) -> None:
    """Another contact may have done it too."""
    _complete({instance.partner_id})


def _complete(partner_ids: Collection[int]) -> None:
    with transaction.atomic():
        Partner.objects.locked(list(partner_ids))
        complete_fitting(partner_ids)


@receiver(post_save, sender=Partner)
def plan_after_save(instance: Partner, raw: bool, **kwargs: Any) -> None:
    """New, brought back, with another birthday, or no longer stepped away from."""
    if not raw and instance.archived_at is None:
        plan_dates_now([instance.pk], now=timezone.now())


@receiver(tiers_moved)
def plan_after_move(partner_ids: Collection[int], now: datetime, **kwargs: Any) -> None:
    """Who comes back from Cease gets the dates that were not planned meanwhile."""
    plan_dates_now(partner_ids, now=now)


@receiver(owner_changed)
def plan_after_hand_over(partner_ids: Collection[int], now: datetime, **kwargs: Any) -> None:
    """They leave the list of who had them, and their dates follow the new owner's days."""
    end_places_elsewhere(partner_ids, now=now)
    plan_dates_now(partner_ids, now=now)

"""Every save and every delete of a fact or a partner recomputes the tier, whoever does it.

In the caller's transaction where one is open, which every service of ours opens; else at once.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from django.utils import timezone

from accounts.dispatch import branch_changed
from interactions.dispatch import facts_changed
from interactions.models import Interaction, Referral
from partners.dispatch import owner_changed
from partners.models import Partner
from tiers.services import reclassify_now

Fact = Interaction | Referral


@receiver(pre_save, sender=Interaction)
@receiver(pre_save, sender=Referral)
def remember_partner(instance: Fact, raw: bool, **kwargs: Any) -> None:
    """A fact that moves to another partner changes both."""
    instance.moved_from = None  # type: ignore[union-attr]
    if instance.pk and not raw:
        stored = type(instance)._default_manager.filter(pk=instance.pk)
        moved = stored.exclude(partner=instance.partner_id)
        instance.moved_from = moved.values_list("partner", flat=True).first()  # type: ignore[union-attr]


@receiver(post_save, sender=Interaction)
@receiver(post_save, sender=Referral)
def judge_after_save(instance: Any, raw: bool, **kwargs: Any) -> None:
    if not raw:
        ids = {instance.partner_id, instance.moved_from} - {None}
        reclassify_now(ids, now=timezone.now())


@receiver(post_delete, sender=Interaction)
@receiver(post_delete, sender=Referral)
def judge_after_delete(instance: Fact, **kwargs: Any) -> None:
    reclassify_now([instance.partner_id], now=timezone.now())


@receiver(post_save, sender=Partner)
def judge_partner(instance: Partner, raw: bool, **kwargs: Any) -> None:
    if not raw:
        reclassify_now([instance.pk], now=timezone.now())


@receiver(facts_changed)
def judge_after_bulk(partner_ids: Collection[int], **kwargs: Any) -> None:
    reclassify_now(partner_ids, now=timezone.now())


@receiver(branch_changed)
def judge_after_move(user_id: int, now: datetime, **kwargs: Any) -> None:
    """The branch to which their owner has moved may have a policy of its own."""
    theirs = Partner.objects.active().filter(owner=user_id).order_by("pk")
    reclassify_now(theirs.values_list("pk", flat=True), now=now)


@receiver(owner_changed)
def judge_after_hand_over(partner_ids: Collection[int], now: datetime, **kwargs: Any) -> None:
    """Their days are the new owner's days from now on."""
    reclassify_now(partner_ids, now=now)

from celery import shared_task
from django.utils import timezone

from digests.services import plan_due
from mailing.services import beat


@shared_task
def plan_digests_task() -> None:
    now = timezone.now()
    plan_due(now)
    beat("plan_digests", now)

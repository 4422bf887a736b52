from celery import shared_task
from django.utils import timezone

from audit.sealer import seal_new


@shared_task
def seal_task() -> None:
    seal_new(now=timezone.now())

from celery import shared_task
from django.utils import timezone

from tiers.services import judge_new_days

# Well within the time limit of a task; beat's next tick goes on where this one stopped.
SLICES_A_TASK = 20


@shared_task
def judge_new_days_task() -> None:
    judge_new_days(now=timezone.now(), slices=SLICES_A_TASK)

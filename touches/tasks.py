from celery import shared_task
from django.utils import timezone

from touches.focus_list import choose_focus_weeks
from touches.planning import plan_new_days

# Well within the time limit of a task; beat's next tick goes on where this one stopped.
SLICES_A_TASK = 20


@shared_task
def plan_days_task() -> None:
    plan_new_days(now=timezone.now(), slices=SLICES_A_TASK)


@shared_task
def choose_focus_task() -> None:
    choose_focus_weeks(now=timezone.now())

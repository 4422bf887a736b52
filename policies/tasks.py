from celery import shared_task
from django.utils import timezone

from policies.trials import work_on_trials

# Well within the time limit of a task; beat's next tick goes on where this one stopped.
BUDGET = 20.0


@shared_task
def try_drafts_task() -> None:
    work_on_trials(clock=timezone.now, seconds=BUDGET)

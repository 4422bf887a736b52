from celery import shared_task
from django.utils import timezone

from insights.services import refresh_reports

# Within the minute until the next tick, also where the last branch is a large one.
BUDGET = 40.0


@shared_task
def refresh_reports_task() -> None:
    refresh_reports(now=timezone.now(), seconds=BUDGET)

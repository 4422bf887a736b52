from celery import shared_task
from django.utils import timezone

from mailing import services

# Seconds in which one tick begins deliveries. A server that hangs takes half a minute more, which
# is still within a task's limit.
BUDGET = 20.0


@shared_task
def deliver_task() -> None:
    services.heal(now=timezone.now())
    services.deliver_due(clock=timezone.now, seconds=BUDGET)


@shared_task
def sweep_task() -> None:
    services.heal(now=timezone.now())

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from mailing import services
from mailing.backends import clear_folder

# Seconds in which one tick begins deliveries. A server that hangs takes a minute more, which is
# still within a task's limit.
BUDGET = 20.0
# The pages show no older mails.
KEPT_IN_FOLDER = timedelta(days=30)


@shared_task
def deliver_task() -> None:
    services.heal(now=timezone.now())
    services.deliver_due(clock=timezone.now, seconds=BUDGET)


@shared_task
def sweep_task() -> None:
    now = timezone.now()
    services.heal(now=now)
    clear_folder(now - KEPT_IN_FOLDER)

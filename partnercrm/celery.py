"""The background work: its settings for Redis, each with its reason, and the whole schedule."""

import os
from datetime import timedelta

from celery import Celery
from celery.signals import worker_process_init

from partnercrm.supervisor import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnercrm.settings")

app = Celery("partnercrm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # A tier falls by the passing of days. The task asks "which time zone has a new day that has
    # not been judged yet?", so a tick that is missed or doubled does no harm.
    "judge every partner once a day": {
        "task": "tiers.tasks.judge_new_days_task",
        "schedule": timedelta(minutes=5),
    },
    # Rows are the truth and a web request publishes nothing, so this tick is what makes mails leave.
    # One that no worker has taken by the next is dropped: they do not pile up.
    "send what is due": {
        "task": "mailing.tasks.deliver_task",
        "schedule": timedelta(seconds=5),
        "options": {"expires": 5},
    },
    # Heals what hangs even when every delivering tick is busy or dropped.
    "give back what hangs": {
        "task": "mailing.tasks.sweep_task",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
}


@worker_process_init.connect
def end_with_the_worker(**_: object) -> None:
    """A process of the pool must not go on with its task when the worker has been killed."""
    die_with_parent(os.getppid())

"""The background work: its settings for Redis, each with its reason, and the whole schedule."""

import os
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from partnercrm.supervisor import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnercrm.settings")

app = Celery("partnercrm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def every(interval: timedelta, task: str) -> dict[str, Any]:
    """A tick that no worker takes is dropped when the next is due, so that they do not pile up.

    Not within a minute: where the clocks of two machines differ, all would be dropped at once.
    """
    longest = max(interval, timedelta(minutes=1))
    return {"task": task, "schedule": interval, "options": {"expires": longest.total_seconds()}}


# Each task asks "what is due and not done yet?", so a tick that is missed, late or doubled does no
# harm. Rows are the truth and a web request publishes nothing: these ticks are what makes it move.
app.conf.beat_schedule = {
    # A tier falls by the passing of days, in each time zone on its own.
    "judge every partner once a day": every(
        timedelta(minutes=5), "tiers.tasks.judge_new_days_task"
    ),
    "plan each new day": every(timedelta(minutes=5), "touches.tasks.plan_days_task"),
    "choose the focus lists of a new week": every(
        timedelta(minutes=5), "touches.tasks.choose_focus_task"
    ),
    # A branch's page shows figures that are at most some ten minutes old.
    "count the figures of the branches": every(
        timedelta(minutes=1), "insights.tasks.refresh_reports_task"
    ),
    # Whoever tries a policy waits for it.
    "try drafts of policies": every(timedelta(seconds=5), "policies.tasks.try_drafts_task"),
    # Two years after the last activity, in slices; a row that is erased is not due again.
    "erase the contact of old referrals": every(
        timedelta(hours=1), "interactions.tasks.erase_contacts_task"
    ),
    # From each person's hour until the evening of their own day.
    "plan the digests": every(timedelta(minutes=1), "digests.tasks.plan_digests_task"),
    "send what is due": every(timedelta(seconds=5), "mailing.tasks.deliver_task"),
    # Until then the database's triggers alone hold an event.
    "seal the record": every(timedelta(minutes=1), "audit.tasks.seal_task"),
    # Sending heals too; this does even when each of its ticks is busy or dropped.
    "give back what hangs": every(timedelta(minutes=1), "mailing.tasks.sweep_task"),
}


@worker_process_init.connect
def end_with_the_worker(**_: object) -> None:
    """A process of the pool must not go on with its task when the worker has been killed."""
    die_with_parent(os.getppid())

"""The queue is a hand and no truth: only beat publishes, and it may lose all of it."""

import importlib
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from partnercrm.celery import app
from tests.test_architecture import APPS

ROOT = Path(settings.BASE_DIR)
PUBLISHES = re.compile(r"\.(delay|apply_async|send_task|signature|s|si)\(|on_commit\(")


def test_only_beat_publishes():
    """With Redis hung, a request that publishes waits for a minute."""
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for name in [*APPS, "partnercrm"]
        for path in (ROOT / name).rglob("*.py")
        for line in path.read_text().splitlines()
        if PUBLISHES.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    ["task.delay(1)", "task.apply_async()", "transaction.on_commit(task)", "app.send_task('x')"],
)
def test_what_publishes_is_seen(line):
    assert PUBLISHES.search(line)


def test_the_schedule_names_tasks_that_exist():
    for entry in app.conf.beat_schedule.values():
        module, _, name = entry["task"].rpartition(".")
        assert getattr(importlib.import_module(module), name).name == entry["task"]


def test_the_schedule():
    times = {entry["task"]: entry["schedule"] for entry in app.conf.beat_schedule.values()}
    assert times == {
        "tiers.tasks.judge_new_days_task": timedelta(minutes=5),
        "touches.tasks.plan_days_task": timedelta(minutes=5),
        "touches.tasks.choose_focus_task": timedelta(minutes=5),
        "insights.tasks.refresh_reports_task": timedelta(minutes=1),
        "policies.tasks.try_drafts_task": timedelta(seconds=5),
        "digests.tasks.plan_digests_task": timedelta(minutes=1),
        "audit.tasks.seal_task": timedelta(minutes=1),
        "interactions.tasks.erase_contacts_task": timedelta(hours=1),
        "mailing.tasks.deliver_task": timedelta(seconds=5),
        "mailing.tasks.sweep_task": timedelta(minutes=1),
    }


def test_ticks_do_not_pile_up_while_no_worker_takes_them():
    for entry in app.conf.beat_schedule.values():
        longest = max(entry["schedule"], timedelta(minutes=1))
        assert entry["options"] == {"expires": longest.total_seconds()}


def test_settings_for_redis_are_the_measured_ones():
    conf = app.conf
    assert conf.broker_transport_options == {
        "visibility_timeout": 600,
        "unacked_restore_throttle": 1,
        "socket_timeout": 3,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 30,
    }
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost) == (True, True)
    assert (conf.task_time_limit, conf.task_soft_time_limit) == (120, 90)
    assert (conf.worker_prefetch_multiplier, conf.task_ignore_result) == (1, True)
    assert (conf.task_serializer, conf.accept_content) == ("json", ["json"])
    assert (conf.timezone, conf.enable_utc) == ("UTC", True)

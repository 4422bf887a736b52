"""/healthz/background says what is late, to anybody, in one sentence."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from mailing.models import Delivery, Heartbeat
from mailing.pausing import pause
from mailing.services import beat

pytestmark = pytest.mark.django_db

ADDRESS = "/healthz/background"
SILENT = (503, "Planning has not run for five minutes.")
OVERDUE = (503, "An e-mail is 15 minutes overdue.")


def health(client):
    answer = client.get(ADDRESS)
    return answer.status_code, answer.text


def ago(**time):
    return timezone.now() - timedelta(**time)


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, (200, "ok")), (290, (200, "ok")), (301, SILENT)]
)
def test_planning_must_have_run(client, seconds, expected):
    beat("plan_digests", ago(seconds=seconds))
    assert health(client) == expected


def test_planning_that_never_ran_is_not_well(client):
    beat("something_else", timezone.now())
    assert health(client) == SILENT


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"due_at": {"minutes": 16}}, OVERDUE),
        ({"due_at": {"minutes": 14}}, (200, "ok")),
        ({"due_at": {"minutes": -60}}, (200, "ok")),
        # Refused again and again: due anew in a minute, and late all the same.
        ({"planned_at": {"minutes": 16}, "due_at": {"minutes": -1}, "attempts": 3}, OVERDUE),
        ({"planned_at": {"minutes": 14}, "due_at": {"minutes": -1}, "attempts": 3}, (200, "ok")),
        ({"due_at": {"minutes": 16}, "state": "sent"}, (200, "ok")),
        ({"due_at": {"minutes": 16}, "state": "failed"}, (200, "ok")),
        ({"lease_until": {"minutes": 16}, "state": "transmitting"}, OVERDUE),
        ({"lease_until": {"minutes": 14}, "state": "claimed"}, (200, "ok")),
    ],
)
def test_no_mail_may_be_overdue(client, plan_mail, values, expected):
    beat("plan_digests", timezone.now())
    delivery = plan_mail(due_at=ago(minutes=1))
    values = {name: ago(**v) if isinstance(v, dict) else v for name, v in values.items()}
    if "lease_until" in values:
        values["lease"] = uuid4()
    Delivery.objects.filter(pk=delivery.pk).update(**values)
    assert health(client) == expected


def test_beats_of_one_name_are_one_row():
    beat("plan_digests", ago(minutes=1))
    latest = timezone.now()
    beat("plan_digests", latest)
    assert list(Heartbeat.objects.values_list("name", "at")) == [("plan_digests", latest)]


def test_it_is_asked_without_https_behind_the_proxy(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    beat("plan_digests", timezone.now())
    assert health(client) == (200, "ok")


def test_a_pause_is_told_and_is_no_fault(client, plan_mail):
    beat("plan_digests", timezone.now())
    plan_mail(due_at=ago(minutes=16))
    assert health(client) == OVERDUE
    pause(reason="Restored.", now=ago(minutes=20))
    assert health(client) == (200, "ok, and mail is paused")
    beat("plan_digests", ago(minutes=6))
    assert health(client) == SILENT

"""Whose digest is planned, and when: rows, in a few queries."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from digests.kinds import DAILY
from digests.models import Subscription
from digests.services import plan_due, subscribe
from digests.tasks import plan_digests_task
from mailing.models import Delivery, Heartbeat, State
from tests.digests.conftest import NOW
from tests.factories import DeliveryFactory, PartnerFactory, UserFactory

pytestmark = pytest.mark.django_db


def planned(kind=DAILY):
    rows = Delivery.objects.filter(kind=kind).order_by("user__name", "occurrence")
    return [(row.user.name, row.occurrence) for row in rows]


def test_it_is_planned_for_today_and_until_the_evening(alice, rita):
    plan_due(NOW)
    row = Delivery.objects.get()
    assert (row.kind, row.user, row.subject, row.occurrence) == (DAILY, alice, "", "2026-06-15")
    assert (row.due_at, row.planned_at, row.state) == (NOW, NOW, State.PENDING)
    # Eight in the evening in New York.
    assert row.expires_at == datetime(2026, 6, 16, 0, 0, tzinfo=UTC)


def test_only_who_is_active_and_owns_active_partners_gets_one(alice, bob, charlie, mona):
    PartnerFactory(owner=alice)
    PartnerFactory(owner=bob, archived_at=NOW, archived_reason="moved")
    PartnerFactory(owner=charlie)
    charlie.is_active = False
    charlie.save()
    plan_due(NOW)
    assert planned() == [("Alice Abbott", "2026-06-15")]


def test_each_is_asked_on_their_own_clock(alice, rita):
    """It is 7:05 in New York, 1:05 in Honolulu, and 23:05 in Auckland."""
    for zone in ["Pacific/Honolulu", "Pacific/Auckland", "America/Puerto_Rico"]:
        PartnerFactory(
            owner=UserFactory(name=zone, email=f"{zone[-4:].lower()}@x.us", time_zone=zone)
        )
    plan_due(NOW)
    assert planned() == [("Alice Abbott", "2026-06-15"), ("America/Puerto_Rico", "2026-06-15")]
    plan_due(NOW + timedelta(hours=6))
    assert planned()[-1] == ("Pacific/Honolulu", "2026-06-15")


def test_asked_again_and_again_it_plans_a_day_once(alice, rita):
    for minutes in [0, 0, 1, 60, 700]:
        plan_due(NOW + timedelta(minutes=minutes))
    assert planned() == [("Alice Abbott", "2026-06-15")]


def test_two_planners_at_the_same_moment_make_one_row(alice, rita, monkeypatch):
    """Both looked before either wrote: the unique constraint decides."""
    monkeypatch.setattr("digests.services._planned_lately", lambda now: {})
    plan_due(NOW)
    plan_due(NOW)
    assert planned() == [("Alice Abbott", "2026-06-15")]


@pytest.mark.parametrize("state", State.values)
def test_a_day_is_closed_however_its_digest_ended(alice, rita, state):
    held = {"lease": "7f9c24e8-3b12-4fef-91e0-56a2d5a06c11", "lease_until": NOW}
    held = held if state in {"claimed", "transmitting"} else {}
    DeliveryFactory(user=alice, occurrence="2026-06-15", state=state, due_at=NOW, **held)
    assert plan_due(NOW + timedelta(hours=12, minutes=30)) == []


def test_the_hour_and_the_stop_are_the_persons(alice, rita):
    subscribe(user=alice, kind=DAILY, hour=8, wanted=True, now=NOW)
    assert plan_due(NOW) == []
    subscribe(user=alice, kind=DAILY, hour=7, wanted=False, now=NOW)
    assert plan_due(NOW) == []
    subscribe(user=alice, kind=DAILY, hour=7, wanted=True, now=NOW)
    assert len(plan_due(NOW)) == 1


def test_weekends_are_for_who_wants_them(alice, bob):
    PartnerFactory(owner=alice)
    PartnerFactory(owner=bob)
    Subscription.objects.create(user=bob, kind=DAILY, on_weekends=True)
    plan_due(NOW - timedelta(days=1))
    assert planned() == [("Bob Barnes", "2026-06-14")]


def test_some_people_can_be_asked_for(alice, bob):
    PartnerFactory(owner=alice)
    PartnerFactory(owner=bob)
    plan_due(NOW, users=[bob])
    assert planned() == [("Bob Barnes", "2026-06-15")]


@pytest.mark.parametrize("people", [1, 20])
def test_planning_takes_five_queries_whatever_the_people(people, django_assert_num_queries):
    for _ in range(people):
        user = PartnerFactory().owner
        DeliveryFactory(user=user, occurrence="2026-06-12", due_at=NOW - timedelta(days=3))
        Subscription.objects.create(user=user, kind=DAILY, hour=6)
    with django_assert_num_queries(5):
        assert len(plan_due(NOW)) == people


def test_the_task_plans_and_says_that_it_lives(alice, rita):
    plan_digests_task()
    assert planned() == [("Alice Abbott", "2026-06-15")]
    assert Heartbeat.objects.get().name == "plan_digests"
    assert Heartbeat.objects.get().at == timezone.now()


def test_who_moves_across_the_date_line_waits_twelve_hours(alice, rita):
    """At 7:05 in New York it is 23:05 in Auckland; its Tuesday's digest comes at 11:05 there."""
    plan_due(NOW)
    alice.time_zone = "Pacific/Auckland"
    alice.save()
    for hours in [1, 8, 11.9]:
        assert plan_due(NOW + timedelta(hours=hours)) == []
    plan_due(NOW + timedelta(hours=12))
    assert planned() == [("Alice Abbott", "2026-06-15"), ("Alice Abbott", "2026-06-16")]

"""Next steps: planned once, done once, on behalf of whom one works for."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import Event
from tests.factories import PartnerFactory, PlannedTouchFactory
from touches.forms import check_due
from touches.models import PlannedTouch
from touches.services import finish, plan

pytestmark = pytest.mark.django_db

DUE = date(2026, 6, 15)
TODAY = date(2026, 6, 1)


def test_a_step_is_planned_with_each_partner_and_recorded(alice):
    rita, sam = PartnerFactory(owner=alice), PartnerFactory(owner=alice)
    plan(actor=alice, partners=[rita, sam], what="Call", due_on=DUE, key=uuid4())
    assert list(PlannedTouch.objects.steps().values_list("partner", "what", "due_on")) == [
        (rita.pk, "Call", DUE),
        (sam.pk, "Call", DUE),
    ]
    assert list(Event.objects.values_list("action", "target_id")) == [
        ("step.planned", str(rita.pk)),
        ("step.planned", str(sam.pk)),
    ]


def test_a_form_that_comes_twice_plans_once(alice):
    key, rita = uuid4(), PartnerFactory(owner=alice)
    first = plan(actor=alice, partners=[rita], what="Call", due_on=DUE, key=key)
    assert plan(actor=alice, partners=[rita], what="Call", due_on=DUE, key=key) == first
    assert PlannedTouch.objects.steps().count() == 1


def test_a_form_filled_in_anew_after_back_plans_again(alice):
    key, rita = uuid4(), PartnerFactory(owner=alice)
    plan(actor=alice, partners=[rita], what="Call", due_on=DUE, key=key)
    plan(actor=alice, partners=[rita], what="Write", due_on=DUE, key=key)
    assert set(PlannedTouch.objects.steps().values_list("what", flat=True)) == {"Call", "Write"}


def test_a_step_is_done_once(alice, bob):
    touch, now = PlannedTouchFactory(partner__owner=alice), timezone.now()
    assert finish(actor=alice, touch=touch, now=now)
    assert not finish(actor=bob, touch=touch, now=now + timedelta(hours=1))
    touch.refresh_from_db()
    assert (touch.done_at, touch.done_by) == (now, alice)
    event = Event.objects.get(action="step.done")
    assert event.detail == {"due_on": touch.due_on.isoformat()}


def test_open_steps_stand_by_day_and_leave_out_what_is_done(alice):
    late = PlannedTouchFactory(partner__owner=alice, due_on=DUE + timedelta(days=3))
    soon = PlannedTouchFactory(partner__owner=alice, due_on=DUE)
    done = PlannedTouchFactory(partner__owner=alice, due_on=DUE)
    finish(actor=alice, touch=done, now=timezone.now())
    assert list(PlannedTouch.objects.open().steps()) == [soon, late]


@pytest.mark.parametrize("days", [0, 1, 730])
def test_a_step_is_due_today_or_later(days):
    assert check_due(TODAY + timedelta(days=days), TODAY) == TODAY + timedelta(days=days)


@pytest.mark.parametrize("days", [-1, 731])
def test_a_step_is_not_due_in_the_past_or_too_far_ahead(days):
    with pytest.raises(ValidationError):
        check_due(TODAY + timedelta(days=days), TODAY)


def test_nothing_is_planned_with_who_is_archived(sign_in, alice):
    partner = PartnerFactory(owner=alice, archived_at=timezone.now(), archived_reason="moved")
    answer = sign_in(alice).get(f"/partners/{partner.pk}/steps/new/")
    assert answer.status_code == 403
    assert "archived" in answer.text

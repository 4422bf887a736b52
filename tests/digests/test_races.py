"""Real transactions at the same moment: one effect, whoever comes second."""

from functools import partial

import pytest
from django.utils import timezone

from audit.models import Event
from digests.kinds import DAILY
from digests.links import Act, Step
from digests.models import Subscription
from digests.services import NoLongerFits, plan_due, stop, take_step
from mailing.models import Delivery
from tests.factories import PlannedTouchFactory
from tests.tiers.test_races import at_once
from touches.kinds import TouchKind

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def press(act, step):
    try:
        take_step(act=act, step=step, now=timezone.now())
    except NoLongerFits:
        return False
    return True


@pytest.mark.parametrize("acts", [[Act.DONE] * 4, [Act.SNOOZE] * 4, [Act.DONE, Act.SNOOZE] * 2])
def test_of_presses_at_the_same_moment_one_counts(acts, alice):
    row = PlannedTouchFactory(partner__owner=alice)
    step = Step(alice.pk, row.partner_id, TouchKind.STEP, row.pk, row.due_on)
    results = at_once(*[partial(press, act, step) for act in acts])
    assert sorted(results) == [False, False, False, True]
    assert Event.objects.filter(action__in=["step.done", "touch.snoozed"]).count() == 1


def test_planners_at_the_same_moment_plan_a_day_once(alice):
    PlannedTouchFactory(partner__owner=alice)
    noon = timezone.now().replace(year=2026, month=6, day=15, hour=16)
    at_once(*[partial(plan_due, noon)] * 4)
    assert Delivery.objects.count() == 1


def test_clicks_at_the_same_moment_stop_once(alice):
    clicks = [partial(stop, user=alice, kind=DAILY, now=timezone.now())] * 4
    at_once(*clicks)
    assert Subscription.objects.filter(stopped_at__isnull=False).count() == 1
    assert Event.objects.filter(action="digest.stopped").count() == 1

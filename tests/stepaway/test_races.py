"""Real transactions at the same moment: one choice, one plan, one closing, one message."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from interactions.models import Interaction
from partners.stop_services import stop
from stepaway.models import Choice, Plan, PlanStep
from stepaway.plan_services import close, sent
from tests.stepaway.conftest import NOW, TODAY, chosen, one_sided
from tests.tiers.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def or_refused(work):
    def run():
        try:
            return work()
        except ValidationError:
            return None

    return run


def test_two_people_choose_at_once(alice, mona):
    partner = one_sided(alice)
    tries = [partial(chosen, who, partner, way="step_away", seen=None) for who in (alice, mona)]
    found = at_once(*map(or_refused, tries))
    assert sum(one is not None for one in found) == 1
    assert (Choice.objects.count(), Plan.objects.count()) == (1, 1)


def test_closing_twice_and_a_request_to_stop_meanwhile(alice, mona):
    plan = chosen(alice, one_sided(alice)).plan
    closing = [
        partial(close, actor=who, plan=plan, outcome=outcome, note="", now=NOW)
        for who, outcome in ((alice, "ended"), (mona, "resumed"))
    ]
    about = {"partner": plan.partner, "on": TODAY, "source": "call", "now": NOW}
    found = at_once(*closing, partial(stop, actor=mona, **about))
    assert sorted(found) == [False, True, True]
    plan.partner.refresh_from_db()
    assert (plan.partner.stepping_away_since, plan.partner.do_not_contact) == (None, True)


def test_a_double_click_logs_one_message(alice):
    step = PlanStep.objects.select_related("plan").get(
        plan=chosen(alice, one_sided(alice)).plan, kind="message"
    )
    before = Interaction.objects.count()
    sending = partial(sent, actor=alice, step=step, kind="email", now=NOW)
    assert sorted(at_once(sending, sending)) == [False, True]
    assert Interaction.objects.count() == before + 1

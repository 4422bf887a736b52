"""The plan: its steps, what it silences, the freed time, and how it ends."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from audit.models import Event
from interactions.models import Interaction
from interactions.services import remove_interaction
from partners.handover import hand_over
from partners.stop_services import stop
from stepaway import lists
from stepaway.models import Plan, PlanStep
from stepaway.page import build
from stepaway.plan_services import close, sent, tick, weekly_minutes
from stepaway.words import still_silent
from tests.factories import InteractionFactory, PartnerFactory, PlanStepFactory, ReferralFactory
from tests.stepaway.conftest import NOW, TODAY, chosen, one_sided, rude
from texts.occasions import Occasion, Program
from texts.services import filled_text
from touches.agenda import agenda
from touches.models import PlannedTouch
from touches.services import finish, skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(alice):
    return chosen(alice, one_sided(alice, email="carl@cole.us", phone_mobile="+12125550123")).plan


def step(plan, kind):
    return PlanStep.objects.select_related("touch", "plan").get(plan=plan, kind=kind)


def closed(actor, plan, outcome="resumed", now=NOW):
    return close(actor=actor, plan=plan, outcome=outcome, note="", now=now)


def test_each_step_with_a_day_stands_on_today(alice, plan):
    days = [(one.what, one.due_on) for one in PlannedTouch.objects.open()]
    assert days == [
        ("Send one short, kind message", TODAY + timedelta(days=7)),
        ("Look again at this partnership", date(2027, 6, 15)),
    ]
    (entry,) = agenda(alice, TODAY + timedelta(days=7))
    assert [due.label for due in entry.dues] == ["Send one short, kind message"]


def test_done_on_today_is_done_in_the_plan_and_the_other_way_round(alice, plan):
    message, again = step(plan, "message"), step(plan, "look_again")
    finish(actor=alice, touch=message.touch, now=NOW)
    assert step(plan, "message").is_done
    assert tick(actor=alice, step=again, now=NOW)
    assert PlannedTouch.objects.get(pk=again.touch_id).done_by == alice
    assert not tick(actor=alice, step=again, now=NOW)


def test_left_out_on_today_is_left_out_in_the_plan(alice, plan):
    touch = step(plan, "message").touch
    about = {"partner": plan.partner, "kind": "step", "row_id": touch.pk, "today": TODAY}
    skip(actor=alice, reason="Said it at the door", **about)
    assert step(plan, "message").left_out == "Said it at the door"


@pytest.mark.parametrize(("kind", "outcome"), [("email", "sent"), ("call", "connected")])
def test_the_message_is_logged_once_as_stepping_away(alice, plan, kind, outcome):
    before = Interaction.objects.count()
    message = step(plan, "message")
    assert [sent(actor=alice, step=message, kind=kind, now=NOW) for _ in range(2)] == [True, False]
    (logged,) = Interaction.objects.order_by("pk")[before:]
    said = logged.kind, logged.purpose, logged.outcome, logged.is_touch, logged.day
    assert said == (kind, "disengage", outcome, False, TODAY)
    assert step(plan, "message").is_done


def test_the_kind_no_is_used_when_it_is_needed(alice, plan):
    assert sent(actor=alice, step=step(plan, "decline"), kind="text", now=NOW)
    assert step(plan, "decline").done_by == alice


def test_the_farewell_names_neither_referrals_nor_conduct(alice, plan):
    plan.partner.refresh_from_db()
    for program in Program:
        for occasion in [Occasion.FAREWELL, Occasion.DECLINE]:
            text = filled_text(user=alice, partner=plan.partner, occasion=occasion, program=program)
            said = f"{text.subject} {text.body}".lower()
            words = ["referr", "borrower", "conduct", "rude", "abus", "disrespect", "one-sided"]
            assert [word for word in words if word in said] == []


def test_referrals_are_finished_when_none_is_open(alice, plan):
    page = build(alice, plan.partner, NOW)
    assert page.steps[0].is_done
    late = ReferralFactory(partner=plan.partner, day=TODAY)
    page = build(alice, plan.partner, NOW)
    assert (page.steps[0].is_done, page.steps[0].referrals) == (False, [late])


def test_freed_minutes_are_those_of_the_90_days_before(alice):
    partner = PartnerFactory(owner=alice, created_on=TODAY - timedelta(days=300))
    for days, minutes in [(0, 500), (1, 30), (90, None), (91, 500)]:
        InteractionFactory(
            partner=partner, day=TODAY - timedelta(days=days), kind="lunch", minutes=minutes
        )
    InteractionFactory(partner=partner, day=TODAY - timedelta(days=5), purpose="service")
    assert weekly_minutes(partner, TODAY) == Decimal((30 + 75) * 7) / 90


def test_the_time_goes_to_three_in_cultivation_whom_nobody_leaves_in_peace(alice, bob, plan):
    PartnerFactory(owner=alice, last_name="Stop", synergy=5, do_not_contact_since=TODAY)
    PartnerFactory(owner=alice, last_name="Away", synergy=5, stepping_away_since=TODAY)
    PartnerFactory(owner=bob, last_name="Of Bob", synergy=5)
    for synergy in range(1, 5):
        PartnerFactory(owner=alice, last_name=f"Synergy {synergy}", synergy=synergy)
    tips = build(alice, plan.partner, NOW).tips
    assert [(tip.partner.last_name, tip.reasons) for tip in tips] == [
        (f"Synergy {synergy}", f"Synergy {synergy} · too new to judge") for synergy in (4, 3, 2)
    ]


def test_after_abuse_nobody_looks_again(alice, mona):
    plan = chosen(mona, rude(alice, "abusive")).plan
    assert not plan.steps.filter(kind="look_again").exists()


def test_who_asks_us_to_stop_gets_no_message_any_more(alice, plan):
    stop(actor=alice, partner=plan.partner, on=TODAY, source="call", now=NOW)
    left_out = {one.kind: one.left_out for one in plan.steps.all() if one.left_out}
    assert left_out == dict.fromkeys(["message", "decline"], "They asked us to stop.")
    assert not sent(actor=alice, step=step(plan, "message"), kind="email", now=NOW)
    asked = PartnerFactory(owner=alice)
    stop(actor=alice, partner=asked, on=TODAY, source="call", now=NOW)
    steps = {one.kind: one.left_out for one in chosen(alice, asked).plan.steps.all()}
    assert list(steps.values()) == ["", "They asked us to stop.", "They asked us to stop."]


def test_the_silence_holds_whatever_the_tier_until_the_plan_is_closed(alice, plan):
    partner = plan.partner
    ReferralFactory(partner=partner, day=TODAY)
    partner.refresh_from_db()
    assert partner.standing.tier == "cultivation"
    assert agenda(alice, TODAY + timedelta(days=1)) == []
    page = build(alice, partner, NOW)
    assert "Cultivation again" in page.still_silent
    assert closed(alice, plan)
    partner.refresh_from_db()
    assert partner.stepping_away_since is None
    (entry,) = agenda(alice, TODAY + timedelta(days=1))
    assert "thanks" in {due.kind for due in entry.dues}
    assert PlannedTouch.objects.open().steps().count() == 0


def test_a_plan_is_closed_once_and_stays_on_record(alice, mona, plan):
    answers = [closed(alice, plan), closed(mona, plan, "ended")]
    assert answers == [True, False]
    plan.refresh_from_db()
    assert (plan.outcome, plan.closed_by) == ("resumed", alice)
    (event,) = Event.objects.filter(action="stepaway.closed")
    assert event.detail == {"outcome": "resumed"}
    assert not tick(actor=alice, step=step(plan, "decline"), now=NOW)


def test_no_event_tells_a_reason(alice, mona, plan):
    closed(alice, plan)
    told = " ".join(str(detail) for detail in Event.objects.values_list("detail", flat=True))
    assert "private" not in told


def test_removing_what_the_message_logged_leaves_the_step_done(alice, plan):
    """A person said so; the log is another matter."""
    sent(actor=alice, step=step(plan, "message"), kind="email", now=NOW)
    remove_interaction(actor=alice, interaction=Interaction.objects.order_by("pk").last())
    assert step(plan, "message").is_done


def test_a_handed_over_plan_goes_on_with_the_new_owner(alice, bob, mona, plan):
    people = {"from_owner": alice, "to_owner": bob}
    ids = [plan.partner_id]
    hand_over(actor=mona, partner_ids=ids, note="", key=uuid4(), now=NOW, **people)
    assert (Plan.objects.visible_to(alice).exists(), Plan.objects.visible_to(bob).exists()) == (
        False,
        True,
    )
    assert Plan.objects.open().get().partner.stepping_away_since == TODAY


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_take_as_many_queries_for_more(rows, alice, django_assert_num_queries):
    for _ in range(rows):
        one_sided(alice)
        PlanStepFactory(plan__choice__partner__owner=alice)
    alice.held_grants  # noqa: B018 - read once a request
    with django_assert_num_queries(6):
        found = lists.build(alice, NOW)
    assert (len(found.proposed), len(found.open)) == (rows, rows)


def test_a_plan_moves_to_look_again_when_its_day_has_come(alice, plan):
    later = NOW + timedelta(days=366)
    assert [line.plan for line in lists.build(alice, later).look_again] == [plan]
    assert lists.build(alice, NOW).look_again == []


def test_a_list_names_the_next_step_that_is_left(alice, plan):
    def next_step():
        (line,) = lists.build(alice, NOW).open
        return line.next_step.kind

    assert next_step() == "message"
    ReferralFactory(partner=plan.partner, day=TODAY)
    assert next_step() == "finish_referrals"
    for one in plan.steps.all():
        tick(actor=alice, step=one, now=NOW)
    assert lists.build(alice, NOW).open[0].next_step is None


def test_words_of_a_tier_that_came_back():
    assert still_silent("Cease") == ""
    assert still_silent("Maintenance").startswith("The tier is Maintenance again;")

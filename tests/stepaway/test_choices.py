"""Who is proposed, what a person may choose, and the manager's second look."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from audit.models import Event
from partners.services import archive
from partners.stop_services import stop
from stepaway.models import Choice, Plan, Way
from stepaway.plan_services import close
from stepaway.proposed import proposed
from stepaway.services import look
from stepaway.words import KEPT, second_look
from tests.cast import person
from tests.factories import InteractionFactory, PartnerFactory
from tests.stepaway.conftest import NOW, TODAY, chosen, one_sided, rude
from tiers.models import TierOverride
from touches.models import PlannedTouch
from touches.services import finish

pytestmark = pytest.mark.django_db


def names(user, now=NOW):
    return [one.last_name for one in proposed(user, user.today(now), now)]


def refused(actor, partner, way=Way.STEP_AWAY, **said):
    with pytest.raises(ValidationError) as error:
        chosen(actor, partner, way, **said)
    return error.value.messages[0]


def test_who_is_proposed_to_whom(alice, bob, mona, andy, ada):
    one_sided(alice, last_name="Adams")
    one_sided(bob, last_name="Baker")
    PartnerFactory(owner=alice, last_name="Calm")
    gone = one_sided(alice, last_name="Gone")
    archive(actor=alice, partner=gone, reason="Moved", now=NOW)
    assert names(alice) == ["Adams"]
    assert names(mona) == ["Adams", "Baker"]
    assert (names(andy), names(ada)) == ([], [])


def test_to_step_away_opens_a_plan_and_the_proposal_ends(alice):
    partner = one_sided(alice)
    choice = chosen(alice, partner)
    partner.refresh_from_db()
    assert (partner.stepping_away_since, names(alice)) == (TODAY, [])
    assert [step.kind for step in choice.plan.steps.all()] == [
        "finish_referrals",
        "message",
        "decline",
        "look_again",
    ]
    events = Event.objects.filter(action__startswith="stepaway.").order_by("pk")
    assert list(events.values_list("action", "detail")) == [
        ("stepaway.chosen", {}),
        ("stepaway.opened", {}),
    ]


def test_to_talk_plans_a_conversation_and_is_proposed_again_after_it(alice):
    partner = one_sided(alice)
    chosen(alice, partner, Way.TALK)
    (touch,) = PlannedTouch.objects.open()
    assert (touch.what, touch.due_on) == ("Clear-the-air conversation", TODAY + timedelta(days=7))
    assert (names(alice), Plan.objects.exists()) == ([], False)
    finish(actor=alice, touch=touch, now=NOW)
    assert names(alice) == [partner.last_name]


def test_to_keep_is_an_override_with_its_rules(alice):
    partner = one_sided(alice)
    choice = chosen(alice, partner, Way.KEEP)
    override = TierOverride.objects.get()
    assert (override.tier, override.made_by) == ("cultivation", alice)
    # Others read it beside the tier: the reason stays private.
    assert (override.reason, choice.reason) == (KEPT, "A private word")
    assert names(alice) == []
    # The override is over: what then?
    assert names(alice, NOW + timedelta(days=61)) == [partner.last_name]


def test_conduct_waits_for_the_manager_and_nothing_begins(alice, mona):
    partner = rude(alice)
    choice = chosen(alice, partner)
    assert (choice.waits, names(alice), names(mona)) == (True, [], [])
    assert (Plan.objects.exists(), PlannedTouch.objects.open().steps().exists()) == (False, False)
    assert refused(alice, partner, Way.TALK) == "A choice waits for the manager to look at it."
    assert look(actor=mona, choice=choice, agreed=True, note="", now=NOW)
    plan = Plan.objects.get()
    assert (plan.choice, plan.choice.looked_by) == (choice, mona)
    assert not look(actor=mona, choice=choice, agreed=False, note="No", now=NOW)


def test_a_choice_that_is_sent_back_is_proposed_again(alice, mona):
    partner = rude(alice)
    look(actor=mona, choice=chosen(alice, partner), agreed=False, note="Talk first", now=NOW)
    assert (names(alice), Plan.objects.exists()) == ([partner.last_name], False)
    assert chosen(alice, partner, Way.TALK).waits


def test_nobody_looks_at_an_own_choice_and_no_stranger_does(alice, mona, lena):
    choice = chosen(alice, rude(alice))
    for stranger in [alice, lena]:
        with pytest.raises(ValidationError):
            look(actor=stranger, choice=choice, agreed=True, note="", now=NOW)
    assert not Plan.objects.exists()


def test_where_nobody_is_there_to_look_second_it_begins_at_once(alice, mona, riverside):
    """Of an officer without a manager, of the only manager's own, and of who manages the owner."""
    alone = rude(person("Olga Olsen", "officer"))
    own = rude(mona)
    led = rude(alice)
    actors = {alone: alone.owner, own: mona, led: mona}
    assert [chosen(actor, partner).waits for partner, actor in actors.items()] == [False] * 3
    person("Max Moore", "manager", riverside, branch=riverside)
    assert chosen(mona, rude(mona)).waits


def test_what_is_not_offered(alice, mona):
    abuser, stopped, calm = rude(alice, "abusive"), PartnerFactory(owner=alice), one_sided(alice)
    stop(actor=alice, partner=stopped, on=TODAY, source="call", now=NOW)
    assert "abused" in refused(alice, abuser, Way.TALK)
    assert "manager" in refused(alice, abuser, Way.KEEP)
    assert "asked us to stop" in refused(alice, stopped, Way.TALK)
    assert "asked us to stop" in refused(mona, stopped, Way.KEEP)
    chosen(alice, calm)
    assert refused(alice, calm) == "We are stepping away already."
    assert "not Cease" in refused(alice, PartnerFactory(owner=alice))
    assert [one.way for one in Choice.objects.all()] == ["step_away"]


def test_two_people_choose_at_once(alice, mona):
    partner = one_sided(alice)
    first = chosen(alice, partner, Way.TALK)
    assert "meanwhile" in refused(mona, partner, Way.STEP_AWAY, seen=None)
    # The second of two clicks finds the first.
    assert chosen(alice, partner, Way.TALK, seen=None) == first
    assert (Choice.objects.count(), PlannedTouch.objects.open().count()) == (1, 1)


def test_after_a_plan_was_closed_nobody_is_proposed_for_ninety_days(alice):
    partner = one_sided(alice)
    plan = chosen(alice, partner).plan
    close(actor=alice, plan=plan, outcome="resumed", note="", now=NOW)
    days = {days: names(alice, NOW + timedelta(days=days)) for days in [0, 89, 91]}
    assert days == {0: [], 89: [], 91: [partner.last_name]}
    partner.standing.rule = "X2"
    partner.standing.save()
    assert names(alice) == [partner.last_name]


def test_who_stays_apart_is_not_proposed_again_for_the_same_tier(alice):
    partner = one_sided(alice)
    close(actor=alice, plan=chosen(alice, partner).plan, outcome="ended", note="", now=NOW)
    assert names(alice, NOW + timedelta(days=100)) == []
    partner.standing.since = TODAY + timedelta(days=95)
    partner.standing.save()
    assert names(alice, NOW + timedelta(days=100)) == [partner.last_name]


@pytest.mark.parametrize(
    ("case", "needed", "words"),
    [
        ((False, False, True, ["Mona"]), False, ""),
        ((True, False, True, ["Mona", "Max"]), True, "Mona or Max looks second"),
        ((True, True, False, ["Max"]), False, "You manage this branch"),
        ((True, True, True, []), False, "you are its only manager"),
        ((True, False, True, []), False, "the branch has no manager"),
        ((True, True, True, ["Max"]), True, "Max looks second"),
    ],
)
def test_who_looks_second(case, needed, words):
    names = ["about_conduct", "by_manager", "is_owner", "others"]
    found = second_look(**dict(zip(names, case, strict=True)))
    assert found.is_needed == needed
    assert words in found.sentence


def test_a_manager_who_left_keeps_no_choice_waiting(alice, mona):
    partner = rude(alice)
    chosen(alice, partner)
    mona.is_active = False
    mona.save()
    assert not chosen(alice, partner).waits


def test_a_choice_in_the_place_of_one_that_waited_is_all_that_counts(alice, mona):
    """The manager left, the owner chose anew, and the manager came back: the old one is past."""
    partner = rude(alice)
    old = chosen(alice, partner)
    mona.is_active = False
    mona.save()
    talk = chosen(alice, partner, Way.TALK).talk
    finish(actor=alice, touch=talk, now=NOW)
    assert (list(Choice.objects.waiting()), names(alice)) == ([], [partner.last_name])
    mona.is_active = True
    mona.save()
    with pytest.raises(ValidationError, match="meanwhile"):
        look(actor=mona, choice=old, agreed=True, note="", now=NOW)
    assert not Plan.objects.exists()


def test_a_talk_that_is_not_offered_any_more_is_not_agreed_to(alice, mona):
    stopped, abuser = rude(alice), rude(alice)
    waiting = [chosen(alice, partner, Way.TALK) for partner in (stopped, abuser)]
    stop(actor=alice, partner=stopped, on=TODAY, source="call", now=NOW)
    InteractionFactory(partner=abuser, day=TODAY, conduct="abusive")
    for choice in waiting:
        with pytest.raises(ValidationError, match="Send it back"):
            look(actor=mona, choice=choice, agreed=True, note="", now=NOW)
    assert not PlannedTouch.objects.open().steps().exists()


def test_who_asks_us_to_stop_is_not_talked_to(alice):
    partner = one_sided(alice)
    choice = chosen(alice, partner, Way.TALK)
    stop(actor=alice, partner=partner, on=TODAY, source="call", now=NOW)
    choice.talk.refresh_from_db()
    assert choice.talk.skip_reason == "They asked us to stop."
    assert not Choice.objects.talks_planned().exists()
    assert names(alice) == [partner.last_name]

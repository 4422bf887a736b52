"""Partners go from one owner to another: what goes along, what stays, what comes back."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError

from accounts.models import Role
from audit.models import Event
from digests.links import Step
from digests.services import NoLongerFits, offer_of
from interactions.models import Interaction, StageMove
from partners.handover import hand_over, take_back
from partners.models import Handover, Partner
from partners.services import archive, restore, save_partner
from tests.factories import (
    FocusPlaceFactory,
    GrantFactory,
    InteractionFactory,
    PartnerFactory,
    PlannedTouchFactory,
    ReferralFactory,
)
from tiers.models import TierChange
from touches.agenda import agenda
from touches.feed import calendar_of
from touches.focus_list import choose_for, pin, places_now
from touches.models import FocusPlace, PlannedTouch

pytestmark = pytest.mark.django_db

# A Tuesday: already the 16th in New York, still the 15th in Los Angeles.
NIGHT = datetime(2026, 6, 16, 5, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _night():
    with time_machine.travel(NIGHT, tick=False):
        yield


def give(actor, old, new, partners, note="", key=None, now=NIGHT):
    return hand_over(
        actor=actor,
        from_owner=old,
        to_owner=new,
        partner_ids=[partner.pk for partner in partners],
        note=note,
        key=key or uuid4(),
        now=now,
    )


def owners(*partners):
    return [Partner.objects.get(pk=partner.pk).owner for partner in partners]


def events():
    rows = Event.objects.filter(action__contains="hand").order_by("pk")
    return list(rows.values_list("actor__name", "action", "target_type", "detail"))


def test_partners_and_their_plans_go_and_the_log_stays(alice, bob, mona, rita):
    logged = InteractionFactory(partner=rita, day=date(2026, 6, 12))
    referral = ReferralFactory(partner=rita)
    step = PlannedTouchFactory(partner=rita)
    handover = give(mona, alice, bob, [rita], note="Closer to the lake")

    assert owners(rita) == [bob]
    assert list(handover.partners.all()) == [rita]
    assert Interaction.objects.get().officer == logged.officer == alice
    assert StageMove.objects.get(referral=referral).moved_by == alice
    (entry,) = agenda(bob, date(2026, 6, 16))
    assert step.pk in {due.row_id for due in entry.dues}
    assert agenda(alice, date(2026, 6, 16)) == []


def test_each_partner_has_a_line_in_the_record(alice, bob, mona, rita):
    handover = give(mona, alice, bob, [rita], note="Cora's file")
    take_back(actor=mona, handover=handover, now=NIGHT)
    said = {"partners": 1, "note_given": True}
    people = {"handover": handover.pk, "from_owner": alice.pk, "to_owner": bob.pk}
    assert events() == [
        ("Mona Miller", "handover.made", "partners.handover", said),
        ("Mona Miller", "partner.handed_over", "partners.partner", people),
        ("Mona Miller", "handover.taken_back", "partners.handover", said),
        ("Mona Miller", "partner.handed_back", "partners.partner", people),
    ]


def test_only_those_who_are_still_the_old_owners_go(alice, bob, mona, charlie, rita):
    elsewhere = PartnerFactory(owner=charlie)
    handover = give(mona, alice, bob, [rita, elsewhere])
    assert owners(rita, elsewhere) == [bob, charlie]
    assert list(handover.partners.all()) == [rita]
    with pytest.raises(ValidationError, match="None of these partners is with Alice Abbott any"):
        give(mona, alice, bob, [rita, elsewhere])


def test_double_submit_hands_over_once(alice, bob, mona, rita):
    key = uuid4()
    assert give(mona, alice, bob, [rita], key=key) == give(mona, alice, bob, [rita], key=key)
    assert Handover.objects.count() == 1
    assert len(events()) == 2


def test_key_of_another_hand_over_does_not_hide_this_one(alice, bob, mona, charlie, rita):
    key, other = uuid4(), PartnerFactory(owner=alice)
    give(mona, alice, bob, [rita], key=key)
    give(mona, alice, charlie, [other], key=key)
    assert owners(rita, other) == [bob, charlie]


def test_who_has_left_receives_nobody(alice, bob, mona, rita):
    bob.is_active = False
    bob.save()
    with pytest.raises(ValidationError, match="Bob Barnes has left"):
        give(mona, alice, bob, [rita])
    assert owners(rita) == [alice]


def test_archived_partners_go_along_and_are_judged_when_they_come_back(alice, bob, mona, rita):
    archive(actor=alice, partner=rita, reason="Retired", now=NIGHT)
    give(mona, alice, bob, [rita])
    assert owners(rita) == [bob]
    restore(actor=bob, partner=Partner.objects.get(pk=rita.pk))
    assert agenda(bob, date(2026, 6, 16))[0].partner == rita


def test_what_was_put_off_stays_so(alice, bob, mona, rita):
    snoozed = PlannedTouchFactory(
        partner=rita,
        kind="personal_touch",
        what="",
        due_on=date(2026, 6, 30),
        opens_on=date(2026, 6, 16),
    )
    give(mona, alice, bob, [rita])
    assert PlannedTouch.objects.open().get(kind="personal_touch") == snoozed


# Days


def test_change_of_the_tier_is_not_dated_before_the_last_one(alice, bob, mona, rita):
    """For a new owner further west it is still yesterday."""
    bob.time_zone = "America/Los_Angeles"
    bob.save()
    Partner.objects.filter(pk=rita.pk).update(do_not_contact_since=date(2026, 6, 15))
    give(mona, alice, bob, [rita])
    changes = TierChange.objects.filter(partner=rita).order_by("id")
    assert list(changes.values_list("on", "rule")) == [
        (date(2026, 6, 16), "G"),
        (date(2026, 6, 16), "X4"),
    ]


def test_tier_is_judged_by_the_new_owners_day(alice, bob, mona):
    """What was logged for a day that has not begun yet counts further east."""
    alice.time_zone = "America/Los_Angeles"
    alice.save()
    partner = PartnerFactory(owner=alice, created_on=date(2025, 1, 1))
    InteractionFactory(partner=partner, day=date(2026, 6, 15))
    InteractionFactory(partner=partner, day=date(2026, 6, 16))
    partner.standing.refresh_from_db()
    assert partner.standing.last_conversation_on == date(2026, 6, 15)
    give(mona, alice, bob, [partner])
    partner.standing.refresh_from_db()
    assert partner.standing.last_conversation_on == date(2026, 6, 16)


def test_dates_are_planned_by_the_new_owners_day(alice, bob, mona, rita):
    """The birthday call of thirty days ahead is in reach a day sooner further east."""
    alice.time_zone = "America/Los_Angeles"
    alice.save()
    call_on = date(2026, 7, 16)
    far = PartnerFactory(owner=alice, birth_month=7, birth_day=16)
    calls = PlannedTouch.objects.filter(partner=far, kind="congratulate")
    assert not calls.exists()
    give(mona, alice, bob, [far])
    assert [call.due_on for call in calls] == [call_on]
    firsts = PlannedTouch.objects.filter(partner=rita, kind="first_touch")
    before = list(firsts.order_by("pk").values())
    give(mona, alice, bob, [rita])
    assert list(firsts.order_by("pk").values()) == before != []


# What others have of it


def test_places_on_the_old_owners_list_end(alice, bob, mona):
    going, staying = [PartnerFactory(owner=alice) for _ in range(2)]
    choose_for(actor=None, officer=alice, now=NIGHT)
    today = date(2026, 6, 16)
    assert {place.partner for place in places_now(alice, today)} == {going, staying}
    give(mona, alice, bob, [going])
    assert [(p.partner, p.rank) for p in places_now(alice, today)] == [(staying, 1)]
    ended = FocusPlace.objects.get(partner=going)
    assert (ended.ends_on, ended.dropped_at) == (date(2026, 6, 15), None)


def test_new_owner_puts_them_on_the_own_list_and_the_old_one_again_when_they_return(
    alice, bob, mona, rita
):
    FocusPlaceFactory(partner=rita)
    handover = give(mona, alice, bob, [rita])
    today = date(2026, 6, 16)
    assert pin(actor=bob, officer=bob, partner=rita, reason="New to me", now=NIGHT)
    take_back(actor=mona, handover=handover, now=NIGHT)
    assert not places_now(bob, today).exists()
    assert not FocusPlace.objects.on(today).exists()
    assert pin(actor=alice, officer=alice, partner=rita, reason="Back again", now=NIGHT)
    assert places_now(alice, today).get().partner == rita


def test_assistant_of_the_old_owner_sees_them_no_more(alice, andy, bob, mona, rita):
    assert Partner.objects.workable_by(andy).exists()
    give(mona, alice, bob, [rita])
    assert not Partner.objects.visible_to(andy).exists()
    helper = GrantFactory(role=Role.ASSISTANT, officer=bob).user
    assert Partner.objects.workable_by(helper).get() == rita


def test_calendar_and_links_of_old_mails_follow_the_owner(alice, bob, mona, rita):
    step = PlannedTouchFactory(partner=rita, due_on=date(2026, 6, 16))
    link = Step(alice.pk, rita.pk, "step", step.pk, step.due_on)
    assert offer_of(link, NIGHT).partner == rita
    assert b"Rita Rowe" in calendar_of(alice, NIGHT)
    give(mona, alice, bob, [rita])
    with pytest.raises(NoLongerFits, match="Somebody else looks after this partner now"):
        offer_of(link, NIGHT)
    assert b"Rita Rowe" not in calendar_of(alice, NIGHT)
    assert b"Rita Rowe" in calendar_of(bob, NIGHT)


# Back again


def test_handing_back_leaves_whom_somebody_gave_on(alice, bob, charlie, mona, rita):
    stays, archived = [PartnerFactory(owner=alice) for _ in range(2)]
    handover = give(mona, alice, bob, [rita, stays, archived])
    give(mona, bob, charlie, [stays])
    archive(actor=bob, partner=archived, reason="Retired", now=NIGHT)
    edited = Partner.objects.get(pk=rita.pk)
    edited.notes = "Likes mornings"
    edited.save()
    later = NIGHT + timedelta(days=2)

    assert take_back(actor=mona, handover=handover, now=later) == (2, 1)
    assert owners(rita, stays, archived) == [alice, charlie, alice]
    assert Partner.objects.get(pk=rita.pk).notes == "Likes mornings"
    assert Partner.objects.archived().get() == archived
    handover.refresh_from_db()
    assert (handover.taken_back_at, handover.taken_back_by) == (later, mona)


def test_handing_back_twice_does_it_once(alice, bob, mona, rita):
    handover = give(mona, alice, bob, [rita])
    stale = Handover.objects.get()
    assert take_back(actor=mona, handover=handover, now=NIGHT) == (1, 0)
    give(mona, alice, bob, [rita])
    assert take_back(actor=mona, handover=stale, now=NIGHT) == (0, 0)
    assert owners(rita) == [bob]


def test_nothing_goes_back_to_who_left_or_when_all_were_given_on(alice, bob, charlie, mona, rita):
    handover = give(mona, alice, bob, [rita])
    alice.is_active = False
    alice.save()
    with pytest.raises(ValidationError, match="Alice Abbott has left"):
        take_back(actor=mona, handover=handover, now=NIGHT)
    alice.is_active = True
    alice.save()
    give(mona, bob, charlie, [rita])
    with pytest.raises(ValidationError, match="None of these partners is with Bob Barnes any"):
        take_back(actor=mona, handover=handover, now=NIGHT)
    assert Handover.objects.get(pk=handover.pk).taken_back_at is None


# At once


def test_form_that_was_open_meanwhile_moves_nobody(alice, bob, mona, rita):
    """The row that a form was filled from knows the old owner still."""
    stale = Partner.objects.get(pk=rita.pk)
    give(mona, alice, bob, [rita])
    Partner.objects.filter(pk=rita.pk).update(archived_at=NIGHT, archived_reason="Retired")
    stale.notes = "Likes mornings"
    save_partner(actor=alice, partner=stale, company="", tags=(), changed=["notes"], now=NIGHT)
    saved = Partner.objects.get(pk=rita.pk)
    assert (saved.owner, saved.archived_at, saved.notes) == (bob, NIGHT, "Likes mornings")


@pytest.mark.parametrize("count", [1, 3])
def test_number_of_queries_is_the_same_for_any_number_of_partners(
    count, alice, bob, mona, django_assert_num_queries
):
    partners = [PartnerFactory(owner=alice) for _ in range(count)]
    with django_assert_num_queries(28):
        give(mona, alice, bob, partners)


def test_a_form_that_is_sent_again_after_it_was_taken_back_hands_over_again(mona, alice, bob, rita):
    key = uuid4()
    first = give(mona, alice, bob, [rita], key=key)
    take_back(actor=mona, handover=first, now=NIGHT + timedelta(minutes=1))
    again = give(mona, alice, bob, [rita], key=key, now=NIGHT + timedelta(minutes=2))
    assert (again != first, owners(rita)) == (True, [bob])


def test_a_form_with_other_ticks_is_no_double_click(mona, alice, bob, rita):
    other, key = PartnerFactory(owner=alice), uuid4()
    first = give(mona, alice, bob, [rita], key=key)
    assert give(mona, alice, bob, [other], key=key) != first
    assert owners(rita, other) == [bob, bob]


def test_an_administrator_does_not_take_partners_to_see_their_conduct(ada, alice, bob, rita):
    with pytest.raises(ValidationError, match="another administrator can"):
        give(ada, alice, ada, [rita])
    give(ada, alice, bob, [rita])
    assert owners(rita) == [bob]

"""Snooze, skip, done; what the log completes, and what opens again when the log is corrected."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from audit.models import Event
from interactions.models import Interaction
from interactions.services import Contact, change_interaction, log, remove_interaction
from tests.factories import InteractionFactory, PlannedTouchFactory
from tests.touches.books import NOW, TODAY, ago, ahead, known, stand
from touches.agenda import agenda
from touches.cadences import Playbook
from touches.kinds import TouchKind
from touches.models import PlannedTouch, PlaybookVersion
from touches.services import complete_fitting, finish, publish_playbook, settle, skip, snooze

pytestmark = pytest.mark.django_db

CALL, TOUCH = TouchKind.PERSONAL_CALL, TouchKind.PERSONAL_TOUCH


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def partner(alice):
    """In Cultivation for long, and nobody has been in touch."""
    return known(owner=alice)


def put_off(partner, until, kind=TOUCH, row_id=None, today=TODAY):
    return snooze(
        actor=partner.owner, partner=partner, kind=kind, until=until, row_id=row_id, today=today
    )


def leave_out(partner, kind=TOUCH, row_id=None, today=TODAY):
    reason = "Bo Borrower is on vacation"
    return skip(
        actor=partner.owner, partner=partner, kind=kind, reason=reason, row_id=row_id, today=today
    )


def logged(partner, day=TODAY, **said):
    """One contact through the service, as the quick log writes it."""
    contact = Contact(day=day, kind=said.pop("kind", "call"), **said)
    (row,) = log(actor=partner.owner, partners=[partner], contact=contact, batch=uuid4())
    return row


def dues(partner, today=TODAY, soon_days=60):
    found = agenda(partner.owner, today, partner=partner, soon_days=soon_days)
    return [(due.kind, due.due_on) for entry in found for due in entry.dues]


def rows(**only):
    names = ["kind", "occurrence", "due_on", "opens_on", "done_with", "skipped_on"]
    return list(PlannedTouch.objects.filter(**only).order_by("pk").values_list(*names))


def acts():
    """What was recorded about touches."""
    events = Event.objects.filter(action__startswith="touch.").order_by("pk")
    return list(events.values_list("action", "detail"))


# Snooze


def test_snooze_puts_a_cadence_off(partner):
    assert put_off(partner, ahead(5))
    assert rows() == [("personal_touch", "", ahead(5), TODAY, None, None)]
    assert dues(partner) == [("personal_touch", ahead(5))]
    assert acts() == [("touch.snoozed", {"kind": "personal_touch", "until": ahead(5).isoformat()})]


def test_snooze_twice_moves_the_same_row(partner):
    assert put_off(partner, ahead(5))
    assert not put_off(partner, ahead(5))
    assert put_off(partner, ahead(9))
    assert rows() == [("personal_touch", "", ahead(9), TODAY, None, None)]
    assert len(acts()) == 2


def test_snooze_of_a_step_moves_its_day(alice, partner):
    step = PlannedTouchFactory(partner=partner, due_on=ago(3))
    assert put_off(partner, ahead(2), TouchKind.STEP, step.pk)
    assert rows() == [("step", "", ahead(2), None, None, None)]


@pytest.mark.parametrize("kind", ["step", "prepare", "congratulate", "first_touch"])
def test_what_is_a_row_is_put_off_as_that_row_alone(partner, kind):
    assert not put_off(partner, ahead(2), TouchKind(kind))
    assert not leave_out(partner, TouchKind(kind))
    assert rows() == []


def test_snooze_of_a_closed_row_does_nothing(alice, partner):
    step = PlannedTouchFactory(partner=partner)
    finish(actor=alice, touch=step, now=NOW)
    assert not put_off(partner, ahead(2), TouchKind.STEP, step.pk)
    assert acts() == []


def test_row_of_another_partner_or_kind_is_not_touched(alice, partner):
    step = PlannedTouchFactory(partner=known(owner=alice), due_on=TODAY)
    assert not put_off(partner, ahead(2), TouchKind.STEP, step.pk)
    assert not leave_out(step.partner, TOUCH, step.pk)
    step.refresh_from_db()
    assert (step.due_on, step.skipped_on) == (TODAY, None)


@pytest.mark.parametrize("day", [TODAY, ahead(1)])
def test_whoever_logged_first_was_quicker_than_the_snooze(partner, day):
    """Today, or on a day that the owner, flown west since, has not reached yet."""
    logged(partner, day)
    assert not put_off(partner, ahead(2))
    assert not leave_out(partner)
    assert rows() == []


# Skip


def test_skip_starts_the_clock_anew(partner):
    assert leave_out(partner)
    assert rows() == [("personal_touch", "", TODAY, None, None, TODAY)]
    assert dues(partner) == [("personal_touch", ahead(42))]
    assert PlannedTouch.objects.get().skip_reason == "Bo Borrower is on vacation"


def test_skip_is_recorded_without_its_words(partner):
    leave_out(partner)
    assert acts() == [("touch.skipped", {"kind": "personal_touch", "reason_given": True})]


def test_double_click_skips_once(partner):
    assert leave_out(partner)
    assert not leave_out(partner)
    assert not put_off(partner, ahead(2))
    assert len(rows()) == len(acts()) == 1


def test_skip_closes_the_snooze(partner):
    put_off(partner, ahead(1))
    assert leave_out(partner, today=ahead(1))
    assert rows() == [("personal_touch", "", ahead(1), TODAY, None, ahead(1))]
    assert dues(partner, ahead(1)) == [("personal_touch", ahead(43))]


def test_skipped_step_is_gone(partner):
    step = PlannedTouchFactory(partner=partner)
    assert leave_out(partner, TouchKind.STEP, step.pk)
    assert not leave_out(partner, TouchKind.STEP, step.pk)
    assert dues(partner) == [("personal_touch", ago(458))]


def test_skipped_occasion_is_no_skip_of_anything_else(alice):
    partner = known("maintenance", "M", owner=alice, birth_month=6, birth_day=15)
    call = PlannedTouch.objects.get(kind="congratulate")
    stand(partner, "maintenance", "M", since=ago(40))
    assert leave_out(partner, TouchKind.CONGRATULATE, call.pk)
    assert dues(partner, soon_days=3) == [("personal_call", ago(10))]


# Done


def test_card_is_done_by_hand_once(alice):
    known(owner=alice, birth_month=6, birth_day=25)
    card = PlannedTouch.objects.get(kind="prepare")
    assert finish(actor=alice, touch=card, now=NOW)
    assert not finish(actor=alice, touch=card, now=NOW + timedelta(hours=1))
    card.refresh_from_db()
    assert (card.done_at, card.done_by, card.done_with) == (NOW, alice, None)
    assert acts() == [("touch.done", {"kind": "prepare"})]


# What the log completes


def done(kind):
    return PlannedTouch.objects.filter(kind=kind, done_at__isnull=False).exists()


@pytest.mark.parametrize(
    ("day", "kind", "completed"),
    [(TODAY, "call", True), (ahead(1), "call", True), (ago(1), "call", False)],
)
def test_fitting_contact_from_the_day_of_the_snooze_completes_it(partner, day, kind, completed):
    put_off(partner, ahead(5))
    row = logged(partner, day, kind=kind)
    touch = PlannedTouch.objects.get()
    if completed:
        assert (touch.done_with, touch.done_by, touch.done_at) == (row, row.logged_by, NOW)
    else:
        assert (touch.done_with, touch.done_at) == (None, None)


def test_contact_that_does_not_fit_completes_nothing(alice):
    partner = known("maintenance", "M", owner=alice)
    put_off(partner, ahead(5), CALL)
    logged(partner, outcome="no_response")
    assert not done(CALL)


@pytest.mark.parametrize(
    ("day", "kind", "card", "call"),
    [
        # The birthday is Thursday the 25th: the card is due on the 15th, and open from the 1st.
        (ago(15), "note", False, False),
        (ago(14), "note", True, False),
        (ahead(9), "call", False, False),
        (ahead(10), "call", False, True),
        (ahead(10), "email", False, False),
    ],
)
def test_what_completes_an_occasion(alice, day, kind, card, call):
    partner = known(owner=alice, birth_month=6, birth_day=25)
    logged(partner, day, kind=kind)
    assert (done("prepare"), done("congratulate")) == (card, call)


def test_one_contact_completes_all_first_touches_that_are_open(alice):
    """Day 7 is tomorrow and open for three days; the first one was due last week."""
    partner = known(owner=alice, created_on=ago(6))
    stand(partner, "cultivation", "G")
    partner.save()
    row = logged(partner)
    found = partner.planned_touches.filter(done_with=row)
    assert list(found.values_list("occurrence", flat=True)) == ["first", "day 7"]


def test_each_of_several_partners_has_its_own_completed(alice):
    partners = [known(owner=alice), known(owner=alice)]
    for partner in partners:
        put_off(partner, ahead(3))
    contact = Contact(day=TODAY, kind="lunch")
    made = log(actor=alice, partners=partners, contact=contact, batch=uuid4())
    completed = PlannedTouch.objects.order_by("partner").values_list("partner", "done_with")
    assert list(completed) == [(row.partner_id, row.pk) for row in made]


def test_first_of_several_contacts_completes(partner):
    put_off(partner, ahead(5))
    Interaction.objects.bulk_create(
        InteractionFactory.build(
            partner=partner, day=ahead(day), officer=partner.owner, logged_by=partner.owner
        )
        for day in (3, 1, 2)
    )
    assert complete_fitting([partner.pk]) == 1
    assert PlannedTouch.objects.get().done_with.day == ahead(1)
    assert complete_fitting([partner.pk]) == 0


def test_log_asks_one_query_more_where_nothing_is_open(partner, django_assert_num_queries):
    with django_assert_num_queries(1):
        complete_fitting([partner.pk])


# What opens again


def test_removed_contact_opens_what_it_completed(alice, partner):
    put_off(partner, ahead(5))
    row = logged(partner)
    assert dues(partner) == [("personal_touch", ahead(42))]
    remove_interaction(actor=alice, interaction=row)
    assert rows() == [("personal_touch", "", ahead(5), TODAY, None, None)]
    assert dues(partner) == [("personal_touch", ahead(5))]


def test_removed_contact_is_replaced_by_the_next_that_fits(alice, partner):
    put_off(partner, ahead(5))
    first, second = logged(partner), logged(partner, ahead(1))
    remove_interaction(actor=alice, interaction=first)
    assert PlannedTouch.objects.get().done_with == second


def test_corrected_contact_is_matched_anew(alice):
    partner = known("maintenance", "M", owner=alice)
    put_off(partner, ahead(5), CALL)
    row = logged(partner)
    assert done(CALL)
    row.outcome = "no_response"
    change_interaction(actor=alice, interaction=row, changed=["outcome"])
    assert not done(CALL)
    row.outcome = "connected"
    change_interaction(actor=alice, interaction=row, changed=["outcome"])
    assert done(CALL)


def test_contact_that_was_of_somebody_else_completes_their_touch(alice, partner):
    other = known(owner=alice)
    for one in (partner, other):
        put_off(one, ahead(5))
    row = logged(partner)
    row.partner = other
    row.save()
    assert [touch.done_with for touch in PlannedTouch.objects.order_by("pk")] == [None, row]


def test_newer_snooze_keeps_the_older_one_closed(alice, partner):
    put_off(partner, ahead(1))
    row = logged(partner)
    put_off(partner, ahead(60), today=ahead(43))
    remove_interaction(actor=alice, interaction=row)
    old, new = PlannedTouch.objects.order_by("pk")
    assert (old.done_at, old.done_by, old.done_with) == (NOW, alice, None)
    assert (new.done_at, new.due_on) == (None, ahead(60))


def test_what_was_done_by_hand_stays_done(alice):
    partner = known(owner=alice, birth_month=6, birth_day=15)
    call = PlannedTouch.objects.get(kind="congratulate")
    finish(actor=alice, touch=call, now=NOW)
    remove_interaction(actor=alice, interaction=logged(partner))
    call.refresh_from_db()
    assert call.done_at == NOW


def test_log_that_was_written_in_bulk_is_settled(alice):
    """What does not fit any more opens again, and what fits now is completed."""
    partner = known("maintenance", "M", owner=alice)
    put_off(partner, ahead(5), CALL)
    put_off(partner, ahead(5), TouchKind.HANDWRITTEN_NOTE)
    row = logged(partner)
    Interaction.objects.filter(pk=row.pk).update(kind="note")
    settle([partner.pk])
    assert (done(CALL), done(TouchKind.HANDWRITTEN_NOTE)) == (False, True)


# The play-book


def test_playbook_is_published_as_a_new_version(alice, bob):
    first = publish_playbook(actor=alice, playbook=Playbook(thanks_minutes=7), now=NOW)
    again = publish_playbook(actor=bob, playbook=Playbook(thanks_minutes=7), now=NOW)
    second = publish_playbook(actor=bob, playbook=Playbook(), now=NOW)
    assert (first.number, again, second.number) == (1, first, 2)
    assert PlaybookVersion.objects.playbook() == Playbook()
    events = Event.objects.filter(action="playbook.published").values_list("actor", "detail")
    assert list(events) == [(alice.pk, {"number": 1}), (bob.pk, {"number": 2})]


def test_agenda_follows_the_published_cadences(alice):
    partner = known(owner=alice, created_on=ago(20))
    stand(partner, "cultivation", "C", since=ago(20))
    assert dues(partner, soon_days=3) == []
    book = Playbook.from_dict({"cultivation": {"personal_touch": {"every_days": 20}}})
    publish_playbook(actor=alice, playbook=book, now=NOW)
    assert dues(partner, soon_days=3) == [("personal_touch", TODAY)]

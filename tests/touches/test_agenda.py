"""What is due for the partners of one owner, and in which order."""

from datetime import date

import pytest
import time_machine
from django.utils import timezone

from partners.models import Partner
from tests.factories import (
    CompanyFactory,
    InteractionFactory,
    PlannedTouchFactory,
    ReferralFactory,
)
from tests.touches.books import NOW, TODAY, ago, ahead, known, stand
from tiers.models import TierOverride, TierStanding
from touches.agenda import agenda, load_phones, occasions_ahead, waiting_referrals
from touches.models import FocusPlace, FocusWeek, PlannedTouch

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOW, tick=False):
        yield


def dues(owner, today=TODAY, **options):
    """Last names with what is due, as pages show them."""
    return [
        (entry.partner.last_name, [(due.kind, due.due_on) for due in entry.dues])
        for entry in agenda(owner, today, **options)
    ]


WEEKS_AGO = ago(60)


def on_focus(partner, rank, starts_on=WEEKS_AGO, ends_on=None):
    week, _ = FocusWeek.objects.get_or_create(
        officer=partner.owner, starts_on=starts_on, defaults={"chosen_at": NOW}
    )
    return FocusPlace.objects.create(
        week=week,
        partner=partner,
        rank=rank,
        score=0,
        starts_on=starts_on,
        ends_on=ends_on or ahead(6),
    )


@pytest.mark.parametrize("count", [1, 30])
def test_agenda_takes_seven_queries_whatever_the_rows(alice, django_assert_num_queries, count):
    for number in range(count):
        partner = known(owner=alice, company=CompanyFactory())
        InteractionFactory(partner=partner, day=ago(100))
        ReferralFactory(partner=partner, day=ago(1))
        PlannedTouchFactory(partner=partner)
        on_focus(partner, number + 1)
    with django_assert_num_queries(7):
        entries = agenda(alice, TODAY)
        shown = {(entry.partner.owner.name, str(entry.partner.company)) for entry in entries}
    assert len(shown) == count


def test_phones_come_in_one_query_for_all_who_are_shown(alice, django_assert_num_queries):
    for _ in range(3):
        known(owner=alice, phone_mobile="+12025550123")
    partners = [entry.partner for entry in agenda(alice, TODAY)]
    with django_assert_num_queries(1):
        load_phones(partners)
        ways = [way.href for partner in partners for way in partner.reachable_by]
    assert ways == ["tel:+12025550123", "sms:+12025550123"] * 3


def test_only_active_partners_of_this_owner(alice, bob):
    known(owner=alice, last_name="Hers")
    known(owner=bob, last_name="His")
    gone = known(owner=alice, last_name="Gone")
    Partner.objects.filter(pk=gone.pk).update(archived_at=timezone.now(), archived_reason="moved")
    assert [name for name, _ in dues(alice)] == ["Hers"]


def test_one_partner_alone(alice):
    known(owner=alice)
    one = known(owner=alice, last_name="One")
    assert dues(alice, partner=one) == [("One", [("personal_touch", ago(458))])]


def test_partner_of_somebody_else_is_nobodys(alice, bob):
    assert dues(bob, partner=known(owner=alice)) == []


@pytest.mark.parametrize(
    ("fields", "completes"),
    [
        ({}, {"personal_call"}),
        ({"kind": "video"}, {"personal_call"}),
        ({"outcome": "no_response"}, set()),
        ({"direction": "in", "purpose": "ask"}, {"personal_call"}),
        ({"was_review": True}, {"personal_call", "review"}),
        ({"was_review": True, "outcome": "no_response"}, set()),
        ({"kind": "coffee"}, {"in_person"}),
        ({"kind": "lunch", "purpose": "service"}, {"in_person"}),
        ({"kind": "event", "outcome": "no_response"}, set()),
        ({"kind": "open_house"}, set()),
        ({"kind": "note", "outcome": "sent"}, {"handwritten_note"}),
        ({"kind": "note", "direction": "in"}, set()),
        ({"kind": "email"}, set()),
    ],
)
def test_what_restarts_the_clocks_of_maintenance(alice, fields, completes):
    partner = known("maintenance", "M", owner=alice)
    InteractionFactory(partner=partner, day=TODAY, **fields)
    stand(partner, "maintenance", "M")
    ((_, left),) = dues(alice)
    kinds = {"personal_call", "in_person", "handwritten_note", "review"}
    assert {kind for kind, _ in left} == kinds - completes


@pytest.mark.parametrize(
    ("fields", "completes"),
    [
        ({}, {"focus_conversation"}),
        ({"kind": "brainstorm"}, {"focus_conversation", "focus_in_person"}),
        ({"direction": "in"}, {"focus_conversation"}),
        ({"kind": "class"}, {"focus_conversation", "value_given"}),
        ({"kind": "open_house", "outcome": "no_response"}, set()),
        ({"kind": "call", "gave_value": True}, {"focus_conversation", "value_given"}),
        # Value is what we give.
        ({"kind": "call", "gave_value": True, "direction": "in"}, {"focus_conversation"}),
        ({"kind": "social", "outcome": "sent"}, {"light_touch"}),
        ({"kind": "text", "outcome": "no_response"}, {"light_touch"}),
        ({"kind": "email", "direction": "in"}, {"focus_conversation"}),
        ({"kind": "email"}, {"light_touch", "focus_conversation"}),
    ],
)
def test_what_restarts_the_clocks_of_the_focus_list(alice, fields, completes):
    partner = known(owner=alice)
    on_focus(partner, 1)
    InteractionFactory(partner=partner, day=TODAY, **fields)
    stand(partner, "cultivation", "C")
    left = {kind for _, found in dues(alice) for kind, _ in found}
    kinds = {"focus_conversation", "focus_in_person", "value_given", "light_touch"}
    assert left == kinds - completes


@pytest.mark.parametrize(
    ("weeks_before", "since"),
    [
        ([(ago(7), ago(1)), (ago(14), ago(8))], ago(14)),
        # Chosen late, on a Wednesday and a Tuesday.
        ([(ago(5), ago(1)), (ago(13), ago(8))], ago(13)),
        # Dropped on a Friday; not chosen for a week.
        ([(ago(7), ago(4))], TODAY),
        ([(ago(14), ago(8))], TODAY),
    ],
)
def test_weeks_on_the_list_count_while_none_is_left_out(alice, weeks_before, since):
    partner = known(owner=alice)
    InteractionFactory(partner=partner, day=ago(200))
    stand(partner, "cultivation", "C", since=ago(300))
    on_focus(partner, 1, starts_on=TODAY)
    for starts_on, ends_on in weeks_before:
        on_focus(partner, 2, starts_on=starts_on, ends_on=ends_on)
    (entry,) = agenda(alice, TODAY)
    found = {due.kind: due.due_on for due in entry.dues}
    assert (entry.focus_rank, found["focus_conversation"]) == (1, since)


@pytest.mark.parametrize(
    ("fields", "completes"),
    [
        ({"outcome": "no_response"}, True),
        ({"kind": "social", "outcome": "sent", "purpose": "gratitude"}, True),
        ({"purpose": "service"}, False),
        ({"purpose": "disengage"}, False),
        ({"direction": "in"}, False),
    ],
)
def test_what_restarts_the_clock_of_other_cultivation(alice, fields, completes):
    partner = known(owner=alice)
    InteractionFactory(partner=partner, day=TODAY, **fields)
    stand(partner, "cultivation", "C")
    assert dues(alice) == (
        [] if completes else [(partner.last_name, [("personal_touch", ago(458))])]
    )


def test_last_of_several_counts_and_what_is_dated_ahead_does_not(alice):
    partner = known(owner=alice)
    for day in [ago(100), ago(50), ago(70), ahead(2)]:
        InteractionFactory(partner=partner, day=day)
    stand(partner, "cultivation", "C")
    assert dues(alice) == [(partner.last_name, [("personal_touch", ago(8))])]


def test_contact_of_more_than_400_days_ago_counts_as_none(alice):
    partner = known(owner=alice)
    InteractionFactory(partner=partner, day=ago(401))
    stand(partner, "cultivation", "C", since=ago(43))
    assert dues(alice) == [(partner.last_name, [("personal_touch", ago(1))])]


def test_thanks_end_with_gratitude(alice):
    partner = known("cultivation", "C", owner=alice)
    InteractionFactory(partner=partner, day=ago(1))
    ReferralFactory(partner=partner, day=ago(2))
    ReferralFactory(partner=partner, day=TODAY, stage="junk")
    ReferralFactory(partner=partner, day=TODAY, direction="given")
    stand(partner, "cultivation", "C")
    # Saturday's referral is thanked for on Monday.
    assert dues(alice) == [(partner.last_name, [("thanks", TODAY)])]
    InteractionFactory(partner=partner, day=TODAY, purpose="gratitude")
    assert dues(alice) == []


def test_tier_in_force_is_the_overrides_while_it_runs(alice):
    partner = known("cease", "X2", owner=alice)
    override = TierOverride.objects.create(
        partner=partner,
        tier="cultivation",
        reason="They called.",
        made_by=alice,
        by_manager=False,
        starts_on=TODAY,
        ends_on=ahead(1),
    )
    TierStanding.objects.filter(partner=partner).update(override=override)
    assert [kind for _, found in dues(alice, ahead(1)) for kind, _ in found] == ["personal_touch"]
    assert dues(alice, ahead(2)) == []


def test_opt_outs_and_the_wish_to_stop_are_kept(alice):
    known("maintenance", "M", owner=alice, last_name="Stop", do_not_contact_since=ago(1))
    known("maintenance", "M", owner=alice, last_name="No calls", no_calls=True, no_mail=True)
    stand(Partner.objects.get(last_name="Stop"), "maintenance", "M")
    ((name, found),) = dues(alice)
    assert (name, {kind for kind, _ in found}) == ("No calls", {"in_person", "review"})


def test_cease_has_its_planned_steps_alone(alice):
    partner = known("cease", "X3", owner=alice, birth_month=6, birth_day=15)
    ReferralFactory(partner=partner, day=TODAY)
    step = PlannedTouchFactory(partner=partner)
    stand(partner, "cease", "X3")
    assert dues(alice) == [(partner.last_name, [("step", step.due_on)])]


def test_ranking_of_today(alice):
    """Overdue and due before soon; then by what it is, by the day, by the name."""
    InteractionFactory(partner=known(owner=alice, last_name="Soon"), day=ago(40))
    known(owner=alice, last_name="Other")
    known("maintenance", "M", owner=alice, last_name="Maintained")
    # Too new to judge; its first touch was due two working days after it was added.
    stand(
        PlannedTouchFactory(
            kind="first_touch",
            what="",
            planned_by=None,
            occurrence="day 7",
            due_on=TODAY,
            partner=known(owner=alice, last_name="New"),
        ).partner,
        "cultivation",
        "G",
    )
    for rank, name in [(2, "Second"), (1, "First")]:
        on_focus(known(owner=alice, last_name=name), rank)
    born = known(owner=alice, last_name="Born", birth_month=6, birth_day=15)
    PlannedTouchFactory(partner=known(owner=alice, last_name="Step"))
    thanked = known(owner=alice, last_name="Thanks")
    ReferralFactory(partner=thanked, day=TODAY)
    early = known(owner=alice, last_name="Early", created_on=ago(600))
    for partner in (thanked, early, born):
        stand(partner, "cultivation", "C", since=ago(600) if partner is early else ago(500))
    assert [entry.partner.last_name for entry in agenda(alice, TODAY)] == [
        "Thanks", "Step", "Born", "First", "Second", "New", "Maintained", "Early", "Other", "Soon",
    ]  # fmt: skip


def test_most_urgent_of_one_partner_stands_first(alice):
    partner = known("maintenance", "M", owner=alice)
    InteractionFactory(partner=partner, day=ago(31), was_review=True)
    ReferralFactory(partner=partner, day=TODAY)
    PlannedTouchFactory(partner=partner, due_on=ahead(1))
    stand(partner, "maintenance", "M", since=ago(88))
    ((_, found),) = dues(alice)
    kinds = ["thanks", "personal_call", "step", "in_person", "handwritten_note"]
    assert [kind for kind, _ in found] == kinds


def test_place_on_the_list_is_shown_while_in_cultivation(alice):
    partner = known(owner=alice)
    on_focus(partner, 3)
    assert [entry.focus_rank for entry in agenda(alice, TODAY)] == [3]
    stand(partner, "maintenance", "M")
    assert [entry.focus_rank for entry in agenda(alice, TODAY)] == [None]


def test_whom_we_step_away_from_keeps_no_place_and_a_planned_step_alone(alice):
    """Whatever the tier: the open plan alone says so."""
    partner = known(owner=alice, stepping_away_since=TODAY)
    on_focus(partner, 3)
    InteractionFactory(partner=partner, day=ago(50))
    assert agenda(alice, TODAY) == []
    PlannedTouchFactory(partner=partner, due_on=TODAY)
    ((entry),) = agenda(alice, TODAY)
    assert (entry.focus_rank, [due.kind for due in entry.dues]) == (None, ["step"])


def test_handed_over_partner_leaves_one_list_for_the_other(alice, bob):
    partner = known(owner=alice)
    InteractionFactory(partner=partner, day=ago(50))
    PlannedTouchFactory(partner=partner, due_on=ago(1))
    partner.owner = bob
    partner.save()
    stand(partner, "cultivation", "C")
    assert dues(alice) == []
    assert dues(bob) == [(partner.last_name, [("step", ago(1)), ("personal_touch", ago(8))])]


def test_referrals_that_wait_also_of_who_asked_us_to_stop(alice, bob):
    stopped = known(owner=alice, do_not_contact_since=ago(3))
    gone = known(owner=alice, archived_at=timezone.now(), archived_reason="moved")
    late = ReferralFactory(partner=stopped, day=ago(1))
    first = ReferralFactory(partner=gone, day=ago(2))
    ReferralFactory(partner=stopped, stage="contacted")
    ReferralFactory(partner=stopped, direction="given")
    ReferralFactory(partner=known(owner=bob))
    assert list(waiting_referrals(alice, TODAY)) == [first, late]


# Occasions


def occasions(owner, **options):
    return [
        (partner.last_name, touch.occasion, touch.day)
        for partner, touch in occasions_ahead(owner, TODAY, **options)
    ]


def test_occasions_of_the_next_ten_days(alice):
    known(owner=alice, last_name="Last", birth_month=6, birth_day=25)
    known(owner=alice, last_name="Today", birth_month=6, birth_day=15)
    known(owner=alice, last_name="Years", relationship_start=date(2020, 6, 20))
    known(owner=alice, last_name="Late", birth_month=6, birth_day=14)
    known(owner=alice, last_name="Far", birth_month=6, birth_day=26)
    assert occasions(alice) == [
        ("Today", "birthday", date(2026, 6, 15)),
        ("Years", "anniversary", date(2026, 6, 20)),
        ("Last", "birthday", date(2026, 6, 25)),
    ]


@pytest.mark.parametrize(
    ("fields", "tier", "shown"),
    [
        ({}, "maintenance", True),
        ({"no_calls": True}, "maintenance", True),
        ({"no_calls": True, "no_mail": True}, "maintenance", False),
        ({"do_not_contact_since": TODAY}, "maintenance", False),
        ({"stepping_away_since": TODAY}, "maintenance", False),
        ({}, "cease", False),
    ],
)
def test_occasions_that_are_silenced_are_left_out(alice, fields, tier, shown):
    partner = known(owner=alice, birth_month=6, birth_day=20, **fields)
    stand(partner, tier, "M")
    assert bool(occasions(alice)) == shown


@pytest.mark.parametrize("closed", ["done", "skipped"])
def test_occasion_that_is_done_or_skipped_is_left_out(alice, closed):
    known(owner=alice, birth_month=6, birth_day=20)
    calls = PlannedTouch.objects.filter(kind="congratulate")
    if closed == "done":
        calls.update(done_at=NOW, done_by=alice)
    else:
        calls.update(skipped_on=TODAY, skipped_by=alice, skip_reason="On vacation")
    assert occasions(alice) == []


@pytest.mark.parametrize("count", [1, 30])
def test_occasions_take_two_queries_whatever_the_rows(alice, django_assert_num_queries, count):
    for _ in range(count):
        known(owner=alice, birth_month=6, birth_day=20)
    with django_assert_num_queries(2):
        assert len(occasions_ahead(alice, TODAY)) == count

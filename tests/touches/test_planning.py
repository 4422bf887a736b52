"""The rows that dates make: each once, never for the past, and in step with changed dates."""

from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest
import time_machine

from partners.models import Partner
from partners.services import archive, restore
from tests.factories import InteractionFactory, PartnerFactory, UserFactory
from tests.touches.books import NOW, TODAY, ago, ahead, known, stand
from tiers.models import TierChange, TierStanding
from tiers.overrides import override
from tiers.verdict import Tier
from touches import planning
from touches.cadences import Playbook
from touches.models import PlannedTouch, PlanningDay
from touches.planning import plan_dates, plan_new_days
from touches.services import finish, publish_playbook, snooze
from touches.tasks import plan_days_task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOW, tick=False):
        yield


def rows(**only):
    """Kind, occurrence, due day and opening day of the open rows."""
    names = ["kind", "occurrence", "due_on", "opens_on"]
    return list(PlannedTouch.objects.open().filter(**only).values_list(*names))


def added(**fields):
    """A partner whom somebody adds today, through the ORM as the service does."""
    return PartnerFactory(created_on=fields.pop("created_on", TODAY), **fields)


# The first touches


def test_new_partner_has_first_touches(alice):
    added(owner=alice)
    assert rows() == [
        ("first_touch", "first", date(2026, 6, 17), TODAY),
        *(
            ("first_touch", f"day {days}", ahead(days), ahead(days - 3))
            for days in (7, 21, 45, 75, 105)
        ),
    ]


@pytest.mark.parametrize(
    ("day", "due_on"),
    [
        # Added on a Wednesday: Thursday, then Juneteenth and the weekend.
        (date(2026, 6, 17), date(2026, 6, 22)),
        (date(2026, 6, 20), date(2026, 6, 23)),
    ],
)
def test_first_touch_is_within_two_working_days(alice, day, due_on):
    with time_machine.travel(datetime(day.year, day.month, day.day, 16, tzinfo=UTC)):
        added(owner=alice, created_on=day)
    assert rows(occurrence="first") == [("first_touch", "first", due_on, day)]


def test_first_run_makes_up_for_nothing(alice):
    """A partner of 30 days whom nobody met: the first touch is due today, not a month late."""
    added(owner=alice, created_on=ago(30))
    assert [(name, due_on) for _, name, due_on, _ in rows()] == [
        ("first", TODAY),
        ("day 45", ahead(15)),
        ("day 75", ahead(45)),
        ("day 105", ahead(75)),
    ]


@pytest.mark.parametrize("direction", ["out", "in"])
def test_whom_somebody_met_needs_no_first_touch(alice, direction):
    partner = added(owner=alice)
    PlannedTouch.objects.all().delete()
    InteractionFactory(partner=partner, direction=direction, day=ago(1))
    plan_dates([partner.pk], today=TODAY)
    assert rows(occurrence="first") == []
    assert len(rows()) == 5


def test_edited_playbook_moves_the_ladder(alice):
    partner = added(owner=alice)
    book = Playbook.from_dict({"first_touch": {"days": [7, 30]}})
    publish_playbook(actor=alice, playbook=book, now=NOW)
    plan_dates([partner.pk], today=TODAY)
    assert [name for _, name, _, _ in rows()] == ["first", "day 7", "day 30"]


# Occasions


BIRTHDAY = {"birth_month": 6, "birth_day": 25}


def born(owner, **fields):
    return known(owner=owner, **BIRTHDAY | fields)


def test_occasions_are_planned_thirty_days_ahead(alice):
    born(alice, relationship_start=date(2020, 7, 15), business_start=date(2010, 7, 16))
    assert rows() == [
        ("prepare", "birthday 2026", date(2026, 6, 15), date(2026, 6, 1)),
        ("congratulate", "birthday 2026", date(2026, 6, 25), date(2026, 6, 25)),
        ("prepare", "anniversary 2026", date(2026, 7, 5), date(2026, 6, 21)),
        ("prepare", "business 2026", date(2026, 7, 6), date(2026, 6, 22)),
        ("congratulate", "anniversary 2026", date(2026, 7, 15), date(2026, 7, 15)),
    ]


@pytest.mark.parametrize(
    ("birthday", "names"),
    [
        # Today's call is still made; the card for it would come too late.
        ((6, 15), [("congratulate", TODAY)]),
        ((6, 14), []),
        # In four days, on a holiday: the card is due at once.
        ((6, 19), [("prepare", TODAY), ("congratulate", ahead(3))]),
        # Tomorrow.
        ((6, 16), [("prepare", TODAY), ("congratulate", ahead(1))]),
    ],
)
def test_nothing_that_has_passed_is_planned(alice, birthday, names):
    month, day = birthday
    known(owner=alice, birth_month=month, birth_day=day)
    assert [(kind, due_on) for kind, _, due_on, _ in rows()] == names


def test_call_of_friday_for_sunday_is_planned_on_saturday_still(alice):
    saturday = datetime(2026, 6, 13, 16, tzinfo=UTC)
    with time_machine.travel(saturday):
        known(owner=alice, birth_month=6, birth_day=14)
    assert [(kind, due_on) for kind, _, due_on, _ in rows()] == [("congratulate", ago(3))]


def test_call_of_new_years_day_belongs_to_the_new_year(alice):
    with time_machine.travel(datetime(2026, 12, 20, 16, tzinfo=UTC)):
        known(owner=alice, birth_month=1, birth_day=1)
    assert [row[:3] for row in rows(kind="congratulate")] == [
        ("congratulate", "birthday 2027", date(2026, 12, 31))
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"do_not_contact_since": TODAY},
        {"stepping_away_since": TODAY},
        {"archived_at": NOW, "archived_reason": "moved"},
    ],
)
def test_nothing_is_planned_with_whom_we_leave_in_peace(alice, fields):
    added(owner=alice, **BIRTHDAY | fields)
    assert rows() == []


def test_dates_are_planned_once_we_work_together_again(alice):
    partner = added(owner=alice, stepping_away_since=TODAY, **BIRTHDAY)
    assert rows() == []
    partner.stepping_away_since = None
    partner.save()
    assert {row[0] for row in rows()} >= {"prepare", "congratulate"}


def test_changed_birthday_moves_what_is_open(alice):
    partner = born(alice)
    partner.birth_day = 27
    partner.save()
    # Saturday the 27th: the call is on Friday.
    assert [row[:3] for row in rows()] == [
        ("prepare", "birthday 2026", date(2026, 6, 17)),
        ("congratulate", "birthday 2026", date(2026, 6, 26)),
    ]


@pytest.mark.parametrize(
    "birthday", [(None, None), (6, 14), (12, 1)], ids=["none", "past", "far ahead"]
)
def test_birthday_that_is_gone_takes_its_rows_away(alice, birthday):
    partner = born(alice)
    partner.birth_month, partner.birth_day = birthday
    partner.save()
    assert rows() == []


def test_other_changes_leave_a_snooze_alone(alice):
    partner = born(alice)
    call = PlannedTouch.objects.get(kind="congratulate")
    put_off = {"actor": alice, "partner": partner, "kind": "congratulate", "row_id": call.pk}
    snooze(**put_off, until=ahead(12), today=TODAY)
    partner.city = "Springfield"
    partner.save()
    assert [row[2] for row in rows(kind="congratulate")] == [ahead(12)]


def test_done_occasion_never_comes_twice_in_a_year(alice):
    partner = born(alice)
    finish(actor=alice, touch=PlannedTouch.objects.get(kind="congratulate"), now=NOW)
    partner.birth_month = 7
    partner.save()
    assert rows(kind="congratulate") == []


def test_missed_row_stays_as_it_is(alice):
    partner = born(alice)
    before = rows()
    plan_dates([partner.pk], today=ahead(14))
    assert rows() == before


def test_what_was_missed_long_ago_is_taken_away(alice):
    """The call of the 25th is kept for thirty days, and never made again."""
    partner = born(alice)
    plan_dates([partner.pk], today=ahead(40))
    assert [row[0] for row in rows()] == ["congratulate"]
    plan_dates([partner.pk], today=ahead(41))
    assert rows() == []


def test_first_touches_are_kept_while_the_partner_is_too_new(alice):
    partner = added(owner=alice)
    plan_dates([partner.pk], today=ahead(100))
    assert len(rows()) == 6
    stand(partner, "cultivation", "C")
    plan_dates([partner.pk], today=ahead(100))
    assert [name for _, name, _, _ in rows()] == ["day 75", "day 105"]


def test_planning_twice_changes_nothing(alice):
    partner = added(owner=alice, **BIRTHDAY)
    keys = set(PlannedTouch.objects.values_list("pk", flat=True))
    for _ in range(2):
        plan_dates([partner.pk], today=TODAY)
    assert set(PlannedTouch.objects.values_list("pk", flat=True)) == keys


def test_card_that_was_sent_before_it_was_planned_is_done(alice):
    partner = known(owner=alice)
    note = InteractionFactory(partner=partner, kind="note", outcome="sent", day=ago(3))
    Partner.objects.filter(pk=partner.pk).update(**BIRTHDAY)
    plan_dates([partner.pk], today=TODAY)
    assert PlannedTouch.objects.get(kind="prepare").done_with == note


# Who comes back


def test_partner_who_is_brought_back_is_planned(alice):
    partner = born(alice)
    archive(actor=alice, partner=partner, reason="moved", now=NOW)
    PlannedTouch.objects.all().delete()
    restore(actor=alice, partner=partner)
    assert len(rows(kind="congratulate")) == 1


def cease(partner):
    stand(partner, "cease", "X2")
    PlannedTouch.objects.all().delete()
    plan_dates([partner.pk], today=TODAY)
    assert rows() == []
    return partner


def test_override_out_of_cease_plans_at_once(alice):
    partner = cease(born(alice))
    back = {"tier": Tier.CULTIVATION, "reason": "They called.", "ends_on": ahead(30)}
    override(actor=alice, partner=partner, now=NOW, **back)
    assert len(rows(kind="congratulate")) == 1


def test_partner_who_calls_us_out_of_cease_is_planned_at_once(alice):
    partner = cease(born(alice))
    past = {"tier": "cease", "rule": "X2", "on": ago(100), "since": ago(100)}
    TierChange.objects.filter(partner=partner).update(**past)
    InteractionFactory(partner=partner, direction="in", purpose="give")
    assert TierStanding.objects.get(partner=partner).tier == "cultivation"
    assert len(rows(kind="congratulate")) == 1


# Beat's tick


def days():
    found = PlanningDay.objects.order_by("day", "time_zone")
    return [(run.time_zone, run.day.day, run.finished_at is not None) for run in found]


def test_new_day_is_planned_once(alice, django_assert_num_queries):
    born(alice)
    PlannedTouch.objects.all().delete()
    assert plan_new_days(now=NOW, slices=20)
    assert [row[0] for row in rows()] == ["prepare", "congratulate"]
    with django_assert_num_queries(2):  # the zones, and the day that has ended
        assert plan_new_days(now=NOW, slices=20)
    assert days() == [("America/New_York", 15, True)]


def test_partners_that_were_written_in_bulk_are_planned_by_the_tick(alice):
    """An import judges and plans by itself; whatever else writes partners waits for the tick."""
    partner = known(owner=alice)
    Partner.objects.filter(pk=partner.pk).update(**BIRTHDAY)
    plan_days_task()
    assert len(rows(kind="congratulate")) == 1


def test_each_zone_is_planned_at_its_own_midnight():
    for zone in ["America/New_York", "America/Los_Angeles"]:
        known(owner=UserFactory(time_zone=zone), birth_month=7, birth_day=15)
    PlannedTouch.objects.all().delete()
    # Past midnight in New York, and still the 15th in Los Angeles: the call is 30 days ahead
    # of the 15th, on the 15th of July.
    plan_new_days(now=datetime(2026, 6, 15, 4, 30, tzinfo=UTC), slices=20)
    assert days() == [("America/Los_Angeles", 14, True), ("America/New_York", 15, True)]
    assert len(rows(kind="congratulate")) == 1
    plan_new_days(now=datetime(2026, 6, 15, 7, 30, tzinfo=UTC), slices=20)
    assert len(rows(kind="congratulate")) == 2


def test_run_out_of_time_goes_on_where_it_stopped(alice, monkeypatch):
    monkeypatch.setattr(planning, "SLICE", 1)
    for _ in range(3):
        born(alice)
    PlannedTouch.objects.all().delete()
    planned = []
    while not plan_new_days(now=NOW, slices=1):
        planned.append(len(rows(kind="congratulate")))
    assert planned == [1, 2, 3]


def test_killed_slice_is_planned_again(alice):
    born(alice)
    PlannedTouch.objects.all().delete()
    with (
        patch("touches.planning.complete_fitting", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        plan_new_days(now=NOW, slices=20)
    assert (rows(), days()) == ([], [("America/New_York", 15, False)])
    assert plan_new_days(now=NOW, slices=20)
    assert len(rows(kind="congratulate")) == 1


@pytest.mark.parametrize("count", [1, 5])
def test_planning_takes_as_many_queries_for_more_partners(alice, django_assert_num_queries, count):
    partners = [added(owner=alice, **BIRTHDAY).pk for _ in range(count)]
    PlannedTouch.objects.all().delete()
    with django_assert_num_queries(10):  # two of them the savepoint's
        plan_dates(partners, today=TODAY)
    assert len(rows(kind="congratulate")) == count


def test_every_birthday_of_two_years_comes_once(alice):
    """Day by day, whatever was planned before; the days without a tick are caught up."""
    for month, day in [(1, 1), (2, 29), (7, 4), (12, 25), (12, 31)]:
        known(owner=alice, birth_month=month, birth_day=day)
    PlannedTouch.objects.all().delete()
    ids = list(Partner.objects.values_list("pk", flat=True))
    made = {}
    for days_later in range(0, 730, 9):
        plan_dates(ids, today=TODAY + timedelta(days=days_later))
        calls = PlannedTouch.objects.filter(kind="congratulate")
        made |= {row.pk: (row.due_on, row.occurrence) for row in calls}
    assert sorted(made.values()) == [
        (date(2026, 7, 2), "birthday 2026"),
        (date(2026, 12, 24), "birthday 2026"),
        (date(2026, 12, 31), "birthday 2026"),
        (date(2026, 12, 31), "birthday 2027"),
        (date(2027, 2, 26), "birthday 2027"),
        (date(2027, 7, 2), "birthday 2027"),
        (date(2027, 12, 23), "birthday 2027"),
        (date(2027, 12, 30), "birthday 2027"),
        (date(2027, 12, 30), "birthday 2028"),
        (date(2028, 2, 29), "birthday 2028"),
        (date(2028, 7, 3), "birthday 2028"),
    ]

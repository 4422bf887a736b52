"""Beat's tick: every partner is judged once on each day of its owner, whatever happened before."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from partners.models import Partner
from tests.factories import UserFactory
from tests.tiers.stories import NOON, TODAY, anchor, steady
from tiers import services
from tiers.models import NightlyRun, TierChange, TierStanding
from tiers.services import judge_new_days
from tiers.tasks import judge_new_days_task

pytestmark = pytest.mark.django_db

# Conversations and referrals of `anchor` have aged out of rule M by then.
LATER = NOON + timedelta(days=60)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def _one_a_slice(monkeypatch):
    monkeypatch.setattr(services, "SLICE", 1)


def rules():
    return list(TierStanding.objects.order_by("pk").values_list("rule", flat=True))


def runs():
    rows = NightlyRun.objects.order_by("day", "time_zone")
    return [(run.time_zone, run.day.day, run.finished_at is not None) for run in rows]


def test_tier_falls_by_the_passing_of_days():
    partner = anchor()
    assert judge_new_days(now=LATER, slices=20)
    assert rules() == ["MS"]
    assert partner.tier_changes.last().on == LATER.date()


def test_day_is_judged_once(django_assert_num_queries):
    steady()
    judge_new_days(now=NOON, slices=20)
    with django_assert_num_queries(2):  # the zones, and the run that has ended
        assert judge_new_days(now=NOON, slices=20)
    assert runs() == [("America/New_York", 15, True)]


def test_each_zone_is_judged_at_its_own_midnight():
    """At 04:30 UTC it is past midnight in New York, and still yesterday in Los Angeles."""
    for zone in ["America/New_York", "America/Los_Angeles"]:
        steady(owner=UserFactory(time_zone=zone))
    judge_new_days(now=datetime(2026, 6, 16, 4, 30, tzinfo=UTC), slices=20)
    assert runs() == [("America/Los_Angeles", 15, True), ("America/New_York", 16, True)]
    judge_new_days(now=datetime(2026, 6, 16, 7, 30, tzinfo=UTC), slices=20)
    assert runs()[1:] == [("America/Los_Angeles", 16, True), ("America/New_York", 16, True)]


def test_days_follow_daylight_time():
    """Clocks go back on 1 November 2026: midnight in New York is 04:00, then 05:00 UTC."""
    steady()
    for hour, day in [(4, 1), (28, 1), (29, 2)]:
        now = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=hour)
        judge_new_days(now=now, slices=20)
        assert runs()[-1] == ("America/New_York", day, True)
    assert len(runs()) == 2


@pytest.mark.usefixtures("_one_a_slice")
def test_run_out_of_time_goes_on_where_it_stopped():
    for _ in range(3):
        anchor()
    judged = []
    while not judge_new_days(now=LATER, slices=1):
        judged.append(rules())
    assert judged == [["MS", "M", "M"], ["MS", "MS", "M"], ["MS", "MS", "MS"]]


@pytest.mark.usefixtures("_one_a_slice")
def test_killed_slice_is_judged_again(monkeypatch):
    """What a slice wrote and how far it came are kept together, or neither."""
    partners = [anchor(), anchor()]
    write = NightlyRun.save
    monkeypatch.setattr(NightlyRun, "save", fail_once(write, after=2))
    with pytest.raises(RuntimeError):
        judge_new_days(now=LATER, slices=20)
    assert rules() == ["MS", "M"]
    assert judge_new_days(now=LATER, slices=20)
    assert rules() == ["MS", "MS"]
    assert [partner.tier_changes.filter(rule="MS").count() for partner in partners] == [1, 1]


def fail_once(save, after):
    calls = []

    def failing(self, *args, **kwargs):
        calls.append(1)
        if len(calls) == after + 1:
            raise RuntimeError("killed")
        return save(self, *args, **kwargs)

    return failing


def test_missed_nights_are_caught_up():
    partner = anchor()
    judge_new_days(now=NOON, slices=20)
    judge_new_days(now=LATER, slices=20)
    assert rules() == ["MS"]
    assert partner.tier_changes.filter(rule="MS").count() == 1


def test_archived_partners_are_left_out():
    partner = anchor()
    Partner.objects.filter(pk=partner.pk).update(archived_at=NOON)
    assert judge_new_days(now=LATER, slices=20)
    assert (rules(), runs()) == (["M"], [])


def test_owner_who_moves_to_another_zone_is_judged_there():
    owner = UserFactory()
    anchor(owner=owner)
    judge_new_days(now=NOON, slices=20)
    owner.time_zone = "Pacific/Honolulu"
    owner.save()
    judge_new_days(now=LATER, slices=20)
    assert rules() == ["MS"]


def test_owner_who_moves_west_on_the_day_keeps_the_order_of_changes():
    """In Kiribati it is the 16th; in Samoa, where the owner flies, the 15th again."""
    owner = UserFactory(time_zone="Pacific/Kiritimati")
    partner = steady(owner=owner)
    owner.time_zone = "Pacific/Pago_Pago"
    owner.save()
    Partner.objects.filter(pk=partner.pk).update(do_not_contact_since=TODAY)
    judge_new_days(now=NOON, slices=20)
    on = list(TierChange.objects.values_list("on__day", "tier"))
    assert on[-1] == (16, "cease")


def test_task_judges_now():
    anchor()
    with time_machine.travel(LATER, tick=False):
        judge_new_days_task()
    assert rules() == ["MS"]

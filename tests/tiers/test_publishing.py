"""Publishing a policy: from its day on, everybody is judged by it within minutes."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from audit.models import Event
from tests.factories import BranchFactory, UserFactory
from tests.tiers.stories import NOON, TODAY, anchor
from tests.tiers.test_policy_history import STRICT
from tiers.models import NightlyRun, PolicyVersion, TierStanding
from tiers.policy import Policy
from tiers.services import follow_company, judge_new_days, publish_policy

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def publish(branch=None, starts_on=TODAY, rules=STRICT, **more):
    asked = {"actor": UserFactory(), "note": "More of it", "now": NOON} | more
    return publish_policy(
        branch=branch, policy=Policy.from_dict(rules), starts_on=starts_on, **asked
    )


def rule(partner):
    return TierStanding.objects.get(partner=partner).rule


def test_published_today_everybody_is_judged_by_it_at_the_next_tick():
    partner = anchor()
    assert judge_new_days(now=NOON, slices=20)
    version = publish()
    assert rule(partner) == "M"
    assert judge_new_days(now=NOON, slices=20)
    assert rule(partner) == "C"
    assert partner.tier_changes.last().policy == version
    assert (version.number, version.note, version.published_at) == (2, "More of it", NOON)


def test_published_for_later_it_waits_for_its_day():
    partner = anchor()
    judge_new_days(now=NOON, slices=20)
    publish(starts_on=TOMORROW)
    assert NightlyRun.objects.get().finished_at
    assert judge_new_days(now=NOON, slices=20)
    assert rule(partner) == "M"
    judge_new_days(now=NOON + timedelta(days=1), slices=20)
    assert rule(partner) == "C"


def test_branch_goes_its_own_way_and_follows_again():
    north, other = (anchor(owner=UserFactory(branch=BranchFactory())) for _ in range(2))
    publish(branch=north.owner.branch)
    judge_new_days(now=NOON, slices=20)
    assert (rule(north), rule(other)) == ("C", "M")
    follow_company(
        actor=UserFactory(), branch=north.owner.branch, starts_on=TOMORROW, note="", now=NOON
    )
    judge_new_days(now=NOON + timedelta(days=1), slices=20)
    assert rule(north) == "M"


def test_second_of_two_clicks_on_following_the_company_publishes_nothing():
    branch, mona = BranchFactory(name="North"), UserFactory()
    clicks = [
        follow_company(actor=mona, branch=branch, starts_on=TOMORROW, note="", now=NOON)
        for _ in range(2)
    ]
    assert clicks[0] == clicks[1]


def test_each_step_is_recorded():
    branch, mona = BranchFactory(name="North"), UserFactory()
    publish(branch=branch, actor=mona)
    follow_company(actor=mona, branch=branch, starts_on=TOMORROW, note="", now=NOON)
    events = Event.objects.filter(actor_id=mona.pk).order_by("pk")
    assert list(events.values_list("action", "detail")) == [
        ("policy.published", {"number": 2, "branch": "North", "starts_on": "2026-06-15"}),
        ("policy.company_followed", {"number": 3, "branch": "North", "starts_on": "2026-06-16"}),
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"starts_on": TODAY - timedelta(days=1)},
            "Choose today or a later day: the past was judged already.",
        ),
        ({"rules": {"synergy_high": 9}}, "Enter a whole number from 1 to 5."),
    ],
)
def test_past_day_and_nonsense_are_refused(change, sentence):
    with pytest.raises(ValidationError) as refused:
        publish(**change)
    assert refused.value.messages == [sentence]
    assert not PolicyVersion.objects.filter(number__gt=1).exists()

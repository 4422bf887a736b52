"""Which policy judges whom on which day."""

from datetime import date, timedelta

import pytest
import time_machine

from tests.factories import (
    BranchFactory,
    InteractionFactory,
    PartnerFactory,
    ReferralFactory,
    UserFactory,
)
from tests.tiers.stories import NOON, TODAY, anchor
from tiers.models import PolicyVersion, TierStanding
from tiers.policy import Policy
from tiers.policy_history import PolicyHistory
from tiers.services import judge, reclassify, replay

NORTH, SOUTH = 1, 2
DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)
STRICT = Policy.from_dict({"referrals": {"default": {"per_year": 9}}}).to_dict()


def version(number, starts_on=date.min, branch=None, rules=STRICT):
    return PolicyVersion(number=number, starts_on=starts_on, branch_id=branch, rules=rules)


def numbers(versions, day):
    """The numbers for the company, the north and the south."""
    policies = PolicyHistory(versions).on(day)
    return tuple(policies.of(branch).number for branch in [None, NORTH, SOUTH])


def test_company_policy_holds_from_its_day_for_everybody():
    versions = [version(1), version(2, DECEMBER)]
    assert numbers(versions, DECEMBER - timedelta(days=1)) == (1, 1, 1)
    assert numbers(versions, DECEMBER) == (2, 2, 2)


def test_branch_goes_its_own_way_and_follows_again():
    versions = [version(1), version(2, DECEMBER, NORTH), version(4, JANUARY, NORTH, rules=None)]
    assert numbers(versions, date(2026, 11, 30)) == (1, 1, 1)
    assert numbers(versions, date(2026, 12, 31)) == (1, 2, 1)
    assert numbers(versions, JANUARY) == (1, 1, 1)


def test_later_number_of_a_day_holds_and_a_later_day_before_it():
    versions = [version(2, JANUARY), version(3, DECEMBER), version(4, DECEMBER), version(1)]
    assert numbers(versions, DECEMBER) == (4, 4, 4)
    assert numbers(versions, JANUARY) == (2, 2, 2)


def test_first_policy_of_the_company_holds_before_its_day():
    versions = [version(1, DECEMBER), version(2, date(2026, 11, 1), SOUTH)]
    assert numbers(versions, date(2026, 11, 1)) == (1, 1, 2)


def test_policy_that_is_tried_stands_in_for_one_branch_or_the_company():
    policies = PolicyHistory([version(1), version(2, branch=NORTH)]).on(DECEMBER)
    draft = version(0)
    tried = policies.instead(None, draft)
    assert [tried.of(branch).number for branch in [None, NORTH, SOUTH]] == [0, 2, 0]
    tried = policies.instead(SOUTH, draft)
    assert [tried.of(branch).number for branch in [None, NORTH, SOUTH]] == [1, 2, 0]


@pytest.mark.django_db
class TestJudging:
    @pytest.fixture(autouse=True)
    def _noon(self):
        with time_machine.travel(NOON, tick=False):
            yield

    def test_each_partner_by_the_policy_of_its_branch(self, django_assert_num_queries):
        north = anchor(owner=UserFactory(branch=BranchFactory()))
        other = anchor(owner=UserFactory(branch=BranchFactory()))
        PolicyVersion.objects.create(number=2, branch=north.owner.branch, rules=STRICT)
        with django_assert_num_queries(2):  # the policies, and the facts
            judged = judge([north.pk, other.pk], as_of=TODAY)
        assert [(one.verdict.tier, one.version.number) for one in judged] == [
            ("cultivation", 2),
            ("maintenance", 1),
        ]

    def test_standing_and_change_name_the_policy_of_the_branch(self):
        partner = anchor(owner=UserFactory(branch=BranchFactory()))
        second = PolicyVersion.objects.create(number=2, branch=partner.owner.branch, rules=STRICT)
        reclassify([partner.pk], as_of=TODAY)
        assert TierStanding.objects.get(partner=partner).policy == second
        assert partner.tier_changes.last().policy == second

    def test_replay_judges_each_day_by_the_policy_of_that_day(self):
        """Maintenance on 1 June by the first policy; the second one asks for conversations."""
        partner = PartnerFactory(created_on=date(2024, 1, 1))
        for day in [date(2025, 7, 1), date(2025, 12, 10), date(2026, 3, 10), date(2026, 5, 20)]:
            ReferralFactory(partner=partner, day=day)
        for day in [date(2026, 5, 1), date(2026, 5, 10), date(2026, 5, 25)]:
            InteractionFactory(partner=partner, day=day)
        rules = Policy.from_dict({"conversations": {"per_90_days": 5, "stay_per_180_days": 5}})
        PolicyVersion.objects.create(number=2, rules=rules.to_dict(), starts_on=TODAY)
        replay([partner.pk], today=TODAY)
        assert list(partner.tier_changes.values_list("on", "tier", "policy__number")) == [
            (date(2025, 7, 1), "cultivation", 1),
            (date(2026, 6, 1), "maintenance", 1),
            (TODAY, "cultivation", 2),
        ]

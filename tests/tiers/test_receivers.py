"""Every save and every delete judges at once, whoever does it."""

import pytest
import time_machine

from accounts.services import change_person
from interactions.models import Interaction, Referral
from interactions.services import Contact, log, move_referral, remove_interaction
from partners.models import Partner
from partners.services import archive, restore
from partners.stop_services import lift_stop, stop
from tests.factories import (
    BranchFactory,
    InteractionFactory,
    PartnerFactory,
    ReferralFactory,
    UserFactory,
)
from tests.tiers.stories import NOON, TODAY, ago, anchor, steady
from tiers.models import PolicyVersion, TierChange, TierStanding
from tiers.policy import Policy

pytestmark = pytest.mark.django_db

STRICT = Policy.from_dict({"referrals": {"default": {"per_year": 9}}}).to_dict()


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def stored(partner):
    """Tier and rule as the database has them."""
    return TierStanding.objects.values_list("tier", "rule").get(partner=partner)


def moves(partner):
    rows = TierChange.objects.filter(partner=partner)
    return list(rows.values_list("on", "from_tier", "tier", "rule", "since"))


def test_new_partner_is_judged():
    partner = PartnerFactory()
    assert stored(partner) == ("cultivation", "G")
    assert moves(partner) == [(TODAY, "", "cultivation", "G", TODAY)]
    assert partner.standing.flags == ["first_touch_due", "needs_synergy"]


def test_saved_fact_is_judged():
    partner = anchor()
    assert stored(partner) == ("maintenance", "M")
    InteractionFactory(partner=partner, conduct="abusive")
    assert stored(partner) == ("cease", "X1")
    assert moves(partner)[-1] == (TODAY, "maintenance", "cease", "X1", TODAY)


def test_changed_fact_is_judged():
    partner = anchor()
    row = InteractionFactory(partner=partner, conduct="abusive")
    row.conduct = "none"
    row.save()
    assert stored(partner) == ("maintenance", "M")


def test_deleted_fact_is_judged():
    partner = anchor()
    partner.referrals.last().delete()
    assert stored(partner)[1] == "MS"


def test_facts_deleted_by_queryset_are_judged():
    partner, other = anchor(), anchor()
    partner.referrals.all().delete()
    assert stored(partner) == ("cultivation", "C")
    assert stored(other) == ("maintenance", "M")
    other.interactions.all().delete()
    assert stored(other)[1] == "MS"


@pytest.mark.parametrize("factory", [InteractionFactory, ReferralFactory])
def test_fact_moved_to_another_partner_judges_both(factory):
    """One talk, or one referral, is all that the first has and all that the second lacks."""
    first, second = steady(), steady()
    fact = factory(partner=first, day=TODAY)
    before = figures(first), figures(second)
    fact.partner = second
    fact.save()
    assert (figures(second), figures(first)) == before
    assert before[0] != before[1]


def figures(partner):
    standing = TierStanding.objects.get(partner=partner)
    return standing.last_conversation_on, standing.last_referral_on, standing.referrals_365


def test_fact_saved_with_partner_named_is_judged():
    """update_or_create saves named fields alone."""
    first, second = steady(), steady()
    fact = ReferralFactory(partner=first)
    Referral.objects.update_or_create(pk=fact.pk, defaults={"partner": second})
    assert figures(first)[1:] == (None, 0)
    assert figures(second)[1:] == (TODAY, 1)


def test_referral_stage_is_judged(alice):
    partner = steady(owner=alice)
    referral = ReferralFactory(partner=partner)
    assert figures(partner)[1:] == (TODAY, 1)
    move_referral(actor=alice, referral=referral, stage="junk", at=NOON)
    assert figures(partner)[1:] == (None, 0)


def test_a_request_to_stop_is_judged(alice):
    partner = anchor(owner=alice)
    stop(actor=alice, partner=partner, on=TODAY, source="call", now=NOON)
    assert stored(partner) == ("cease", "X4")
    lift_stop(actor=alice, partner=partner, reason="They called")
    assert stored(partner) == ("maintenance", "M")
    assert partner.tier_changes.last().flags == ["needs_synergy", "reopened"]


def test_partner_type_is_judged():
    partner = anchor(partner_type="realtor")
    partner.partner_type = "builder"
    partner.save(update_fields=["partner_type"])
    assert stored(partner) == ("maintenance", "MS")


def test_page_services_judge(alice):
    partner = anchor(owner=alice)
    contact = Contact(day=TODAY, kind="call", conduct="abusive")
    (row,) = log(actor=alice, partners=[partner], contact=contact, batch=some_uuid())
    assert stored(partner) == ("cease", "X1")
    remove_interaction(actor=alice, interaction=row)
    assert stored(partner) == ("maintenance", "M")


def some_uuid():
    return Interaction._meta.get_field("batch").get_default()


def test_archived_partner_keeps_its_tier_until_restored(alice):
    partner = anchor(owner=alice)
    archive(actor=alice, partner=partner, reason="Retired", now=NOON)
    partner.referrals.all().delete()
    assert stored(partner) == ("maintenance", "M")
    restore(actor=alice, partner=partner)
    assert stored(partner) == ("cultivation", "C")


def test_each_partner_is_judged_on_its_owners_day():
    """At 16:00 UTC it is the 16th in Kiribati and the 15th in Samoa."""
    ahead = PartnerFactory(owner=UserFactory(time_zone="Pacific/Kiritimati"), created_on=ago(200))
    behind = PartnerFactory(owner=UserFactory(time_zone="Pacific/Pago_Pago"), created_on=ago(200))
    assert [moves(ahead)[0][0].day, moves(behind)[0][0].day] == [16, 15]


def test_hand_over_to_the_west_keeps_the_order_of_changes():
    partner = PartnerFactory(owner=UserFactory(time_zone="Pacific/Kiritimati"), created_on=ago(200))
    partner.owner = UserFactory(time_zone="Pacific/Pago_Pago")
    partner.save()
    InteractionFactory(partner=partner, day=ago(3), conduct="abusive")
    assert stored(partner) == ("cease", "X1")
    assert [(on.day, tier) for on, _, tier, _, _ in moves(partner)] == [
        (16, "cultivation"),
        (16, "cease"),
    ]


def test_fact_dated_tomorrow_counts_tomorrow():
    partner = steady()
    InteractionFactory(partner=partner, day=ago(-1), conduct="abusive")
    assert stored(partner) == ("cultivation", "C")
    with time_machine.travel(datetime_of(ago(-1)), tick=False):
        partner.save()
    assert stored(partner) == ("cease", "X1")


def datetime_of(day):
    return NOON.replace(year=day.year, month=day.month, day=day.day)


def test_fixtures_loaded_raw_are_not_judged(tmp_path):
    """`loaddata` brings partners before their owners, and judges nothing."""
    partner = PartnerFactory.build(owner=UserFactory(), pk=1)
    Partner.save_base(partner, raw=True)
    assert not TierStanding.objects.exists()


def test_an_owner_who_moves_to_another_branch_is_judged_by_its_policy(
    django_capture_on_commit_callbacks,
):
    north, ada = BranchFactory(), UserFactory()
    PolicyVersion.objects.create(number=2, branch=north, rules=STRICT)
    partner = anchor(owner=UserFactory(branch=BranchFactory()))
    assert stored(partner)[0] == "maintenance"
    with django_capture_on_commit_callbacks(execute=True):
        change_person(actor=ada, person=partner.owner, values={"branch": north}, now=NOON)
    assert stored(partner)[0] == "cultivation"
    assert partner.tier_changes.last().policy.number == 2

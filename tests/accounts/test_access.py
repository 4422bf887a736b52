"""Who sees, works with and decides about whose partners: all pairs of the cast."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.access import access_to, owners_seen_by, owners_worked_by
from accounts.models import User
from interactions.models import Interaction, Referral
from partners.models import Partner
from tests.factories import (
    GrantFactory,
    InteractionFactory,
    PartnerFactory,
    PlannedTouchFactory,
    ReferralFactory,
    UserFactory,
)
from tiers.models import TierChange
from touches.models import PlannedTouch

pytestmark = pytest.mark.django_db

EVERYBODY = {"alice", "bob", "andy", "mona", "charlie", "lena", "ada", "carl"}
RIVERSIDE = {"alice", "bob", "andy", "mona"}
LAKESIDE = {"charlie", "lena"}
# Whose partners each person sees, works with, and decides about.
TABLE = {
    "alice": ({"alice"}, {"alice"}, {"alice"}),
    "bob": ({"bob"}, {"bob"}, {"bob"}),
    "andy": ({"andy", "alice"}, {"andy", "alice"}, {"andy"}),
    "mona": (RIVERSIDE, RIVERSIDE, RIVERSIDE),
    "charlie": ({"charlie"}, {"charlie"}, {"charlie"}),
    "lena": (LAKESIDE, LAKESIDE, LAKESIDE),
    "ada": (EVERYBODY, {"ada"}, {"ada"}),
    "carl": ({"carl"}, {"carl"}, {"carl"}),
}


def owners(partners):
    return {partner.owner.name.split()[0].lower() for partner in partners}


def first_names(people):
    return {user.name.split()[0].lower() for user in people}


@pytest.mark.parametrize("name", sorted(TABLE))
def test_access_by_filter_and_by_answer(cast, name):
    user = cast[name]
    for owner in cast.values():
        PartnerFactory(owner=owner)
    by_filter = (
        owners(Partner.objects.visible_to(user)),
        owners(Partner.objects.workable_by(user)),
        owners(Partner.objects.decidable_by(user)),
    )
    answers = {owner: access_to(user, cast[owner]) for owner in cast}
    by_answer = (
        {owner for owner in cast if answers[owner].sees},
        {owner for owner in cast if answers[owner].works},
        {owner for owner in cast if answers[owner].decides},
    )
    assert by_filter == by_answer == TABLE[name]
    assert {owner for owner in cast if answers[owner].sees_conduct} == TABLE[name][2]
    assert first_names(User.objects.filter(owners_seen_by(user))) == TABLE[name][0]
    assert first_names(User.objects.filter(owners_worked_by(user))) == TABLE[name][1]


@pytest.mark.parametrize(
    ("model", "factory"),
    [
        (Interaction, InteractionFactory),
        (Referral, ReferralFactory),
        (PlannedTouch, PlannedTouchFactory),
    ],
)
@pytest.mark.parametrize("name", sorted(TABLE))
def test_facts_follow_their_partner(cast, model, factory, name):
    for owner in cast.values():
        factory(partner=PartnerFactory(owner=owner))
    sees, works, _ = TABLE[name]
    seen = model.objects.visible_to(cast[name]).select_related("partner__owner")
    worked = model.objects.workable_by(cast[name]).select_related("partner__owner")
    assert owners(row.partner for row in seen) == sees
    assert owners(row.partner for row in worked) == works


def test_tier_changes_follow_their_partner(cast):
    for owner in cast.values():
        PartnerFactory(owner=owner)
    seen = TierChange.objects.visible_to(cast["mona"])
    assert owners(change.partner for change in seen) == RIVERSIDE


def test_nobody_sees_nothing(rita):
    stranger = AnonymousUser()
    assert not Partner.objects.visible_to(stranger).exists()
    assert not Partner.objects.workable_by(stranger).exists()
    assert not Partner.objects.decidable_by(stranger).exists()


def test_several_grants_add_up(cast, lakeside):
    """Bob assists Charlie and manages Lakeside for a while."""
    bob = cast["bob"]
    GrantFactory(user=bob, role="assistant", officer=cast["alice"])
    GrantFactory(user=bob, role="manager", branch=lakeside)
    for owner in cast.values():
        PartnerFactory(owner=owner)
    assert owners(Partner.objects.visible_to(bob)) == {"bob", "alice", "charlie", "lena"}
    assert owners(Partner.objects.decidable_by(bob)) == {"bob", "charlie", "lena"}


def test_each_partner_is_listed_once(cast):
    """Owner, assisted and managed all at once is still one row."""
    mona = cast["mona"]
    GrantFactory(user=mona, role="assistant", officer=cast["alice"])
    PartnerFactory(owner=cast["alice"])
    PartnerFactory(owner=mona)
    assert Partner.objects.visible_to(mona).count() == 2


def test_owner_who_changes_branch_takes_their_partners_along(cast, lakeside):
    alice = cast["alice"]
    PartnerFactory(owner=alice)
    alice.branch = lakeside
    alice.save()
    assert not Partner.objects.visible_to(cast["mona"]).exists()
    assert Partner.objects.visible_to(cast["lena"]).count() == 1


def test_owner_without_a_branch_has_no_manager(cast):
    partner = PartnerFactory(owner=UserFactory(branch=None))
    for name in ["mona", "lena", "carl"]:
        assert not access_to(cast[name], partner.owner).sees
        assert not Partner.objects.visible_to(cast[name]).exists()


def test_filters_cost_one_query_beside_the_grants(alice, mona, django_assert_num_queries):
    PartnerFactory(owner=alice)
    user = User.objects.get(pk=mona.pk)
    with django_assert_num_queries(3):
        for _ in range(2):
            assert list(Partner.objects.visible_to(user))

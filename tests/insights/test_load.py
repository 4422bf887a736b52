import pytest

from insights.book import load
from insights.counting import report_of
from insights.scope import scope_of
from partners.models import Partner
from tests.factories import (
    FocusPlaceFactory,
    InteractionFactory,
    PartnerFactory,
    ReferralFactory,
    StageMoveFactory,
)
from tests.touches.books import NOW, TODAY, ago, known
from tiers.models import TierChange


def lively(owner, size):
    """Partners about whom every query has something to find."""
    for _ in range(size):
        partner = known(owner=owner)
        TierChange.objects.filter(partner=partner).update(on=ago(400))
        TierChange.objects.create(partner=partner, on=ago(5), tier="cease", rule="X2")
        InteractionFactory(partner=partner, day=ago(9), purpose="gratitude")
        referral = ReferralFactory(partner=partner, day=ago(30), stage="contacted")
        StageMoveFactory(referral=referral, stage="contacted")
        FocusPlaceFactory(partner=partner)


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 3])
def test_a_book_is_read_in_nine_queries(alice, riverside, size, django_assert_num_queries):
    lively(alice, size)
    with django_assert_num_queries(9):
        book = load(scope_of([riverside.pk], end=TODAY), NOW)
    report = report_of(book)
    assert (report.partners, len(report.freed), report.first_contact.contacted) == (size,) * 3


@pytest.mark.django_db
def test_a_past_day_is_read_in_as_many_queries_whatever_the_size(
    alice, riverside, django_assert_num_queries
):
    lively(alice, 3)
    with django_assert_num_queries(11):
        load(scope_of([riverside.pk], end=ago(4)), NOW)


@pytest.mark.django_db
def test_a_scope_holds_its_branch_its_officer_and_its_type_alone(alice, bob, charlie, riverside):
    mine = PartnerFactory(owner=alice)
    cpa = PartnerFactory(owner=alice, partner_type="cpa")
    his = PartnerFactory(owner=bob)
    PartnerFactory(owner=charlie)
    for asked, found in [
        ({"branches": [riverside.pk]}, [mine, cpa, his]),
        ({"branches": [riverside.pk], "officer": alice.pk}, [mine, cpa]),
        ({"branches": [riverside.pk], "officer": charlie.pk}, []),
        ({"officer": alice.pk, "partner_type": "cpa"}, [cpa]),
    ]:
        scope = scope_of(**asked, end=TODAY)
        assert list(scope.partners().order_by("pk")) == found
        assert list(load(scope, NOW).partners) == [one.pk for one in found]


def test_a_scope_of_nobody_is_refused():
    with pytest.raises(ValueError, match="branches or an officer"):
        scope_of(end=TODAY).partners()


@pytest.mark.django_db
def test_who_came_between_two_queries_is_left_out(alice, riverside, monkeypatch):
    """A partner is handed over to the branch while its figures are read."""
    ReferralFactory(partner__owner=alice)
    scope = scope_of([riverside.pk], end=TODAY)
    monkeypatch.setattr("insights.scope.Scope.partners", lambda self: Partner.objects.none())
    book = load(scope, NOW)
    assert (book.partners, book.referrals) == ({}, {})
    assert report_of(book).partners == 0


@pytest.mark.django_db
def test_flags_of_today_stand_and_those_of_a_past_day_are_judged(alice, riverside):
    """They were called long ago; in June nobody had called for months."""
    partner = known(owner=alice)
    InteractionFactory(partner=partner, day=ago(200))
    InteractionFactory(partner=partner, day=ago(1))
    partner.standing.flags = ["win_back"]
    partner.standing.save()
    today = load(scope_of([riverside.pk], end=TODAY), NOW)
    assert today.partners[partner.pk].flags == ("win_back",)
    TierChange.objects.update(on=ago(400))
    past = load(scope_of([riverside.pk], end=ago(20)), NOW)
    assert past.partners[partner.pk].flags == ("follow_up_lapsed", "needs_synergy")

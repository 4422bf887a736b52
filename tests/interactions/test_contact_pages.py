"""A borrower's contact stands on the referral's own page, and each look at it is recorded."""

import pytest

from audit.models import Event
from interactions.models import Referral
from tests.factories import ReferralFactory
from tests.interactions.test_encryption import OTHER_KEY

PHONE, EMAIL = "(202) 555-0147", "bo+1@example.org"

pytestmark = pytest.mark.django_db


@pytest.fixture
def referral(rita):
    return ReferralFactory(partner=rita, borrower_phone=PHONE, borrower_email=EMAIL)


def reads():
    rows = Event.objects.filter(action="referral.contact_read")
    return list(rows.values_list("actor__name", "target_id"))


def test_the_page_calls_and_writes_in_place(sign_in, alice, referral):
    page = sign_in(alice).get(f"/referrals/{referral.pk}/").text
    assert 'href="tel:2025550147"' in page
    assert 'href="mailto:bo%2B1@example.org"' in page
    assert PHONE in page


@pytest.mark.parametrize("who", ["alice", "andy", "mona", "ada"])
def test_who_sees_the_referral_reads_it_and_it_is_recorded(who, sign_in, cast, referral):
    client = sign_in(cast[who])
    client.head(f"/referrals/{referral.pk}/")
    assert reads() == []
    assert PHONE in client.get(f"/referrals/{referral.pk}/").text
    assert reads() == [(cast[who].name, str(referral.pk))]


@pytest.mark.parametrize("who", ["bob", "charlie", "lena", "carl"])
def test_nobody_else_does(who, sign_in, cast, referral):
    client = sign_in(cast[who])
    for page in ["", "edit/"]:
        assert client.get(f"/referrals/{referral.pk}/{page}").status_code == 404
    assert reads() == []


def test_the_form_and_a_refused_move_show_it_too(sign_in, alice, referral):
    client = sign_in(alice)
    assert PHONE in client.get(f"/referrals/{referral.pk}/edit/").text
    refused = client.post(f"/referrals/{referral.pk}/move/", {"stage": "nonsense"})
    assert (refused.status_code, PHONE in refused.text) == (422, True)
    assert reads() == [("Alice Abbott", str(referral.pk))] * 2


def test_where_there_is_nothing_to_read_nothing_is_recorded(sign_in, alice, rita):
    empty = ReferralFactory(partner=rita)
    sign_in(alice).get(f"/referrals/{empty.pk}/")
    assert reads() == []


def test_no_list_shows_it_to_anybody(sign_in, cast, referral):
    for user in cast.values():
        client = sign_in(user)
        partner = f"/partners/{referral.partner_id}/"
        for url in ["/", "/referrals/", "/referrals/?q=555", "/partners/", partner, "/figures/"]:
            page = client.get(url).text
            for secret in ["555-0147", "2025550147", "bo+1"]:
                assert secret not in page, (user, url)
    assert reads() == []


def test_a_contact_that_cannot_be_opened_spoils_no_page(sign_in, alice, referral, settings):
    settings.BORROWER_KEYS = [OTHER_KEY]
    client = sign_in(alice)
    assert client.get("/").status_code == 200
    assert "cannot be opened" in client.get(f"/referrals/{referral.pk}/").text
    assert (
        "borrower_phone" not in client.get(f"/referrals/{referral.pk}/edit/").context["form"].fields
    )
    assert reads() == []
    sealed = Referral.objects.values("borrower_phone").get()
    form = {"borrower": "Bo New", "direction": "received", "received_at": "2026-01-05T10:00"}
    form |= {"borrower_phone": "(202) 555-0199"}
    assert client.post(f"/referrals/{referral.pk}/edit/", form).status_code == 302
    assert Referral.objects.values("borrower_phone").get() == sealed


def test_half_a_contact_that_can_be_opened_is_shown(sign_in, alice, referral):
    Referral.objects.filter(pk=referral.pk).update(borrower_email="")
    page = sign_in(alice).get(f"/referrals/{referral.pk}/").text
    assert ("tel:" in page, "mailto:" in page) == (True, False)

"""What each person reads of stepping away, and what they may do, through the pages."""

import re
from datetime import timedelta

import pytest

from audit.models import Event
from partners.services import archive
from stepaway.models import Choice, Plan
from tests.factories import InteractionFactory
from tests.stepaway.conftest import NOW, TODAY, chosen, one_sided, rude

pytestmark = pytest.mark.django_db
TELLS = re.compile(r"private word|abus|disrespect|began to step away", re.I)


def post(client, address, **said):
    return client.post(address, said)


def choose(client, partner, **said):
    form = {"way": "step_away", "reason": "A private word"} | said
    return post(client, f"/partners/{partner.pk}/step-away/choose/", **form)


def test_the_notice_is_for_everybody_and_the_reasons_for_who_decides(sign_in, cast, alice):
    """The administrator and the assistant read no more than that reminders are silent."""
    partner = rude(alice)
    chosen(cast["mona"], partner)
    address = f"/partners/{partner.pk}/step-away/"
    for name in ["alice", "mona"]:
        client = sign_in(cast[name])
        assert "A private word" in client.get(address).text
        assert "began to step away" in client.get(partner.get_absolute_url()).text
    for name in ["andy", "ada"]:
        client = sign_in(cast[name])
        page = client.get(partner.get_absolute_url()).text
        assert "We are stepping away: no reminders or invitations." in page
        assert (address in page, TELLS.search(page)) == (False, None)
        assert client.get(address).status_code == 403
        assert partner.full_name not in client.get("/step-away/").text
    for name in ["bob", "charlie", "lena", "carl"]:
        assert sign_in(cast[name]).get(address).status_code == 404


def test_reading_conduct_there_is_recorded(sign_in, alice):
    partner, other = rude(alice), one_sided(alice)
    client = sign_in(alice)
    client.get("/step-away/")
    client.get(f"/partners/{partner.pk}/step-away/")
    client.get(f"/partners/{other.pk}/step-away/")
    read = Event.objects.filter(action="conduct.read").values_list("target_id", flat=True)
    assert list(read) == [str(partner.pk)] * 2


def test_what_is_not_offered_is_not_there_and_not_taken(sign_in, alice, mona):
    abuser = rude(alice, "abusive")
    client = sign_in(alice)
    page = client.get(f"/partners/{abuser.pk}/step-away/").text
    assert ('value="talk"' in page, 'value="keep"' in page) == (False, False)
    assert "Mona Miller looks second" in page
    for way in ["talk", "keep"]:
        assert choose(client, abuser, way=way).status_code == 422
    assert not Choice.objects.exists()


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"reason": ""}, 422),
        ({"way": ""}, 422),
        ({"way": "keep"}, 422),
        ({"way": "keep", "ends_on": (TODAY + timedelta(days=400)).isoformat()}, 422),
        ({"way": "keep", "ends_on": (TODAY + timedelta(days=40)).isoformat()}, 302),
        ({"seen": "nonsense"}, 422),
        ({}, 302),
    ],
)
def test_the_form(said, status, sign_in, alice):
    partner = one_sided(alice)
    assert choose(sign_in(alice), partner, **said).status_code == status
    assert Choice.objects.exists() == (status == 302)


def test_who_chose_meanwhile_is_said_on_the_page(sign_in, alice, mona):
    partner = one_sided(alice)
    chosen(mona, partner, way="talk")
    page = choose(sign_in(alice), partner)
    assert (page.status_code, "Somebody chose meanwhile" in page.text) == (422, True)
    assert not Plan.objects.exists()


def test_the_manager_looks_second_through_the_page(sign_in, alice, mona):
    partner = rude(alice)
    client = sign_in(alice)
    assert choose(client, partner).status_code == 302
    page = client.get(f"/partners/{partner.pk}/step-away/").text
    assert ("looks second" in page, "I sent it" in page) == (True, False)
    choice = Choice.objects.get()
    address = f"/step-away/choices/{choice.pk}/look/"
    assert post(client, address, answer="agree").status_code == 403
    client = sign_in(mona)
    assert partner.full_name in client.get("/step-away/").text
    assert post(client, address, answer="back").status_code == 422
    assert post(client, address, answer="agree").status_code == 302
    assert "I sent it" in client.get(f"/partners/{partner.pk}/step-away/").text


def test_the_plan_is_done_and_closed_in_place(sign_in, alice):
    partner = one_sided(alice)
    client = sign_in(alice)
    plan = chosen(alice, partner).plan
    message = plan.steps.get(kind="message")
    assert post(client, f"/step-away/steps/{message.pk}/").status_code == 422
    assert post(client, f"/step-away/steps/{message.pk}/", kind="text").status_code == 302
    again = plan.steps.get(kind="look_again")
    assert post(client, f"/step-away/steps/{again.pk}/").status_code == 302
    page = client.get(f"/partners/{partner.pk}/step-away/").text
    assert page.count('data-done="yes"') == 3
    assert post(client, f"/step-away/plans/{plan.pk}/close/").status_code == 422
    assert post(client, f"/step-away/plans/{plan.pk}/close/", outcome="ended").status_code == 302
    page = client.get(f"/partners/{partner.pk}/step-away/").text
    assert ("We stay apart" in page, "The plan</h2>" in page) == (True, False)


def test_a_plan_of_an_archived_partner_can_be_closed_and_none_is_opened(sign_in, alice):
    partner, other = one_sided(alice), one_sided(alice)
    plan = chosen(alice, partner).plan
    for one in (partner, other):
        archive(actor=alice, partner=one, reason="Moved", now=NOW)
    client = sign_in(alice)
    assert client.get(f"/partners/{partner.pk}/step-away/").status_code == 200
    post(client, f"/step-away/plans/{plan.pk}/close/", outcome="ended")
    assert choose(client, other).status_code == 422
    partner.refresh_from_db()
    assert (partner.stepping_away_since, Plan.objects.open().exists()) == (None, False)


def test_today_says_how_many_are_proposed_to_who_decides(sign_in, alice, andy, mona):
    one_sided(alice)
    words = "Proposed: step away (1)"
    assert words in sign_in(alice).get("/").text
    assert words in sign_in(mona).get(f"/?officer={alice.pk}").text
    assert words not in sign_in(andy).get("/").text


def test_names_of_all_kinds_fit(sign_in, alice):
    partner = one_sided(alice, first_name="", last_name="L" * 60)
    client = sign_in(alice)
    chosen(alice, partner)
    InteractionFactory(partner=partner, purpose="disengage")
    assert "L" * 60 in client.get(f"/partners/{partner.pk}/step-away/").text


def test_who_waits_for_a_manager_who_left_can_choose_again(sign_in, alice, mona):
    partner = rude(alice)
    chosen(alice, partner)
    address = f"/partners/{partner.pk}/step-away/"
    client = sign_in(alice)
    assert 'name="way"' not in client.get(address).text
    mona.is_active = False
    mona.save()
    assert 'name="way"' in client.get(address).text

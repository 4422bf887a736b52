from datetime import timedelta

import pytest
from django.utils import timezone

from partners.models import Partner
from tests.factories import (
    CompanyFactory,
    InteractionFactory,
    PartnerFactory,
    PlannedTouchFactory,
    ReferralFactory,
    TagFactory,
)

QUERIES = 5


@pytest.fixture
def three(alice):
    """Anna refers, Ben was never reached, Cleo is a friend of the house with a step planned."""
    today = alice.today(timezone.now())
    company = CompanyFactory(name="Keystone")
    anna = PartnerFactory(owner=alice, first_name="Anna", last_name="Adler", company=company)
    ReferralFactory(partner=anna)
    InteractionFactory(partner=anna, day=today - timedelta(days=70))
    PartnerFactory(owner=alice, first_name="Ben", last_name="Baker", partner_type="cpa")
    cleo = PartnerFactory(owner=alice, first_name="Cleo", last_name="Cole", email="cleo@cole.us")
    cleo.tags.add(TagFactory(name="golf"))
    InteractionFactory(partner=cleo)
    PlannedTouchFactory(partner=cleo, what="Send the rates")
    stop = today - timedelta(days=1)
    PartnerFactory(owner=alice, first_name="Dan", last_name="Dorn", do_not_contact_since=stop)
    archived = PartnerFactory(owner=alice, first_name="Eve", last_name="Egan")
    Partner.objects.filter(pk=archived.pk).update(archived_at=timezone.now())
    return company


def names(answer):
    return " ".join(row.partner.first_name for row in answer.context["rows"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "Anna Ben Cleo Dan"),
        ("q=adler+keystone", "Anna"),
        ("q=KEYSTONE", "Anna"),
        ("q=cleo%40", "Cleo"),
        ("q=anna+baker", ""),
        ("q=+++", "Anna Ben Cleo Dan"),
        ("tier=cease", "Dan"),
        ("tier=cultivation&q=a", "Anna Ben"),
        ("partner_type=cpa", "Ben"),
        ("contact=60", "Anna"),
        ("contact=90", ""),
        ("contact=never", "Ben Dan"),
        ("flag=first_touch_due", "Ben"),
        ("archived=true", "Eve"),
        ("sort=name", "Anna Ben Cleo Dan"),
        ("sort=-name", "Dan Cleo Ben Anna"),
        ("sort=contact", "Ben Dan Anna Cleo"),
        ("sort=-contact", "Cleo Anna Ben Dan"),
        ("sort=-referrals", "Anna Ben Cleo Dan"),
        ("sort=referrals", "Ben Cleo Dan Anna"),
        ("sort=step", "Cleo Anna Ben Dan"),
    ],
)
def test_the_address_says_what_the_list_shows(query, found, as_, alice, three):
    assert names(as_(alice).get(f"/partners/?{query}")) == found


def test_the_filters_by_owner_and_tag(as_, alice, bob, mona, three):
    PartnerFactory(owner=bob, first_name="Zoe")
    golf = Partner.objects.get(first_name="Cleo").tags.get()
    assert names(as_(alice).get(f"/partners/?tag={golf.pk}")) == "Cleo"
    assert names(as_(mona).get(f"/partners/?owner={bob.pk}")) == "Zoe"
    assert "golf" not in as_(bob).get("/partners/").text


@pytest.mark.parametrize(
    "query",
    ["tier=gold", "owner=x", "sort=tier", "tag=-1", "contact=1", "flag=none", "partner_type=x"],
)
def test_an_address_that_does_not_fit_says_so(query, as_, alice, three):
    answer = as_(alice).get(f"/partners/?{query}")
    assert answer.status_code == 200
    assert "This address does not fit the list." in answer.text
    assert "Adler" not in answer.text


def test_pages_keep_the_rest_of_the_address(as_, alice):
    for number in range(60):
        PartnerFactory(owner=alice, first_name="Pat", last_name=f"P{number:02}")
    client = as_(alice)
    page = client.get("/partners/?q=pat&page=2&sort=-name")
    assert [row.partner.last_name for row in page.context["rows"]] == [
        f"P{number:02}" for number in range(34, 9, -1)
    ]
    assert 'href="?q=pat&amp;sort=-name&amp;page=3"' in page.text
    assert 'href="?q=pat&amp;sort=-name&amp;page=1"' in page.text
    assert names(client.get("/partners/?page=4")) == ""


@pytest.mark.parametrize("rows", [1, 3, 60])
def test_the_list_takes_the_same_queries_whatever_its_rows(
    rows, as_, alice, django_assert_num_queries
):
    for number in range(rows):
        partner = PartnerFactory(owner=alice, company=CompanyFactory())
        partner.tags.add(TagFactory(name=f"tag {number}"))
        InteractionFactory(partner=partner)
        PlannedTouchFactory(partner=partner)
    client = as_(alice)
    with django_assert_num_queries(QUERIES):
        answer = client.get("/partners/?sort=-contact")
    assert len(answer.context["rows"]) == min(rows, 25)

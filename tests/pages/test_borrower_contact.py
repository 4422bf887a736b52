"""A borrower's contact by role: on the referral's own page and form, and nowhere else at all."""

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from digests.daily import render
from interactions.models import Referral
from tests.factories import DeliveryFactory, PlannedTouchFactory
from tests.pages.test_walk import ALL_PAGES, OBJECT_PAGES, address
from touches.feed import calendar_of

pytestmark = pytest.mark.django_db

SECRETS = ["555-0147", "5550147", "bo.secret"]
OWN_PAGES = {"referral", "referral_edit"}


@pytest.fixture
def known(book):
    """The referral of the book waits for its first call, and how to reach its borrower is known."""
    referral = book.referral
    referral.borrower_phone, referral.borrower_email = "(202) 555-0147", "bo.secret@example.org"
    referral.save()
    return book


def tells(text):
    return any(secret in text for secret in SECRETS)


def where_it_stands(client, book):
    return {name for name in ALL_PAGES if tells(client.get(address(name, book), follow=True).text)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("alice", OWN_PAGES),
        ("andy", OWN_PAGES),
        ("mona", OWN_PAGES),
        # Looks, and edits nothing.
        ("ada", {"referral"}),
        ("bob", set()),
        ("lena", set()),
        ("carl", set()),
    ],
)
def test_no_other_page_shows_it(who, expected, as_, cast, known):
    assert OBJECT_PAGES.keys() > OWN_PAGES
    assert where_it_stands(as_(cast[who]), known) == expected
    reads = Event.objects.filter(action="referral.contact_read")
    assert reads.count() == len(expected)


def test_neither_search_nor_export_nor_feed_nor_digest_nor_record_tells_it(
    as_, alice, ada, rita, known
):
    PlannedTouchFactory(partner=known.partner)
    client = as_(alice)
    client.get(f"/referrals/{known.referral.pk}/")
    for search in ["/referrals/?q=5550147", "/referrals/?q=bo.secret", "/partners/?q=bo.secret"]:
        page = client.get(search).text
        # The box shows what was typed; what it found would name the borrower.
        assert "Ben Borrower" not in page, search
    export = client.post(reverse("figure_rows", kwargs={"name": "at_risk"}))
    digest = render(
        DeliveryFactory(user=alice, occurrence=alice.today(timezone.now())), timezone.now()
    )
    feed = calendar_of(alice, timezone.now())
    told = [export.text, str(vars(digest)), str(feed), repr(list(Event.objects.values()))]
    assert "Rowe" in told[1]
    assert not any(tells(text) for text in told)
    assert tells(Referral.objects.get(pk=known.referral.pk).borrower_phone)

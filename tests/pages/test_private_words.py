"""Notes on conduct and the reasons of stepping away, by role: owner and manager alone, anywhere."""

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from digests.daily import render
from tests.factories import DeliveryFactory, PlannedTouchFactory
from tests.pages.test_walk import ALL_PAGES, address
from touches.feed import calendar_of

pytestmark = pytest.mark.django_db

SECRETS = ["Xyzzy", "Shouted"]
EXPORTS = ["figure_rows", "figure_table", "ledger_export", "record_export"]


@pytest.fixture
def private(book):
    """Words that only the owner and their manager may read."""
    book.noted.note = "Shouted at the front desk"
    book.noted.save()
    book.choice.reason = "Xyzzy reason"
    book.choice.save()
    book.plan_step.plan.choice.reason = "Xyzzy plan"
    book.plan_step.plan.choice.save()
    return book


def tells(text):
    return any(secret in text for secret in SECRETS)


def where_they_stand(client, book):
    """The names of the pages; those of the other partners with "other " in front."""
    pages = {name: address(name, book) for name in ALL_PAGES}
    for number, partner in enumerate([book.choice.partner, book.plan_step.plan.partner]):
        for name in ["partner", "step_away", "record_of_partner", "message"]:
            pages[f"other {name} {number}"] = reverse(name, args=[partner.pk])
    return {name for name, url in pages.items() if tells(client.get(url, follow=True).text)}


@pytest.mark.slow
@pytest.mark.parametrize("who", ["andy", "ada", "bob", "charlie", "lena", "carl"])
def test_no_page_tells_anybody_else(who, as_, cast, private):
    assert where_they_stand(as_(cast[who]), private) == set()


@pytest.mark.slow
@pytest.mark.parametrize("who", ["alice", "mona"])
def test_owner_and_manager_read_them(who, as_, cast, private):
    """Else the test above would hold nothing."""
    found = where_they_stand(as_(cast[who]), private)
    assert {"partner", "other step_away 0", "other step_away 1"} <= found
    assert "record" not in found


@pytest.mark.parametrize("who", ["alice", "mona", "ada", "andy", "carl"])
def test_neither_export_nor_search_nor_feed_nor_digest_nor_record_tells_them(
    who, as_, cast, private
):
    PlannedTouchFactory(partner=private.partner)
    user = cast[who]
    client = as_(user)
    told = [client.post(_export(name)).text for name in EXPORTS]
    told += [client.get(f"{url}?q=Shouted").text for url in ["/partners/", "/partners/options/"]]
    digest = DeliveryFactory(user=cast["alice"], occurrence=cast["alice"].today(timezone.now()))
    told.append(str(vars(render(digest, timezone.now()))))
    told.append(str(calendar_of(user, timezone.now())))
    told.append(repr(list(Event.objects.values())))
    assert "Rowe" in told[-3]
    # A box for search shows what was typed.
    assert not any("front desk" in text or "Xyzzy" in text for text in told)


def _export(name):
    places = {"figure_rows": {"name": "at_risk"}, "figure_table": {"name": "tiers"}}
    return reverse(name, kwargs=places.get(name, {}))

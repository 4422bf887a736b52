"""The digest as its reader sees it: in a mail program on a phone or a desk, by day and by night."""

import re
from datetime import datetime, time, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from digests import monday
from digests.daily import render
from digests.kinds import DAILY, MONDAY
from mailing.models import Delivery
from partners.models import Partner
from tests.factories import CompanyFactory, PlannedTouchFactory, ReferralFactory
from tiers.models import TierChange

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def mail(alice, book, settings, live_server):
    """Alice's digest, whose links lead to the server of the test."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    long = "A very long name of a company that sells houses along the river"
    for partner in book.partners[1:]:
        partner.company = CompanyFactory(name=f"{long} {partner.pk}")
        partner.save()
        PlannedTouchFactory(partner=partner)
    today = alice.today(timezone.now())
    noon = datetime.combine(today, time(12), alice.zone)
    return render(Delivery(kind=DAILY, user=alice, occurrence=str(today)), noon)


@pytest.fixture
def pack(mona, book, settings):
    """Mona's Monday pack, with names that hardly fit."""
    long = "A very long name of a person who sells houses along the river"
    for number, partner in enumerate(book.partners):
        change = {"partner": partner, "tier": "cease", "rule": "X2", "reasons": ["X2"]}
        TierChange.objects.filter(partner=partner).update(on="2020-01-01", tier="maintenance")
        TierChange.objects.create(**change, on=timezone.localdate() - timedelta(days=1))
        partner.standing.flags = ["our_neglect", "slipping", "last_chance"]
        partner.standing.save()
        Partner.objects.filter(pk=partner.pk).update(last_name=f"{long} {number}"[-60:])
        ReferralFactory(partner=partner)
    today = mona.today(timezone.now())
    noon = datetime.combine(today, time(12), mona.zone)
    return monday.render(Delivery(kind=MONDAY, user=mona, occurrence=str(today)), noon)


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (390, "dark"), (1280, "light")])
def test_the_pack_is_whole_and_readable(visit, pack, width, scheme):
    page = visit(width=width, color_scheme=scheme)
    page.set_content(pack.html)
    expect(page.get_by_role("heading", name="Who moved")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options=WCAG)
    assert found.response["violations"] == [], found.generate_report()
    assert page.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_mail_is_whole_and_readable(visit, mail, width, scheme):
    page = visit(width=width, color_scheme=scheme)
    page.set_content(mail.html)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options=WCAG)
    assert found.response["violations"] == [], found.generate_report()
    assert page.complaints == []


@pytest.mark.parametrize("scripted", [True, False])
def test_a_link_of_the_mail_does_its_step_without_a_sign_in(visit, mail, book, scripted):
    link = re.findall(r"Done: (\S+)", mail.text)[-1]
    page = visit(width=390, java_script_enabled=scripted)
    page.goto(link)
    expect(page.get_by_role("heading")).to_have_text("Is it done?")
    if scripted:
        found = Axe().run(page, options=WCAG)
        assert found.response["violations"] == [], found.generate_report()
    page.get_by_role("button", name="Yes, it is done").click()
    expect(page.get_by_role("heading")).to_have_text("Done")
    page.goto(link)
    expect(page.get_by_role("heading")).to_have_text("Nothing left to do here")


def test_one_button_stops_the_mail(visit, mail):
    page = visit(width=390)
    page.goto(re.findall(r"Stop this daily mail: (\S+)", mail.text)[0])
    page.get_by_role("button", name="Stop it").click()
    expect(page.get_by_role("heading")).to_have_text("The daily digest is off")
    assert page.complaints == []

"""A partner goes from Cultivation through Cease and stepping away, and comes back."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from interactions.models import Interaction
from tests.browser.test_pages import violations
from tests.factories import InteractionFactory, PartnerFactory
from tiers.models import TierChange, TierStanding


@pytest.fixture
def cole(alice):
    """In Cultivation for a hundred days; one touch more, and the effort is ours alone (X3)."""
    today = alice.today(timezone.now())
    made = {"owner": alice, "first_name": "Carl", "last_name": "Cole", "email": "carl@cole.us"}
    partner = PartnerFactory(**made, created_on=today - timedelta(days=500))
    for number in range(17):
        InteractionFactory(partner=partner, day=today - timedelta(days=5 + 20 * number))
    since = today - timedelta(days=100)
    TierChange.objects.filter(partner=partner).delete()
    TierStanding.objects.filter(partner=partner).update(since=since, rule="C")
    TierChange.objects.create(
        partner=partner, on=since, since=since, tier="cultivation", rule="C", reasons=["default"]
    )
    return partner


@pytest.fixture
def page(visit, alice, settings):
    settings.DEMO = True
    return visit(alice)


def tier(partner):
    return TierStanding.objects.get(partner=partner).tier


def test_from_cultivation_through_cease_and_stepping_away_to_cultivation_again(page, cole):
    assert tier(cole) == "cultivation"
    touch_once_more(page, cole)
    assert tier(cole) == "cease"
    step_away(page)
    say_farewell(page)
    a_referral_comes_all_the_same(page, cole)
    assert tier(cole) == "cultivation"
    work_together_again(page, cole)
    assert page.complaints == []


def touch_once_more(page, cole):
    page.goto(f"/log/?partner={cole.pk}")
    main = page.get_by_role("main")
    main.locator("label").filter(has_text="Call").first.click()
    main.get_by_role("button", name="Log it").click()
    expect(page.get_by_text("Logged").first).to_be_visible()


def step_away(page):
    page.goto("/")
    page.get_by_role("link", name="Proposed: step away (1)").click()
    page.get_by_role("link", name="Carl Cole").click()
    expect(page.get_by_text("One-sided: all effort is ours").first).to_be_visible()
    page.get_by_label("Step away").check()
    page.get_by_label("Why").fill("Two years of effort from one side")
    page.get_by_role("button", name="Choose").click()
    expect(page.get_by_role("heading", name="The plan", exact=True)).to_be_visible()
    assert violations(page) == []


def say_farewell(page):
    words = page.get_by_label("E-mail", exact=True).first
    assert "referral" not in words.input_value().lower()
    page.get_by_role("button", name="I sent it").first.click()
    expect(page.get_by_role("main").get_by_text("Done on").first).to_be_visible()
    sent = Interaction.objects.order_by("pk").last()
    assert (sent.purpose, sent.outcome, sent.is_touch) == ("disengage", "sent", False)


def a_referral_comes_all_the_same(page, cole):
    page.get_by_role("link", name="add the referral").click()
    page.get_by_label("Borrower’s name").or_(page.get_by_label("Borrower's name")).fill("Bea Boone")
    page.get_by_role("button", name="Save").or_(page.get_by_role("button", name="Add")).click()
    expect(page.get_by_role("heading", name="Bea Boone")).to_be_visible()
    # The borrower is served like any other, and the partner still left in peace.
    page.goto("/")
    expect(page.get_by_text("Bea Boone").first).to_be_visible()
    expect(page.get_by_role("main").get_by_text("Thanks for a referral")).to_have_count(0)
    page.goto(f"/partners/{cole.pk}/")
    expect(page.get_by_text("We are stepping away: no reminders")).to_be_visible()


def work_together_again(page, cole):
    page.get_by_role("link", name="The plan").click()
    expect(page.get_by_text("The tier is Cultivation again")).to_be_visible()
    page.get_by_label("We work together again").check()
    page.get_by_role("button", name="Close the plan").click()
    expect(page.get_by_text("Closed. Reminders follow the tier again.")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("main").get_by_text("Thanks for a referral").first).to_be_visible()

"""An event from its plan to the log of everybody who came."""

from django.utils import timezone
from playwright.sync_api import expect

from interactions.models import Interaction
from tests.factories import CompanyFactory, PartnerFactory


def test_a_class_for_a_whole_office_is_planned_and_logged(visit, alice, book):
    office = CompanyFactory(name="Elm Street Realty")
    for name in ["Nina", "Otto"]:
        PartnerFactory(owner=alice, first_name=name, last_name="North", company=office)
    page = visit(alice)
    page.goto("/events/new/")
    page.locator("#id_kind").select_option("class")
    page.locator("#id_name").fill("Loans for beginners")
    page.locator("#id_day").fill(alice.today(timezone.now()).isoformat())
    page.get_by_label("Everybody of an office or a company").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Invite", exact=True).click()
    page.locator("#id_company").select_option("Elm Street Realty")
    page.get_by_role("button", name="Invite everybody of this company").click()
    page.get_by_label("Nina North came").check()
    page.get_by_role("button", name="Log for everyone who came").click()
    expect(page.get_by_text("Logged for 1 partner.")).to_be_visible()
    expect(page.get_by_text("Did not come")).to_be_visible()
    [logged] = Interaction.objects.filter(kind="class")
    assert (logged.partner.first_name, logged.minutes) == ("Nina", 90)
    assert page.complaints == []

"""What people do all day: by keyboard alone, by one thumb, and without JavaScript."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from interactions.models import Interaction, Referral
from partners.models import Partner
from tests.factories import PASSWORD


def test_signing_in_and_logging_a_lunch_with_three_by_keyboard_alone(visit, alice, book):
    page = visit()
    page.goto("/")
    page.get_by_role("textbox", name=re.compile("e-?mail", re.I)).focus()
    page.keyboard.type(alice.email)
    page.locator("input[type=password]").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Today", exact=True).wait_for()
    page.wait_for_load_state()
    page.keyboard.press("l")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox")).to_be_focused()
    choose(page, dialog, ["anna", "ben", "cleo"])
    dialog.get_by_role("radio", name="Lunch").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("heading", name="Logged")).to_be_visible()
    for partner in Partner.objects.filter(interactions__kind="lunch").select_related("standing"):
        row = dialog.get_by_role("listitem").filter(has_text=partner.full_name)
        expect(row).to_contain_text(partner.standing.get_tier_display())
    assert Interaction.objects.filter(kind="lunch").count() == 3
    assert page.complaints == []


def found(place):
    """The partners that a name which is typed offers."""
    return place.get_by_role("listbox", name="Partners").get_by_role("option")


def choose(page, dialog, names):
    for name in names:
        page.keyboard.type(name)
        expect(found(dialog)).to_have_count(1)
        page.keyboard.press("Enter")


def test_logging_a_coffee_on_a_phone_by_touch(visit, alice, book):
    page = visit(alice, width=390, has_touch=True, is_mobile=True)
    page.goto("/")
    page.get_by_role("link", name="Log", exact=True).first.tap()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").tap()
    page.keyboard.type("anna")
    found(dialog).first.tap()
    dialog.locator("label").filter(has_text="Coffee").tap()
    dialog.get_by_role("button", name="Log it").tap()
    expect(dialog.get_by_role("heading", name="Logged")).to_be_visible()
    assert Interaction.objects.filter(kind="coffee", partner=book.partner).count() == 1


def test_what_is_missing_is_said_in_the_dialog(visit, alice, book):
    page = visit(alice)
    page.goto("/")
    page.keyboard.press("l")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Log it").click()
    expect(dialog).to_contain_text("Choose at least one partner.")
    expect(dialog).to_contain_text("Choose what it was.")
    assert page.complaints == []


@pytest.fixture
def plain(visit, alice, book):
    """A page of Alice without JavaScript."""
    return visit(alice, java_script_enabled=False)


def test_the_list_is_searched_without_javascript(plain):
    plain.goto("/partners/")
    plain.get_by_role("searchbox").fill("ben")
    plain.get_by_role("button", name="Search").click()
    expect(plain.get_by_role("link", name="Ben Baker")).to_be_visible()
    expect(plain.get_by_role("link", name="Anna Adler")).to_have_count(0)


def test_a_lunch_is_logged_without_javascript(plain, book):
    plain.goto("/")
    plain.get_by_role("link", name="Log", exact=True).first.click()
    plain.get_by_label("With").select_option([str(partner.pk) for partner in book.partners])
    plain.locator("label").filter(has_text="Lunch").click()
    plain.get_by_role("button", name="Log it").click()
    expect(plain.get_by_text("Logged with Anna Adler.")).to_be_visible()
    assert Interaction.objects.filter(kind="lunch").count() == 3


def test_a_partner_is_edited_without_javascript(plain, book):
    plain.goto(f"/partners/{book.partner.pk}/edit/")
    plain.get_by_label("Last name").fill("Abbey")
    plain.get_by_role("button", name="Save").click()
    expect(plain.get_by_role("heading", name="Anna Abbey")).to_be_visible()


@pytest.mark.parametrize("path", ["/log/?partner={}", "/partners/"])
def test_a_double_click_logs_once(path, visit, alice, book):
    page = visit(alice)
    page.goto(path.format(book.partner.pk))
    place = page.get_by_role("main")
    if path == "/partners/":
        page.keyboard.press("l")
        place = page.get_by_role("dialog")
        expect(place.get_by_role("combobox")).to_be_focused()
        choose(page, place, ["anna"])
    place.locator("label").filter(has_text="Lunch").click()
    place.get_by_role("button", name="Log it").dblclick()
    expect(page.get_by_text("Logged").first).to_be_visible()
    assert Interaction.objects.filter(kind="lunch").count() == 1


def test_going_back_gives_a_whole_page(visit, alice, book):
    """Not the fragment that was loaded from the same address for the dialog."""
    page = visit(alice)
    page.goto("/log/")
    page.goto("/")
    page.keyboard.press("l")
    page.get_by_role("dialog").get_by_role("combobox").wait_for()
    page.goto(f"/partners/{book.partner.pk}/")
    page.go_back()
    page.go_back()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    expect(page.get_by_role("button", name="Log it")).to_be_visible()


def test_searching_as_one_types_moves_the_address_and_comes_back(visit, alice, book):
    page = visit(alice)
    page.goto("/partners/")
    page.get_by_role("searchbox").press_sequentially("ben")
    expect(page.get_by_role("link", name="Anna Adler")).to_have_count(0)
    page.wait_for_url("**/partners/?*q=ben*")
    page.get_by_role("link", name="Ben Baker").click()
    page.get_by_role("heading", name="Ben Baker").wait_for()
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("ben")
    expect(page.get_by_role("link", name="Anna Adler")).to_have_count(0)
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="Ben Baker")).to_be_visible()


def test_a_session_that_ended_leads_to_the_sign_in(visit, alice, book):
    page = visit(alice)
    page.goto("/partners/")
    page.context.clear_cookies()
    page.get_by_role("searchbox").press_sequentially("ben")
    page.wait_for_url(re.compile(r"/account/login/\?next="))


def test_the_next_step_of_a_lunch_is_planned(visit, alice, book):
    page = visit(alice)
    page.goto(f"/log/?partner={book.partner.pk}")
    place = page.get_by_role("main")
    place.locator("label").filter(has_text="Call").click()
    place.get_by_label("Next step").fill("Send the rates")
    day = alice.today(book.step.planned_at) + timedelta(days=3)
    place.get_by_label("By", exact=True).fill(day.isoformat())
    place.get_by_role("button", name="Log it").click()
    expect(page.get_by_text("Logged").first).to_be_visible()
    assert book.partner.planned_touches.filter(what="Send the rates", due_on=day).exists()


def test_a_referral_is_added_for_the_partner_who_was_typed(visit, alice, book):
    page = visit(alice)
    page.goto("/referrals/new/")
    main = page.get_by_role("main")
    chip = main.get_by_role("button", name=re.compile("^Remove "))
    expect(chip).to_have_count(0)
    main.get_by_role("combobox", name="Partner").focus()
    page.keyboard.type("nobody of that name")
    page.keyboard.press("Enter")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("cleo")
    offered = main.get_by_role("listbox", name="Partner").get_by_role("option")
    expect(offered).to_have_count(1)
    page.keyboard.press("Enter")
    expect(chip).to_have_count(1)
    main.get_by_label("Borrower's name").fill("Pat Newton")
    main.get_by_label("Borrower's phone").fill("202.555.0147")
    main.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Pat Newton")).to_be_visible()
    referral = Referral.objects.get(borrower="Pat Newton")
    assert (referral.partner.first_name, referral.borrower_phone) == ("Cleo", "(202) 555-0147")
    assert page.complaints == []


THANKS = "Thanks for a referral, Anna Adler"
STEP = "Call about the open house, Anna Adler"


def test_a_thank_you_is_logged_from_today_by_keyboard_and_its_line_goes_away(visit, alice, book):
    page = visit(alice)
    page.goto("/")
    page.wait_for_load_state()
    page.get_by_role("link", name=f"Log {THANKS}").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("radio", name="Call", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("heading", name="Logged")).to_be_visible()
    expect(page.get_by_role("link", name=f"Log {THANKS}", include_hidden=True)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    # The next line has the focus.
    expect(page.get_by_role("button", name=f"Done {STEP}")).to_be_focused()
    assert Interaction.objects.get(purpose="gratitude").kind == "call"
    assert page.complaints == []


def test_steps_are_done_and_snoozed_in_place(visit, alice, book):
    page = visit(alice, width=390, has_touch=True, is_mobile=True)
    page.goto("/")
    page.get_by_role("link", name=f"Later {THANKS}").tap()
    page.get_by_role("button", name="Tomorrow").tap()
    expect(page.get_by_text(re.compile("Thanks for a referral: until"))).to_be_visible()
    expect(page.get_by_role("link", name=f"Log {THANKS}")).to_have_count(0)
    page.get_by_role("button", name=f"Done {STEP}").tap()
    expect(page.get_by_role("button", name=f"Done {STEP}")).to_have_count(0)
    page.get_by_role("button", name="Contacted Bo Borrower").tap()
    expect(page.get_by_role("link", name="Bo Borrower")).to_have_count(0)
    assert Referral.objects.get().stage == "contacted"
    assert book.partner.planned_touches.get(kind="thanks").planned_by == alice
    assert page.complaints == []


def test_today_is_worked_without_javascript(plain, book):
    plain.goto("/")
    plain.get_by_role("link", name=f"Later {STEP}").click()
    plain.get_by_role("link", name="Skip it instead").click()
    plain.get_by_label("Skip it this time, because").fill("They are away")
    plain.get_by_role("button", name="Skip", exact=True).click()
    expect(plain.get_by_role("heading", name="Today", exact=True)).to_be_visible()
    plain.get_by_role("link", name=f"Log {THANKS}").click()
    plain.get_by_role("button", name="Log it").click()
    expect(plain.get_by_role("heading", name="Today", exact=True)).to_be_visible()
    expect(plain.get_by_text("Logged with Anna Adler.")).to_be_visible()
    expect(plain.get_by_role("link", name=f"Log {THANKS}")).to_have_count(0)
    book.step.refresh_from_db()
    assert book.step.skip_reason == "They are away"


def test_a_message_follows_what_one_writes(visit, alice, book):
    """Words that are objected to take the link away, and better ones bring it back."""
    Partner.objects.update(email="anna@adler.us")
    page = visit(alice)
    page.goto(f"/partners/{book.partner.pk}/message/?occasion=thanks&program=email")
    link = page.get_by_role("link", name="Open in my mail program")
    expect(link).to_have_attribute("href", re.compile("body=Hi%20"))
    words = page.get_by_label("Text", exact=False).last
    words.fill("Thanks for the referral, a gift card is in the mail.")
    expect(page.get_by_text("a thank-you for a referral comes with nothing else")).to_be_visible()
    expect(link).to_have_count(0)
    words.fill("Thank you, and all my best!")
    expect(link).to_have_attribute("href", re.compile("body=Thank%20you%2C%20and%20all"))
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text(re.compile(r"^(Copied|Marked)"))).to_be_visible()
    page.get_by_role("link", name="Log it").click()
    expect(page.get_by_role("dialog").get_by_role("radio", name="E-mail")).to_be_checked()
    assert [line for line in page.complaints if "422" not in line] == []


def test_a_message_without_javascript(visit, alice, book):
    Partner.objects.update(email="anna@adler.us")
    page = visit(alice, java_script_enabled=False)
    page.goto(f"/partners/{book.partner.pk}/message/?occasion=thanks&program=email")
    page.locator("textarea").fill("You owe me one.")
    page.get_by_role("button", name="Use this text").click()
    expect(page.get_by_text("sounds as if somebody owed something")).to_be_visible()
    link = page.get_by_role("link", name="Open in my mail program")
    expect(link).to_have_count(0)
    page.locator("textarea").fill("All my best!")
    page.get_by_role("button", name="Use this text").click()
    expect(link).to_have_attribute("href", re.compile("body=All%20my%20best%21$"))
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()

"""From a lunch that cost something to its line in the ledger."""

from playwright.sync_api import expect

from ledger.models import Line


def test_a_lunch_that_cost_something_becomes_a_line_of_the_ledger(visit, alice, book):
    page = visit(alice)
    page.goto("/")
    page.keyboard.press("l")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("anna")
    offered = dialog.get_by_role("listbox", name="Partners").get_by_role("option")
    expect(offered).to_have_count(1)
    page.keyboard.press("Enter")
    dialog.locator("label").filter(has_text="Lunch").click()
    dialog.get_by_text("Who reached out").first.click()
    dialog.get_by_label("Did it cost anything?").fill("42.50")
    dialog.get_by_role("button", name="Log it").click()
    dialog.get_by_role("link", name="Finish the ledger line").click()
    # What belongs to a sponsorship alone shows for one alone.
    expect(page.get_by_label("What we get for it")).to_be_hidden()
    page.get_by_label("What", exact=True).select_option("sponsorship")
    expect(page.get_by_label("What we get for it")).to_be_visible()
    page.get_by_label("What", exact=True).select_option("meal")
    page.get_by_label("Description").fill("Lunch at the mill")
    page.get_by_label("How many people had something of it").fill("2")
    page.get_by_label("Our person who was there").fill("Alice Abbott")
    page.get_by_label("How the recipients were chosen").select_option("all_local")
    page.get_by_label("Who paid", exact=True).select_option("company")
    page.get_by_label("What it was for").fill("Spring market")
    page.get_by_label("What was discussed").fill("Inventory and rates")
    receipt = {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    page.get_by_label("Add receipts").set_input_files(receipt)
    page.get_by_role("button", name="Enter in the ledger").click()
    expect(page.get_by_role("link", name="Read the statement and tick")).to_be_visible()
    page.get_by_label("I confirm this statement").check()
    page.get_by_label("Your name, typed").fill("Alice Abbott")
    page.get_by_role("button", name="Enter in the ledger").click()
    expect(page.get_by_text("Entered in the ledger.")).to_be_visible()
    with page.expect_download() as found:
        page.get_by_role("link", name="bill.pdf").click()
    assert found.value.suggested_filename == "bill.pdf"
    line = Line.objects.get(source__startswith="contact:")
    assert (line.recipients.get().name, str(line.market_value)) == ("Anna Adler", "42.50")
    assert page.complaints == []

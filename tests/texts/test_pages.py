"""The team's texts and the message to one partner, as people meet them."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.urls import reverse

from tests.factories import PartnerFactory, ReferralFactory
from texts.links import mail_link, message_link
from texts.models import TeamText
from texts.overview import PLACES, log_address

pytestmark = pytest.mark.django_db

BAD = "Thanks for the referral, here is a gift card."
TIED = (
    "“gift card” stands with “referral”. Please write about one of the two alone: a thank-you for "
    "a referral comes with nothing else."
)


@pytest.fixture
def rita(alice):
    contact = {"email": "rita+crm@rowe.us", "phone_mobile": "+13125550123"}
    return PartnerFactory(owner=alice, first_name="Rita", last_name="Rowe", **contact)


def edit(name, branch=None):
    return f"{reverse('text_edit', args=[name])}?branch={branch.pk if branch else ''}"


def write(partner, occasion="thanks", program="email"):
    return f"{reverse('message', args=[partner.pk])}?occasion={occasion}&program={program}"


def links(answer):
    return answer.context.get("way")


def test_a_link_says_the_lines_as_the_standards_do():
    assert mail_link("a+b&c@d.us", "Q & A?", "One\n\n50 % of ü") == (
        "mailto:a%2Bb%26c@d.us?subject=Q%20%26%20A%3F&body=One%0D%0A%0D%0A50%20%25%20of%20%C3%BC"
    )
    assert message_link("+13125550123", "Hi & bye") == "sms:+13125550123?body=Hi%20%26%20bye"


def test_message_is_filled_and_opens_in_the_own_program(sign_in, alice, rita):
    answer = sign_in(alice).get(write(rita))
    link = urlsplit(links(answer).href)
    said = parse_qs(link.query)
    assert unquote(link.path) == "rita+crm@rowe.us"
    assert said["subject"] == ["Thank you, Rita"]
    assert said["body"][0].startswith("Hi Rita,\r\n\r\nThank you for your trust in me.")
    assert links(answer).href.replace("&", "&amp;") in answer.content.decode()


def test_own_words_are_used_and_kept_nowhere(sign_in, alice, rita):
    client = sign_in(alice)
    answer = client.post(write(rita, program="text"), {"body": "Thank you!\r\nAlice"})
    assert links(answer).href == "sms:+13125550123?body=Thank%20you%21%0AAlice"
    assert "Thank you!\r\nAlice</textarea>" in answer.content.decode()
    assert not TeamText.objects.exists()


def test_words_that_are_objected_to_give_no_link(sign_in, alice, rita):
    answer = sign_in(alice).post(write(rita), {"subject": "Hello", "body": BAD})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"body": [TIED]}
    assert links(answer) is None
    assert "mailto:rita" not in answer.content.decode().split('id="message-out"')[1]


def test_subject_and_body_are_read_together(sign_in, alice, rita):
    words = {"subject": "Your referral", "body": "A gift card is in the mail."}
    assert sign_in(alice).post(write(rita), words).status_code == 422


def test_long_message_asks_to_be_shortened(sign_in, alice, rita):
    answer = sign_in(alice).post(write(rita), {"subject": "Hello", "body": "so " * 600})
    assert (links(answer).href, links(answer).sentence) == (
        "",
        "This is too long for a link: shorten it a little, or copy it.",
    )
    answer = sign_in(alice).post(write(rita, program="text"), {"body": "a" * 601})
    assert answer.context["form"].errors == {"body": ["Write at most 600 characters; it has 601."]}


def test_without_an_address_the_text_is_there_to_be_copied(sign_in, alice):
    cher = PartnerFactory(owner=alice, first_name="", last_name="Cher", company=None, email="")
    answer = sign_in(alice).get(write(cher))
    assert links(answer).sentence.startswith("We know no e-mail address")
    assert "Hi Cher," in answer.content.decode()


def test_silence_is_said_and_offers_nothing_else(sign_in, alice, rita):
    type(rita).objects.update(stepping_away_since="2026-06-01")
    answer = sign_in(alice).get(write(rita))
    assert answer.context["silence"].startswith("We are stepping away from Rita Rowe")
    assert [code for code, *_ in answer.context["occasions"]] == ["farewell", "decline"]
    type(rita).objects.update(do_not_contact_since="2026-06-01")
    answer = sign_in(alice).post(write(rita, "farewell"), {"subject": "Hi", "body": "Hello"})
    assert answer.context["occasions"] == []
    assert "<textarea" not in answer.content.decode()


def test_program_is_the_one_that_is_open(sign_in, alice, rita):
    address = f"{reverse('message', args=[rita.pk])}?occasion=nonsense"
    assert sign_in(alice).get(address).context["program"] == "email"
    type(rita).objects.update(no_emails=True)
    assert sign_in(alice).get(address).context["program"] == "text"


@pytest.mark.parametrize(
    ("occasion", "purpose", "value"),
    [("thanks", "gratitude", ""), ("closed", "service", ""), ("insight", "relationship", "on")],
)
def test_log_is_filled_in(sign_in, alice, rita, occasion, purpose, value):
    address = log_address(rita, occasion, "text")
    query = parse_qs(urlsplit(address).query)
    assert (query["kind"], query["purpose"], query.get("gave_value", [""])) == (
        ["text"],
        [purpose],
        [value],
    )
    form = sign_in(alice).get(address).context["form"]
    assert form["purpose"].value() == purpose


def test_referral_leads_to_thanks_and_to_it_closed(sign_in, alice, rita):
    client, referral = sign_in(alice), ReferralFactory(partner=rita)
    thanks = f"/partners/{rita.pk}/message/?occasion=thanks"
    closed = f"/partners/{rita.pk}/message/?occasion=closed"
    page = client.get(referral.get_absolute_url()).content.decode()
    assert (thanks in page, closed in page) == (True, False)
    type(referral).objects.update(stage="funded")
    page = client.get(referral.get_absolute_url()).content.decode()
    assert (thanks in page, closed in page) == (False, True)


def test_today_leads_to_the_message_for_a_touch(sign_in, alice, rita):
    ReferralFactory(partner=rita)
    address = f"/partners/{rita.pk}/message/?occasion=thanks"
    client = sign_in(alice)
    assert f'href="{address}"' in client.get("/").content.decode()
    type(rita).objects.update(no_emails=True, no_texts=True)
    page = client.get("/").content.decode()
    assert "Thanks for a referral" in page
    assert address not in page


def test_manager_words_a_text_for_the_branch_and_takes_it_back(sign_in, mona, andy):
    branch, client = mona.branch, sign_in(mona)
    words = {"body": "Thank you, {first_name}!"}
    assert client.post(edit("thanks-text", branch), words).status_code == 302
    page = sign_in(andy).get(reverse("texts")).content.decode()
    assert "Thank you, {first_name}!" in page
    assert "Of Riverside: Mona Miller, " in page
    assert "/texts/thanks-text/" not in page
    client = sign_in(mona)
    assert "Back to the company’s" in client.get(edit("thanks-text", branch)).content.decode()
    client.post(reverse("text_original", args=["thanks-text"]), {"branch": branch.pk})
    assert "Mona Miller, " not in client.get(reverse("texts")).content.decode()


def test_team_text_is_linted_and_its_placeholders_are_checked(sign_in, mona):
    client = sign_in(mona)
    words = {"subject": "Hi {name}", "body": f"{BAD} {{first_name.__class__}}"}
    answer = client.post(edit("thanks-email", mona.branch), words)
    assert answer.status_code == 422
    assert [len(errors) for errors in answer.context["form"].errors.values()] == [2, 1]
    assert answer.context["form"].errors["body"][0] == TIED
    assert not TeamText.objects.exists()


def test_preview_is_filled_with_an_example(sign_in, mona):
    page = sign_in(mona).get(edit("anniversary-maintenance-text", mona.branch)).content.decode()
    assert "Hi Rita, it is 10 years since we began" in page


def test_company_is_worded_by_administrators_alone(sign_in, mona, ada):
    assert sign_in(mona).get(edit("thanks-text")).status_code == 403
    assert sign_in(ada).post(edit("thanks-text"), {"body": "Thanks!"}).status_code == 302
    assert TeamText.objects.get().branch is None


def test_nowhere_is_a_404(sign_in, mona):
    client = sign_in(mona)
    for address in ["/texts/birthday-cease-email/", "/texts/?branch=999999", "/texts/?branch=²"]:
        assert client.get(address).status_code == 404


def test_list_takes_one_query_for_all_texts(sign_in, ada, django_assert_num_queries):
    client = sign_in(ada)
    for name in list(PLACES)[:3]:
        client.post(edit(name), {"subject": "Hello", "body": "One"})
        client.get(reverse("texts"))  # shows that it was saved
        with django_assert_num_queries(6):
            client.get(reverse("texts"))

"""Sign-in by e-mail: what gets in, what a stranger can learn, and the mails that are sent."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from accounts.services import add_person
from mailing.models import Delivery
from mailing.services import deliver_due
from tests.cast import with_second_factor
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

LOGIN, RESET = "/account/login/", "/account/password/reset/"
WRONG = ["The email address and/or password you specified are not correct."]
RESET_TEXT = """\
Hello Alice Abbott,

you, or somebody else, asked for a new password for your PartnerCRM account. Set it here:

{link}

The link works once. If you did not ask for it, ignore this e-mail: your password stays as it is.
"""


def attempt(client, email, password=PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


def signed_in_as(client):
    return User.objects.filter(pk=client.session.get("_auth_user_id")).first()


def link_in(message):
    return re.search(r"http://localhost:8000(\S+)", message.body).group(1)


def ask_for_a_link(client, email):
    """Ask, and let the background work send what is due; answers where the link leads."""
    client.post(RESET, {"email": email})
    deliver_due(clock=timezone.now, seconds=10)
    return link_in(mail.outbox[-1])


@pytest.mark.parametrize("email", ["alice@example.com", "Alice@Example.COM", " alice@example.com "])
def test_sign_in_by_email_whatever_its_capitals(client, alice, email):
    response = attempt(client, email)
    assert (response.status_code, response.url) == (302, "/")
    assert signed_in_as(client) == alice


def test_wrong_password_and_unknown_address_answer_the_same(client, alice):
    """Else the sign-in page would tell who works here."""
    answers = [attempt(client, alice.email, "wrong"), attempt(client, "nobody@example.com")]
    assert [answer.context["form"].non_field_errors() for answer in answers] == [WRONG, WRONG]
    assert answers[0].status_code == answers[1].status_code
    assert signed_in_as(client) is None


def test_inactive_person_stays_out(client, alice):
    alice.is_active = False
    alice.save()
    attempt(client, alice.email)
    assert signed_in_as(client) is None


def test_person_made_inactive_is_signed_out(client, alice):
    attempt(client, alice.email)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    response = client.get(reverse("profile"))
    assert (response.status_code, response.url) == (302, f"{LOGIN}?next=/account/profile/")


def test_sign_in_does_not_lead_elsewhere(client, alice):
    response = client.post(
        LOGIN, {"login": alice.email, "password": PASSWORD, "next": "https://evil.example"}
    )
    assert response.url == "/"


def test_sign_up_is_closed(client):
    for response in [
        client.get(reverse("account_signup")),
        client.post(reverse("account_signup"), {"email": "x@example.com", "password1": PASSWORD}),
    ]:
        assert "account/signup_closed.html" in [template.name for template in response.templates]
    assert not User.objects.exists()


def test_sign_out_needs_a_post(client, alice):
    client.force_login(alice)
    client.get(reverse("account_logout"))
    assert signed_in_as(client) == alice
    client.post(reverse("account_logout"))
    assert signed_in_as(client) is None


def test_reset_mail(client, alice):
    link = ask_for_a_link(client, "ALICE@example.com")
    (message,) = mail.outbox
    assert message.to == ['"Alice Abbott" <alice@example.com>']
    assert message.from_email == "partnercrm@localhost"
    assert message.subject == "Set a new password for PartnerCRM"
    assert message.body == RESET_TEXT.format(link=f"http://localhost:8000{link}")
    assert not message.alternatives


def test_reset_sends_nothing_by_itself_and_stores_no_secret(client, alice):
    """The request writes a row; the link is made when the mail leaves."""
    link = ask_for_a_link(client, alice.email)
    row = Delivery.objects.values().get()
    assert row["expires_at"] - row["due_at"] == timedelta(hours=1)
    assert link.split("/")[-2] not in str(row)


def test_reset_leads_to_our_own_site_whatever_the_request_says(client, alice, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post(RESET, {"email": alice.email}, headers={"Host": "evil.example"})
    deliver_due(clock=timezone.now, seconds=10)
    assert "evil.example" not in mail.outbox[0].body


def test_reset_asked_for_twice_in_a_minute_is_one_mail(client, alice):
    with time_machine.travel("2026-11-24 10:00:05Z", tick=False):
        client.post(RESET, {"email": alice.email})
        client.post(RESET, {"email": alice.email})
    assert Delivery.objects.count() == 1


def test_reset_for_an_unknown_address_answers_the_same_and_sends_nothing(client, alice):
    answers = [
        client.post(RESET, {"email": email}) for email in [alice.email, "nobody@example.com"]
    ]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, f"{RESET}done/")] * 2
    assert [delivery.user for delivery in Delivery.objects.all()] == [alice]
    assert mail.outbox == []


def test_reset_link_sets_the_password_once(client, alice):
    link = ask_for_a_link(client, alice.email)
    page = client.get(link, follow=True)
    where = page.redirect_chain[-1][0]
    new = {"password1": "battery horse staple", "password2": "battery horse staple"}
    client.post(where, new)
    alice.refresh_from_db()
    assert alice.check_password("battery horse staple")
    again = client.get(link, follow=True)
    assert again.context["token_fail"]


@pytest.mark.parametrize("weak", ["short", "password1234", "alice@example.com"])
def test_reset_refuses_weak_passwords(client, alice, weak):
    link = ask_for_a_link(client, alice.email)
    where = client.get(link, follow=True).redirect_chain[-1][0]
    response = client.post(where, {"password1": weak, "password2": weak})
    assert response.context["form"].errors
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_new_person_sets_their_first_password_by_the_reset_mail(client):
    user = add_person(actor=None, email="olive@example.com", name="Olive", role=Role.OFFICER)
    link = ask_for_a_link(client, user.email)
    where = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(where, {"password1": PASSWORD, "password2": PASSWORD})
    attempt(client, user.email)
    assert signed_in_as(client) == user


def test_inactive_person_gets_no_reset_link(client, alice):
    client.post(RESET, {"email": alice.email})
    alice.is_active = False
    alice.save()
    client.post(RESET, {"email": alice.email})
    deliver_due(clock=timezone.now, seconds=10)
    assert mail.outbox == []


def test_password_alone_does_not_sign_in_who_has_a_second_factor(client, mona):
    with_second_factor(mona)
    response = attempt(client, mona.email)
    assert (response.status_code, response.url) == (302, "/account/2fa/authenticate/")
    assert signed_in_as(client) is None
    client.post(response.url, {"code": "000000"})
    assert signed_in_as(client) is None


def test_reset_does_not_go_round_the_second_factor(client, mona):
    with_second_factor(mona)
    where = client.get(ask_for_a_link(client, mona.email), follow=True).redirect_chain[-1][0]
    client.post(where, {"password1": "battery horse staple", "password2": "battery horse staple"})
    assert signed_in_as(client) is None


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP"])
def test_sign_in_is_limited_whatever_address_a_client_claims(client, alice, header):
    for number in range(10):
        claimed = {header: f"10.0.0.{number}"}
        client.post(LOGIN, {"login": f"{number}@example.com", "password": "wrong"}, **claimed)
    last = client.post(LOGIN, {"login": alice.email, "password": PASSWORD}, **{header: "10.0.0.99"})
    assert signed_in_as(client) is None
    assert last.context["form"].non_field_errors() == [
        "Too many failed login attempts. Try again later."
    ]


def test_five_failures_close_one_account_from_every_address(client, alice, bob):
    for number in range(5):
        client.post(
            LOGIN, {"login": alice.email, "password": "wrong"}, REMOTE_ADDR=f"10.0.0.{number}"
        )
    client.post(LOGIN, {"login": alice.email, "password": PASSWORD}, REMOTE_ADDR="10.0.0.77")
    assert signed_in_as(client) is None
    client.post(LOGIN, {"login": bob.email, "password": PASSWORD}, REMOTE_ADDR="10.0.0.77")
    assert signed_in_as(client) == bob

"""The mails of the last 30 days: one's own, and for an administrator everybody's states."""

from datetime import timedelta

import pytest

from digests.services import plan_due
from mailing.models import Delivery, State
from mailing.pausing import pause, pause_in_force
from mailing.services import deliver_one
from tests.digests.conftest import NOW
from tests.factories import DeliveryFactory, PlannedTouchFactory

pytestmark = pytest.mark.django_db


def delivery(user, state, **fields):
    fields = {"state": state, "due_at": NOW, "ended_at": NOW} | fields
    return DeliveryFactory(user=user, **fields)


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "mailing.backends.FileBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"


@pytest.fixture
def sent(alice, folder):
    """Alice's digest of today, laid into the folder."""
    PlannedTouchFactory(partner__owner=alice, partner__last_name="<b>Rowe</b>")
    plan_due(NOW)
    deliver_one(clock=lambda: NOW)
    return Delivery.objects.get(user=alice)


def shown(page):
    return [(row.what, row.state, row.reason) for row in page.context["rows"]]


def test_one_sees_ones_own_of_thirty_days_in_words(sign_in, alice, bob):
    delivery(alice, State.SENT, headline="Today: 3 to call")
    delivery(alice, State.SUPPRESSED, reason="Nothing to say today.")
    delivery(alice, State.FAILED, reason="550 no such mailbox at mx.example.com")
    delivery(alice, State.SENT, due_at=NOW - timedelta(days=31))
    delivery(bob, State.SENT, headline="Bob's")
    page = sign_in(alice).get("/mails/")
    assert sorted(shown(page)) == [
        ("Daily digest", "Failed", ""),
        ("Daily digest", "Not sent", "Nothing to say today."),
        ("Daily digest: Today: 3 to call", "Sent", ""),
    ]
    assert "Jun 15, 7:05 AM" in page.text
    assert "Send again" not in page.text


def test_an_administrator_sees_everybodys_and_why_one_failed_but_no_subject(
    sign_in, ada, alice, bob
):
    delivery(alice, State.FAILED, reason="550 no such mailbox", headline="Today: 3 to call")
    delivery(bob, State.SENT, headline="Today: 4 to call")
    page = sign_in(ada).get("/mails/")
    assert sorted(shown(page)) == [
        ("Daily digest", "Failed", "550 no such mailbox"),
        ("Daily digest", "Sent", ""),
    ]
    assert "Alice Abbott" in page.text
    assert page.text.count(">Send again<") == 1
    assert sign_in(ada).get("/mails/?mine").context["rows"] == []


def test_nobody_else_sees_everybodys(sign_in, alice, mona, carl, bob):
    delivery(alice, State.SENT)
    for user in [mona, carl, bob]:
        assert sign_in(user).get("/mails/").context["rows"] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_few_queries(sign_in, ada, alice, rows, django_assert_num_queries):
    for _ in range(rows):
        delivery(alice, State.FAILED)
    client = sign_in(ada)
    # The session, the person, the second factor, the grants; the mails, and a pause.
    with django_assert_num_queries(6):
        client.get("/mails/")


def test_many_are_paged(sign_in, alice):
    for _ in range(51):
        delivery(alice, State.SENT)
    client = sign_in(alice)
    assert len(client.get("/mails/").context["rows"]) == 50
    assert len(client.get("/mails/?page=2").context["rows"]) == 1


def test_who_got_a_mail_reads_it_here_where_there_is_no_server(sign_in, alice, sent):
    client = sign_in(alice)
    assert f'href="/mails/{sent.pk}/"' in client.get("/mails/").text
    page = client.get(f"/mails/{sent.pk}/").text
    assert "1. Rita &lt;b&gt;Rowe&lt;/b&gt;" in page
    assert "<b>Rowe" not in page
    assert "Today: 1 next step" in page


def test_nobody_else_reads_it(sign_in, ada, mona, bob, sent):
    for user in [ada, mona, bob]:
        assert sign_in(user).get(f"/mails/{sent.pk}/").status_code == 404
    assert f'href="/mails/{sent.pk}/"' not in sign_in(ada).get("/mails/").text


def test_where_a_server_sends_it_no_copy_is_kept(sign_in, alice, settings):
    settings.EMAIL_FILE_PATH = None
    row = delivery(alice, State.SENT)
    client = sign_in(alice)
    assert f'href="/mails/{row.pk}/"' not in client.get("/mails/").text
    assert "not shown here" in client.get(f"/mails/{row.pk}/").text


def test_a_mail_about_the_account_is_not_read_here(sign_in, alice, sent):
    """Its link would set a new password without the old one."""
    Delivery.objects.update(kind="password_reset")
    client = sign_in(alice)
    assert f'href="/mails/{sent.pk}/"' not in client.get("/mails/").text
    page = client.get(f"/mails/{sent.pk}/").text
    assert "not shown here" in page
    assert "WHOM TO REACH" not in page


@pytest.mark.parametrize("state", [State.FAILED, State.UNCERTAIN, State.EXPIRED])
def test_an_administrator_lets_it_be_sent_again(sign_in, ada, alice, state):
    row = delivery(alice, state, attempts=6)
    assert sign_in(ada).post(f"/mails/{row.pk}/again/").url == "/mails/"
    row.refresh_from_db()
    assert (row.state, row.attempts, row.due_at) == (State.PENDING, 0, NOW)


@pytest.mark.parametrize("state", [State.SENT, State.SUPPRESSED, State.PENDING])
def test_what_needs_no_sending_again_is_left_alone(sign_in, ada, alice, state):
    row = delivery(alice, state)
    page = sign_in(ada).post(f"/mails/{row.pk}/again/", follow=True)
    assert "needs no sending again" in page.text
    row.refresh_from_db()
    assert row.state == state


def test_a_pause_is_told_to_an_administrator_alone_who_ends_it(sign_in, ada, alice):
    pause(reason="Restored from a backup of November 3.", now=NOW)
    told = "Restored from a backup of November 3."
    assert told not in sign_in(alice).get("/mails/").text
    client = sign_in(ada)
    page = client.get("/mails/").text
    assert told in page
    assert ">Send mail again<" in page
    assert "Mail leaves again." in client.post("/mails/resume/", follow=True).text
    assert ">Send mail again<" not in client.get("/mails/").text
    assert "Mail is not paused." in client.post("/mails/resume/", follow=True).text


def test_nobody_else_ends_a_pause(sign_in, alice, mona, carl):
    pause(reason="Restored.", now=NOW)
    for user in [alice, mona, carl]:
        assert sign_in(user).post("/mails/resume/").status_code == 403
    assert pause_in_force() is not None

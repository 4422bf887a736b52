"""The command: by hand what the background work does each minute."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command

from digests.monday_words import CALM
from mailing.models import Delivery, State
from mailing.pausing import pause
from tests.digests.conftest import NOW
from tests.factories import DeliveryFactory, PartnerFactory, PlannedTouchFactory
from tests.pages.conftest import nothing_written

pytestmark = pytest.mark.django_db


def run(*options):
    out = io.StringIO()
    call_command("send_digests", *options, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def quiet_bob(bob):
    """Bob has a partner and nothing to do."""
    PartnerFactory(owner=bob, do_not_contact_since=NOW.date())
    return bob


@pytest.fixture
def busy_alice(alice):
    PlannedTouchFactory(partner__owner=alice)
    return alice


def test_it_plans_and_sends_and_says_so(busy_alice, quiet_bob):
    assert run() == [
        "alice@example.com: sent (Today: 1 next step)",
        "bob@example.com: not sent (Nothing to say today.)",
    ]
    assert [message.subject for message in mail.outbox] == ["Today: 1 next step"]
    assert run() == ["Nothing is due."]


def test_while_mail_is_paused_it_says_so_and_sends_nothing(busy_alice):
    pause(reason="Restored.", now=NOW)
    assert run() == [
        "Mail is paused: what is due waits until `resume_mail`.",
        "alice@example.com: waiting ()",
    ]
    assert mail.outbox == []


def test_a_dry_run_says_who_would_get_what_and_writes_nothing(busy_alice, quiet_bob):
    with nothing_written():
        lines = run("--dry-run")
    assert lines == [
        "alice@example.com would get: Today: 1 next step",
        "bob@example.com would get: nothing (Nothing to say today.)",
    ]
    assert mail.outbox == []


def test_a_dry_run_counts_what_waits_once(busy_alice):
    DeliveryFactory(user=busy_alice, occurrence="2026-06-15", due_at=NOW)
    assert run("--dry-run") == ["alice@example.com would get: Today: 1 next step"]


def test_the_monday_pack_is_told_and_sent_too(busy_alice, mona):
    digest, pack = "Today: 1 next step", f"Monday pack: {CALM}"
    assert run("--dry-run") == [
        f"alice@example.com would get: {digest}",
        f"mona@example.com would get: {pack}",
    ]
    assert run() == [f"alice@example.com: sent ({digest})", f"mona@example.com: sent ({pack})"]
    assert run() == ["Nothing is due."]


@pytest.mark.parametrize("days", [-3, 0, 4])
def test_it_can_be_another_moment(busy_alice, days):
    with time_machine.travel(NOW + timedelta(days=days, hours=14), tick=False):
        assert run() == ["Nothing is due."]
        assert run("--as-of", NOW.isoformat()) == ["alice@example.com: sent (Today: 1 next step)"]
    row = Delivery.objects.get()
    assert (row.occurrence, row.state) == ("2026-06-15", State.SENT)
    assert timedelta(0) <= row.due_at - NOW < timedelta(seconds=20)
    assert mail.outbox[0].extra_headers["Date"].startswith("Mon, 15 Jun 2026 07:05")


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-06-15", "2026-06-15T07:00", "2026-02-30T07:00Z", "7", "", "²"]
)
def test_nonsense_is_refused_in_words(busy_alice, text):
    with nothing_written(), pytest.raises(CommandError, match="is no moment with a time zone"):
        run("--as-of", text)


def test_a_mail_that_cannot_be_written_fails_alone(busy_alice, bob):
    DeliveryFactory(user=bob, kind="of_an_app_that_is_gone", due_at=NOW)
    assert run("--dry-run") == [
        "bob@example.com would get: nothing (it cannot be written: 'of_an_app_that_is_gone')",
        "alice@example.com would get: Today: 1 next step",
    ]
    assert [line.split(" ")[1] for line in run()] == ["failed", "sent"]

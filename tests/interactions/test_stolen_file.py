"""Whoever steals the database file, or reads the logs, finds no borrower's phone or e-mail."""

import logging
import re
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from audit.models import Event
from digests.services import plan_due
from interactions.models import Referral
from mailing.models import Delivery
from mailing.services import deliver_due
from tests.conftest import is_sqlite

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not is_sqlite(), reason="reads SQLite's own files"),
]

SECRETS = ["202-555-0147", "(202) 555-0147", "2025550147", "5550147", "555-0147", "bo.secret@"]
SECRETS += ["212-555-0199", "(212) 555-0199", "2125550199", "5550199", "555-0199", "new.secret@"]


def form(**values):
    usual = {"borrower": "Bo Borrower", "direction": "received", "amount": "350000"}
    return usual | {"received_at": f"{timezone.localdate():%Y-%m-%d}T00:00"} | values


def raw_files():
    """The file, its write-ahead log and shared memory, byte by byte."""
    name = str(connection.settings_dict["NAME"])
    found = [Path(name + ending) for ending in ("", "-wal", "-shm")]
    return b"".join(path.read_bytes() for path in found if path.exists())


def found_in(content):
    return [secret for secret in SECRETS if re.search(re.escape(secret).encode(), content, re.I)]


def test_a_stolen_file_tells_no_contact(alice, rita, caplog, tmp_path, settings):
    settings.EMAIL_BACKEND = "mailing.backends.FileBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    caplog.set_level(logging.DEBUG)
    client = Client()
    client.force_login(alice)
    contact = {"borrower_phone": "202-555-0147", "borrower_email": "bo.secret@example.org"}
    client.post("/referrals/new/", form(partner=rita.pk, key="one", **contact))
    referral = Referral.objects.get()
    page = f"/referrals/{referral.pk}/"
    assert "(202) 555-0147" in client.get(page).text
    refused = client.post(f"{page}edit/", form(borrower="", **contact))
    assert refused.status_code == 422
    new = {"borrower_phone": "212-555-0199", "borrower_email": "new.secret@example.org"}
    assert client.post(f"{page}edit/", form(**new)).status_code == 302
    client.post(f"{page}move/", {"stage": "nonsense"})
    client.get("/")
    plan_due(timezone.now())
    deliver_due(clock=timezone.now, seconds=5)
    assert Referral.objects.get().borrower_email == "new.secret@example.org"

    content = raw_files()
    # What could show: the row itself, the record, and the session.
    assert b"Bo Borrower" in content
    assert b"referral.contact_read" in content
    assert found_in(content) == []
    sessions = [SessionStore(row.session_key).load() for row in Session.objects.all()]
    tables = [sessions, list(Event.objects.values()), list(Delivery.objects.values())]
    assert found_in(repr(tables).encode()) == []
    assert found_in(caplog.text.encode()) == []
    mails = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert found_in(mails) == []


def test_what_is_looked_for_would_be_found(rita):
    """The name of a borrower is not sealed: a search of the same files finds it."""
    Referral.objects.create(
        partner=rita,
        logged_by=rita.owner,
        received_at=timezone.now(),
        day=timezone.localdate(),
        borrower="2025550147",
    )
    assert "2025550147" in found_in(raw_files())

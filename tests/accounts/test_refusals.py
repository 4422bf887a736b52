"""Who was not let in is recorded: in a transaction of its own, and never in the way of the page."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client

from audit.models import Event
from audit.services import record
from tests.factories import ReferralFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def refusals():
    rows = Event.objects.filter(action="access.refused")
    return [(row.actor.name, row.target_type, row.target_id, row.detail) for row in rows]


def said(view, number, status, method="GET"):
    return {"view": view, "number": str(number), "method": method, "status": status}


def at_minute(minutes):
    return time_machine.travel(NOON + timedelta(minutes=minutes), tick=False)


def test_a_strangers_look_is_recorded_with_its_object(sign_in, bob, rita):
    assert sign_in(bob).get(f"/partners/{rita.pk}/").status_code == 404
    about = ("partners.partner", str(rita.pk))
    assert refusals() == [("Bob Barnes", *about, said("partner", rita.pk, 404))]


def test_who_may_look_and_not_change_is_recorded(sign_in, ada, rita):
    path = f"/partners/{rita.pk}/archive/"
    assert sign_in(ada).post(path, {"reason": "x"}).status_code == 403
    about = ("partners.partner", str(rita.pk))
    assert refusals() == [("Ada Adams", *about, said("partner_archive", rita.pk, 403, "POST"))]


def test_referrals_people_and_pages_are_told_apart(sign_in, bob, alice, rita):
    referral = ReferralFactory(partner=rita)
    client = sign_in(bob)
    for path in [f"/referrals/{referral.pk}/", f"/people/{alice.pk}/", "/people/", "/handovers/"]:
        client.get(path)
    assert [row[1:3] for row in refusals()] == [
        ("interactions.referral", str(referral.pk)),
        ("accounts.user", str(alice.pk)),
        ("page", "people"),
        ("page", "handovers"),
    ]


def test_the_longest_number_has_room(sign_in, bob):
    assert sign_in(bob).get(f"/partners/{'9' * 60}/").status_code == 404
    assert [row[2] for row in refusals()] == ["9" * 40]


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/static/nowhere.css", "/calendar/secret.ics", "/digest/stop/token/"]
)
def test_addresses_of_nothing_and_public_ones_are_not_recorded(path, sign_in, bob):
    assert sign_in(bob).get(path).status_code in {404, 410}
    assert refusals() == []


def test_who_is_not_signed_in_is_not_recorded(client, rita):
    client.get(f"/partners/{rita.pk}/")
    client.get("/calendar/secret.ics")
    assert refusals() == []


def test_a_stale_form_is_no_refused_access(alice, rita):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post(f"/partners/{rita.pk}/archive/", {"reason": "x"}).status_code == 403
    assert refusals() == []


def test_a_page_that_lets_in_writes_nothing_of_it(sign_in, alice, rita, monkeypatch):
    monkeypatch.setattr("accounts.middleware.record_refusal", lambda **said: 1 / 0)
    client = sign_in(alice)
    assert client.get(f"/partners/{rita.pk}/").status_code == 200
    assert client.post(f"/partners/{rita.pk}/archive/", {"reason": ""}).status_code == 422


def test_the_same_refusal_is_one_line_a_minute(sign_in, bob, rita):
    client = sign_in(bob)
    for minutes, lines in [(0, 1), (0, 1), (1, 2)]:
        with at_minute(minutes):
            client.get(f"/partners/{rita.pk}/")
        assert len(refusals()) == lines
    with at_minute(1):
        client.get(f"/partners/{rita.pk}/edit/")
    assert len(refusals()) == 3


def test_who_tries_every_number_does_not_fill_the_record(sign_in, bob, rita):
    client = sign_in(bob)
    with at_minute(0):
        for number in range(70):
            assert client.get(f"/partners/{10_000 + number}/").status_code == 404
    assert len(refusals()) == 60


def test_a_refusal_outlives_what_the_view_takes_back(sign_in, alice, rita, monkeypatch):
    def refuse(*, actor, partner, **said):
        with transaction.atomic():
            record(actor=actor, action="partner.archived", target=partner)
            raise PermissionDenied

    monkeypatch.setattr("partners.services.archive", refuse)
    path = f"/partners/{rita.pk}/archive/"
    assert sign_in(alice).post(path, {"reason": "Moved away"}).status_code == 403
    assert list(Event.objects.values_list("action", flat=True)) == ["access.refused"]


def test_a_record_that_fails_keeps_the_answer(sign_in, bob, rita, monkeypatch, caplog):
    def fail(**said):
        raise DatabaseError("disk full")

    monkeypatch.setattr("accounts.middleware.record_refusal", fail)
    assert sign_in(bob).get(f"/partners/{rita.pk}/").status_code == 404
    assert "A refused access could not be recorded." in caplog.text

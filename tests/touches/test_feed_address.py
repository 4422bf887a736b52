"""The secret address: shown once, kept as a hash, read without a sign-in, limited, ended."""

import hashlib
import logging
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisConnectionError

from audit.models import Event
from tests.factories import PlannedTouchFactory
from tiers.services import reclassify
from touches import feed_address
from touches.models import CalendarFeed, PlannedTouch
from touches.views import MISSES, READS
from web.logs import LineWithoutSecrets

pytestmark = pytest.mark.django_db

ADDRESS = re.compile(r"http://localhost:8000(/calendar/([\w-]+)\.ics)")


@pytest.fixture
def address(alice, rita):
    """The path of Alice's calendar, which holds a step with Rita."""
    reclassify([rita.pk], as_of=alice.today(timezone.now()))
    PlannedTouch.objects.all().delete()
    PlannedTouchFactory(partner=rita)
    return f"/calendar/{feed_address.make(user=alice, now=timezone.now())}.ics"


def read(path, **extra):
    """As a calendar program does, without cookies."""
    return Client().get(path, **extra)


def last_read(user):
    return CalendarFeed.objects.get(user=user).last_read_at


def test_address_is_shown_once_and_only_its_hash_is_kept(sign_in, alice):
    client = sign_in(alice)
    (path, secret), *more = ADDRESS.findall(client.post("/calendar/new/").text)
    assert more == []
    assert len(secret) == 32  # 24 random bytes
    assert secret not in client.get("/calendar/").text
    feed = CalendarFeed.objects.get()
    assert feed.secret_hash == hashlib.sha256(secret.encode()).hexdigest()
    rows = [str(event.__dict__) for event in Event.objects.all()]
    assert not any(secret in row or feed.secret_hash in row for row in rows)
    assert [event.action for event in Event.objects.all()] == ["calendar.made"]
    assert read(path).status_code == 200


def test_it_opens_without_a_sign_in(address):
    answer = read(address)
    assert answer.status_code == 200
    assert dict(answer.headers) | {"Content-Length": 0} == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Cache-Control": "private, no-store",
        "X-Robots-Tag": "noindex",
        "Referrer-Policy": "no-referrer",
        "Content-Length": 0,
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Content-Security-Policy": answer["Content-Security-Policy"],
        "Vary": "HX-Request, Cookie",
    }
    assert answer.cookies == {}
    assert "Next step with Rita Rowe" in answer.text


def test_head_has_no_body_and_other_methods_are_refused(address):
    head = Client().head(address)
    assert (head.status_code, head.content) == (200, b"")
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"]:
        assert Client().generic(method, address).status_code == 405, method


def test_it_reads_no_session(address):
    """While a deploy moves the tables of sessions, or fills them, calendars are read."""
    with CaptureQueriesContext(connection) as queries:
        read(address)
    assert len(queries) == 11  # the address, the note of the reading, and nine for what it holds
    assert not [query for query in queries if "session" in query["sql"]]


def test_wrong_old_and_ended_addresses_answer_alike(sign_in, alice, address):
    new = f"/calendar/{feed_address.make(user=alice, now=timezone.now())}.ics"
    found = [read(path) for path in [address, "/calendar/guess.ics", "/calendar/x%00y.ics"]]
    assert read(new).status_code == 200
    sign_in(alice).post("/calendar/revoke/")
    found.append(read(new))
    told = {(one.status_code, one.text, str(sorted(one.headers.items()))) for one in found}
    assert len(told) == 1
    assert (found[0].status_code, found[0].text) == (404, "There is no such calendar.")
    assert found[0].cookies == {}


def test_who_left_has_no_calendar(alice, address):
    alice.is_active = False
    alice.save()
    assert read(address).status_code == 404


def test_revoking_is_recorded_once(sign_in, alice, address):
    client = sign_in(alice)
    for _ in range(2):
        assert client.post("/calendar/revoke/").url == "/calendar/"
    actions = [(event.actor, event.action, event.detail) for event in Event.objects.all()]
    assert actions == [(alice, "calendar.made", {}), (alice, "calendar.revoked", {})]
    assert CalendarFeed.objects.count() == 0


def test_one_address_a_person_and_none_of_others(sign_in, alice, bob, address):
    sign_in(bob).post("/calendar/revoke/")
    assert read(address).status_code == 200
    sign_in(bob).post("/calendar/new/")
    assert sorted(feed.user.name for feed in CalendarFeed.objects.all()) == [
        "Alice Abbott",
        "Bob Barnes",
    ]


def test_reading_is_noted_once_an_hour(alice, address, time_machine):
    start = timezone.now()
    noted = []
    for minutes in [0, 59, 60, 61]:
        time_machine.move_to(start + timedelta(minutes=minutes), tick=False)
        read(address)
        noted.append(round((last_read(alice) - start).total_seconds() / 60))
    assert noted == [0, 0, 60, 60]


def test_page_says_when_it_was_made_and_read(sign_in, alice, address, time_machine):
    time_machine.move_to("2026-07-04T20:05:00Z", tick=False)
    secret = feed_address.make(user=alice, now=timezone.now())
    read(f"/calendar/{secret}.ics")
    page = " ".join(sign_in(alice).get("/calendar/").text.split())
    assert page.count("July 4, 2026, 4:05 PM") == 2


def test_how_much_is_too_much():
    assert (READS.amount, MISSES.amount) == (60, 300)
    assert READS.seconds == MISSES.seconds == 60 * 60


def test_an_address_is_not_read_too_often(address, monkeypatch, time_machine):
    monkeypatch.setattr("touches.views.READS", replace(READS, amount=2))
    time_machine.move_to("2026-07-04T20:05:00Z", tick=False)
    assert [read(address).status_code for _ in range(4)] == [200, 200, 429, 429]
    refused = read(address)
    assert (refused["Retry-After"], refused["Cache-Control"]) == ("3300", "private, no-store")
    time_machine.move_to("2026-07-04T21:00:00Z", tick=False)
    assert read(address).status_code == 200


def test_a_client_guesses_only_so_often(address, monkeypatch):
    """A right address is no guess, whoever asks; past the limit a right one is refused as well."""
    monkeypatch.setattr("touches.views.MISSES", replace(MISSES, amount=3))
    for _ in range(5):
        assert read(address).status_code == 200
    guesses = [read(f"/calendar/guess{number}.ics").status_code for number in range(5)]
    assert guesses == [404, 404, 404, 429, 429]
    assert read(address).status_code == 429
    assert read(address, REMOTE_ADDR="10.0.0.1").status_code == 200


def test_clients_of_ipv4_are_told_apart_also_where_ipv6_carries_them(monkeypatch):
    monkeypatch.setattr("touches.views.MISSES", replace(MISSES, amount=1))
    answers = [
        read("/calendar/guess.ics", REMOTE_ADDR=host).status_code
        for host in ["::ffff:10.0.0.1", "::ffff:10.0.0.2", "10.0.0.1"]
    ]
    assert answers == [404, 404, 429]


def test_a_network_of_ipv6_is_one_client(monkeypatch):
    monkeypatch.setattr("touches.views.MISSES", replace(MISSES, amount=1))
    found = [
        read("/calendar/guess.ics", REMOTE_ADDR=host).status_code
        for host in ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"]
    ]
    assert found == [404, 429, 404]


def test_without_the_shared_cache_it_asks_to_come_again(address, monkeypatch):
    def away(*args, **kwargs):
        raise RedisConnectionError

    monkeypatch.setattr(cache, "add", away)
    answer = read(address)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")


def test_the_secret_stands_in_no_line_of_the_log(address, caplog, monkeypatch):
    """Django writes down the path of what it refuses, and of what fails."""
    secret = address.split("/")[-1].removesuffix(".ics")
    monkeypatch.setattr("touches.views.READS", replace(READS, amount=0))
    with caplog.at_level(logging.INFO):
        assert read(address).status_code == 429
        assert Client().post(address).status_code == 405
        monkeypatch.setattr("touches.views.calendar_of", lambda *args: 1 / 0)
        monkeypatch.setattr("touches.views.READS", READS)
        assert Client(raise_request_exception=False).get(address).status_code == 500
    formatter = LineWithoutSecrets("%(message)s")
    lines = [formatter.format(record) for record in caplog.records]
    assert [line.splitlines()[0] for line in lines] == [
        "Too Many Requests: /calendar/….ics",
        "Method Not Allowed (POST): /calendar/….ics",
        "Internal Server Error: /calendar/….ics",
    ]
    assert not any(secret in line for line in lines)


def test_our_log_is_written_by_that_formatter(settings):
    handlers = settings.LOGGING["handlers"]
    assert {handler["formatter"] for handler in handlers.values()} == {"line"}
    assert settings.LOGGING["formatters"]["line"]["class"] == "web.logs.LineWithoutSecrets"

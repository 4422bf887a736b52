"""A partner asks us to stop: one door, for everybody who works with them, at once everywhere."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from audit.models import Event
from digests.daily import build
from partners.models import Partner
from partners.services import save_partner
from partners.stop_services import lift_stop, stop
from tests.factories import EventFactory, PlannedTouchFactory
from touches.agenda import agenda, occasions_ahead
from touches.feed import calendar_of
from touches.focus_list import choose_for, places_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(alice, rita):
    """On the focus list, with a step for today and a birthday next week."""
    now = timezone.now()
    today, soon = alice.today(now), alice.today(now) + timedelta(days=7)
    rita.birth_month, rita.birth_day = soon.month, soon.day
    rita.save()
    PlannedTouchFactory(partner=rita, due_on=today)
    choose_for(actor=alice, officer=alice, now=now)
    return rita


def asked(client, partner, **said):
    form = {"on": timezone.localdate().isoformat(), "source": "text"} | said
    return client.post(f"/partners/{partner.pk}/stop/", form)


def named(alice, client):
    """Where the partner stands: the agenda (Today, mails), occasions, focus list, calendar."""
    now = timezone.now()
    today = alice.today(now)
    return [
        bool(agenda(alice, today)),
        bool(occasions_ahead(alice, today)),
        places_now(alice, today).exists(),
        b"Rowe" in calendar_of(alice, now),
        bool(client.get("/").context["day"].people),
        "Rowe" in client.get("/focus/").text,
    ]


def test_an_assistant_stops_everything_at_the_next_request(sign_in, alice, andy, listed):
    client = sign_in(andy)
    address = f"/partners/{listed.pk}/stop/"
    assert address in client.get(listed.get_absolute_url()).text
    assert named(alice, client) == [True] * 6
    assert asked(client, listed).status_code == 302
    assert named(alice, client) == [False] * 6
    listed.refresh_from_db()
    assert (listed.do_not_contact_source, listed.standing.rule) == ("text", "X4")
    page = client.get(listed.get_absolute_url()).text
    assert ("(by text message)" in page, address in page) == (True, False)


def test_it_is_recorded_with_date_and_source_and_the_first_counts(alice, rita):
    now, day = timezone.now(), date(2026, 1, 5)
    tell = {"actor": alice, "partner": rita, "now": now}
    assert stop(on=day, source="letter", **tell)
    assert not stop(on=day + timedelta(days=1), source="call", **tell)
    (event,) = Event.objects.filter(action="partner.stopped")
    assert event.detail == {"on": "2026-01-05", "source": "letter"}
    rita.refresh_from_db()
    assert rita.do_not_contact_since == day


def test_only_who_decides_lifts_it_with_a_reason(sign_in, alice, andy, rita):
    asked(sign_in(andy), rita)
    address = f"/partners/{rita.pk}/stop/lift/"
    assert sign_in(andy).get(address).status_code == 403
    client = sign_in(alice)
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "They called us"}).status_code == 302
    rita.refresh_from_db()
    assert (rita.do_not_contact, rita.do_not_contact_source) == (False, "")
    assert rita.standing.tier == "cultivation"
    assert not lift_stop(actor=alice, partner=rita, reason="Twice")
    (event,) = Event.objects.filter(action="partner.stop_lifted")
    assert event.detail == {"reason": "They called us"}


def test_a_form_that_was_open_meanwhile_takes_nothing_back(alice, rita):
    stale = Partner.objects.select_related("owner").get(pk=rita.pk)
    now = timezone.now()
    stop(actor=alice, partner=rita, on=now.date(), source="call", now=now)
    Partner.objects.filter(pk=rita.pk).update(stepping_away_since=now.date())
    save_partner(actor=alice, partner=stale, company="", tags=[], changed=["notes"], now=now)
    rita.refresh_from_db()
    assert (rita.do_not_contact, rita.stepping_away_since) == (True, now.date())


@pytest.mark.parametrize(
    "said", [{"on": ""}, {"on": "1980-01-01"}, {"source": ""}, {"source": "import"}]
)
def test_a_form_that_says_nothing_of_use_is_refused(said, sign_in, alice, rita):
    assert asked(sign_in(alice), rita, **said).status_code == 422
    rita.refresh_from_db()
    assert not rita.do_not_contact


def test_no_mail_message_or_invitation_names_them_any_more(sign_in, alice, listed):
    now = timezone.now()
    event = EventFactory(officer=alice)
    client = sign_in(alice)
    invite, message = f"/events/{event.pk}/invite/", f"/partners/{listed.pk}/message/"
    assert build(alice, alice.today(now)).says_something
    assert "Rowe" in client.get(invite).text
    assert "asked us to stop" not in client.get(f"{message}?occasion=coffee").text
    stop(actor=alice, partner=listed, on=alice.today(now), source="email", now=now)
    assert not build(alice, alice.today(now)).says_something
    assert "Rowe" not in client.get(invite).text
    assert "asked us to stop" in client.get(f"{message}?occasion=coffee").text

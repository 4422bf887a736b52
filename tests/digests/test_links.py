"""Links in a mail: opening one changes nothing, its button does one step if it still fits."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client

from audit.models import Event
from digests.kinds import DAILY
from digests.links import Act, Step, step_url, stop_url
from digests.models import Subscription
from digests.services import NoLongerFits, subscribe, take_step
from tests.digests.conftest import NOW, TODAY
from tests.factories import InteractionFactory, PartnerFactory, PlannedTouchFactory
from tests.pages.conftest import nothing_written
from touches.kinds import TouchKind
from touches.models import PlannedTouch

pytestmark = pytest.mark.django_db

SITE = "http://localhost:8000"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def rita(alice):
    created = TODAY - timedelta(days=300)
    partner = PartnerFactory(owner=alice, first_name="Rita", last_name="Rowe", created_on=created)
    InteractionFactory(partner=partner, day=TODAY - timedelta(days=50))
    return partner


@pytest.fixture
def planned(rita):
    """A step whose words name a borrower."""
    return PlannedTouchFactory(partner=rita, what="Call about Bo Borrower")


@pytest.fixture
def step(alice, rita, planned):
    return Step(alice.pk, rita.pk, TouchKind.STEP, planned.pk, TODAY)


@pytest.fixture
def cadence(alice, rita):
    """A personal touch: 42 days after a call 50 days ago."""
    return Step(alice.pk, rita.pk, TouchKind.PERSONAL_TOUCH, None, date(2026, 6, 7))


@pytest.fixture
def browser():
    """Nobody is signed in; forms of other sites are refused, as in production."""
    return Client(enforce_csrf_checks=True)


def path(url):
    assert url.startswith(f"{SITE}/")
    return url.removeprefix(SITE)


def link(act, step):
    return path(step_url(act, step))


def press(browser, url):
    """Open the page and press its button, as a person does."""
    page = browser.get(url)
    assert page.status_code == 200
    return browser.post(url, {"csrfmiddlewaretoken": page.context["csrf_token"]})


# --- opening -------------------------------------------------------------------------------


def test_the_page_says_what_it_will_do_and_no_borrower(browser, step):
    page = browser.get(link(Act.DONE, step)).text
    for words in ["Is it done?", "Rita Rowe", "Next step", "Planned for June 15.", "Alice Abbott"]:
        assert words in page
    assert page.count("<button") == 1
    assert "Borrower" not in page


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("act", Act)
def test_opening_a_link_changes_nothing(method, act, step, cadence, alice, sign_in):
    """As often as the scanners of a mail server like, signed in or not."""
    with nothing_written():
        for client in [Client(), Client(headers={"User-Agent": "Scanner"})]:
            for _ in range(3):
                assert getattr(client, method)(link(act, step)).status_code == 200
                getattr(client, method)(link(act, cadence))
                getattr(client, method)(path(stop_url(alice.pk, DAILY)))


def test_a_post_without_the_pages_token_changes_nothing(browser, step):
    with nothing_written():
        assert browser.post(link(Act.DONE, step)).status_code == 403


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_are_refused(method, browser, step, alice):
    for url in [link(Act.DONE, step), path(stop_url(alice.pk, DAILY))]:
        assert getattr(browser, method)(url).status_code in {403, 405}


# --- pressing ------------------------------------------------------------------------------


def test_done_finishes_a_step_as_its_reader(browser, alice, planned, step):
    answer = press(browser, link(Act.DONE, step))
    assert answer.status_code == 200
    assert answer.context["done"]
    planned.refresh_from_db()
    assert (planned.done_at, planned.done_by) == (NOW, alice)
    event = Event.objects.get(action="step.done")
    assert event.actor_id == alice.pk


def test_snooze_puts_a_step_off_for_a_week(browser, planned, step):
    assert "Snoozed for a week" in press(browser, link(Act.SNOOZE, step)).text
    planned.refresh_from_db()
    assert (planned.due_on, planned.done_at) == (TODAY + timedelta(days=7), None)


def test_snooze_puts_what_a_cadence_asks_for_off(browser, alice, rita, cadence):
    assert "Monday, June 22" in press(browser, link(Act.SNOOZE, cadence)).text
    row = PlannedTouch.objects.get(kind=TouchKind.PERSONAL_TOUCH)
    assert (row.partner, row.due_on, row.planned_by) == (rita, date(2026, 6, 22), alice)


@pytest.mark.parametrize("act", Act)
def test_the_second_of_two_presses_finds_nothing_to_do(act, browser, step):
    url = link(act, step)
    token = browser.get(url).context["csrf_token"]
    first = browser.post(url, {"csrfmiddlewaretoken": token})
    with nothing_written():
        second = browser.post(url, {"csrfmiddlewaretoken": token})
    assert (first.status_code, second.status_code) == (200, 409)
    assert "This is done, put off or changed already." in second.text


def test_a_link_is_for_its_reader_whoever_is_signed_in(sign_in, bob, alice, planned, step):
    client = sign_in(bob)
    assert client.post(link(Act.DONE, step)).status_code == 200
    planned.refresh_from_db()
    assert planned.done_by == alice


# --- what does not fit any more --------------------------------------------------------------


def hand_over(rita, alice, bob):
    rita.owner = bob
    rita.save()


def archive(rita, alice, bob):
    rita.archived_at, rita.archived_reason = NOW, "moved"
    rita.save()


def ask_to_stop(rita, alice, bob):
    rita.do_not_contact_since = TODAY
    rita.save()


def deactivate(rita, alice, bob):
    alice.is_active = False
    alice.save()


def finish_it(rita, alice, bob):
    PlannedTouch.objects.update(done_at=NOW, done_by=alice)


def skip_it(rita, alice, bob):
    PlannedTouch.objects.update(skipped_on=TODAY, skipped_by=alice, skip_reason="They are away")


def move_it(rita, alice, bob):
    PlannedTouch.objects.update(due_on=TODAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (hand_over, "Somebody else looks after this partner now."),
        (archive, "Rita Rowe is archived, so nothing is planned with them."),
        (ask_to_stop, "This is done, put off or changed already."),
        (deactivate, "This account is closed."),
        (finish_it, "This is done, put off or changed already."),
        (skip_it, "This is done, put off or changed already."),
        (move_it, "This is done, put off or changed already."),
    ],
)
@pytest.mark.parametrize("act", Act)
def test_what_has_changed_since_is_not_done(act, change, why, rita, alice, bob, step):
    change(rita, alice, bob)
    client = Client()
    with nothing_written():
        for answer in [client.get(link(act, step)), client.post(link(act, step))]:
            assert answer.status_code == 409
            assert why in answer.text
            assert "<form" not in answer.text


def test_who_is_no_ones_any_more_is_not_named(rita, alice, bob, step):
    hand_over(rita, alice, bob)
    assert "Rita" not in Client().get(link(Act.DONE, step)).text


def test_a_contact_that_was_logged_since_is_enough(rita, cadence):
    InteractionFactory(partner=rita, day=TODAY)
    assert Client().post(link(Act.SNOOZE, cadence)).status_code == 409
    assert PlannedTouch.objects.filter(kind=TouchKind.PERSONAL_TOUCH).count() == 0


def test_a_cadence_is_not_done_by_a_link(cadence):
    """No mail offers it; a contact is what completes it."""
    with pytest.raises(NoLongerFits):
        take_step(act=Act.DONE, step=cadence, now=NOW)


# --- old, changed and forged --------------------------------------------------------------


@pytest.mark.parametrize(("days", "status"), [(13, 200), (15, 410)])
def test_a_link_works_for_two_weeks(days, status, step, planned):
    url = link(Act.DONE, step)
    with time_machine.travel(NOW + timedelta(days=days), tick=False):
        assert Client().get(url).status_code == status
        assert Client().post(url).status_code == status
    planned.refresh_from_db()
    assert (planned.done_at is None) is (status == 410)


def tokens(step, alice):
    """Each a way to forge a link that finishes the step."""
    good = step_url(Act.DONE, step).split("/")[-2]
    body, stamp, signature = good.split(":")
    other = step_url(Act.DONE, replace(step, partner_id=step.partner_id + 1)).split("/")[-2]
    return {
        "nonsense": "nonsense",
        "no signature": body,
        "a changed body": f"{other.split(':')[0]}:{stamp}:{signature}",
        "a later time": f"{body}:{stamp[:-1]}Z:{signature}",
        "a changed signature": f"{body}:{stamp}:{signature[::-1]}",
        "of another act": step_url(Act.SNOOZE, step).split("/")[-2],
        "of the stop": stop_url(alice.pk, DAILY).split("/")[-2],
        "of another use of the key": signing.dumps([alice.pk, step.partner_id, "step", 1, "x"]),
        "cut off": good[:-4],
        "added to": good + "A",
        "other letters": "żółć:\u202e:x",
        "a null": "a%00b",
        "long": "A" * 5000,
    }


def test_a_forged_link_does_nothing(step, alice, planned):
    forged = tokens(step, alice)
    with nothing_written():
        for name, token in forged.items():
            for method in [Client().get, Client().post]:
                answer = method(f"/digest/done/{token}/")
                assert answer.status_code == 404, name
                assert "This link does not work" in answer.text, name


def test_a_link_signed_with_another_key_does_nothing(step, settings):
    url = link(Act.DONE, step)
    settings.SECRET_KEY = "another" * 10
    assert Client().post(url).status_code == 404


# --- stopping -----------------------------------------------------------------------------


def is_stopped(user):
    return Subscription.objects.filter(user=user, stopped_at__isnull=False).exists()


def test_one_click_of_a_mail_program_stops_it(browser, alice):
    """RFC 8058: a POST without a cookie, answered without a redirect."""
    answer = browser.post(path(stop_url(alice.pk, DAILY)), ONE_CLICK)
    assert answer.status_code == 200
    assert "The daily digest is off" in answer.text
    assert is_stopped(alice)
    assert Event.objects.get().action == "digest.stopped"


def test_the_button_of_its_page_stops_it(browser, alice):
    url = path(stop_url(alice.pk, DAILY))
    page = browser.get(url).text
    assert "Stop the daily digest?" in page
    assert not is_stopped(alice)
    assert "The daily digest is off" in browser.post(url, ONE_CLICK).text
    assert is_stopped(alice)
    assert "The daily digest is off" in browser.get(url).text


def test_to_stop_it_twice_does_nothing_more(alice):
    url = path(stop_url(alice.pk, DAILY))
    Client().post(url, ONE_CLICK)
    with nothing_written(), time_machine.travel(NOW + timedelta(hours=1)):
        assert Client().post(url, ONE_CLICK).status_code == 200


@pytest.mark.parametrize(("days", "status"), [(15, 200), (59, 200), (61, 410)])
def test_it_can_be_stopped_for_longer_than_steps_can_be_done(alice, days, status):
    url = path(stop_url(alice.pk, DAILY))
    with time_machine.travel(NOW + timedelta(days=days), tick=False):
        assert Client().post(url, ONE_CLICK).status_code == status
    assert is_stopped(alice) is (status == 200)


def test_a_forged_stop_does_nothing(alice, step):
    token = stop_url(alice.pk, DAILY).split("/")[-2]
    other = step_url(Act.DONE, step).split("/")[-2]
    with nothing_written():
        for forged in ["x", token[:-1], other, stop_url(0, DAILY).split("/")[-2]]:
            assert Client().post(f"/digest/stop/{forged}/", ONE_CLICK).status_code == 404


def test_what_was_stopped_is_switched_on_again_in_the_settings(sign_in, alice):
    Client().post(path(stop_url(alice.pk, DAILY)), ONE_CLICK)
    client = sign_in(alice)
    assert "Off since June 15." in client.get("/account/digests/").text
    form = {"wanted": "on", "hour": "9", "on_weekends": "on"}
    assert client.post("/account/digests/", form).url == "/account/digests/"
    row = Subscription.objects.get()
    assert (row.hour, row.on_weekends, row.stopped_at) == (9, True, None)


@pytest.mark.parametrize("hour", ["3", "19", "", "7.5", "-1", "noon"])
def test_only_hours_from_four_to_six_in_the_evening_are_taken(sign_in, alice, hour):
    answer = sign_in(alice).post("/account/digests/", {"wanted": "on", "hour": hour})
    assert answer.status_code == 422
    assert not Subscription.objects.exists()


def test_who_changes_nothing_keeps_the_moment_of_the_stop(alice):
    for hours in [0, 5]:
        now = NOW + timedelta(hours=hours)
        subscribe(user=alice, kind=DAILY, hour=7, wanted=False, now=now)
    assert Subscription.objects.get().stopped_at == NOW

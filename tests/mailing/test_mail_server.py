"""A real mail server that fails at each stage, and what becomes of the delivery."""

from datetime import timedelta

import pytest

from mailing import services
from mailing.backends import SmtpBackend
from mailing.models import Delivery, State
from mailing.services import deliver_one
from tests.mailing.conftest import NOW
from tests.mailing.sink import DROP, HANG, LOSE, USUAL, Session

pytestmark = pytest.mark.django_db

LEASE = timedelta(minutes=3)


def deliver(now=NOW):
    """One tick of the deliverer at `now`."""
    services.heal(now=now)
    return deliver_one(clock=lambda: now)


def state():
    return Delivery.objects.get().state


def ids(sink):
    return [message["Message-ID"] for message in sink.taken]


def test_a_mail_is_taken_as_it_was_written(plan_mail, sink, renders):
    delivery = plan_mail()
    deliver()
    (message,) = sink.taken
    delivery.refresh_from_db()
    assert (message["Message-ID"], delivery.state) == (delivery.message_id, State.SENT)
    assert message.get_content() == "Hello.\r\n"
    assert sink.seen == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


@pytest.mark.parametrize(
    ("stage", "answer", "expected"),
    [
        ("connect", DROP, State.PENDING),
        ("connect", HANG, State.PENDING),
        ("connect", "554 go away", State.PENDING),
        ("ehlo", DROP, State.PENDING),
        ("ehlo", "421 busy", State.PENDING),
        ("mail", DROP, State.PENDING),
        ("mail", "451 later", State.PENDING),
        ("mail", "553 not you", State.FAILED),
        ("rcpt", DROP, State.PENDING),
        ("rcpt", HANG, State.PENDING),
        ("rcpt", "450 later", State.PENDING),
        ("rcpt", "550 nobody here", State.FAILED),
        ("data", "451 later", State.PENDING),
        ("data", "554 no", State.FAILED),
        ("data", DROP, State.UNCERTAIN),
        ("answer", "452 full", State.PENDING),
        ("answer", "554 spam", State.FAILED),
        ("answer", DROP, State.UNCERTAIN),
        ("answer", LOSE, State.UNCERTAIN),
        ("answer", HANG, State.UNCERTAIN),
        ("answer", "nonsense", State.UNCERTAIN),
    ],
)
def test_each_failure_at_each_stage(plan_mail, sink, monkeypatch, stage, answer, expected):
    monkeypatch.setattr("mailing.backends.DATA_TIMEOUT", 0.5)
    sink.answers[stage] = answer
    plan_mail()
    deliver()
    assert state() == expected


def test_no_server_at_all_is_tried_again(plan_mail, settings):
    settings.EMAIL_BACKEND = "mailing.backends.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    delivery = plan_mail()
    deliver()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.due_at) == (State.PENDING, NOW + timedelta(minutes=1))
    assert delivery.reason == "No way to the mail server: [Errno 111] Connection refused"


def test_transmitting_is_committed_between_recipient_and_message(plan_mail, sink, monkeypatch):
    seen = []
    monkeypatch.setattr(sink, "answer_at", lambda stage, _: seen.append(stage) or USUAL[stage])
    start = services._start_transmitting

    def look(delivery, clock):
        seen.append(state())
        start(delivery, clock)
        seen.append(state())

    monkeypatch.setattr(services, "_start_transmitting", look)
    plan_mail()
    deliver()
    assert seen == ["connect", "ehlo", "mail", "rcpt", "claimed", "transmitting", "data", "answer"]


def test_later_is_tried_six_times_with_growing_waits(plan_mail, sink):
    sink.answers["rcpt"] = "451 later"
    delivery = plan_mail()
    now, waits = NOW, []
    while deliver(now):
        delivery.refresh_from_db()
        waits.append((delivery.due_at - now) // timedelta(minutes=1))
        now = delivery.due_at
    assert waits == [1, 6, 21, 60, 180, 0]
    assert (delivery.state, delivery.attempts) == (State.FAILED, 6)
    assert delivery.reason == "It was tried 6 times. The mail server said “later”: 451 later"


def test_later_ends_when_it_is_too_late(plan_mail, sink):
    sink.answers["rcpt"] = "451 later"
    delivery = plan_mail(expires_at=NOW + timedelta(minutes=20))
    deliver(NOW)
    deliver(NOW + timedelta(minutes=10))
    assert not deliver(NOW + timedelta(minutes=20))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (State.EXPIRED, 2)
    assert delivery.reason == "The mail server said “later”: 451 later"


@pytest.mark.parametrize(("answer", "copies"), [(DROP, 2), (LOSE, 1)])
def test_a_digest_without_an_answer_leaves_once_more_under_the_same_id(
    plan_mail, sink, answer, copies
):
    sink.answers["answer"] = answer
    delivery = plan_mail()
    deliver()
    sink.answers.clear()
    assert deliver(NOW + timedelta(seconds=5))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.sent_again) == (State.SENT, True)
    assert ids(sink) == [delivery.message_id] * copies


def test_twice_without_an_answer_waits_for_a_person(plan_mail, sink):
    sink.answers["answer"] = DROP
    plan_mail()
    assert [deliver(NOW + n * LEASE) for n in range(4)] == [True, True, False, False]
    assert (state(), len(sink.taken)) == (State.UNCERTAIN, 2)


def test_a_letter_without_an_answer_waits_for_a_person(plan_mail, sink):
    sink.answers["answer"] = DROP
    plan_mail("letter")
    assert [deliver(NOW), deliver(NOW + LEASE)] == [True, False]
    assert (state(), len(sink.taken)) == (State.UNCERTAIN, 1)


def test_a_lease_that_ends_during_the_message_is_not_taken_for_sent(plan_mail, sink, monkeypatch):
    """The slow worker finds its delivery given away; the second copy has the same ID."""
    send = SmtpBackend._send

    def send_slowly(backend, message):
        send(backend, message)
        monkeypatch.setattr(SmtpBackend, "_send", send)
        services.heal(now=NOW + LEASE)
        return True

    monkeypatch.setattr(SmtpBackend, "_send", send_slowly)
    delivery = plan_mail()
    deliver()
    assert (state(), len(sink.taken)) == (State.PENDING, 1)
    deliver(NOW + LEASE)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.sent_again) == (State.SENT, True)
    assert ids(sink) == [delivery.message_id] * 2


def test_sent_is_written_down_before_the_goodbye(plan_mail, sink, monkeypatch):
    """The goodbye may take as long as the server likes, and the worker may be killed in it."""
    seen, close = [], SmtpBackend._close_connection

    def look(backend, connection):
        seen.append(state())
        close(backend, connection)

    monkeypatch.setattr(SmtpBackend, "_close_connection", look)
    plan_mail()
    deliver()
    assert seen == [State.SENT]


@pytest.mark.parametrize("goodbye", [None, "221 " + "bye " * 3000])
def test_an_odd_goodbye_changes_nothing(plan_mail, sink, monkeypatch, caplog, goodbye):
    say = Session.say

    def say_oddly(session, answer):
        if answer != "221 bye":
            say(session, answer)
        elif goodbye:
            say(session, goodbye)
        else:
            raise StopIteration

    monkeypatch.setattr(Session, "say", say_oddly)
    plan_mail()
    deliver()
    assert (state(), caplog.messages) == (State.SENT, [])

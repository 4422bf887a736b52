"""A worker that dies at any point leaves a row that somebody else takes to its end."""

from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError

from mailing import services
from mailing.backends import SmtpBackend
from mailing.models import State
from mailing.services import deliver_one, heal
from tests.mailing.conftest import NOW, noon

pytestmark = pytest.mark.django_db

OVER = NOW + timedelta(minutes=3)


class Killed(BaseException):
    """No `except Exception` sees it, as none sees a kill -9."""


def dies(problem):
    def die(*args, **kwargs):
        raise problem

    return die


def dies_after(problem, work):
    def die(*args, **kwargs):
        work(*args, **kwargs)
        raise problem

    return die


POINTS = {
    # Where it dies: what is replaced, by what, the state it leaves, and the copies taken by then.
    "when it has claimed": (services, "_write", dies, State.CLAIMED, 0),
    "while it writes": (services, "build", dies, State.CLAIMED, 0),
    "before it sends": (services, "get_connection", dies, State.CLAIMED, 0),
    "when the recipient is accepted": (services, "_start_transmitting", dies, State.CLAIMED, 0),
    "before the message": (services, "_start_transmitting", dies_after, State.TRANSMITTING, 0),
    "after the message": (SmtpBackend, "_send", dies_after, State.TRANSMITTING, 1),
    "before it writes down the end": (services, "_end", dies, State.TRANSMITTING, 1),
}


@pytest.mark.parametrize("problem", [Killed, SoftTimeLimitExceeded, InterfaceError])
@pytest.mark.parametrize("kind", ["digest", "letter"])
@pytest.mark.parametrize("point", POINTS)
def test_wherever_a_worker_dies(plan_mail, sink, monkeypatch, point, kind, problem):
    place, name, how, left_in, copies = POINTS[point]
    delivery = plan_mail(kind)
    work = getattr(place, name)
    with monkeypatch.context() as patch:
        patch.setattr(place, name, how(problem()) if how is dies else how(problem(), work))
        with pytest.raises(problem):
            deliver_one(clock=noon)
    delivery.refresh_from_db()
    assert (delivery.state, len(sink.taken)) == (left_in, copies)

    heal(now=OVER - timedelta(seconds=1))
    assert not deliver_one(clock=noon)
    heal(now=OVER)
    deliver_one(clock=lambda: OVER)
    delivery.refresh_from_db()
    asks = left_in == State.TRANSMITTING and kind == "letter"
    assert delivery.state == (State.UNCERTAIN if asks else State.SENT)
    ids = [taken["Message-ID"] for taken in sink.taken]
    assert ids == [delivery.message_id] * (copies if asks else copies + 1)


@pytest.mark.parametrize("hours", [-1, 1, 24 * 365])
def test_a_clock_that_jumps_neither_loses_nor_doubles(plan_mail, sink, hours):
    """Between two steps of one delivery, for all workers of the machine."""
    for step in range(4):
        delivery = plan_mail(occurrence=str(step), expires_at=NOW + timedelta(days=999))
        times = iter([*[NOW] * step, *[NOW + timedelta(hours=hours)] * 9])
        deliver_one(clock=lambda times=times: next(times))
        for later in [0, max(hours, 0)]:
            heal(now=NOW + timedelta(hours=later))
            deliver_one(clock=lambda later=later: NOW + timedelta(hours=later))
        delivery.refresh_from_db()
        assert delivery.state == State.SENT
    assert len(sink.taken) == len({taken["Message-ID"] for taken in sink.taken}) == 4


def test_a_key_that_changes_between_two_tries_keeps_the_message_id(plan_mail, sink, settings):
    delivery = plan_mail()
    sink.answers["rcpt"] = "451 later"
    deliver_one(clock=noon)
    delivery.refresh_from_db()
    sink.answers.clear()
    settings.SECRET_KEY = "y" * 50
    deliver_one(clock=lambda: OVER)
    assert [taken["Message-ID"] for taken in sink.taken] == [delivery.message_id]

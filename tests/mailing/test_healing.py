"""What hangs is given back or ended, however its worker died."""

from datetime import timedelta
from uuid import uuid4

import pytest

from audit.models import Event
from mailing.models import Delivery, State
from mailing.services import heal, retry
from tests.mailing.conftest import NOW

pytestmark = pytest.mark.django_db

OVER = {"lease": uuid4(), "lease_until": NOW}
HELD = {"lease": uuid4(), "lease_until": NOW + timedelta(seconds=1)}
LATE = {"expires_at": NOW, "due_at": NOW - timedelta(hours=1)}


@pytest.fixture
def row(plan_mail):
    """A delivery in any condition."""

    def row(kind, **values):
        delivery = plan_mail(kind)
        Delivery.objects.filter(pk=delivery.pk).update(**values)
        return delivery

    return row


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        # Before its lease is over nobody touches it.
        ("digest", {"state": "claimed", "attempts": 1, **HELD}, State.CLAIMED),
        ("digest", {"state": "transmitting", "attempts": 1, **HELD}, State.TRANSMITTING),
        # It never left.
        ("digest", {"state": "claimed", "attempts": 1, **OVER}, State.PENDING),
        ("letter", {"state": "claimed", "attempts": 5, **OVER}, State.PENDING),
        ("digest", {"state": "claimed", "attempts": 6, **OVER}, State.FAILED),
        ("digest", {"state": "claimed", "attempts": 1, **OVER, **LATE}, State.EXPIRED),
        # It may have left: a digest goes once more, a letter waits for a person.
        ("digest", {"state": "transmitting", "attempts": 1, **OVER}, State.PENDING),
        ("digest", {"state": "transmitting", "attempts": 6, **OVER}, State.PENDING),
        ("digest", {"state": "transmitting", "sent_again": True, **OVER}, State.UNCERTAIN),
        ("digest", {"state": "transmitting", **OVER, **LATE}, State.UNCERTAIN),
        ("letter", {"state": "transmitting", "attempts": 1, **OVER}, State.UNCERTAIN),
        ("digest", {"state": "uncertain"}, State.PENDING),
        ("digest", {"state": "uncertain", **LATE}, State.UNCERTAIN),
        ("letter", {"state": "uncertain"}, State.UNCERTAIN),
        # What waits, waits; what is too late is over.
        ("digest", {"state": "pending"}, State.PENDING),
        ("digest", {"state": "pending", **LATE}, State.EXPIRED),
        # What has ended stays as it is.
        ("digest", {"state": "sent", **LATE}, State.SENT),
        ("digest", {"state": "failed", **LATE}, State.FAILED),
        ("digest", {"state": "suppressed", **LATE}, State.SUPPRESSED),
        ("digest", {"state": "expired", **LATE}, State.EXPIRED),
    ],
)
def test_what_healing_makes_of_each_state(row, kind, values, expected):
    delivery = row(kind, **values)
    heal(now=NOW)
    delivery.refresh_from_db()
    assert delivery.state == expected
    after = Delivery.objects.values().get()
    heal(now=NOW)
    assert Delivery.objects.values().get() == after


def test_reasons_are_sentences(row):
    row("digest", state="claimed", attempts=6, **OVER)
    row("letter", state="transmitting", **OVER)
    heal(now=NOW)
    assert list(Delivery.objects.order_by("id").values_list("reason", "ended_at")) == [
        ("It was tried 6 times. Each time the worker stopped before it had left.", NOW),
        ("The worker stopped while it was leaving.", None),
    ]


def test_healing_nothing_asks_little_and_opens_no_transaction(db, django_assert_num_queries):
    with django_assert_num_queries(5):
        heal(now=NOW)


@pytest.mark.parametrize("state", ["failed", "uncertain", "expired"])
def test_an_administrator_lets_it_leave_once_more(row, ada, state):
    values = {"state": state, "attempts": 6, "reason": "No.", "message_id": "<kept@host>", **LATE}
    delivery = row("letter", **values)
    assert retry(actor=ada, delivery=delivery, now=NOW)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.reason) == (State.PENDING, 0, "")
    assert (delivery.due_at, delivery.expires_at) == (NOW, NOW + timedelta(hours=4))
    assert (delivery.message_id, delivery.ended_at) == ("<kept@host>", None)
    assert list(Event.objects.values_list("actor", "action", "target_id")) == [
        (ada.pk, "delivery.retried", str(delivery.pk))
    ]


def test_a_longer_life_is_not_cut_short(row, ada):
    delivery = row("letter", state="failed", expires_at=NOW + timedelta(hours=9))
    retry(actor=ada, delivery=delivery, now=NOW)
    delivery.refresh_from_db()
    assert delivery.expires_at == NOW + timedelta(hours=9)


@pytest.mark.parametrize("state", ["pending", "sent", "suppressed", "claimed", "transmitting"])
def test_nothing_else_is_tried_again(row, ada, state):
    held = HELD if state in {"claimed", "transmitting"} else {}
    delivery = row("letter", state=state, **held)
    assert not retry(actor=ada, delivery=delivery, now=NOW)
    delivery.refresh_from_db()
    assert (delivery.state, Event.objects.count()) == (state, 0)

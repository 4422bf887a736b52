"""The way of one delivery, with whatever can go wrong on it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import OperationalError, transaction
from django.utils import timezone

from mailing import services
from mailing.kinds import Mail, Suppressed
from mailing.models import Delivery, State
from mailing.services import LeaseLostError, claim, deliver_due, deliver_one, plan_many
from mailing.tasks import deliver_task
from tests.mailing.conftest import NOW, noon

pytestmark = pytest.mark.django_db


def facts(delivery, *names):
    delivery.refresh_from_db()
    return tuple(getattr(delivery, name) for name in names)


def test_what_is_due_is_sent_once(plan_mail, alice):
    delivery = plan_mail()
    assert (deliver_one(clock=noon), deliver_one(clock=noon)) == (True, False)
    assert facts(delivery, "state", "attempts", "ended_at", "recipient", "headline", "reason") == (
        *(State.SENT, 1, NOW, "alice@example.com", "News", ""),
    )
    (message,) = mail.outbox
    assert message.to == ['"Alice Abbott" <alice@example.com>']
    assert (message.subject, message.body) == ("News", "Hello.\n")
    assert message.extra_headers["Message-ID"] == delivery.message_id


def test_planned_twice_is_one_row(plan_mail, alice):
    first, again = plan_mail(), plan_mail(due_at=NOW + timedelta(hours=1))
    assert (again.pk, again.due_at) == (first.pk, NOW)
    assert plan_mail(occurrence="2026-11-25").pk != first.pk
    plan_many(Delivery(kind="digest", user=alice, occurrence="2026-11-25", due_at=NOW,
                       expires_at=NOW, planned_at=NOW) for _ in range(2))  # fmt: skip
    assert Delivery.objects.count() == 2


def test_the_longest_due_goes_first_and_the_future_waits(plan_mail):
    second = plan_mail(occurrence="2")
    first = plan_mail(occurrence="1", due_at=NOW - timedelta(hours=1))
    plan_mail(occurrence="3", due_at=NOW + timedelta(seconds=1))
    assert [claim(now=NOW), claim(now=NOW), claim(now=NOW)] == [first, second, None]


def test_what_is_too_late_is_not_sent(plan_mail):
    delivery = plan_mail(due_at=NOW - timedelta(hours=9), expires_at=NOW)
    assert not deliver_one(clock=noon)
    services.heal(now=NOW)
    assert facts(delivery, "state", "ended_at") == (State.EXPIRED, NOW)


def test_who_is_not_active_any_more_gets_nothing(plan_mail, alice):
    delivery = plan_mail()
    alice.is_active = False
    alice.save()
    deliver_one(clock=noon)
    reason = "The person is not active any more."
    assert facts(delivery, "state", "reason") == (State.SUPPRESSED, reason)
    assert mail.outbox == []


def test_nothing_to_say_closes_the_day(plan_mail, renders):
    renders(lambda delivery, now: Suppressed("Nothing to say today."))
    delivery = plan_mail()
    deliver_one(clock=noon)
    assert facts(delivery, "state", "reason") == (State.SUPPRESSED, "Nothing to say today.")


def test_what_it_says_is_written_at_the_moment_of_sending(plan_mail, renders):
    renders(lambda delivery, now: Mail("News", f"It is {now:%H:%M}."))
    plan_mail()
    deliver_one(clock=lambda: NOW + timedelta(hours=1))
    assert mail.outbox[0].body == "It is 13:00."


def raises(problem):
    def render(delivery, now):
        raise problem

    return render


@pytest.mark.parametrize(
    ("render", "error"),
    [
        (raises(KeyError("Cora Client")), "KeyError"),
        (lambda delivery, now: Mail("two\nlines", "text"), "BadHeaderError"),
        (lambda delivery, now: Mail("half \ud800", "text"), "UnicodeEncodeError"),
        (lambda delivery, now: Mail("News", "half \ud800"), "UnicodeEncodeError"),
        (lambda delivery, now: Mail("News", "x", headers={"X": "a\r\nBcc: e@x"}), "BadHeaderError"),
        (lambda delivery, now: None, "AttributeError"),
    ],
)
def test_a_mail_that_cannot_be_written_fails_alone(plan_mail, renders, render, error):
    renders(render)
    poison, good = plan_mail(), plan_mail("letter")
    assert deliver_due(clock=noon, seconds=10) == 2
    reason = f"The mail could not be written ({error}). The worker’s log says more."
    assert facts(poison, "state", "reason", "ended_at") == (State.FAILED, reason, NOW)
    assert facts(good, "state") == (State.SENT,)


def test_a_name_with_a_line_break_keeps_no_mail_back(plan_mail, alice):
    """Who holds somebody's session could else hide from them that their password was changed."""
    type(alice).objects.filter(pk=alice.pk).update(name="Eve\r\nBcc: eve@evil.com")
    delivery = plan_mail()
    deliver_due(clock=noon, seconds=10)
    assert facts(delivery, "state", "recipient") == (State.SENT, "alice@example.com")
    assert [message.to for message in mail.outbox] == [
        ['"Eve Bcc: eve@evil.com" <alice@example.com>']
    ]


def test_a_kind_that_nobody_knows_fails_alone(plan_mail):
    delivery = plan_mail(kind="of_the_future")
    deliver_one(clock=noon)
    assert facts(delivery, "state") == (State.FAILED,)


def test_odd_signs_in_a_subject_do_not_hurt_the_row(plan_mail, renders):
    renders(lambda delivery, now: Mail("Zero\x00 and tab\t" + "x" * 300, "text"))
    delivery = plan_mail()
    deliver_one(clock=noon)
    assert facts(delivery, "state", "headline") == (State.SENT, ("Zero and tab " + "x" * 300)[:200])


def test_a_locked_database_is_not_the_fault_of_the_mail(plan_mail, renders):
    renders(raises(OperationalError("database is locked")))
    delivery = plan_mail()
    with pytest.raises(OperationalError):
        deliver_one(clock=noon)
    assert facts(delivery, "state") == (State.CLAIMED,)
    services.heal(now=NOW + timedelta(minutes=3))
    assert facts(delivery, "state", "attempts") == (State.PENDING, 1)


def test_each_step_reads_the_clock(plan_mail):
    delivery = plan_mail()
    times = iter(NOW + timedelta(seconds=n) for n in range(100))
    deliver_one(clock=lambda: next(times))
    assert facts(delivery, "ended_at") == (NOW + timedelta(seconds=3),)


def test_the_budget_of_a_tick_begins_nothing_when_it_is_over(plan_mail):
    plan_mail()
    assert deliver_due(clock=noon, seconds=0) == 0


@pytest.mark.parametrize(
    "found",
    [
        {"state": State.CLAIMED, "lease": uuid4(), "lease_until": NOW},
        {"state": State.TRANSMITTING},
        {"state": State.PENDING, "lease": None, "lease_until": None},
        {"state": State.SENT, "lease": None, "lease_until": None},
    ],
)
@pytest.mark.parametrize("target", list(State))
def test_who_has_lost_the_lease_changes_nothing(plan_mail, found, target):
    """Another worker's lease, or none, or another state: no row is found."""
    plan_mail()
    mine = claim(now=NOW)
    Delivery.objects.update(**found)
    before = Delivery.objects.values().get()
    with pytest.raises(LeaseLostError):
        services._change(mine, target, lease_until=NOW)
    assert Delivery.objects.values().get() == before


def test_a_lease_lost_before_the_message_keeps_it_from_leaving(plan_mail, renders):
    """It was claimed too long: somebody else has sent it while this worker was writing."""
    delivery = plan_mail()

    def slow(_, now):
        renders(lambda delivery, now: Mail("News", "By the other."))
        services.heal(now=NOW + timedelta(minutes=3))
        deliver_one(clock=noon)
        return Mail("News", "By the slow one.")

    renders(slow)
    assert deliver_one(clock=noon)
    assert [message.body for message in mail.outbox] == ["By the other."]
    assert facts(delivery, "state", "attempts") == (State.SENT, 2)


def test_a_tick_gives_back_what_hangs_and_sends_it(plan_mail):
    now = timezone.now()
    delivery = plan_mail(due_at=now, expires_at=now + timedelta(hours=1))
    claim(now=now)
    Delivery.objects.update(lease_until=now)
    deliver_task()
    assert facts(delivery, "state", "attempts") == (State.SENT, 2)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_claimed_inside_a_transaction(plan_mail):
    """What leaves must be committed before."""
    plan_mail()
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        deliver_one(clock=noon)

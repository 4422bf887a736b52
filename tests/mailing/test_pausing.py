"""While mail is paused nothing leaves; afterwards what is not too late does."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from accounts.mail_kinds import plan_password_reset
from audit.models import Event
from mailing.kinds import Mail
from mailing.models import Delivery, Pause, State
from mailing.pausing import pause, pause_in_force, resume
from mailing.services import deliver_due, deliver_one, heal, hold_back
from tests.mailing.conftest import NOW, noon

pytestmark = pytest.mark.django_db


def at(**later):
    return lambda: NOW + timedelta(**later)


def states():
    return sorted(Delivery.objects.values_list("occurrence", "state"))


def test_nothing_leaves_until_it_is_resumed(plan_mail, ada):
    plan_mail(occurrence="1")
    pause(reason="Restored.", now=NOW)
    plan_mail(occurrence="2", expires_at=NOW + timedelta(hours=1))
    assert deliver_due(clock=at(minutes=5), seconds=5) == 0
    assert (len(mail.outbox), states()) == (0, [("1", "pending"), ("2", "pending")])
    heal(now=NOW + timedelta(hours=2))
    assert resume(actor=ada, now=NOW + timedelta(hours=2))
    deliver_due(clock=at(hours=2), seconds=5)
    assert (len(mail.outbox), states()) == (1, [("1", "sent"), ("2", "expired")])


def test_a_link_for_a_new_password_waits_too(alice):
    pause(reason="Restored.", now=timezone.now())
    plan_password_reset(user=alice, now=timezone.now())
    assert not deliver_one(clock=timezone.now)
    assert (len(mail.outbox), Delivery.objects.get().state) == (0, State.PENDING)


def test_what_is_being_written_when_the_pause_begins_does_not_leave(plan_mail, renders, alice):
    usual = plan_mail()
    kind_says = pause_and_say("Hello.")
    renders(kind_says)
    assert deliver_one(clock=noon)
    usual.refresh_from_db()
    assert (len(mail.outbox), usual.state) == (0, State.CLAIMED)
    heal(now=NOW + timedelta(hours=1))
    usual.refresh_from_db()
    assert usual.state == State.PENDING


def pause_and_say(text):
    def render(delivery, now):
        pause(reason="Restored.", now=now)
        return Mail("News", text)

    return render


def test_what_a_copy_holds_back_can_be_sent_by_hand(plan_mail):
    due = {}
    for state in [State.PENDING, State.CLAIMED, State.TRANSMITTING, State.UNCERTAIN, State.SENT]:
        held = state in {State.CLAIMED, State.TRANSMITTING}
        lease = {"lease": uuid4(), "lease_until": NOW} if held else {}
        due[state] = plan_mail(occurrence=state)
        Delivery.objects.filter(pk=due[state].pk).update(state=state, **lease)
    plan_mail(occurrence="tomorrow", due_at=NOW + timedelta(days=1))
    assert hold_back(reason="It may have left.", now=NOW) == 4
    assert states() == [
        ("claimed", "expired"),
        ("pending", "expired"),
        ("sent", "sent"),
        ("tomorrow", "pending"),
        ("transmitting", "expired"),
        ("uncertain", "expired"),
    ]
    heal(now=NOW + timedelta(minutes=1))
    assert Delivery.objects.filter(state="pending").count() == 1


def test_two_pauses_end_together_and_each_is_recorded(ada):
    pause(reason="One.", now=NOW)
    pause(reason="Two.", now=NOW)
    assert pause_in_force().reason == "One."
    resume(actor=ada, now=NOW)
    assert not resume(actor=ada, now=NOW)
    assert list(Pause.objects.values_list("ended_at", "ended_by")) == [(NOW, ada.pk)] * 2
    rows = Event.objects.values_list("action", "actor", "target_type")
    assert list(rows) == [("mail.resumed", ada.pk, "mailing.pause")] * 2


def test_the_command_ends_a_pause_too():
    def said():
        out = StringIO()
        call_command("resume_mail", stdout=out)
        return out.getvalue()

    pause(reason="Restored.", now=NOW)
    assert (said(), said()) == ("Mail leaves again.\n", "Mail is not paused.\n")
    assert Event.objects.get().actor is None

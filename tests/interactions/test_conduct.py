"""Closing a note on conduct after a talk: what it counts for, who may, and what is recorded."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from audit.models import Event
from interactions.conduct_services import close_conduct, open_conduct
from interactions.models import Interaction
from interactions.services import change_interaction
from tests.factories import InteractionFactory, PartnerFactory
from tiers.services import judge, replay

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 15)
NOW = datetime(2026, 6, 15, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def rude(alice):
    """Two disrespectful calls, the last one yesterday, make it X1."""
    partner = PartnerFactory(owner=alice, created_on=TODAY - timedelta(days=500))
    for days in [40, 1]:
        InteractionFactory(
            partner=partner, day=TODAY - timedelta(days=days), conduct="disrespectful"
        )
    return partner


def tier(partner):
    partner.standing.refresh_from_db()
    return partner.standing.tier, partner.standing.rule


def close(partner, actor, **options):
    note = partner.interactions.exclude(conduct="none").last()
    options = {"reason": "We talked", "now": NOW} | options
    return close_conduct(actor=actor, interaction=note, **options)


def counted(partner, day):
    (found,) = judge([partner.pk], as_of=day)
    signals = found.subject.signals
    return signals.disrespectful_180, signals.incidents_total, signals.conversations_total


def test_a_closed_note_counts_nowhere_and_its_call_still_counts(alice, rude):
    assert tier(rude) == ("cease", "X1")
    assert close(rude, alice)
    note = rude.interactions.last()
    closing = note.conduct_closed_on, note.conduct_closed_by, note.conduct_closed_reason
    assert closing == (TODAY, alice, "We talked")
    # One note is left: X1 stays as long as any is on record.
    assert (tier(rude), counted(rude, TODAY)) == (("cease", "X1"), (1, 1, 2))
    close_conduct(actor=alice, interaction=rude.interactions.first(), reason="Too", now=NOW)
    assert (tier(rude), counted(rude, TODAY)) == (("cultivation", "C"), (0, 0, 2))


def test_past_days_keep_it(alice, rude):
    for note in rude.interactions.all():
        close_conduct(actor=alice, interaction=note, reason="We talked", now=NOW)
    assert counted(rude, TODAY - timedelta(days=1)) == (2, 2, 2)
    with time_machine.travel(NOW + timedelta(days=60), tick=False):
        replay([rude.pk], today=TODAY + timedelta(days=60))
        assert tier(rude) == ("cultivation", "C")


def test_a_replay_tells_the_same_of_the_months_before_and_after(alice, rude):
    later = NOW + timedelta(days=40)
    for note in rude.interactions.all():
        close_conduct(actor=alice, interaction=note, reason="We talked", now=later)
    replay([rude.pk], today=TODAY + timedelta(days=60))
    changes = rude.tier_changes.order_by("on").values_list("on", "tier")
    assert list(changes)[-2:] == [
        (date(2026, 7, 1), "cease"),
        (date(2026, 8, 1), "cultivation"),
    ]


def test_opened_again_it_counts_as_before(alice, rude):
    for note in rude.interactions.all():
        close_conduct(actor=alice, interaction=note, reason="We talked", now=NOW)
    note = rude.interactions.last()
    assert [open_conduct(actor=alice, interaction=note) for _ in range(2)] == [True, False]
    note.refresh_from_db()
    assert (note.conduct_closed_by, note.conduct_closed_reason) == (None, "")
    assert counted(rude, TODAY) == (1, 1, 2)


def test_an_abusive_note_stays_open(alice, rude):
    InteractionFactory(partner=rude, conduct="abusive")
    with pytest.raises(ValidationError):
        close(rude, alice)
    assert not Interaction.objects.filter(conduct_closed_on__isnull=False).exists()


def test_the_first_of_two_counts_and_the_record_says_no_more_than_that_it_was(alice, mona, rude):
    assert [close(rude, alice), close(rude, mona, reason="Other")] == [True, False]
    assert rude.interactions.last().conduct_closed_by == alice
    (event,) = Event.objects.filter(action="conduct.closed")
    assert (event.actor, event.target_id, event.detail) == (alice, str(rude.pk), {})


def test_changed_conduct_opens_it_and_another_change_does_not(alice, rude):
    close(rude, alice)
    stale = rude.interactions.last()
    close_conduct(actor=alice, interaction=rude.interactions.first(), reason="Too", now=NOW)
    first = rude.interactions.first()
    first.note = "Corrected"
    change_interaction(actor=alice, interaction=first, changed=["note"])
    stale.conduct = "abusive"
    change_interaction(actor=alice, interaction=stale, changed=["conduct"])
    closed = rude.interactions.order_by("pk").values_list("conduct", "conduct_closed_on")
    assert list(closed) == [("disrespectful", TODAY), ("abusive", None)]


def test_who_sees_no_conduct_does_not_learn_that_there_is_a_note(sign_in, cast, rude):
    note = rude.interactions.last()
    address = reverse("conduct_close", args=[note.pk])
    answers = {name: sign_in(one).get(address).status_code for name, one in cast.items()}
    assert {name for name, code in answers.items() if code == 200} == {"alice", "mona"}
    plain = InteractionFactory(partner=rude)
    assert sign_in(cast["alice"]).get(reverse("conduct_close", args=[plain.pk])).status_code == 404


def test_through_the_pages(sign_in, mona, rude):
    note = rude.interactions.last()
    address = reverse("conduct_close", args=[note.pk])
    client = sign_in(mona)
    assert address in client.get(reverse("interaction_edit", args=[note.pk])).text
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "They said sorry"}).status_code == 302
    assert "They said sorry" in client.get(address).text
    page = client.get(rude.get_absolute_url()).text
    assert ("Disrespectful, settled" in page, "They said sorry" in page) == (True, False)
    client.post(reverse("conduct_open", args=[note.pk]))
    assert "settled" not in client.get(rude.get_absolute_url()).text

"""Logging, and a referral's way through its stages."""

from datetime import UTC, date, datetime
from unittest.mock import Mock
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction

from audit.models import Event
from interactions.dispatch import facts_changed
from interactions.models import Interaction, Referral
from interactions.services import (
    Contact,
    add_referral,
    change_interaction,
    change_referral,
    divided,
    log,
    move_referral,
    remove_interaction,
)
from tests.factories import InteractionFactory, PartnerFactory, ReferralFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 15, 16, tzinfo=UTC)
LATE = datetime(2026, 6, 16, 3, 30, tzinfo=UTC)
# Three of them for the first touches with a new partner, which a lunch completes.
QUERIES_OF_A_LOG = 20
LUNCH = Contact(day=date(2026, 6, 15), kind="lunch", minutes=76, note="Talked about fall.")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def events():
    return list(Event.objects.values_list("actor__name", "action", "fields", "detail"))


@pytest.mark.parametrize(
    ("minutes", "people", "shares"),
    [
        (75, 3, [25, 25, 25]),
        (76, 3, [26, 25, 25]),
        (77, 3, [26, 26, 25]),
        (2, 3, [1, 1, 0]),
        (0, 2, [0, 0]),
        (None, 2, [None, None]),
    ],
)
def test_minutes_are_divided(minutes, people, shares):
    assert divided(minutes, people) == shares


def test_lunch_with_three_partners(alice, andy, bob):
    """Andy logs for Alice; the effort of each row is the owner's."""
    partners = [PartnerFactory(owner=owner) for owner in (alice, alice, bob)]
    batch = uuid4()
    log(actor=andy, partners=partners, contact=LUNCH, batch=batch)
    rows = Interaction.objects.order_by("pk").values_list(
        "partner", "minutes", "officer", "logged_by", "batch", "kind", "note"
    )
    assert list(rows) == [
        (partner.pk, share, partner.owner.pk, andy.pk, batch, "lunch", "Talked about fall.")
        for partner, share in zip(partners, [26, 25, 25], strict=True)
    ]
    assert events() == [("Andy Archer", "interaction.logged", [], {"kind": "lunch"})] * 3


def test_batch_that_comes_twice_is_logged_once(alice, rita):
    batch = uuid4()
    first = log(actor=alice, partners=[rita], contact=LUNCH, batch=batch)
    second = log(actor=alice, partners=[rita], contact=LUNCH, batch=batch)
    assert second == first
    assert Interaction.objects.count() == 1
    assert len(events()) == 1


def test_each_partner_is_judged_once(alice):
    partners = [PartnerFactory(owner=alice) for _ in range(3)]
    listener = Mock()
    facts_changed.connect(listener)
    try:
        log(actor=alice, partners=partners, contact=LUNCH, batch=uuid4())
    finally:
        facts_changed.disconnect(listener)
    (call,) = listener.call_args_list
    assert call.kwargs["partner_ids"] == [partner.pk for partner in partners]
    assert {partner.standing.last_conversation_on for partner in partners} == {LUNCH.day}


@pytest.mark.parametrize("people", [1, 6])
def test_log_takes_as_many_queries_for_more_partners(alice, django_assert_num_queries, people):
    partners = [PartnerFactory(owner=alice) for _ in range(people)]
    with django_assert_num_queries(QUERIES_OF_A_LOG):
        log(actor=alice, partners=partners, contact=LUNCH, batch=uuid4())


def test_inbound_is_connected(alice, rita):
    said = Contact(day=LUNCH.day, kind="call", direction="in", outcome="no_response")
    with pytest.raises(IntegrityError), transaction.atomic():
        log(actor=alice, partners=[rita], contact=said, batch=uuid4())
    assert not Interaction.objects.exists()


def test_log_is_all_or_nothing(alice, rita, monkeypatch):
    def fail(**detail):
        raise RuntimeError("no record")

    monkeypatch.setattr("interactions.services.record_each", fail)
    with pytest.raises(RuntimeError):
        log(actor=alice, partners=[rita], contact=LUNCH, batch=uuid4())
    assert not Interaction.objects.exists()


def test_record_of_conduct_names_the_field_alone(alice, rita):
    row = InteractionFactory(partner=rita)
    row.conduct = "abusive"
    change_interaction(actor=alice, interaction=row, changed=["conduct"])
    remove_interaction(actor=alice, interaction=row)
    assert events() == [
        ("Alice Abbott", "interaction.changed", ["conduct"], {}),
        ("Alice Abbott", "interaction.removed", [], {"kind": "call"}),
    ]
    assert not Interaction.objects.exists()


def moves(referral):
    return list(referral.moves.values_list("stage", "lost_reason", "day"))


def test_referral_is_added_with_its_first_move(alice, rita):
    referral = add_referral(actor=alice, referral=new_referral(rita, received_at=LATE))
    # 03:30 UTC on the 16th is late on the 15th for Alice.
    assert (referral.day, referral.logged_by) == (date(2026, 6, 15), alice)
    assert moves(referral) == [("received", "", date(2026, 6, 15))]
    assert events() == [("Alice Abbott", "referral.added", [], {})]


def new_referral(partner, received_at=NOW, **fields):
    return ReferralFactory.build(
        partner=partner, received_at=received_at, day=None, logged_by=None, move=None, **fields
    )


def test_referral_that_comes_twice_is_added_once(alice, rita):
    first = add_referral(actor=alice, referral=new_referral(rita))
    again = add_referral(
        actor=alice, referral=new_referral(rita, key=first.key, borrower=first.borrower)
    )
    assert again == first
    assert Referral.objects.count() == 1
    assert len(moves(first)) == 1


def test_stages_are_skipped_and_taken_back(alice, rita):
    referral = add_referral(actor=alice, referral=new_referral(rita))
    for stage in ["application", "contacted", "funded"]:
        assert move_referral(actor=alice, referral=referral, stage=stage, at=LATE)
    day = date(2026, 6, 15)
    stages = ["received", "application", "contacted", "funded"]
    assert moves(referral) == [(stage, "", day) for stage in stages]
    assert events()[-1] == (
        "Alice Abbott",
        "referral.moved",
        [],
        {"before": "contacted", "after": "funded"},
    )


def test_double_click_moves_once(alice, rita):
    referral = add_referral(actor=alice, referral=new_referral(rita))
    old = Referral.objects.get(pk=referral.pk)
    assert move_referral(actor=alice, referral=referral, stage="contacted", at=NOW)
    assert not move_referral(actor=alice, referral=old, stage="contacted", at=NOW)
    assert len(moves(referral)) == 2


def test_lost_keeps_its_reason_until_it_is_taken_back(alice, rita):
    referral = add_referral(actor=alice, referral=new_referral(rita))
    move_referral(actor=alice, referral=referral, stage="lost", lost_reason="not_ready", at=NOW)
    move_referral(actor=alice, referral=referral, stage="lost", lost_reason="paid_cash", at=NOW)
    move_referral(
        actor=alice, referral=referral, stage="contacted", lost_reason="not_ready", at=NOW
    )
    assert [move[:2] for move in moves(referral)] == [
        ("received", ""),
        ("lost", "not_ready"),
        ("lost", "paid_cash"),
        ("contacted", ""),
    ]
    referral.refresh_from_db()
    assert (referral.stage, referral.lost_reason) == ("contacted", "")


@pytest.mark.parametrize("reason", ["", "bored"])
def test_lost_needs_a_listed_reason(alice, rita, reason):
    referral = add_referral(actor=alice, referral=new_referral(rita))
    with pytest.raises(IntegrityError), transaction.atomic():
        move_referral(actor=alice, referral=referral, stage="lost", lost_reason=reason, at=NOW)
    assert Referral.objects.get().stage == "received"
    assert len(moves(referral)) == 1


def test_changed_receipt_changes_its_day(alice, rita):
    referral = add_referral(actor=alice, referral=new_referral(rita))
    referral.received_at = datetime(2028, 3, 1, 4, 59, tzinfo=UTC)
    change_referral(actor=alice, referral=referral, changed=["received_at"])
    # One minute before midnight in New York, on 29 February.
    assert Referral.objects.get().day == date(2028, 2, 29)
    assert events()[-1] == ("Alice Abbott", "referral.changed", ["received_at"], {})


def test_change_does_not_take_a_move_back(alice, bob, rita):
    referral = add_referral(actor=alice, referral=new_referral(rita))
    opened = Referral.objects.select_related("partner__owner").get()
    move_referral(actor=bob, referral=referral, stage="contacted", at=NOW)
    opened.borrower = "Bo Brown"
    change_referral(actor=alice, referral=opened, changed=["borrower"])
    assert Referral.objects.values_list("borrower", "stage").get() == ("Bo Brown", "contacted")


def test_record_holds_nothing_about_the_borrower(alice, rita):
    referral = new_referral(
        rita, borrower="Bo Secret", borrower_phone="(212) 555-0142", borrower_email="bo@x.org"
    )
    add_referral(actor=alice, referral=referral)
    change_referral(actor=alice, referral=referral, changed=["borrower_phone"])
    move_referral(actor=alice, referral=referral, stage="junk", at=NOW)
    kept = str(list(Event.objects.values()))
    assert "borrower_phone" in kept
    for secret in ["Secret", "0142", "bo@x.org"]:
        assert secret not in kept


def test_days_of_a_partner_are_its_owners_days():
    east, west = [UserFactory(time_zone=zone) for zone in ("Asia/Tokyo", "Pacific/Pago_Pago")]
    days = [
        add_referral(actor=owner, referral=new_referral(PartnerFactory(owner=owner))).day.day
        for owner in (east, west)
    ]
    assert days == [16, 15]

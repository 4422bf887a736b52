"""Another key for borrowers' contact, while people go on working."""

import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from audit.models import Event
from interactions import rotation
from interactions.encryption import Sealed, key_id_of, key_ids
from interactions.models import Referral
from interactions.rotation import rotate
from interactions.services import change_referral
from tests.factories import ReferralFactory
from tests.interactions.test_encryption import EMAIL, OTHER_KEY, PHONE, put, raw, reopened

pytestmark = pytest.mark.django_db


@pytest.fixture
def referral():
    return ReferralFactory(borrower_phone=PHONE, borrower_email=EMAIL)


@pytest.fixture
def new_key(settings):
    """Put a new key in front; answers the old one's id."""

    def put_in_front():
        [old] = key_ids()
        settings.BORROWER_KEYS = [OTHER_KEY, *settings.BORROWER_KEYS]
        return old

    return put_in_front


def said(*args):
    out = StringIO()
    call_command("rotate_borrower_keys", *args, stdout=out)
    return out.getvalue().splitlines()


def sealed_by():
    rows = Referral.objects.order_by("pk").values_list("borrower_phone", "borrower_email")
    return [[key_id_of(value) for value in row if value] for row in rows]


def test_every_contact_is_sealed_anew_and_reads_as_before(referral, new_key, settings):
    ReferralFactory()
    email_only = ReferralFactory(borrower_email=EMAIL)
    old = new_key()
    new = key_ids()[0]
    assert said() == [
        f"2 referrals were sealed anew with the key {new}.",
        f"The key {old}, number 2 of BORROWER_KEYS, is not needed here any more: "
        "take it out of BORROWER_KEYS once no backup needs it.",
    ]
    settings.BORROWER_KEYS = [OTHER_KEY]
    again = reopened(referral)
    assert (again.borrower_phone, again.borrower_email) == (PHONE, EMAIL)
    assert sealed_by() == [[new, new], [], [new]]
    rows = Event.objects.filter(action="borrowers.rotated").values_list("target_id", "actor")
    assert sorted(rows) == [(str(referral.pk), None), (str(email_only.pk), None)]


def test_a_second_run_does_nothing(referral, new_key):
    new_key()
    said()
    before = raw(referral)
    assert said()[0].startswith("0 referrals were sealed anew")
    assert (raw(referral), Event.objects.count()) == (before, 1)


def test_check_tells_and_writes_nothing(referral, new_key):
    old = new_key()
    before = raw(referral)
    assert said("--check") == [
        f"1 referral would be sealed anew with the key {key_ids()[0]}.",
        f"The key {old}, number 2 of BORROWER_KEYS, still seals 2 values.",
    ]
    assert (raw(referral), Event.objects.count()) == (before, 0)


def test_no_tier_is_judged_by_it(referral, new_key, monkeypatch):
    """It is no fact of the partner: nothing listens to these writes."""
    new_key()
    before = type(referral.partner.standing).objects.values().get()
    rotate()
    assert type(referral.partner.standing).objects.values().get() == before


def test_what_cannot_be_opened_is_named_and_left(referral, new_key):
    spoiled = ReferralFactory(borrower_phone=PHONE)
    put(spoiled, raw(referral))
    new_key()
    with pytest.raises(CommandError, match=f"1 referral cannot .* number {spoiled.pk}\\. ") as end:
        said()
    assert end.value.returncode == 1
    assert raw(spoiled) != raw(referral)
    assert (sealed_by()[0], key_id_of(raw(spoiled))) == ([key_ids()[0]] * 2, key_ids()[1])


def test_slices_reach_everybody_and_a_stopped_run_goes_on(new_key, monkeypatch):
    for _ in range(5):
        ReferralFactory(borrower_phone=PHONE)
    new_key()
    monkeypatch.setattr(rotation, "ROWS_AT_ONCE", 2)
    taken = []
    usual = rotation._seal_anew

    def stops_in_the_third(rows, done):
        taken.append(len(rows))
        if len(taken) == 3:
            raise KeyboardInterrupt
        usual(rows, done)

    with monkeypatch.context() as patch:
        patch.setattr(rotation, "_seal_anew", stops_in_the_third)
        with pytest.raises(KeyboardInterrupt):
            rotate()
    assert rotate().referrals == 1
    assert sealed_by() == [[key_ids()[0]]] * 5


def test_an_edit_made_meanwhile_is_never_overwritten(referral, new_key, monkeypatch):
    """Between reading a row and writing it, somebody enters another phone."""
    new_key()
    usual = rotation._resealed

    def edited_meanwhile(row, name, value):
        if name == "borrower_phone":
            edited = reopened(referral)
            edited.borrower_phone = "(212) 555-0199"
            edited.save(update_fields=["borrower_phone"])
        return usual(row, name, value)

    monkeypatch.setattr(rotation, "_resealed", edited_meanwhile)
    rotate()
    assert reopened(referral).borrower_phone == "(212) 555-0199"
    monkeypatch.undo()
    assert rotate().referrals == 1
    assert sealed_by() == [[key_ids()[0]] * 2]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_it_waits_for_who_edits_and_leaves_what_they_wrote(new_key, alice):
    referral = ReferralFactory(partner__owner=alice, borrower_phone=PHONE)
    new_key()
    ended = []

    def run():
        ended.append(rotate().referrals)
        connection.close()

    with transaction.atomic():
        edited = reopened(referral)
        edited.borrower_phone = "(212) 555-0199"
        change_referral(actor=alice, referral=edited, changed=["borrower_phone"])
        other = threading.Thread(target=run)
        other.start()
        other.join(0.5)
        assert ended == []
    other.join(10)
    assert ended == [0]
    assert isinstance(vars(reopened(referral))["borrower_phone"], Sealed)
    assert reopened(referral).borrower_phone == "(212) 555-0199"

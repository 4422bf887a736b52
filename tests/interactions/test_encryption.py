"""Borrowers' contact: what lies in the database, and what opens it."""

import base64
import re

import pytest
from django.core.exceptions import FieldError
from django.db import connection, transaction

from interactions.encryption import CannotOpen, seal, unseal
from interactions.models import Referral
from tests.factories import ReferralFactory

pytestmark = pytest.mark.django_db

PHONE, EMAIL = "(212) 555-0142", "bo@example.com"
OTHER_KEY = base64.b64encode(b"k" * 32).decode()


@pytest.fixture
def referral():
    return ReferralFactory(borrower_phone=PHONE, borrower_email=EMAIL)


def raw(referral, column="borrower_phone"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM interactions_referral WHERE id = %s", [referral.pk])
        return cursor.fetchone()[0]


def put(referral, text, column="borrower_phone"):
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE interactions_referral SET {column} = %s WHERE id = %s", [text, referral.pk]
        )


def reopened(referral):
    return Referral.objects.get(pk=referral.pk)


def test_contact_is_plain_on_the_row_and_sealed_below_it(referral):
    assert (reopened(referral).borrower_phone, reopened(referral).borrower_email) == (PHONE, EMAIL)
    assert re.fullmatch(r"v1:[0-9a-f]{8}:[A-Za-z0-9+/]+=*", raw(referral))
    assert "bo@" not in raw(referral, "borrower_email")


def test_values_show_no_plain_text(referral):
    rows = [
        Referral.objects.values("borrower_phone").get()["borrower_phone"],
        Referral.objects.values_list("borrower_phone", flat=True).get(),
        Referral.objects.in_bulk()[referral.pk].__dict__["borrower_phone"],
    ]
    assert rows == [raw(referral)] * 3


def test_two_rows_with_one_text_look_different():
    first, second = [ReferralFactory(borrower_phone=PHONE) for _ in range(2)]
    assert raw(first) != raw(second)


@pytest.mark.parametrize("kept", [PHONE, ""])
def test_save_of_an_unread_row_keeps_what_is_there(referral, kept):
    """A row that came sealed goes back as it came, and not sealed twice."""
    referral.borrower_phone = kept
    referral.save()
    for _ in range(2):
        reopened(referral).save()
    assert reopened(referral).borrower_phone == kept


def test_blank_stays_blank():
    assert raw(ReferralFactory()) == ""
    assert ReferralFactory().borrower_phone == ""


def test_pasted_into_another_row_it_does_not_open(referral):
    other = ReferralFactory()
    put(other, raw(referral))
    with pytest.raises(CannotOpen):
        reopened(other).borrower_phone  # noqa: B018 (reading opens)


def test_pasted_into_another_field_it_does_not_open(referral):
    put(referral, raw(referral, "borrower_email"))
    with pytest.raises(CannotOpen):
        reopened(referral).borrower_phone  # noqa: B018


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-6] + ("A" if text[-6] != "A" else "B") + text[-5:],
        lambda text: text[:12],
        lambda text: text.replace("v1", "v2"),
        lambda text: "v1:00000000:" + text.split(":")[2],
        lambda text: PHONE,
        lambda text: "v1:a:b:c",
        lambda text: text + "!",
    ],
)
def test_tampered_text_does_not_open(referral, change):
    put(referral, change(raw(referral)))
    with pytest.raises(CannotOpen):
        reopened(referral).borrower_phone  # noqa: B018


def test_update_and_bulk_update_refuse_plain_text(referral):
    with pytest.raises(TypeError, match="set it on its row"), transaction.atomic():
        Referral.objects.update(borrower_phone=PHONE)
    assert reopened(referral).borrower_phone == PHONE
    referral.borrower_phone = "(212) 555-0199"
    with pytest.raises(TypeError, match="set it on its row"), transaction.atomic():
        Referral.objects.bulk_update([referral], ["borrower_phone"])


@pytest.mark.parametrize("lookup", ["borrower_phone", "borrower_phone__in", "borrower_phone__gt"])
def test_filter_refuses_plain_text(referral, lookup):
    value = [PHONE] if lookup.endswith("in") else PHONE
    with pytest.raises((TypeError, FieldError)):
        list(Referral.objects.filter(**{lookup: value}))


@pytest.mark.parametrize("lookup", ["icontains", "startswith", "regex"])
def test_text_lookups_find_nothing(referral, lookup):
    """Refused, or blind: never an answer by plain text."""
    try:
        found = Referral.objects.filter(**{f"borrower_phone__{lookup}": "555"}).exists()
    except (TypeError, FieldError):
        found = False
    assert not found


def test_bulk_create_seals(referral):
    row = ReferralFactory.build(
        partner=referral.partner, logged_by=referral.logged_by, borrower_phone=PHONE, move=None
    )
    (row,) = Referral.objects.bulk_create([row])
    assert raw(row).startswith("v1:")
    assert reopened(row).borrower_phone == PHONE


def test_deferred_field_opens_when_it_is_read(referral):
    assert Referral.objects.defer("borrower_phone").get().borrower_phone == PHONE
    assert Referral.objects.only("borrower_phone").get().borrower_phone == PHONE


def test_row_without_its_field_saves_the_rest(referral):
    row = Referral.objects.defer("borrower_phone").get()
    row.borrower = "Bo Changed"
    row.save()
    assert (reopened(referral).borrower, reopened(referral).borrower_phone) == ("Bo Changed", PHONE)


def test_refresh_gives_what_is_stored(referral):
    referral.borrower_phone = "changed"
    referral.refresh_from_db()
    assert referral.borrower_phone == PHONE


def test_old_key_opens_and_the_first_one_seals(referral, settings):
    before = raw(referral)
    settings.BORROWER_KEYS = [OTHER_KEY, *settings.BORROWER_KEYS]
    row = reopened(referral)
    assert row.borrower_phone == PHONE
    row.borrower_phone = "(212) 555-0199"
    row.save()
    assert raw(referral).split(":")[1] != before.split(":")[1]
    assert reopened(referral).borrower_phone == "(212) 555-0199"
    assert reopened(referral).borrower_email == EMAIL


def test_without_its_key_nothing_opens(referral, settings):
    settings.BORROWER_KEYS = [OTHER_KEY]
    with pytest.raises(CannotOpen):
        reopened(referral).borrower_phone  # noqa: B018


def test_texts_of_every_kind_come_back():
    for text in ["x", "Zoë 🏠", "a:b:c", "v1:00:AAAA", "x" * 5000]:
        assert unseal(seal(text, "row"), "row") == text

"""Tampering with the record, as somebody who owns the database: each way is found and named."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from audit import append_only
from audit.models import Event, Seal
from audit.sealer import seal_new
from audit.services import record
from tests.conftest import is_sqlite

pytestmark = pytest.mark.django_db

WELL = (["6 events: all are as they were written."], True)


def test_a_record_that_nobody_touched(sealed, verified):
    assert verified() == WELL


def test_an_empty_record(db, verified):
    assert verified() == (["0 events: all are as they were written."], True)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_id", None),
        ("at", "2026-01-02 03:04:05.000006+00:00"),
        ("action", "partner.restored"),
        ("target_type", "partners.company"),
        ("target_id", "77"),
        ("fields", "[]"),
        ("detail", '{"place": 7}'),
    ],
)
def test_a_changed_field_names_the_event(column, value, sealed, tamper, verified):
    tamper(f"UPDATE audit_event SET {column} = %s WHERE id = %s", value, sealed[2])
    said, ended_well = verified()
    assert not ended_well
    assert len(said) == 1
    assert said[0].startswith(f"Event {sealed[2]} was changed. It says now: ")


def test_a_time_that_no_calendar_has_is_named_and_no_crash(sealed, tamper, verified):
    """PostgreSQL itself refuses to write it."""
    value = "2026-99-99 03:04:05" if is_sqlite() else "2026-01-02 03:04:05"
    tamper("UPDATE audit_event SET at = %s WHERE id = %s", value, sealed[2])
    (said,), ended_well = verified()
    assert said.startswith(f"Event {sealed[2]} was changed. It says now: ")
    assert not ended_well


def test_a_changed_event_says_who_and_when(sealed, bob, tamper, verified):
    tamper("UPDATE audit_event SET actor_id = %s WHERE id = %s", bob.pk, sealed[0])
    at, place = Event.objects.get(pk=sealed[0]).at, Event.objects.get(pk=sealed[0]).target_id
    assert verified()[0] == [
        f"Event {sealed[0]} was changed. It says now: partner.changed by Bob Barnes at "
        f"{at:%Y-%m-%d %H:%M:%S} UTC, partners.partner {place}."
    ]


@pytest.mark.parametrize("place", [0, 2, 5])
def test_a_removed_event_is_named(place, sealed, tamper, verified):
    tamper("DELETE FROM audit_event WHERE id = %s", sealed[place])
    (said,), ended_well = verified()
    assert said.startswith(f"Event {sealed[place]} was removed: it was sealed at 20")
    assert not ended_well


def test_two_events_that_changed_places_are_named(sealed, tamper, verified):
    first, second = sealed[1], sealed[4]
    for old, new in [(first, -1), (second, first), (-1, second)]:
        tamper("UPDATE audit_event SET id = %s WHERE id = %s", new, old)
    assert verified() == ([f"Events {first} and {second} changed places."], False)


@pytest.mark.parametrize(("one", "other"), [(2, 5), (3, 4), (1, 6)])
def test_two_seals_that_changed_places_are_named(one, other, sealed, tamper, verified):
    for old, new in [(one, -1), (other, one), (-1, other)]:
        tamper("UPDATE audit_seal SET number = %s WHERE number = %s", new, old)
    said = "Seal {} of event {} was made as seal {}: the order was changed."
    assert verified() == (
        [said.format(one, sealed[other - 1], other), said.format(other, sealed[one - 1], one)],
        False,
    )


def test_a_changed_seal_is_named_alone(sealed, tamper, verified):
    tamper("UPDATE audit_seal SET mac = %s WHERE number = 3", "0" * 64)
    assert verified() == ([f"Seal 3 of event {sealed[2]} was changed or put in."], False)


def test_a_seal_made_with_another_key_for_a_forged_event_is_found(
    sealed, tamper, verified, settings
):
    """The forger knows how seals are made, and not the key."""
    right = settings.AUDIT_KEYS
    tamper("DELETE FROM audit_seal WHERE number > 4")
    tamper("UPDATE audit_event SET action = 'partner.restored' WHERE id = %s", sealed[4])
    settings.AUDIT_KEYS = [FORGED]
    seal_new(now=timezone.now())
    settings.AUDIT_KEYS = right
    (said,), ended_well = verified()
    assert said.startswith("2 seals from number 5 on were made with the key ")
    assert said.endswith(", which is not among AUDIT_KEYS: nothing proves their events.")
    assert not ended_well


FORGED = "Zm9yZ2VkIGZvcmdlZCBmb3JnZWQgZm9yZ2VkIGZvcmc="


def test_removed_seals_are_named(sealed, tamper, verified):
    tamper("DELETE FROM audit_seal WHERE number IN (2, 4, 5)")
    said, ended_well = verified()
    assert said == [
        "Seal 2 was removed, if not its event too.",
        "Seals 4 to 5 were removed, if not their events too.",
        "3 of them are not sealed yet.",
    ]
    assert not ended_well


def test_an_event_and_its_seal_that_are_both_gone_leave_a_gap(sealed, tamper, verified):
    tamper("DELETE FROM audit_seal WHERE number = 3")
    tamper("DELETE FROM audit_event WHERE id = %s", sealed[2])
    assert verified() == (["Seal 3 was removed, if not its event too."], False)


def test_an_event_that_is_put_in_is_found_even_when_it_was_sealed(
    sealed, rita, alice, tamper, verified
):
    """Whoever writes past the application cannot write into the past."""
    before = timezone.now() - timedelta(days=3)
    record(actor=alice, action="partner.archived", target=rita)
    forged = Event.objects.latest("pk").pk
    tamper("UPDATE audit_event SET at = %s WHERE id = %s", before, forged)
    said, ended_well = verified()
    assert said[0] == (
        "1 events are not sealed, and should be for more than five minutes; the first is event "
        f"{forged}. Either the background work stands still, or they were put in, or their seals "
        "were removed."
    )
    assert not ended_well
    seal_new(now=timezone.now())
    (said,), ended_well = verified()
    assert said.startswith(f"Event {forged} says {before:%Y-%m-%d %H:%M:%S} UTC, and was sealed ")
    assert said.endswith(": it was put in later, or a clock was wrong.")
    assert not ended_well


def test_an_end_that_was_cut_off_is_found_by_the_head_that_was_kept(sealed, tamper, head, verified):
    kept = head()
    assert verified("--expect", kept) == WELL
    tamper("DELETE FROM audit_seal WHERE number > 4")
    tamper("DELETE FROM audit_event WHERE id > %s", sealed[3])
    assert verified() == (["4 events: all are as they were written."], True)
    said = "The record was cut off: you kept seal 6, and the last one is 4."
    assert verified("--expect", kept) == ([said], False)


def test_an_end_that_was_written_anew_is_found_by_the_head_that_was_kept(
    sealed, tamper, head, verified
):
    kept = head()
    tamper("DELETE FROM audit_seal WHERE number > 4")
    tamper("UPDATE audit_event SET action = 'partner.restored' WHERE id = %s", sealed[4])
    seal_new(now=timezone.now())
    assert verified() == WELL
    said = "Seal 6 is not the one that you kept: the record was cut off before it, or written anew."
    assert verified("--expect", kept) == ([said], False)


def test_events_of_the_last_minutes_may_wait_for_their_seals(sealed, rita, alice, verified):
    record(actor=alice, action="partner.archived", target=rita)
    said = ["7 events: all are as they were written.", "1 of them are not sealed yet."]
    assert verified() == (said, True)


def test_a_missing_trigger_is_named(sealed, verified):
    with connection.cursor() as cursor:
        on = " ON audit_event" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER audit_event_keeps_update{on}")
    said = (
        "The trigger audit_event_keeps_update is missing: rows could be changed. "
        "`manage.py migrate` makes it anew."
    )
    assert verified() == ([said], False)
    append_only.install(connection)
    assert verified() == WELL


def test_an_old_key_still_proves_old_events(sealed, rita, alice, verified, settings):
    settings.AUDIT_KEYS = [FORGED, *settings.AUDIT_KEYS]
    record(actor=alice, action="partner.archived", target=rita)
    seal_new(now=timezone.now())
    keys = Seal.objects.order_by("number").values_list("key_id", flat=True)
    assert len(set(keys)) == 2
    assert verified() == (["7 events: all are as they were written."], True)


@pytest.mark.parametrize("text", ["7", "seven:abc", "7:", "-1:abc"])
def test_a_head_that_is_none_is_refused(text, db, verified):
    assert verified("--expect", text) == ([], False)


def test_slices_are_followed_across_their_ends(sealed, tamper, verified, monkeypatch):
    monkeypatch.setattr("audit.verification.SLICE", 2)
    assert verified() == WELL
    tamper("DELETE FROM audit_event WHERE id IN (%s, %s)", sealed[1], sealed[2])
    said, _ = verified()
    assert [line.split(":")[0] for line in said] == [
        f"Event {sealed[1]} was removed",
        f"Event {sealed[2]} was removed",
    ]

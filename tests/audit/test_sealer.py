"""The sealer: each event once, in the order of their numbers, whoever else seals."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from audit import sealer
from audit.models import Event, Seal
from audit.services import record
from audit.tasks import seal_task

pytestmark = pytest.mark.django_db


def numbers():
    return list(Seal.objects.values_list("number", "event_id"))


def test_each_event_gets_one_link_in_the_order_of_the_numbers(sealed):
    assert numbers() == list(enumerate(sealed, start=1))


def test_a_second_tick_makes_nothing(sealed):
    before = list(Seal.objects.values())
    assert sealer.seal_new(now=timezone.now()) == 0
    assert list(Seal.objects.values()) == before


def test_the_task_seals_several_slices(alice, rita, monkeypatch):
    monkeypatch.setattr(sealer, "SLICE", 2)
    for _ in range(5):
        record(actor=alice, action="partner.changed", target=rita)
    seal_task()
    assert [number for number, _ in numbers()] == [1, 2, 3, 4, 5]


def test_a_lower_number_that_is_committed_later_is_sealed_too(sealed, tamper):
    """The transaction that took it was slower than that of its neighbor."""
    tamper("DELETE FROM audit_seal WHERE number = 6")
    late = sealed[5]
    tamper("UPDATE audit_event SET id = %s WHERE id = %s", late + 10, late)
    sealer.seal_new(now=timezone.now())
    row = Event.objects.get(pk=late + 10)
    row.pk = late + 5
    row.save(force_insert=True)
    assert sealer.seal_new(now=timezone.now()) == 1
    assert numbers()[-2:] == [(6, late + 10), (7, late + 5)]


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_the_same_moment_make_one_chain(alice, rita, verified):
    for _ in range(30):
        record(actor=alice, action="partner.changed", target=rita)
    ready, failed = threading.Barrier(3), []

    def run():
        try:
            ready.wait(timeout=10)
            sealer.seal_new(now=timezone.now())
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert failed == []
    sealer.seal_new(now=timezone.now())
    assert [number for number, _ in numbers()] == list(range(1, 31))
    assert verified() == (["30 events: all are as they were written."], True)

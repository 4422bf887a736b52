"""Real transactions at the same moment: a hold and a purge."""

import time
from functools import partial
from threading import Event

import pytest
from django.db import connection, transaction
from django.utils import timezone

from ledger import holds
from ledger.models import Line
from ledger.purge import purge
from tests.factories import UserFactory
from tests.ledger.desk_rows import a_line, years_old
from tests.tiers.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WAITING = """
SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
WHERE NOT l.granted AND d.datname = current_database() AND l.relation = 'ledger_hold'::regclass
"""


def until_somebody_waits():
    with connection.cursor() as cursor:
        for _ in range(600):
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    raise AssertionError("Nobody waits for the table of holds.")


def test_a_purge_waits_for_a_hold_that_is_being_placed():
    officer, carl, now = UserFactory(), UserFactory(), timezone.now()
    line = a_line(officer, day=years_old(officer))
    placed = Event()

    def place():
        with transaction.atomic():
            holds.place(actor=carl, reason="A subpoena", now=now, line=line)
            placed.set()
            until_somebody_waits()

    def run():
        placed.wait(timeout=30)
        return purge(before=years_old(officer, 0), now=now)

    assert at_once(place, run)[1] == 0
    assert Line.objects.get() == line


def test_two_purges_at_once_take_each_line_once():
    officer = UserFactory()
    for _ in range(5):
        a_line(officer, day=years_old(officer))
    run = partial(purge, before=years_old(officer, 0), now=timezone.now())
    assert sum(at_once(run, run)) == 5
    assert not Line.objects.exists()

"""Five years, never under hold, whole or not at all."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import Event
from files.models import StoredFile
from ledger import holds, purge
from ledger.models import Approval, Draft, Hold, Line, Purge, Recipient, Release
from tests.ledger.desk_rows import a_draft, a_line, a_receipt, reversal, years_old

pytestmark = pytest.mark.django_db


def run(*args):
    out = StringIO()
    call_command("ledger", "purge", *args, stdout=out)
    return out.getvalue().strip()


def refused(rows):
    with pytest.raises(IntegrityError), transaction.atomic():
        rows._raw_delete("default")


def test_purge_takes_old_lines_with_all_that_is_theirs(alice, carl, rita):
    now = timezone.now()
    draft = a_draft(alice, entered_at=now)
    old = a_line(alice, rita, day=years_old(alice), draft=draft, findings=[{"text": "x"}])
    Approval.objects.create(line=old, answer="approved", note="x", given_by=carl, given_at=now)
    Release.objects.create(
        draft=draft, check_code="raffle", reason="x", released_by=carl, released_at=now
    )
    new = a_line(alice, rita)
    alone, shared = a_receipt(alice, old), a_receipt(alice, old, new, name="both.pdf")
    draft.files.add(alone)

    assert run().startswith("1 lines of days before ")

    assert list(Line.objects.all()) == [new]
    assert list(Recipient.objects.values_list("line", flat=True)) == [new.pk]
    assert list(StoredFile.objects.all()) == [shared]
    for model in [Approval, Release, Draft]:
        assert not model.objects.exists()
    done = Purge.objects.get()
    assert (done.lines, done.ended_at is None) == (1, False)
    event = Event.objects.get(action="ledger.purged")
    assert (event.actor, event.detail) == (None, {"lines": 1, "before": str(done.before)})


def test_a_dry_run_removes_nothing(alice, rita):
    a_line(alice, rita, day=years_old(alice))
    assert run("--dry-run").startswith("1 lines")
    assert (Line.objects.count(), Purge.objects.count()) == (1, 0)


def test_purge_takes_no_later_day_than_asked_for(alice, rita):
    a_line(alice, rita, day=years_old(alice, 1))
    day = years_old(alice, 1)
    assert run("--before", str(day)).startswith("0 lines")
    assert run("--before", str(day + timedelta(days=1))).startswith("1 lines")


def test_purge_refuses_a_day_within_five_years():
    with pytest.raises(CommandError, match="kept for five years"):
        run("--before", str(timezone.now().date() - timedelta(days=365 * 5 - 2)))


def test_the_database_refuses_without_an_open_purge(alice, rita):
    line = a_line(alice, rita, day=years_old(alice))
    now = timezone.now()
    Purge.objects.create(before=now.date(), started_at=now, ended_at=now)
    refused(Recipient.objects.filter(line=line))
    refused(Line.objects.filter(pk=line.pk))


def test_the_database_refuses_what_is_not_five_years_old(alice, rita):
    """Four years and 364 days, whatever a purge says."""
    day = years_old(alice, 0) + timedelta(days=1)
    line = a_line(alice, rita, day=day)
    Purge.objects.create(before=timezone.now().date(), started_at=timezone.now())
    refused(Line.objects.filter(pk=line.pk))
    assert run().startswith("0 lines")


HELD = {
    "everything": lambda line, partner: {},
    "officer": lambda line, partner: {"officer": line.officer},
    "recipient": lambda line, partner: {"partner_key": partner.key},
    "line": lambda line, partner: {"line": line},
}


@pytest.mark.parametrize("named", HELD)
def test_what_is_held_stays_until_the_hold_is_lifted(named, alice, bob, carl, rita):
    line = a_line(alice, rita, day=years_old(alice))
    now = timezone.now()
    names = HELD[named](line, rita)
    hold = holds.place(actor=carl, reason="A subpoena", now=now, **names)
    a_line(bob, day=years_old(bob))  # nobody by name
    open_run = Purge.objects.create(before=years_old(alice, 0), started_at=now)
    refused(Line.objects.filter(pk=line.pk))
    open_run.delete()
    run()
    assert Line.objects.filter(officer=bob).exists() is (named == "everything")
    assert Line.objects.filter(pk=line.pk).exists()

    assert holds.lift(actor=carl, hold=hold, reason="Settled", now=now)
    run()
    assert not Line.objects.exists()


def test_a_line_and_its_reversal_go_together_or_stay(alice, carl, rita):
    now = timezone.now()
    young = a_line(alice, rita, day=years_old(alice))
    reversal(young, day=alice.today(now))
    held = a_line(alice, rita, day=years_old(alice))
    holds.place(actor=carl, reason="A subpoena", now=now, line=reversal(held))
    both = a_line(alice, rita, day=years_old(alice))
    reversal(both)
    run()
    assert Line.objects.count() == 4
    assert not Line.objects.filter(pk=both.pk).exists()


def test_a_purge_that_was_killed_leaves_whole_slices_and_is_closed(alice, rita, monkeypatch):
    for _ in range(3):
        a_line(alice, rita, day=years_old(alice))
    monkeypatch.setattr(purge, "SLICE", 1)
    left = Purge.objects.create(before=years_old(alice, 0), started_at=timezone.now())
    purge._purge_slice(left)

    def killed(keys):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(purge, "_remove_files", killed)
        with pytest.raises(KeyboardInterrupt):
            purge._purge_slice(left)
    assert (Line.objects.count(), Recipient.objects.count()) == (2, 2)

    assert run().startswith("2 lines")
    assert [(one.lines, bool(one.ended_at)) for one in Purge.objects.all()] == [
        (1, True),
        (2, True),
    ]
    assert [event.detail["lines"] for event in Event.objects.filter(action="ledger.purged")] == [
        1,
        2,
    ]


def test_placing_a_hold_twice_places_one(carl, ada, alice):
    now = timezone.now()
    said = {"actor": carl, "officer": alice, "reason": "A subpoena", "now": now}
    assert holds.place(**said) == holds.place(**said)
    hold = Hold.objects.get()
    assert holds.lift(actor=carl, hold=hold, reason="Settled", now=now)
    assert not holds.lift(actor=carl, hold=hold, reason="Again", now=now)
    actions = Event.objects.order_by("id").values_list("action", "actor")
    assert list(actions) == [("ledger.hold_placed", carl.pk), ("ledger.hold_lifted", carl.pk)]

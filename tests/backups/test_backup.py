"""A backup made while people work, and what a restore makes of it."""

import json
import tarfile
import threading
from dataclasses import replace
from io import StringIO
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from audit.sealer import seal_new
from backups import archive, postgresql
from backups.archive import DUMP
from backups.dumps import CannotCopy
from backups.models import Backup
from backups.services import MAY_HAVE_LEFT, back_up, pointed_at
from interactions.models import Interaction, Kind, Referral
from interactions.services import Contact, log
from mailing.models import Delivery, State
from mailing.pausing import pause_in_force, resume
from mailing.services import deliver_one
from partners.models import Partner
from tests.factories import DeliveryFactory, PartnerFactory, ReferralFactory

pytestmark = pytest.mark.django_db(transaction=True)


def rows_of_everything():
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return {table: rows for table, rows in counts.items() if table != "django_session"}


def altered(path, **changes):
    """The same backup with another table of contents."""
    dump = path.with_name("altered.dump")
    manifest = archive.read(path, dump)
    other = path.with_name(f"altered-{uuid4().hex}.tar")
    archive.write(other, replace(manifest, **changes), dump)
    dump.unlink()
    return other


class Writers:
    """Eight people who log as fast as they can, each time with the same three partners."""

    def __init__(self, alice, partners):
        self.alice, self.partners = alice, partners
        self.stop, self.started, self.failed = threading.Event(), threading.Barrier(9), []
        self.threads = [threading.Thread(target=self.write) for _ in range(8)]

    def write(self):
        today = self.alice.today(timezone.now())
        try:
            self.log(today)
            self.started.wait(60)
            # People draw breath; without one, SQLite lets nobody else write.
            while not self.stop.wait(0.02):
                self.log(today)
        except Exception as problem:
            self.failed.append(problem)
        finally:
            connections.close_all()

    def log(self, today):
        contact = Contact(day=today, kind=Kind.LUNCH, minutes=30)
        log(actor=self.alice, partners=self.partners, contact=contact, batch=uuid4())

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        self.started.wait(60)
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join(60)
        assert self.failed == []


@pytest.mark.slow
def test_a_backup_under_load_is_whole(alice, tmp_path, restored):
    partners = [PartnerFactory(owner=alice) for _ in range(3)]
    seal_new(now=timezone.now())
    path = tmp_path / "backup.tar"
    with Writers(alice, partners):
        seal_new(now=timezone.now())
        manifest = back_up(path=path, now=timezone.now())
    written = Interaction.objects.count()
    with restored(path) as done:
        found = rows_of_everything()
        # What a restore itself writes.
        for table in ["audit_event", "audit_seal", "mailing_pause"]:
            found.pop(table)
        assert found == {name: manifest.counts[name] for name in found}
        assert done.troubles == []
        shares = {}
        for batch, minutes in Interaction.objects.values_list("batch", "minutes"):
            shares.setdefault(batch, []).append(minutes)
        assert 8 <= len(shares) <= written / 3
        assert {tuple(sorted(parts)) for parts in shares.values()} == {(10, 10, 10)}
        assert Event.objects.filter(action="interaction.logged").count() == 3 * len(shares)
        out = StringIO()
        call_command("audit", "verify", stdout=out)
        assert "all are as they were written" in out.getvalue()
        assert pause_in_force() is not None


@pytest.mark.slow
def test_everything_is_there_again_and_fit_for_work(alice, backup, restored):
    ReferralFactory(partner__owner=alice, borrower_phone="(202) 555-0147")
    path = backup()
    [row] = Backup.objects.all()
    assert (row.file, row.size) == ("backup.tar", path.stat().st_size)
    assert Event.objects.filter(action="backup.made", target_id=row.pk).count() == 1
    PartnerFactory(owner=alice, first_name="Later")
    with restored(path) as done:
        assert Referral.objects.get().borrower_phone == "(202) 555-0147"
        assert not Partner.objects.filter(first_name="Later").exists()
        assert User.objects.get(pk=alice.pk).password == alice.password
        event = Event.objects.get(action="backup.restored")
        assert (event.actor, event.target_type, done.troubles) == (None, "mailing.pause", [])
        with pytest.raises(IntegrityError):
            Event.objects.filter(pk=event.pk).update(action="nothing")
        # Numbers go on where they were.
        assert PartnerFactory(owner=alice).pk not in {None, Partner.objects.first().pk}


def test_nobody_stays_signed_in_and_nothing_is_mailed(alice, ada, backup, restored, mailoutbox):
    Client().force_login(alice)
    assert Session.objects.count() == 1
    due = DeliveryFactory(user=alice)
    tomorrow = DeliveryFactory(user=alice, due_at=timezone.now() + timezone.timedelta(days=1))
    path = backup()
    with tarfile.open(path) as tar:
        assert "django_session" not in json.load(tar.extractfile("manifest.json"))["counts"]
    with restored(path) as done:
        assert (Session.objects.count(), done.held_back) == (0, 1)
        assert "Restored from a backup of" in pause_in_force().reason
        held = Delivery.objects.get(pk=due.pk)
        assert (held.state, held.reason) == (State.EXPIRED, MAY_HAVE_LEFT)
        fresh = DeliveryFactory(user=alice)
        assert not deliver_one(clock=timezone.now)
        assert mailoutbox == []
        resume(actor=ada, now=timezone.now())
        deliver_one(clock=timezone.now)
        fresh.refresh_from_db()
        assert fresh.state in {State.SENT, State.SUPPRESSED}
        assert Delivery.objects.get(pk=tomorrow.pk).state == State.PENDING


def test_people_are_overwritten_only_when_asked(alice, backup, restored, elsewhere):
    path = backup()
    with restored(path):
        PartnerFactory(owner=alice, first_name="Later")
    with (
        pytest.raises(CommandError, match="There are people in this database"),
        pointed_at(elsewhere),
    ):
        call_command("restore", path)
    with pointed_at(elsewhere):
        assert Partner.objects.filter(first_name="Later").exists()
    with restored(path, replace=True):
        assert not Partner.objects.filter(first_name="Later").exists()
        assert Event.objects.filter(action="backup.restored").count() == 1


def refused(path, elsewhere, words):
    with pointed_at(elsewhere):
        with pytest.raises(CommandError, match=words):
            call_command("restore", path, "--replace")
        assert connection.introspection.table_names() == []


def test_what_does_not_fit_changes_nothing(alice, backup, elsewhere, tmp_path):
    path = backup()
    other = "postgresql" if connection.vendor == "sqlite" else "sqlite"
    refused(altered(path, vendor=other), elsewhere, "It can only be restored into the same kind")
    newer = altered(path, migrations=("partners.0001_initial", "partners.0099_later"))
    refused(newer, elsewhere, "does not know partners.0099_later")
    counts = dict(archive.read(path, tmp_path / "d").counts)
    wrong = altered(path, counts=counts | {"accounts_user": 99})
    refused(wrong, elsewhere, "accounts_user")
    refused(tmp_path / "nowhere.tar", elsewhere, "cannot be read")


def test_a_damaged_dump_with_the_right_sum_changes_nothing(alice, backup, elsewhere, tmp_path):
    dump = tmp_path / "dump"
    manifest = archive.read(backup(), dump)
    size = dump.stat().st_size
    with dump.open("r+b") as file:
        file.truncate(size // 2)
    path = tmp_path / "damaged.tar"
    archive.write(path, replace(manifest, sha256={DUMP: archive.sum_of(dump)}), dump)
    refused(path, elsewhere, "damaged|Nothing was restored")


def test_a_failed_restore_leaves_what_was_there(alice, backup, restored, elsewhere, tmp_path):
    path = backup()
    with restored(path):
        before = rows_of_everything()
    wrong = altered(path, counts=dict(archive.read(path, tmp_path / "d").counts) | {"x": 1})
    with pointed_at(elsewhere):
        with pytest.raises(CommandError):
            call_command("restore", wrong, "--replace")
        assert rows_of_everything() == before


def test_the_commands_say_what_they_did_and_where_the_keys_are(alice, elsewhere, tmp_path):
    out = StringIO()
    call_command("backup", tmp_path, stdout=out)
    [path] = tmp_path.glob("partnercrm-*.tar")
    assert str(path) in out.getvalue()
    assert "BORROWER_KEYS" in out.getvalue()
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", path)
    out = StringIO()
    with pointed_at(elsewhere):
        call_command("restore", path, stdout=out)
    for words in ["Everybody is signed out", "resume_mail", "BORROWER_KEYS"]:
        assert words in out.getvalue()


def test_no_table_is_left_out(alice, backup, tmp_path):
    counts = archive.read(backup(), tmp_path / "d").counts
    tables = {m._meta.db_table for m in apps.get_models(include_auto_created=True)}
    assert tables - counts.keys() == {"django_session"}


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("said", "words"),
    [(None, "is not installed here"), ("echo 'pg_dump (PostgreSQL) 9.6.1'", "is too old")],
)
def test_a_missing_or_old_pg_dump_is_told(said, words, tmp_path, monkeypatch):
    if said:
        program = tmp_path / "pg_dump"
        program.write_text(f"#!/bin/sh\n{said}\n")
        program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/nowhere")
    with pytest.raises(CannotCopy, match=words):
        postgresql.dump(connection, tmp_path / "dump")


@pytest.mark.postgres
def test_no_password_stands_on_a_command_line(backup, monkeypatch):
    seen = []
    usual = postgresql.subprocess.run

    def run(command, **given):
        seen.append((command, given.get("env", {})))
        return usual(command, **given)

    monkeypatch.setattr(postgresql.subprocess, "run", run)
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "s3cret-word")
    backup()
    assert not any("s3cret-word" in part for command, _ in seen for part in command)
    assert seen[-1][1]["PGPASSWORD"] == "s3cret-word"

"""Make a backup of the whole database, and put one in its place."""

import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from accounts.models import User
from audit import append_only
from audit.models import Event
from audit.sealer import seal_new
from audit.services import record
from audit.verification import verify
from backups import archive, postgresql, sqlite
from backups.archive import BadBackup, Manifest
from backups.models import Backup
from mailing.models import Pause
from mailing.pausing import pause
from mailing.services import hold_back

MAY_HAVE_LEFT = "It may have left before the database was restored."


class NotEmpty(Exception):
    """There are people in the database that a restore would overwrite."""


@dataclass(frozen=True)
class Restored:
    manifest: Manifest
    # Deliveries that were due and do not leave by themselves.
    held_back: int
    # What `audit verify` says that does not fit.
    troubles: list[str]


def back_up(*, path: Path, now: datetime) -> Manifest:
    """Write a backup of the database as it is at one moment, while others go on writing.

    Dumps it beside `path` into a folder of its own, writes the file, and then notes the backup and
    records it as "backup.made". Raises CannotCopy, and FileExistsError.
    """
    if path.exists():
        raise FileExistsError(path)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        copy = Path(folder) / archive.DUMP
        if connection.vendor == "sqlite":
            found = sqlite.dump(str(connection.settings_dict["NAME"]), copy)
        else:
            found = postgresql.dump(connection, copy)
        manifest = Manifest(
            format=archive.FORMAT,
            program=program_version(),
            vendor=connection.vendor,
            server=found.server,
            made_at=now,
            counts=found.counts,
            migrations=found.migrations,
            sha256={archive.DUMP: archive.sum_of(copy)},
        )
        archive.write(path, manifest, copy)
    with transaction.atomic():
        size = path.stat().st_size
        row = Backup.objects.create(
            made_at=now, file=path.name[:255], rows=manifest.rows, size=size
        )
        record(actor=None, action="backup.made", target=row)
    return manifest


def program_version() -> str:
    project = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())
    version: str = project["project"]["version"]
    return version


def restore(*, path: Path, replace: bool, now: datetime) -> Restored:
    """Put a backup in the place of this database, all of it or nothing.

    Checks the file, the migrations and that nobody is overwritten unasked; puts the rows in place
    and counts them; pauses mail before anybody could send; and then, as `_settle` says, the rest.
    Raises BadBackup, CannotCopy, NotEmpty: nothing has changed then.
    """
    with tempfile.TemporaryDirectory(prefix="restore-") as folder:
        copy = Path(folder) / archive.DUMP
        manifest = archive.read(path, copy)
        _check(manifest)
        if not replace and not _is_empty():
            raise NotEmpty
        words = (
            f"Restored from a backup of {manifest.made_at.astimezone(UTC):%B %-d, %Y, %H:%M} UTC."
        )
        if connection.vendor == "sqlite":
            live = str(connection.settings_dict["NAME"])
            sqlite.check(copy, dict(manifest.counts))
            with pointed_at(str(copy)):
                result = _settle(manifest, words, now)
            sqlite.put_in_place(copy, live)
        else:
            postgresql.load(connection, copy, manifest.counts, _paused(words, now))
            result = _settle(manifest, words, now)
    return result


def _check(manifest: Manifest) -> None:
    if manifest.vendor != connection.vendor:
        raise BadBackup(
            f"This is a backup of {_name(manifest.vendor)}, and the database here is "
            f"{_name(connection.vendor)}. It can only be restored into the same kind."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    newer = [name for name in manifest.migrations if name not in known]
    if newer:
        raise BadBackup(
            f"A newer PartnerCRM ({manifest.program}) wrote this backup, and this one "
            f"({program_version()}) does not know {newer[0]}. Update it first."
        )


def _name(vendor: str) -> str:
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(vendor, "another database")


def _is_empty() -> bool:
    """Nobody was ever in it: without tables, or as `migrate` leaves them."""
    tables = connection.introspection.table_names()
    return not any(
        model._meta.db_table in tables and model._base_manager.exists() for model in (User, Event)
    )


def _paused(words: str, now: datetime) -> sql.Composable:
    """In the transaction of the restore itself: a worker that goes on running must not mail."""
    asked = "INSERT INTO public.mailing_pause (since, reason) VALUES ({}, {});"
    return sql.SQL(asked).format(sql.Literal(now), sql.Literal(words))


@contextmanager
def pointed_at(name: str) -> Iterator[None]:
    """Work on another database of the same server, or on another file."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _settle(manifest: Manifest, words: str, now: datetime) -> Restored:
    """Make the copy fit for work here.

    Runs the migrations that it lacks and makes the triggers anew; pauses mail and holds back what
    was due; ends all sessions; records "backup.restored"; seals what waits; verifies the record.
    """
    call_command("migrate", interactive=False, verbosity=0)
    append_only.install(connection)
    with transaction.atomic():
        paused = Pause.objects.open().filter(since=now).first() or pause(reason=words, now=now)
        held_back = hold_back(reason=MAY_HAVE_LEFT, now=now)
        Session.objects.all().delete()
        made_at = manifest.made_at.isoformat()
        record(actor=None, action="backup.restored", target=paused, made_at=made_at)
    seal_new(now=now)
    troubles = verify(now=now).troubles
    troubles += [
        f"The trigger {name} is missing." for name in append_only.missing_triggers(connection)
    ]
    return Restored(manifest, held_back, troubles)

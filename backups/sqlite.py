"""Copies of a SQLite file, right while others write it."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from backups.dumps import LEFT_OUT, CannotCopy, Dump, differences

# Seconds for which somebody else may hold the file.
PATIENCE = 30


def dump(database: str, to: Path) -> Dump:
    """Write one consistent copy; its counts are taken in the copy itself.

    VACUUM INTO reads in one transaction while others go on writing, and leaves out what was
    deleted but not overwritten yet.
    """
    with closing(sqlite3.connect(database, timeout=PATIENCE)) as live:
        live.execute("VACUUM INTO ?", [str(to)])
    to.chmod(0o600)
    with closing(sqlite3.connect(to)) as copy:
        copy.execute("PRAGMA secure_delete = ON")
        copy.execute("DELETE FROM django_session")  # LEFT_OUT
        copy.commit()
        return _counted(copy)


def check(path: Path, counts: dict[str, int]) -> None:
    """Raises CannotCopy where the copy is damaged or holds other rows than it should."""
    try:
        with closing(sqlite3.connect(path)) as copy:
            [[state]] = copy.execute("PRAGMA integrity_check(1)").fetchall()
            found = _counted(copy)
    except sqlite3.DatabaseError as error:
        raise CannotCopy(f"The copy in this backup is damaged: {error}.") from error
    wrong = [] if state == "ok" else [state]
    wrong += differences(counts, found.counts)
    if wrong:
        raise CannotCopy(f"The copy in this backup is damaged: {'; '.join(wrong[:5])}.")


def put_in_place(copy: Path, database: str) -> None:
    """Overwrite the live file, in one transaction: others see the old state or the new one."""
    until = time.monotonic() + PATIENCE

    def give_up(status: int, remaining: int, total: int) -> None:
        if remaining and time.monotonic() > until:
            raise CannotCopy("Somebody else holds the database: stop the other processes first.")

    with (
        closing(sqlite3.connect(copy)) as source,
        closing(sqlite3.connect(database, timeout=PATIENCE)) as live,
    ):
        source.backup(live, progress=give_up)


def _counted(db: sqlite3.Connection) -> Dump:
    names = db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' "
        "ESCAPE '\\' ORDER BY name"
    ).fetchall()
    counts = {}
    for (name,) in names:
        if name != LEFT_OUT:
            quoted = name.replace('"', '""')
            # A name cannot be a parameter; it is quoted.
            [[rows]] = db.execute(f'SELECT count(*) FROM "{quoted}"').fetchall()  # noqa: S608
            counts[name] = rows
    made = db.execute("SELECT app || '.' || name FROM django_migrations ORDER BY id").fetchall()
    return Dump(counts, tuple(name for (name,) in made))

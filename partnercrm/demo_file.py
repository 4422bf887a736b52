"""The SQLite file of the demo book, which ``up`` alone makes.

The book's passwords are public, so it goes into no database that was there before: it is made
in a file of its own, marked in the file's header, and moved to its place when it is whole.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connections

# SQLite keeps this number for the application; it goes wherever the file goes.
APPLICATION_ID = int.from_bytes(b"PCdm", "big")


def may_be_made(path: Path) -> bool:
    """Whether nothing is there, or an empty file, such as looking for a database leaves behind."""
    return not path.exists() or path.stat().st_size == 0


def holds_demo(path: Path) -> bool:
    """Whether ``up`` made this file as a demo book."""
    if may_be_made(path):
        return False
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        (number,) = database.execute("PRAGMA application_id").fetchone()
    return bool(number == APPLICATION_ID)


def make(path: Path, fill: Callable[[], None]) -> None:
    """Call ``fill`` with Django's database set to a new file, and move that to ``path``.

    A stop in the middle leaves ``path`` as it was. FileExistsError where something is there.
    """
    unfinished = path.with_name(path.name + ".unfinished")
    remove(unfinished)
    with database_at(unfinished):
        fill()
    with closing(sqlite3.connect(unfinished)) as database:
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if not may_be_made(path):
        raise FileExistsError(path)
    os.replace(unfinished, path)


def remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@contextmanager
def database_at(path: Path) -> Iterator[None]:
    """Let Django's default database be another SQLite file for a while."""
    connection = connections["default"]
    connection.close()
    usual = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(path)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual

"""A second, empty database beside the one of the tests, and a way to look into it."""

from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from backups.services import back_up, pointed_at, restore


@contextmanager
def server():
    """The maintenance database, to make and drop others."""
    given = connection.settings_dict
    with psycopg.connect(
        dbname="postgres",
        user=given["USER"] or None,
        password=given["PASSWORD"] or None,
        host=given["HOST"] or None,
        port=given["PORT"] or None,
        autocommit=True,
    ) as db:
        yield db


@pytest.fixture
def elsewhere(transactional_db, tmp_path):
    """The name of an empty database of its own, dropped afterwards."""
    if connection.vendor == "sqlite":
        yield str(tmp_path / "elsewhere.sqlite3")
        return
    name = f"test_elsewhere_{uuid4().hex[:12]}"
    with server() as db:
        db.execute(f'CREATE DATABASE "{name}"')
        yield name
        db.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def backup(transactional_db, tmp_path):
    """Makes a backup of the database of the tests; answers its path."""

    def backup():
        path = tmp_path / "backup.tar"
        back_up(path=path, now=timezone.now())
        return path

    return backup


@pytest.fixture
def restored(elsewhere):
    """`with restored(path) as done: ...` looks into the other database, where it was restored."""

    @contextmanager
    def restored(path, replace=False):
        with pointed_at(elsewhere):
            yield restore(path=path, replace=replace, now=timezone.now())

    return restored

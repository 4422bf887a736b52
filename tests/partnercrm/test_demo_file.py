import sqlite3
from contextlib import closing

import pytest
from django.db import ConnectionHandler

from partnercrm import demo_file


def fill():
    with demo_file.connections["default"].cursor() as cursor:
        cursor.execute("CREATE TABLE book (partner TEXT)")


def tables(path):
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT name FROM sqlite_master").fetchall()


@pytest.fixture
def path(tmp_path, monkeypatch, django_db_blocker):
    """Where the file belongs, with a Django whose usual database is another one."""
    usual = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "usual.sqlite3")}
    handler = ConnectionHandler({"default": usual})
    monkeypatch.setattr(demo_file, "connections", handler)
    with django_db_blocker.unblock():
        yield tmp_path / "partnercrm.sqlite3"
    handler.close_all()


def test_demo_file_is_made_whole_and_known_again(path):
    demo_file.make(path, fill)
    assert tables(path) == [("book",)]
    assert demo_file.holds_demo(path)
    assert [file.name for file in path.parent.iterdir()] == ["partnercrm.sqlite3"]


def test_demo_file_stopped_in_the_middle_leaves_nothing(path):
    def stop():
        fill()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo_file.make(path, stop)
    assert demo_file.may_be_made(path)
    demo_file.make(path, fill)
    assert tables(path) == [("book",)]


def test_demo_file_takes_no_place_that_is_taken(path):
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE own (partner TEXT)")
    with pytest.raises(FileExistsError):
        demo_file.make(path, fill)
    assert tables(path) == [("own",)]
    assert not demo_file.holds_demo(path)


def test_empty_file_counts_as_nothing(path):
    path.touch()
    assert demo_file.may_be_made(path)
    assert not demo_file.holds_demo(path)


def test_django_uses_its_usual_database_again(path):
    usual = demo_file.connections["default"].settings_dict["NAME"]
    demo_file.make(path, fill)
    assert demo_file.connections["default"].settings_dict["NAME"] == usual

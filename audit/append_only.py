"""Rows that stay as they were written: the database itself refuses to change or to delete them.

By triggers, so that no page, admin, shell or ORM gets past. They are made after each `migrate`, as
a migration that rebuilds a table on SQLite drops the triggers with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate


@dataclass(frozen=True)
class Keeping:
    """How the rows of one table are kept.

    `deletable_when` holds, by the vendor of the database, the SQL under which a row may go all the
    same; it calls the row OLD. Without it none may. `keeps_deletes` False refuses changes alone.
    """

    table: str
    keeps_deletes: bool = True
    deletable_when: Mapping[str, str] = field(default_factory=dict)


_kept: dict[str, Keeping] = {}


def keep_as_written(
    label: str, *, keeps_deletes: bool = True, deletable_when: Mapping[str, str] | None = None
) -> None:
    """Keep the rows of this model, such as "ledger.Line", from their app's `ready` on."""
    model = apps.get_model(label)
    table = model._meta.db_table
    _kept[table] = Keeping(table, keeps_deletes, deletable_when or {})
    post_migrate.connect(
        _install_of_app,
        sender=apps.get_app_config(model._meta.app_label),
        dispatch_uid=f"append_only.{model._meta.app_label}",
    )


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """The triggers that should be there and are not."""
    with connection.cursor() as cursor:
        cursor.execute(LISTS[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    wanted = {name for kept in _kept.values() for name in _names(kept, connection.vendor)}
    return sorted(wanted - there)


def install(connection: BaseDatabaseWrapper, tables: list[str] | None = None) -> None:
    """Make the triggers of these tables, or of all; those that are there are made anew."""
    with connection.cursor() as cursor:
        for kept in _kept.values():
            if tables is None or kept.table in tables:
                for statement in STATEMENTS[connection.vendor](kept):
                    cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take all triggers away: for a restore, and for tests that empty the tables."""
    with connection.cursor() as cursor:
        for kept in _kept.values():
            for name in _names(kept, connection.vendor):
                on = f" ON {kept.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def _install_of_app(sender: Any, using: str, **kwargs: Any) -> None:
    tables = [model._meta.db_table for model in sender.get_models()]
    connection = connections[using]
    there = set(connection.introspection.table_names())
    install(connection, [table for table in tables if table in there])


LISTS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def _names(kept: Keeping, vendor: str) -> list[str]:
    events = ["update"]
    if kept.keeps_deletes:
        events += ["delete", "truncate"] if vendor == "postgresql" else ["delete"]
    return [f"{kept.table}_keeps_{event}" for event in events]


def _sqlite(kept: Keeping) -> list[str]:
    refuse = f"SELECT RAISE(ABORT, '{kept.table}: rows are kept as they were written');"
    statements = []
    for event in ["update", "delete"] if kept.keeps_deletes else ["update"]:
        allowed = kept.deletable_when.get("sqlite") if event == "delete" else None
        when = f"WHEN NOT ({allowed}) " if allowed else ""
        name = f"{kept.table}_keeps_{event}"
        statements += [
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {kept.table} "
            f"FOR EACH ROW {when}BEGIN {refuse} END",
        ]
    return statements


def _postgresql(kept: Keeping) -> list[str]:
    events = ["update"]
    if kept.keeps_deletes:
        events += ["delete", "truncate"]
    statements = []
    for event in events:
        name = f"{kept.table}_keeps_{event}"
        allowed = kept.deletable_when.get("postgresql") if event == "delete" else None
        unless = f"IF {allowed} THEN RETURN OLD; END IF; " if allowed else ""
        each = "STATEMENT" if event == "truncate" else "ROW"
        statements += [
            # Its own function, as the condition of a trigger may not look into other tables.
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{unless}RAISE EXCEPTION '{kept.table}: rows are kept as they were written' "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$",
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {event.upper()} ON {kept.table} "
            f"FOR EACH {each} EXECUTE FUNCTION {name}()",
        ]
    return statements


STATEMENTS = {"sqlite": _sqlite, "postgresql": _postgresql}

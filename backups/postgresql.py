"""Copies of a PostgreSQL database by its own pg_dump, pg_restore and psql.

They get the address and the password in their environment, never on their command line.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from backups.dumps import LEFT_OUT, CannotCopy, Dump

# What libpq takes from the environment, by the name of the parameter.
IN_ENVIRONMENT = ["host", "port", "user", "password", "service", "options", "sslmode"]
IN_ENVIRONMENT += ["sslrootcert", "sslcert", "sslkey"]
LONGEST_COMPLAINT = 600
# A newer pg_restore begins with this setting, which servers before version 17 do not know.
UNKNOWN_TO_OLD_SERVERS = b"SET transaction_timeout"
LINES_OF_SETTINGS = 30

EMPTY_IT = """
BEGIN;
SET LOCAL lock_timeout = '30s';
DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DROP TABLE IF EXISTS public.%I CASCADE', one.name);
  END LOOP;
  FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype = 'trigger'::regtype
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', one.name);
  END LOOP;
END $$;
"""


def dump(connection: BaseDatabaseWrapper, to: Path) -> Dump:
    """Write one consistent copy; counts and dump read the same exported snapshot."""
    server = _server_of(connection)
    program = _program("pg_dump", server)
    with transaction.atomic(using=connection.alias, durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        [[snapshot]] = cursor.fetchall()
        found = _counted(cursor, server)
        arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--file={to}"]
        arguments += [f"--snapshot={snapshot}", f"--exclude-table-data=public.{LEFT_OUT}"]
        _run([program, *arguments], connection)
    to.chmod(0o600)
    return found


def load(
    connection: BaseDatabaseWrapper, copy: Path, counts: Mapping[str, int], then: sql.Composable
) -> None:
    """Put the copy in the place of what is there, count it, and do `then`, in one transaction.

    `then` is SQL that names its tables with their schema. Raises CannotCopy, and nothing has
    changed then.
    """
    server = _server_of(connection)
    reading, writing = _program("pg_restore", server), _program("psql", server)
    with connection.cursor() as cursor:
        end = sql.SQL("\n").join([_hold(counts), then, sql.SQL("COMMIT;\n")])
        last = end.as_string(cursor.connection).encode()
    connection.close()
    with tempfile.TemporaryFile() as complaints:
        _pipe(
            [reading, "--no-owner", "--no-privileges", "--file=-", str(copy)],
            [writing, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"],
            last,
            _environment(connection),
            complaints,
        )


def _pipe(
    reading: Sequence[str],
    writing: Sequence[str],
    last: bytes,
    environment: dict[str, str],
    complaints: IO[bytes],
) -> None:
    """Only when all of the copy was read is the transaction ended; else psql goes without it."""
    quiet: dict[str, Any] = {"env": environment, "stderr": complaints}
    into = subprocess.Popen(writing, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, **quiet)
    out = subprocess.Popen(reading, stdout=subprocess.PIPE, **quiet)
    try:
        if into.stdin is None or out.stdout is None:
            raise CannotCopy("The programs of PostgreSQL cannot be talked to.")
        into.stdin.write(EMPTY_IT.encode())
        pass_on(out.stdout, into.stdin)
        whole = out.wait() == 0
        if whole:
            into.stdin.write(last)
        into.stdin.close()
        done = into.wait() == 0 and whole
    except BrokenPipeError:
        done = False
    finally:
        for child in (out, into):
            if child.poll() is None:
                child.kill()
            child.wait()
            for end in (child.stdin, child.stdout):
                _close(end)
    if not done:
        raise CannotCopy(f"Nothing was restored. PostgreSQL says: {_read(complaints)}")


def pass_on(script: IO[bytes], into: IO[bytes]) -> None:
    """Copy all but what an older server would stop at; only the settings at its head are read."""
    for _ in range(LINES_OF_SETTINGS):
        line = script.readline()
        if not line.startswith(UNKNOWN_TO_OLD_SERVERS):
            into.write(line)
    shutil.copyfileobj(script, into)


def _close(end: IO[bytes] | None) -> None:
    try:
        if end is not None:
            end.close()
    except BrokenPipeError:
        # What was left to write has no reader any more.
        return


def _read(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    return complaints.read(LONGEST_COMPLAINT).decode(errors="replace").strip()


def _hold(counts: Mapping[str, int]) -> sql.Composable:
    """Ends the transaction with an error where a table holds other rows than it should."""
    checks = [
        sql.SQL(
            "IF (SELECT count(*) FROM public.{table}) <> {rows} THEN "
            "RAISE EXCEPTION USING MESSAGE = {words}; END IF;"
        ).format(
            table=sql.Identifier(table),
            rows=sql.Literal(rows),
            words=sql.Literal(f"the rows of {table} do not agree with the backup"),
        )
        for table, rows in sorted(counts.items())
    ]
    return sql.SQL("DO $counts$ BEGIN {} END $counts$;").format(sql.SQL(" ").join(checks))


def _counted(cursor: Any, server: int) -> Dump:
    cursor.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> %s "
        "ORDER BY tablename",
        [LEFT_OUT],
    )
    counts = {}
    for (table,) in cursor.fetchall():
        asked = sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(table))
        cursor.execute(asked)
        [[counts[table]]] = cursor.fetchall()
    cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY id")
    return Dump(counts, tuple(name for (name,) in cursor.fetchall()), server)


def _server_of(connection: BaseDatabaseWrapper) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        [[number]] = cursor.fetchall()
    return int(number) // 10000


def _program(name: str, server: int) -> str:
    """Where the program is; CannotCopy where it is missing or older than the server."""
    found = shutil.which(name)
    if found is None:
        raise CannotCopy(
            f"{name} is not installed here. Install PostgreSQL's client programs, version {server} "
            "or newer (Debian: postgresql-client)."
        )
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"\s(\d+)", said)
    if version is None or int(version[1]) < server:
        raise CannotCopy(
            f"{name} is too old: it is version {version[1] if version else 'unknown'}, and the "
            f"server is version {server}. Install PostgreSQL's client programs of version {server}."
        )
    return found


def _run(command: Sequence[str], connection: BaseDatabaseWrapper) -> None:
    environment = _environment(connection)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotCopy(f"pg_dump says: {done.stderr[:LONGEST_COMPLAINT].strip()}")


def _environment(connection: BaseDatabaseWrapper) -> dict[str, str]:
    given = connection.get_connection_params()
    found = {f"PG{name.upper()}": str(given[name]) for name in IN_ENVIRONMENT if given.get(name)}
    return {**os.environ, **found, "PGDATABASE": str(given["dbname"])}

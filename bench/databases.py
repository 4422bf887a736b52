"""A database of its own, which is gone afterwards. Knows no Django: its settings need the URL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


@contextmanager
def own_database(server: str, folder: str) -> Iterator[str]:
    """The URL of a new database: a file in `folder` for "sqlite", else one on that server."""
    if server.startswith("sqlite"):
        yield f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        return
    name = f"partnercrm_bench_{os.getpid()}"
    made, dropped = "CREATE DATABASE {}", "DROP DATABASE IF EXISTS {} WITH (FORCE)"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(made).format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(sql.SQL(dropped).format(sql.Identifier(name)))

"""Measure a page on a book that is made up for it: `python -m bench branch --help`.

Makes a database of its own, on the PostgreSQL server of DATABASE_URL or of `--database`
(`--database sqlite` for a file), and drops it in the end. All else is the command's.
"""

import base64
import os
import secrets
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from django.core.management import execute_from_command_line

from bench.databases import own_database

DEFAULT_SERVER = "postgres://postgres@127.0.0.1:5432/postgres"


def main(arguments: list[str]) -> None:
    parser = ArgumentParser(add_help=False)
    parser.add_argument("--database", default=os.environ.get("DATABASE_URL", DEFAULT_SERVER))
    server = parser.parse_known_args(arguments)[0].database
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        own_database(server, folder) as url,
    ):
        os.environ.update(_settings(url, Path(folder)))
        execute_from_command_line(["bench", *arguments])


def _settings(url: str, folder: Path) -> dict[str, str]:
    """Those of a server, with keys that nobody knows; the queue is not asked."""
    return {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": url,
        "DEBUG": "false",
        "DEMO": "false",
        "SITE_URL": "http://127.0.0.1",
        "SECRET_KEY": secrets.token_hex(32),
        "BORROWER_KEYS": base64.b64encode(secrets.token_bytes(32)).decode("ascii"),
        "REDIS_URL": "redis://127.0.0.1:1",
        "BENCH_STATIC": str(folder / "static"),
    }


if __name__ == "__main__":
    main(sys.argv[1:])

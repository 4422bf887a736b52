"""Reading the environment, with a sentence for what makes no sense.

What each variable means stands in `.env.example`.
"""

import base64
import re
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from partnercrm import embedded

env = environ.Env()

KEY_BYTES = 32


def refuse(sentence: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{sentence} See .env.example.")


def flag(name: str) -> bool:
    text = env.str(name, default="false").strip().lower()
    if text not in {"true", "false", "1", "0", "yes", "no", ""}:
        raise refuse(f"{name} must be true or false, and is {text!r}.")
    return text in {"true", "1", "yes"}


def count(name: str) -> int:
    """A whole number from 0 on; 0 where it is not set."""
    text = env.str(name, default="").strip() or "0"
    if not text.isascii() or not text.isdigit():
        raise refuse(f"{name} must be a whole number such as 1, and is {text!r}.")
    return int(text)


def host_names(name: str, default: list[str]) -> list[str]:
    """Names without scheme or port, with commas; a leading dot stands for all names below."""
    hosts = [host.strip() for host in env.str(name, default="").split(",") if host.strip()]
    for host in hosts:
        if not re.fullmatch(r"\*|\.?[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]", host):
            raise refuse(f"{name} must hold names such as crm.example.com, not {host!r}.")
    return hosts or default


def secret(name: str, file_name: str) -> str:
    """A secret from the environment, else from the file that `manage.py up` made."""
    value = env.str(name, default="") or embedded.secret(file_name)
    if not value:
        raise refuse(f"{name} is not set, and `python3 manage.py up` has not made one yet.")
    return value


def keys(name: str, file_name: str) -> list[str]:
    """AES keys in base64, with commas, the newest first."""
    found = [key.strip() for key in secret(name, file_name).split(",") if key.strip()]
    for key in found:
        try:
            size = len(base64.b64decode(key, validate=True))
        except ValueError:
            size = 0
        if size != KEY_BYTES:
            # The key itself is not shown: this sentence may end in a log.
            raise refuse(f"{name} must hold keys of {KEY_BYTES} bytes in base64, with commas.")
    return found


def database(name: str) -> dict[str, Any]:
    """Django's description of the database of this URL, or of the embedded one without it."""
    url = env.str(name, default="")
    if not url:
        # Not by a URL, in which a folder's "#" or "%" would mean something else.
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(embedded.database_path())}
    if not url.startswith(("postgres://", "postgresql://", "sqlite:///")):
        raise refuse(f"{name} must begin with postgres:// or sqlite:///.")
    return dict(env.db_url_config(url))


# The encryption of each scheme, and the port where the address names none.
MAIL_SCHEMES = {
    "smtp": ("", 25),
    "smtp+tls": ("EMAIL_USE_TLS", 587),
    "smtp+ssl": ("EMAIL_USE_SSL", 465),
    "smtps": ("EMAIL_USE_SSL", 465),
}


def email(name: str) -> dict[str, Any]:
    """Django's settings for a mail server from its URL; empty where it is not set."""
    url = env.str(name, default="").strip()
    if not url:
        return {}
    try:
        server = urlsplit(url)
        encryption, usual_port = MAIL_SCHEMES[server.scheme]
        port = server.port or usual_port
    except (KeyError, ValueError):
        server = urlsplit("")
    if not server.hostname or server.path.strip("/") or server.query:
        # Not with the address in it: it holds a password, and this sentence may end in a log.
        raise refuse(f"{name} must be an address such as smtp+tls://user:password@host:587.")
    return {
        "EMAIL_BACKEND": "mailing.backends.SmtpBackend",
        "EMAIL_HOST": server.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(server.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(server.password or ""),
        **({encryption: True} if encryption else {}),
    }

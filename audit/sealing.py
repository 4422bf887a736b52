"""How the record is held together: a proof of each event, and a chain of links over the proofs.

An event's proof tells whether the event is as it was written, wherever it stands. A link is made of
the link before it too, so that none can be taken out, put in or moved without its key. Both are
HMAC-SHA256 of a canonical form.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

# What the first link stands on.
NOTHING_BEFORE = ""


@dataclass(frozen=True)
class Deed:
    """What an event says, without its number: two events that changed places keep their proofs."""

    at: datetime
    actor_id: int | None
    action: str
    target_type: str
    target_id: str
    fields: Sequence[str]
    detail: dict[str, Any]


@dataclass(frozen=True)
class Link:
    """One seal, without its own code."""

    number: int
    event_id: int
    key_id: str
    proof: str
    sealed_at: datetime


@cache
def keyring(texts: tuple[str, ...]) -> dict[str, bytes]:
    """Each key by its id, the newest first; the settings refuse what is no key."""
    keys = [base64.b64decode(text) for text in texts]
    return {hashlib.sha256(key).hexdigest()[:8]: key for key in keys}


def proof_of(key: bytes, deed: Deed) -> str:
    """The proof that an event is as it was written."""
    said = [deed.actor_id, deed.action, deed.target_type, deed.target_id, deed.fields, deed.detail]
    return _mac(key, ["event", _moment(deed.at), *said])


def mac_of(key: bytes, link: Link, previous: str) -> str:
    """The code of a link behind the one whose code is `previous`."""
    said = [link.number, link.event_id, link.key_id, link.proof, _moment(link.sealed_at)]
    return _mac(key, ["link", *said, previous])


def _moment(at: datetime | None) -> str:
    # None is what SQLite gives for a time that was changed into something else.
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else ""


def _mac(key: bytes, said: list[Any]) -> str:
    text = json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, text.encode(), "sha256").hex()

"""The kinds of e-mail: each app registers its own in `AppConfig.ready`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mailing.models import Delivery


@dataclass(frozen=True)
class Mail:
    """What one e-mail says. `html`, if any, says the same as `text`."""

    subject: str
    text: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    # Where it goes instead of to the person's address: a notice about that address itself.
    to: str = ""


@dataclass(frozen=True)
class Suppressed:
    """There is nothing to send after all; `reason` says why in a sentence."""

    reason: str


@dataclass(frozen=True)
class MailKind:
    """One kind of e-mail.

    `render(delivery, now)` is called when the mail is sent, so it shows what its reader may see at
    that moment. It reads and never writes: a mail that is tried again is rendered again.
    """

    name: str  # stands in Delivery.kind
    label: str  # for people: "Daily digest"
    render: Callable[[Delivery, datetime], Mail | Suppressed]
    # Whether a mail that may have left already is sent once more, with the same Message-ID.
    resend_uncertain: bool = False
    is_digest: bool = False


_kinds: dict[str, MailKind] = {}


def register(kind: MailKind) -> None:
    """Make a kind known; ValueError where its name is taken."""
    if kind.name in _kinds:
        raise ValueError(f"There is a kind of e-mail named {kind.name} already.")
    _kinds[kind.name] = kind


def kind_of(name: str) -> MailKind:
    """The kind of this name; LookupError where no app has registered it."""
    return _kinds[name]


def all_kinds() -> list[MailKind]:
    return list(_kinds.values())

"""One thing to do with a partner as a line with its buttons: what, why, by when, and where to."""

from urllib.parse import urlencode

from django.urls import reverse

from interactions.models import Kind, Purpose
from partners.models import Partner
from touches.kinds import TouchKind

# What a person most likely logs for a touch: the first way that the partner left open.
LOGGED_AS: dict[TouchKind, tuple[Kind, ...]] = {
    TouchKind.PERSONAL_CALL: (Kind.CALL,),
    TouchKind.IN_PERSON: (Kind.COFFEE,),
    TouchKind.HANDWRITTEN_NOTE: (Kind.NOTE,),
    TouchKind.REVIEW: (Kind.MEETING,),
    TouchKind.FOCUS_CONVERSATION: (Kind.CALL, Kind.COFFEE),
    TouchKind.FOCUS_IN_PERSON: (Kind.COFFEE,),
    TouchKind.VALUE_GIVEN: (Kind.EMAIL, Kind.CALL, Kind.MEETING),
    TouchKind.LIGHT_TOUCH: (Kind.TEXT, Kind.EMAIL, Kind.SOCIAL),
    TouchKind.PERSONAL_TOUCH: (Kind.CALL, Kind.EMAIL, Kind.TEXT, Kind.COFFEE),
    TouchKind.FIRST_TOUCH: (Kind.CALL, Kind.EMAIL, Kind.TEXT, Kind.COFFEE),
    TouchKind.THANKS: (Kind.CALL, Kind.EMAIL, Kind.TEXT, Kind.NOTE, Kind.COFFEE),
    TouchKind.PREPARE: (Kind.NOTE,),
    TouchKind.CONGRATULATE: (Kind.CALL,),
}
ASKED_OF: dict[TouchKind, dict[str, str]] = {
    TouchKind.THANKS: {"purpose": Purpose.GRATITUDE},
    TouchKind.REVIEW: {"was_review": "on"},
    TouchKind.VALUE_GIVEN: {"gave_value": "on"},
}
TOUCH_ICONS: dict[TouchKind, str] = {
    TouchKind.STEP: "list-checks",
    TouchKind.PERSONAL_CALL: "phone",
    TouchKind.IN_PERSON: "coffee",
    TouchKind.HANDWRITTEN_NOTE: "pen-line",
    TouchKind.REVIEW: "clipboard-list",
    TouchKind.FOCUS_CONVERSATION: "message-circle",
    TouchKind.FOCUS_IN_PERSON: "coffee",
    TouchKind.VALUE_GIVEN: "lightbulb",
    TouchKind.LIGHT_TOUCH: "send",
    TouchKind.PERSONAL_TOUCH: "phone",
    TouchKind.FIRST_TOUCH: "sprout",
    TouchKind.THANKS: "heart-handshake",
    TouchKind.PREPARE: "mail-plus",
    TouchKind.CONGRATULATE: "cake",
}
FINISHED_BY_HAND = {TouchKind.STEP, TouchKind.PREPARE, TouchKind.CONGRATULATE}


def log_address(partner: Partner, kind: TouchKind, back: str) -> str:
    """The quick log, filled in as far as the touch says; `back` is where it leads afterwards."""
    query = {"partner": str(partner.pk), **ASKED_OF.get(kind, {})}
    if kind in LOGGED_AS:
        query["kind"] = _open_way(partner, LOGGED_AS[kind])
    return f"{reverse('quick_log')}?{urlencode({**query, 'next': back})}"


def _open_way(partner: Partner, ways: tuple[Kind, ...]) -> Kind:
    closed = {
        Kind.CALL: partner.no_calls,
        Kind.TEXT: partner.no_texts,
        Kind.EMAIL: partner.no_emails,
        Kind.NOTE: partner.no_mail,
    }
    return next((way for way in ways if not closed.get(way)), ways[-1])

"""What a person most likely logs for a planned touch, as a query that fills in the quick log."""

from urllib.parse import urlencode

from interactions.models import Kind, Purpose
from partners.models import Partner
from touches.kinds import TouchKind

# The first way that the partner left open.
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


def log_query(partner: Partner, kind: TouchKind, **more: str) -> str:
    """Such as "partner=7&kind=call": the partner, the way, and what else completes the touch."""
    query = {"partner": str(partner.pk), **ASKED_OF.get(kind, {})}
    if kind in LOGGED_AS:
        query["kind"] = _open_way(partner, LOGGED_AS[kind])
    return urlencode({**query, **more})


def _open_way(partner: Partner, ways: tuple[Kind, ...]) -> Kind:
    closed = {
        Kind.CALL: partner.no_calls,
        Kind.TEXT: partner.no_texts,
        Kind.EMAIL: partner.no_emails,
        Kind.NOTE: partner.no_mail,
    }
    return next((way for way in ways if not closed.get(way)), ways[-1])

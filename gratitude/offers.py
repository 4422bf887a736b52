"""The ledger lines that an event or a co-branded piece begins: filled in as far as it tells."""

from typing import Any

from accounts.models import User
from gratitude.models import Event, EventKind, Piece
from gratitude.shares import Side, percent_of_cost
from ledger.kinds import Kind, Way

CLASSES = {EventKind.CLASS, EventKind.LUNCH_AND_LEARN}


def said_of_event(event: Event, user: User) -> dict[str, Any]:
    """With the partners who came, of those with whom this person works; what it cost is asked."""
    came = event.invitations.workable_by(user).filter(came=True).order_by("pk")
    return {
        "way": Way.GIVEN.value,
        "kind": (Kind.CLASS if event.kind in CLASSES else Kind.EVENT_PLACE).value,
        "day": event.day.isoformat(),
        "description": event.name,
        "ground": event.invited,
        "ground_words": event.invited_words,
        "partners": list(came.values_list("partner_id", flat=True)),
    }


def said_of_piece(piece: Piece, user: User) -> dict[str, Any]:
    """With both sides' shares and what we pay."""
    ours = percent_of_cost(Side(piece.our_share, piece.our_cost), piece.total_cost)
    sides = piece.sides.visible_to(user).order_by("pk")
    return {
        "way": Way.GIVEN.value,
        "kind": Kind.MARKETING.value,
        "day": piece.starts_on.isoformat(),
        "description": piece.name,
        "cost": str(piece.our_cost),
        "share_of_piece": str(piece.our_share),
        "share_of_cost": "" if ours is None else str(ours),
        "partners": list(sides.values_list("partner_id", flat=True)),
    }

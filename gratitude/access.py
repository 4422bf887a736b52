"""Who changes an event or a piece, and for whom a person hosts it.

Who sees one: `visible_to` of their querysets. The officer whose event it is, and who works for
them, change it; colleagues who host it too invite and log their own partners.
"""

from accounts.access import access_to
from accounts.models import User
from gratitude.models import Event, Piece


def may_change(user: User, it: Event | Piece) -> bool:
    return access_to(user, it.officer).works


def host_for(user: User, event: Event) -> User | None:
    """The host for whom this person works at an event: its officer, or else a colleague."""
    hosts = [event.officer, *event.colleagues.all()]
    # Oneself before those whom one helps.
    hosts.sort(key=lambda host: host.pk != user.pk)
    return next((host for host in hosts if access_to(user, host).works), None)

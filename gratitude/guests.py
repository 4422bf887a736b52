"""Who is invited to an event and who came, as one person may see it."""

from dataclasses import dataclass

from accounts.access import access_to
from accounts.models import User
from gratitude.models import Event, Invitation
from gratitude.services import kind_logged
from interactions.models import DEFAULT_MINUTES
from ledger.models import Ground

# How each guest was chosen, in a word.
GROUNDS = {
    Ground.ALL_LOCAL: "as everybody of a kind in the area",
    Ground.WHOLE_OFFICE: "with their whole office",
    Ground.PUBLIC: "open to the public",
    Ground.NAMED_FEW: "by name",
}


@dataclass(frozen=True)
class Guest:
    invitation: Invitation
    # Whether this person ticks and logs them.
    works: bool

    @property
    def came(self) -> bool:
        return self.invitation.came is True

    @property
    def is_logged(self) -> bool:
        return self.invitation.interaction_id is not None

    @property
    def asked_us_to_stop(self) -> bool:
        return self.invitation.partner.do_not_contact

    @property
    def is_left_in_peace(self) -> bool:
        return self.invitation.partner.is_left_in_peace


@dataclass(frozen=True)
class Guests:
    lines: list[Guest]
    # Guests of other people, whom this person does not see.
    others: int
    others_who_came: int
    # What the form of the log proposes.
    minutes: int

    @property
    def invited(self) -> int:
        return self.others + sum(not line.invitation.walked_in for line in self.lines)

    @property
    def came(self) -> int:
        return self.others_who_came + sum(line.came for line in self.lines)

    @property
    def to_log(self) -> int:
        return sum(line.works and line.came and not line.is_logged for line in self.lines)


def guests_of(event: Event, user: User) -> Guests:
    """In two queries, whatever their number."""
    rows = list(event.invitations.visible_to(user).for_list())
    hidden = event.invitations.exclude(pk__in=[row.pk for row in rows])
    came = list(hidden.values_list("came", flat=True))
    logged = any(row.interaction_id for row in rows)
    return Guests(
        lines=[Guest(row, access_to(user, row.partner.owner).works) for row in rows],
        others=len(came),
        others_who_came=sum(one is True for one in came),
        # The time of an event is shared among the first who are logged: late-comers cost no more.
        minutes=0 if logged else DEFAULT_MINUTES[kind_logged(event)],
    )

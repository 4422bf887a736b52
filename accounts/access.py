"""Who may do what with whose partners: the grants, once as a filter and once as an answer.

| grant         | sees the partners of | works with | decides about | sees conduct of |
|---------------|----------------------|------------|---------------|-----------------|
| any person    | themselves           | the same   | the same      | the same        |
| assistant     | officers they assist | the same   | none          | none            |
| stand-in      | who is absent        | the same   | none          | none            |
| manager       | their branches       | the same   | the same      | the same        |
| administrator | everybody            | none       | none          | none            |
| compliance    | nobody               | none       | none          | none            |

To work is to log, to plan and to edit; to decide is to override a tier, to archive, and
to take back what was logged.
"""

from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Role, User

NOBODY = Q(pk__in=[])
# They work for an officer whom their grant names.
HELPERS = {Role.ASSISTANT, Role.STAND_IN}


@dataclass(frozen=True)
class Access:
    """What one person may do with the partners of one owner."""

    sees: bool
    works: bool
    decides: bool
    sees_conduct: bool


def access_to(user: User, owner: User) -> Access:
    decides = owner.pk == user.pk or (
        owner.branch_id is not None and owner.branch_id in _managed_branches(user)
    )
    works = decides or owner.pk in _helped_officers(user)
    sees = works or user.has_role(Role.ADMINISTRATOR)
    return Access(sees=sees, works=works, decides=decides, sees_conduct=decides)


def seen_by(user: User, owner: str = "owner") -> Q:
    """A filter for rows whose partner this person sees; `owner` is the path to its owner."""
    if user.is_authenticated and user.has_role(Role.ADMINISTRATOR):
        return Q()
    return worked_by(user, owner)


def worked_by(user: User, owner: str = "owner") -> Q:
    """A filter for rows with whose partners this person works: logs, plans and edits."""
    if not user.is_authenticated:
        return NOBODY
    officers = _helped_officers(user)
    decided = decided_by(user, owner)
    return decided | Q(**{f"{owner}__in": officers}) if officers else decided


def decided_by(user: User, owner: str = "owner") -> Q:
    """A filter for rows about whose partners this person decides, and whose conduct they see."""
    if not user.is_authenticated:
        return NOBODY
    own = Q(**{owner: user.pk})
    branches = _managed_branches(user)
    return own | Q(**{f"{owner}__branch__in": branches}) if branches else own


def owners_seen_by(user: User) -> Q:
    """A filter for the people whose partners this person sees."""
    return Q() if user.has_role(Role.ADMINISTRATOR) else owners_worked_by(user)


def owners_worked_by(user: User) -> Q:
    """A filter for the people on whose behalf this person logs and plans."""
    return Q(pk=user.pk) | Q(pk__in=_helped_officers(user)) | Q(branch__in=_managed_branches(user))


def led_by(user: User, person: str = "") -> Q:
    """A filter for the people whom this person looks after: their page, roles and absences.

    Or for rows about them; `person` is the path to them then.
    """
    if user.has_role(Role.ADMINISTRATOR):
        return Q()
    branch = f"{person}__branch" if person else "branch"
    return Q(**{f"{branch}__in": _managed_branches(user)})


def leads(user: User, person: User) -> bool:
    """The same as an answer for one person."""
    return user.has_role(Role.ADMINISTRATOR) or person.branch_id in _managed_branches(user)


def absences_seen_by(user: User) -> Q:
    """A filter for absences: one's own, those of whom one leads, and where one stands in."""
    if user.has_role(Role.ADMINISTRATOR):
        return Q()
    return Q(officer=user.pk) | Q(user=user.pk) | Q(officer__branch__in=_managed_branches(user))


def _managed_branches(user: User) -> list[int]:
    return [
        grant.branch_id
        for grant in user.held_grants
        if grant.role == Role.MANAGER and grant.branch_id is not None
    ]


def _helped_officers(user: User) -> list[int]:
    return [
        grant.officer_id
        for grant in user.held_grants
        if grant.role in HELPERS and grant.officer_id is not None
    ]

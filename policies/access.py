"""Who reads which policy, and who changes it.

Everybody reads the company's and that of their own branch, and of those whose partners they see. A
manager changes that of the branches that they manage, an administrator that of the company.
"""

from django.db.models import Q, QuerySet

from accounts.access import owners_seen_by
from accounts.models import Branch, Role, User


def branches_read_by(user: User) -> QuerySet[Branch]:
    if user.has_role(Role.ADMINISTRATOR):
        return Branch.objects.all()
    people = User.objects.filter(owners_seen_by(user))
    managed = Q(pk__in=_managed_branches(user))
    return Branch.objects.filter(managed | Q(pk__in=people.order_by().values("branch")))


def may_change(user: User, branch_id: int | None) -> bool:
    """Whether they draft and publish policies for this branch, or (None) for the company."""
    if branch_id is None:
        return user.has_role(Role.ADMINISTRATOR)
    return branch_id in _managed_branches(user)


def changed_by(user: User) -> Q:
    """A filter for rows with a branch: those whose policy this person changes."""
    branches = Q(branch__in=_managed_branches(user))
    return branches | Q(branch=None) if may_change(user, None) else branches


def _managed_branches(user: User) -> list[int]:
    return [
        grant.branch_id
        for grant in user.held_grants
        if grant.role == Role.MANAGER and grant.branch_id is not None
    ]

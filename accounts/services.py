from django.db import transaction

from accounts.models import Branch, Grant, Role, User
from audit.services import record


def add_person(
    *,
    actor: User | None,
    email: str,
    name: str,
    role: Role,
    time_zone: str = "",
    branch: str = "",
    officer: User | None = None,
) -> User:
    """Add a person with one grant; a branch that does not exist yet is made. Recorded.

    The person has no password: they set one by "Forgot your password?" on the sign-in page.
    For a manager `branch` is also the branch that they manage. Raises ValidationError.
    """
    with transaction.atomic():
        home = Branch.objects.get_or_create(name=branch)[0] if branch else None
        zone = {"time_zone": time_zone} if time_zone else {}
        user = User.objects.create_user(email, name=name, branch=home, **zone)
        grant = Grant(
            user=user,
            role=role,
            branch=home if role == Role.MANAGER else None,
            officer=officer if role == Role.ASSISTANT else None,
        )
        grant.full_clean()
        grant.save()
        record(actor=actor, action="user.added", target=user, role=role)
    return user

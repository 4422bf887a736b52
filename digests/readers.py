"""Who gets which kind of digest: those for whom it could say anything."""

from collections.abc import Callable

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Grant, Role, User
from digests.kinds import DAILY, MONDAY
from partners.models import Partner


def with_own_partners() -> QuerySet[User]:
    """Active people with active partners of their own: nobody else has anything due."""
    book = Partner.objects.active().filter(owner=OuterRef("pk"))
    return User.objects.active().filter(Exists(book)).order_by("pk")


def managing_partners() -> QuerySet[User]:
    """Active managers of a branch with active partners."""
    book = Partner.objects.active().filter(owner__branch=OuterRef("branch"))
    managed = Grant.objects.in_force().filter(Exists(book), user=OuterRef("pk"), role=Role.MANAGER)
    return User.objects.active().filter(Exists(managed)).order_by("pk")


READERS: dict[str, Callable[[], QuerySet[User]]] = {
    DAILY: with_own_partners,
    MONDAY: managing_partners,
}

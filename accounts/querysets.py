from datetime import datetime
from typing import Any

from django.contrib.auth.models import BaseUserManager
from django.db import models, transaction
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Now

from audit.services import record


class UserQuerySet(models.QuerySet):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def by_email(self, email: str) -> "UserQuerySet":
        return self.filter(email=email.strip().lower())

    def search(self, text: str) -> "UserQuerySet":
        """Every word must stand in the name or the e-mail address."""
        found = self
        for word in text.split():
            found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
        return found

    def for_list(self) -> "UserQuerySet":
        """With branch and, as `roles_now`, the grants in force: three queries however many."""
        grants = self.model.grants.rel.related_model.objects.in_force()  # type: ignore[attr-defined]
        scopes = grants.select_related("branch", "officer")
        return self.select_related("branch").prefetch_related(
            Prefetch("grants", scopes, to_attr="roles_now")
        )


class GrantQuerySet(models.QuerySet):
    def in_force(self) -> "GrantQuerySet":
        """Those that hold now, by the database's clock, which all processes share."""
        return self.filter(Q(ends_at__isnull=True) | Q(starts_at__lte=Now(), ends_at__gt=Now()))

    def standing(self) -> "GrantQuerySet":
        """Those that hold until somebody takes them away: roles, and no absences."""
        return self.exclude(role="stand_in").select_related("branch", "officer")

    def absences(self) -> "GrantQuerySet":
        """The stand-ins' grants, with who stands in (`user`) and who is away (`officer`)."""
        return self.filter(role="stand_in").select_related("user__branch", "officer__branch")

    def open_at(self, now: datetime) -> "GrantQuerySet":
        """Absences that last or are still to come, and were not taken back; the next first."""
        still = self.filter(ends_at__gt=now).filter(ends_at__gt=F("starts_at"))
        return still.order_by("starts_at", "id")

    def over_at(self, now: datetime) -> "GrantQuerySet":
        """Absences that are over, or were taken back before they began; the last first."""
        over = self.filter(Q(ends_at__lte=now) | Q(ends_at=F("starts_at")))
        return over.order_by("-starts_at", "-id")

    def overlapping(self, starts_at: datetime, ends_at: datetime) -> "GrantQuerySet":
        """Absences that share a moment with this span."""
        shared = self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
        return shared.filter(ends_at__gt=F("starts_at"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """What `createsuperuser` and allauth ask of a user model whose name is an e-mail address."""

    use_in_migrations = False

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Any:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Any:
        """The first person of an installation: an administrator, with no other power. Recorded."""
        with transaction.atomic():
            user = self.create_user(email, password, **fields)
            user.grants.create(role="administrator")
            record(actor=None, action="user.added", target=user, role="administrator")
        return user

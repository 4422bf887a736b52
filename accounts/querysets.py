from typing import Any

from django.contrib.auth.models import BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class UserQuerySet(models.QuerySet):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def by_email(self, email: str) -> "UserQuerySet":
        return self.filter(email=email.strip().lower())


class GrantQuerySet(models.QuerySet):
    def in_force(self) -> "GrantQuerySet":
        """Those that hold now, by the database's clock, which all processes share."""
        return self.filter(Q(ends_at__isnull=True) | Q(starts_at__lte=Now(), ends_at__gt=Now()))


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
        """The first person of an installation: an administrator, with no other power."""
        user = self.create_user(email, password, **fields)
        user.grants.create(role="administrator")
        return user

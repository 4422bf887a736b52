from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from accounts.querysets import GrantQuerySet, UserManager


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("Choose a time zone such as America/Chicago.")


def default_time_zone() -> str:
    return settings.TIME_ZONE


class Branch(models.Model):
    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "branches"

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser):
    """A person who signs in. Any person may own partners; the rest is in their grants."""

    email = models.EmailField(
        "e-mail",
        unique=True,
        error_messages={"unique": "A person with this e-mail address exists already."},
    )
    name = models.CharField(max_length=120)
    time_zone = models.CharField(
        max_length=64, default=default_time_zone, validators=[validate_time_zone]
    )
    branch = models.ForeignKey(
        Branch, on_delete=models.PROTECT, null=True, blank=True, related_name="people"
    )
    weekly_minutes = models.PositiveSmallIntegerField(
        "minutes a week for partners",
        default=600,
        validators=[MinValueValidator(30), MaxValueValidator(60 * 60)],
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="user_email_in_small_letters"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def held_grants(self) -> "list[Grant]":
        """The grants in force: one query a request, as most pages ask several times."""
        return list(self.grants.in_force())

    def has_role(self, role: "Role") -> bool:
        return any(grant.role == role for grant in self.held_grants)

    @property
    def needs_second_factor(self) -> bool:
        return any(grant.role in SECOND_FACTOR_ROLES for grant in self.held_grants)

    @property
    def sees_others(self) -> bool:
        """Whether lists may hold the partners of somebody else, so that they name the owner."""
        return any(grant.role in SEES_OTHERS for grant in self.held_grants)

    @property
    def leads(self) -> bool:
        """Whether they look after other people: a manager, or an administrator."""
        return self.has_role(Role.MANAGER) or self.has_role(Role.ADMINISTRATOR)

    @property
    def is_compliance(self) -> bool:
        return self.has_role(Role.COMPLIANCE)

    @property
    def sees_record(self) -> bool:
        """Whether they may search the record of who did what."""
        return self.has_role(Role.ADMINISTRATOR) or self.has_role(Role.COMPLIANCE)

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.pk])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def today(self, now: datetime) -> date:
        """The calendar day that it is for this person at `now` (aware)."""
        return now.astimezone(self.zone).date()

    # What Django's read-only admin asks.

    @property
    def is_staff(self) -> bool:
        return self.has_role(Role.ADMINISTRATOR)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_active and self.is_staff and perm.rpartition(".")[2].startswith("view_")

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff


class Role(models.TextChoices):
    OFFICER = "officer", "Loan officer"
    ASSISTANT = "assistant", "Assistant"
    STAND_IN = "stand_in", "Stand-in"
    MANAGER = "manager", "Branch manager"
    ADMINISTRATOR = "administrator", "Administrator"
    COMPLIANCE = "compliance", "Compliance"


# A stand-in's grant comes with an absence, and nobody gives it by itself.
GIVEN_ROLES = [role for role in Role if role != Role.STAND_IN]
SEES_OTHERS = {Role.ASSISTANT, Role.STAND_IN, Role.MANAGER, Role.ADMINISTRATOR}
SECOND_FACTOR_ROLES = {Role.MANAGER, Role.ADMINISTRATOR, Role.COMPLIANCE}


class Grant(models.Model):
    """One thing that a person may do; a person may have several.

    A manager's grant names a branch, and an assistant's or a stand-in's the officer for whom they
    work; the other roles have no such scope. A stand-in's holds for an absence alone, from one
    moment until another.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=16, choices=Role.choices)
    branch = models.ForeignKey(
        Branch, on_delete=models.CASCADE, null=True, blank=True, related_name="grants"
    )
    officer = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="helper_grants"
    )
    # Both null where it holds until somebody takes it away.
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(branch__isnull=True, officer__isnull=True),
                name="grant_once",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "branch"],
                condition=Q(branch__isnull=False),
                name="grant_once_a_branch",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "officer"],
                condition=Q(role=Role.ASSISTANT),
                name="grant_once_an_officer",
            ),
            models.UniqueConstraint(
                fields=["user", "officer", "starts_at"],
                condition=Q(role=Role.STAND_IN),
                name="grant_once_an_absence",
            ),
            models.CheckConstraint(
                condition=(
                    Q(role=Role.STAND_IN, starts_at__isnull=False, ends_at__isnull=False)
                    & Q(ends_at__gte=models.F("starts_at"))
                    | ~Q(role=Role.STAND_IN) & Q(starts_at__isnull=True, ends_at__isnull=True)
                ),
                name="grant_has_times_for_an_absence",
                violation_error_message="An absence has a first and a last day.",
            ),
            models.CheckConstraint(
                condition=Q(officer__isnull=True) | ~Q(officer=models.F("user")),
                name="grant_is_for_somebody_else",
                violation_error_message="Nobody assists or stands in for themselves.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(role=Role.MANAGER, branch__isnull=False, officer__isnull=True)
                    | Q(
                        role__in=[Role.ASSISTANT, Role.STAND_IN],
                        branch__isnull=True,
                        officer__isnull=False,
                    )
                    | Q(
                        role__in=[Role.OFFICER, Role.ADMINISTRATOR, Role.COMPLIANCE],
                        branch__isnull=True,
                        officer__isnull=True,
                    )
                ),
                name="grant_scope_fits_role",
                violation_error_message=(
                    "A manager's grant names a branch, an assistant's an officer, others neither."
                ),
            ),
        ]

    def __str__(self) -> str:
        scope = self.branch or self.officer
        return f"{self.get_role_display()} ({scope})" if scope else self.get_role_display()

    @property
    def first_day(self) -> date:
        """Of an absence: the first day, in the zone of who is away."""
        return self.starts_at.astimezone(self.officer.zone).date()  # type: ignore[union-attr]

    @property
    def last_day(self) -> date:
        """Of an absence: the last day on which the stand-in has something of it."""
        last = self.ends_at - timedelta(microseconds=1)  # type: ignore[operator]
        return last.astimezone(self.officer.zone).date()  # type: ignore[union-attr]

    @property
    def is_cancelled(self) -> bool:
        """Of an absence: whether it was taken back before it began."""
        return self.starts_at is not None and self.starts_at == self.ends_at

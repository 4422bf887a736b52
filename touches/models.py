import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from interactions.models import Interaction
from partners.models import Partner
from touches.kinds import KINDS, TouchKind
from touches.querysets import (
    FocusPlaceQuerySet,
    PlannedTouchQuerySet,
    PlaybookVersionQuerySet,
)

TOUCH_KINDS = [(str(kind), facts.label) for kind, facts in KINDS.items()]


class PlaybookVersion(models.Model):
    """The cadences that touches are planned by. A row never changes: an edit is a new row."""

    number = models.PositiveIntegerField(unique=True)
    rules = models.JSONField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)

    objects = PlaybookVersionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"play-book {self.number}"


class PlannedTouch(models.Model):
    """A touch that a person or a date planned; what a cadence alone asks for is no row.

    A person plans a next step, and snoozes or skips what a cadence asks for; a date plans an
    occasion and the first touches with a new partner.
    """

    # Of the form that planned it, so that a double submit plans once.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="planned_touches")
    kind = models.CharField(max_length=20, choices=TOUCH_KINDS, default=TouchKind.STEP)
    # What it comes once for: "birthday 2027", or the day of a first touch; blank elsewhere.
    occurrence = models.CharField(max_length=24, blank=True)
    # A step's own words; blank for the other kinds.
    what = models.CharField("next step", max_length=120, blank=True)
    due_on = models.DateField("by")
    # The first day on which a fitting interaction completes it; null where only a person can.
    opens_on = models.DateField(null=True, blank=True, editable=False)
    # Null where a date planned it.
    planned_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    planned_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    # The interaction that completed it; without it the touch opens again.
    done_with = models.ForeignKey(
        Interaction,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="completed_touches",
    )
    # The owner's day of the skip: a cadence starts anew from it.
    skipped_on = models.DateField(null=True, blank=True, editable=False)
    skipped_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    skip_reason = models.CharField(max_length=200, blank=True, editable=False)

    objects = PlannedTouchQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name_plural = "planned touches"
        indexes = [
            models.Index(
                fields=["partner", "due_on"],
                condition=Q(done_at__isnull=True, skipped_on__isnull=True),
                name="planned_touch_open",
            ),
            models.Index(
                fields=["partner", "kind", "-skipped_on"],
                condition=Q(skipped_on__isnull=False),
                name="planned_touch_skipped",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "partner", "kind"], name="planned_touch_once_a_form"
            ),
            models.UniqueConstraint(
                fields=["partner", "kind", "occurrence"],
                condition=~Q(occurrence=""),
                name="planned_touch_once_an_occurrence",
            ),
            models.UniqueConstraint(
                fields=["partner", "kind"],
                condition=Q(occurrence="", done_at__isnull=True, skipped_on__isnull=True)
                & ~Q(kind=TouchKind.STEP),
                name="planned_touch_one_open_a_cadence",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=list(TouchKind)), name="planned_touch_kind_is_listed"
            ),
            models.CheckConstraint(
                condition=Q(kind=TouchKind.STEP, planned_by__isnull=False) & ~Q(what="")
                | ~Q(kind=TouchKind.STEP) & Q(what=""),
                name="planned_touch_words_are_a_persons",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False, skipped_on__isnull=True),
                name="planned_touch_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(skipped_on__isnull=True, skipped_by__isnull=True, skip_reason="")
                | Q(skipped_on__isnull=False, skipped_by__isnull=False) & ~Q(skip_reason=""),
                name="planned_touch_skip_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what or self.get_kind_display()} by {self.due_on}"


class PlanningDay(models.Model):
    """The planning of one new day in one time zone: how far it came, and whether it ended."""

    time_zone = models.CharField(max_length=64)
    day = models.DateField()
    # The dates of all partners up to this key are planned for the day.
    planned_up_to = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["time_zone", "day"], name="planning_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} in {self.time_zone}"


class FocusWeek(models.Model):
    """The focus list of one officer for one week, chosen once: a later call does not shuffle it."""

    officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="focus_weeks")
    # A Monday, on the officer's calendar.
    starts_on = models.DateField()
    chosen_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["officer", "starts_on"], name="focus_week_once")
        ]

    def __str__(self) -> str:
        return f"{self.officer}, week of {self.starts_on}"


class FocusPlace(models.Model):
    """A place on a focus list, from a day until a day, with the reasons that gave it."""

    week = models.ForeignKey(FocusWeek, on_delete=models.PROTECT, related_name="places")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="focus_places")
    # 1 is the first; pinned partners stand where their score puts them.
    rank = models.PositiveSmallIntegerField()
    score = models.PositiveSmallIntegerField()
    # Codes of `touches.focus`, such as "rising_star".
    reasons = models.JSONField(default=list)
    starts_on = models.DateField()
    # The last day; the week's Sunday unless it was dropped before.
    ends_on = models.DateField()
    # Who put it there, and why; null where the score chose it.
    pinned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    pin_reason = models.CharField(max_length=200, blank=True)
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    drop_reason = models.CharField(max_length=200, blank=True)

    objects = FocusPlaceQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "id"]
        indexes = [
            models.Index(fields=["partner", "-ends_on"], name="focus_place_of_partner"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["week", "partner"],
                condition=Q(dropped_at__isnull=True),
                name="focus_place_once_a_week",
            ),
            models.CheckConstraint(
                condition=Q(pinned_by__isnull=True, pin_reason="")
                | Q(pinned_by__isnull=False) & ~Q(pin_reason=""),
                name="focus_place_pin_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True, dropped_by__isnull=True, drop_reason="")
                | Q(dropped_at__isnull=False, dropped_by__isnull=False) & ~Q(drop_reason=""),
                name="focus_place_drop_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.partner}"


class CalendarFeed(models.Model):
    """The secret address of one person's calendar; only a hash of the secret is kept."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_feed")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    last_read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"calendar of {self.user}"

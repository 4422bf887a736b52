from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from partners.models import Partner
from stepaway.querysets import ChoiceQuerySet, PlanQuerySet
from touches.models import PlannedTouch


class Way(models.TextChoices):
    TALK = "talk", "Talk first"
    STEP_AWAY = "step_away", "Step away"
    KEEP = "keep", "Keep"


class Choice(models.Model):
    """What a person chose for a partner whose verdict is Cease; private to owner and manager.

    For conduct a manager looks second; until then nothing of it begins but silence.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="step_away_choices")
    way = models.CharField(max_length=10, choices=Way.choices)
    reason = models.CharField(max_length=300)
    # The rule that proposed it, such as "X3", and since when that tier stands.
    rule = models.CharField(max_length=4, blank=True)
    tier_since = models.DateField(null=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    needs_second_look = models.BooleanField()
    looked_at = models.DateTimeField(null=True)
    looked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    agreed = models.BooleanField(null=True)
    look_note = models.CharField(max_length=300, blank=True)
    # The conversation that "talk first" planned.
    talk = models.OneToOneField(
        PlannedTouch, on_delete=models.PROTECT, null=True, related_name="talk_of"
    )

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["partner", "-id"], name="step_away_choice_of_partner")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="step_away_choice_has_reason"),
            models.CheckConstraint(
                condition=Q(looked_at__isnull=True, looked_by__isnull=True, agreed__isnull=True)
                | Q(looked_at__isnull=False, looked_by__isnull=False, agreed__isnull=False),
                name="step_away_choice_looked_at_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()}: {self.partner}"

    @property
    def waits(self) -> bool:
        """Whether a manager is still to look at it."""
        return self.needs_second_look and self.looked_at is None


class Outcome(models.TextChoices):
    ENDED = "ended", "We stay apart"
    RESUMED = "resumed", "We work together again"


class Plan(models.Model):
    """Stepping away from one partner, kindly, step by step, until somebody closes it."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="step_away_plans")
    choice = models.OneToOneField(Choice, on_delete=models.PROTECT, related_name="plan")
    opened_at = models.DateTimeField()
    # The owner's day.
    opened_on = models.DateField()
    # Minutes a week of the 90 days before: what it gives back.
    weekly_minutes = models.DecimalField(max_digits=6, decimal_places=1)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    closing_note = models.CharField(max_length=300, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"],
                condition=Q(closed_at__isnull=True),
                name="step_away_plan_one_open",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, outcome="")
                | Q(closed_at__isnull=False, closed_by__isnull=False, outcome__in=Outcome.values),
                name="step_away_plan_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"stepping away from {self.partner}"

    def get_absolute_url(self) -> str:
        return reverse("step_away", args=[self.partner_id])


class StepKind(models.TextChoices):
    FINISH_REFERRALS = "finish_referrals", "Finish the open referrals properly"
    MESSAGE = "message", "One short, kind message"
    DECLINE = "decline", "Decline the next request kindly"
    LOOK_AGAIN = "look_again", "Look again"


class PlanStep(models.Model):
    """One step of a plan. Where it has a day, a planned touch brings it to Today."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=16, choices=StepKind.choices)
    touch = models.OneToOneField(
        PlannedTouch, on_delete=models.PROTECT, null=True, related_name="plan_step"
    )
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    # Left out, such as a message to somebody who asked us to stop.
    skipped_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind"], name="step_away_step_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="step_away_step_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_done(self) -> bool:
        """Where a planned touch stands behind it, that says so: done on Today is done here."""
        return (self.touch.done_at if self.touch else self.done_at) is not None

    @property
    def done_moment(self) -> datetime | None:
        return self.touch.done_at if self.touch else self.done_at

    @property
    def left_out(self) -> str:
        """Why it is left out; blank where it is not."""
        return self.skipped_reason or (self.touch.skip_reason if self.touch else "")

    @property
    def is_open(self) -> bool:
        return not self.is_done and not self.left_out

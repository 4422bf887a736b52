import uuid

from django.db import models
from django.db.models import Q

from accounts.models import User
from partners.models import Partner
from touches.querysets import PlannedTouchQuerySet


class PlannedTouch(models.Model):
    """A step that a person planned with a partner: what, and by which day."""

    # Of the form that planned it, so that a double submit plans once.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="planned_touches")
    what = models.CharField("next step", max_length=120)
    due_on = models.DateField("by")
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = PlannedTouchQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name_plural = "planned touches"
        indexes = [
            models.Index(
                fields=["partner", "due_on"],
                condition=Q(done_at__isnull=True),
                name="planned_touch_open",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["key", "partner"], name="planned_touch_once_a_form"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="planned_touch_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} by {self.due_on}"

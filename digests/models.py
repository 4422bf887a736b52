from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import User
from digests.kinds import days_of

EARLIEST_HOUR, LATEST_HOUR, USUAL_HOUR = 4, 18, 7


class Subscription(models.Model):
    """When a person wants one kind of digest; without a row the usual hour holds."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="subscriptions")
    # A name of `digests.kinds`.
    kind = models.CharField(max_length=40)
    # On the person's own clock. Changes of the clock fall outside these hours in every zone.
    hour = models.PositiveSmallIntegerField(
        default=USUAL_HOUR,
        validators=[MinValueValidator(EARLIEST_HOUR), MaxValueValidator(LATEST_HOUR)],
    )
    on_weekends = models.BooleanField("on Saturdays and Sundays too", default=False)
    stopped_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="subscription_once_a_kind"),
            models.CheckConstraint(
                condition=Q(hour__gte=EARLIEST_HOUR, hour__lte=LATEST_HOUR),
                name="subscription_hour_is_allowed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user} at {self.hour}:00"

    @property
    def weekdays(self) -> frozenset[int]:
        return days_of(self.kind, on_weekends=self.on_weekends)

from datetime import datetime

from django.db import models

HELD = ["claimed", "transmitting"]


class DeliveryQuerySet(models.QuerySet):
    def to_send(self, now: datetime) -> "DeliveryQuerySet":
        """What may leave at `now`, the longest due first."""
        waiting = self.filter(state="pending", due_at__lte=now, expires_at__gt=now)
        return waiting.order_by("due_at", "id")

    def claimed_too_long(self, now: datetime) -> "DeliveryQuerySet":
        return self.filter(state="claimed", lease_until__lte=now)

    def transmitting_too_long(self, now: datetime) -> "DeliveryQuerySet":
        return self.filter(state="transmitting", lease_until__lte=now)

    def to_send_again(self, kinds: list[str], now: datetime) -> "DeliveryQuerySet":
        """What may have left already, of kinds for which a second copy does no harm."""
        perhaps = self.filter(state="uncertain", sent_again=False, expires_at__gt=now)
        return perhaps.filter(kind__in=kinds)

    def too_late(self, now: datetime) -> "DeliveryQuerySet":
        return self.filter(state="pending", expires_at__lte=now)

    def overdue(self, since: datetime) -> "DeliveryQuerySet":
        """What should have left, or should have been given back, at `since` already.

        A mail that is tried again and again is due anew each time; it counts from its planning.
        """
        waiting = models.Q(state="pending", due_at__lte=since)
        refused = models.Q(state="pending", attempts__gt=0, planned_at__lte=since)
        return self.filter(waiting | refused | models.Q(state__in=HELD, lease_until__lte=since))


class PauseQuerySet(models.QuerySet):
    def open(self) -> "PauseQuerySet":
        """While there is one, nothing leaves."""
        return self.filter(ended_at__isnull=True)

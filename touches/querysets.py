from django.db import models

from accounts.access import seen_by, worked_by
from accounts.models import User


class PlannedTouchQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "PlannedTouchQuerySet":
        return self.filter(seen_by(user, "partner__owner"))

    def workable_by(self, user: User) -> "PlannedTouchQuerySet":
        return self.filter(worked_by(user, "partner__owner"))

    def open(self) -> "PlannedTouchQuerySet":
        return self.filter(done_at__isnull=True).order_by("due_on", "id")

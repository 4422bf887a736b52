from datetime import date
from typing import Any

from django.db import models

from accounts.access import seen_by, worked_by
from accounts.models import User


class PlannedTouchQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "PlannedTouchQuerySet":
        return self.filter(seen_by(user, "partner__owner"))

    def workable_by(self, user: User) -> "PlannedTouchQuerySet":
        return self.filter(worked_by(user, "partner__owner"))

    def open(self) -> "PlannedTouchQuerySet":
        return self.filter(done_at__isnull=True, skipped_on__isnull=True).order_by("due_on", "id")

    def steps(self) -> "PlannedTouchQuerySet":
        """Those that a person wrote in own words."""
        return self.filter(kind="step")


class PlaybookVersionQuerySet(models.QuerySet):
    def newest(self) -> Any:
        """The newest play-book; None before the first edit, when the defaults hold."""
        return self.order_by("-number").first()


class FocusPlaceQuerySet(models.QuerySet):
    def on(self, day: date) -> "FocusPlaceQuerySet":
        """The places that held on a day."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

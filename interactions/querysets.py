from django.db import models

from accounts.access import seen_by, worked_by
from accounts.models import User


class InteractionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "InteractionQuerySet":
        """The one door to interactions: those of partners whom this person may see."""
        return self.filter(seen_by(user, "partner__owner"))

    def workable_by(self, user: User) -> "InteractionQuerySet":
        return self.filter(worked_by(user, "partner__owner"))

    def newest_first(self) -> "InteractionQuerySet":
        return self.order_by("-day", "-id")


class ReferralQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ReferralQuerySet":
        """The one door to referrals: those of partners whom this person may see."""
        return self.filter(seen_by(user, "partner__owner"))

    def workable_by(self, user: User) -> "ReferralQuerySet":
        return self.filter(worked_by(user, "partner__owner"))

    def received(self) -> "ReferralQuerySet":
        return self.filter(direction="received")

    def waiting(self) -> "ReferralQuerySet":
        """Received referrals that nobody has contacted yet."""
        return self.received().filter(stage="received")

    def with_contact(self) -> "ReferralQuerySet":
        """Those that hold a borrower's phone or e-mail."""
        return self.exclude(borrower_phone="", borrower_email="")

    def newest_first(self) -> "ReferralQuerySet":
        return self.order_by("-received_at", "-id")

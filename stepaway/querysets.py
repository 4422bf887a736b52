from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.access import decided_by
from accounts.models import User
from interactions.models import OPEN_STAGES, Referral

# A plan that was closed shows so long, and its partner is not proposed again for the same rule.
REST_DAYS = 90


class ChoiceQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ChoiceQuerySet":
        """Choices and their reasons are for the owner of now and their manager."""
        return self.filter(decided_by(user, "partner__owner"))

    def waiting(self) -> "ChoiceQuerySet":
        """Those at which a manager is still to look, unless somebody chose anew since."""
        newer = self.model._base_manager.filter(partner=OuterRef("partner"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(newer), needs_second_look=True, looked_at__isnull=True)

    def talks_planned(self) -> "ChoiceQuerySet":
        return self.filter(talk__done_at__isnull=True, talk__skipped_on__isnull=True).exclude(
            talk=None
        )

    def still_apart(self) -> "ChoiceQuerySet":
        """A plan is open, or was closed without working together again."""
        return self.filter(plan__isnull=False).exclude(plan__outcome="resumed")


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "PlanQuerySet":
        return self.filter(decided_by(user, "partner__owner"))

    def open(self) -> "PlanQuerySet":
        return self.filter(closed_at__isnull=True)

    def with_open_referrals(self) -> "PlanQuerySet":
        """Annotated with whether a borrower whom they sent is still on the way."""
        theirs = Referral.objects.received().filter(
            partner=OuterRef("partner"), stage__in=OPEN_STAGES
        )
        return self.annotate(has_open_referrals=Exists(theirs))

    def closed_lately(self, now: datetime) -> "PlanQuerySet":
        return self.filter(Q(closed_at__gt=now - timedelta(days=REST_DAYS)))

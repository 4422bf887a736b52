from typing import Any

from django.db import models
from django.db.models import Count, Q

from accounts.access import decided_by, seen_by
from accounts.models import User
from policies.access import changed_by
from tiers.verdict import Rule


class PolicyDraftQuerySet(models.QuerySet):
    def of(self, user: User) -> "PolicyDraftQuerySet":
        """Their own ones, for what they still may change."""
        return self.filter(changed_by(user), made_by=user)


class PolicyTrialQuerySet(models.QuerySet):
    def unfinished(self) -> "PolicyTrialQuerySet":
        """Those that wait or run, who asked first comes first."""
        return self.filter(finished_at__isnull=True).order_by("asked_at", "id")

    def next_one(self) -> Any:
        """The first of those, with everything that trying it reads; None where none waits."""
        return self.unfinished().select_related("draft__branch", "draft__made_by").first()

    def newest(self) -> Any:
        return self.order_by("-id").first()


class TrialMoveQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "TrialMoveQuerySet":
        return self.filter(seen_by(user, "partner__owner"))

    def disclosed_to(self, user: User) -> "TrialMoveQuerySet":
        """Without those who move by conduct notes that this person may not see.

        A draft that changes nothing but the conduct limits would tell whom notes were written of.
        """
        about_conduct = Q(rule=Rule.CONDUCT) | Q(from_rule=Rule.CONDUCT)
        return self.visible_to(user).filter(~about_conduct | decided_by(user, "partner__owner"))

    def by_tiers(self) -> Any:
        """How many go from which tier to which."""
        rows = self.order_by("from_tier", "tier").values("from_tier", "tier")
        return rows.annotate(number=Count("pk"))

    def for_list(self) -> "TrialMoveQuerySet":
        """By name, with everything that a row of the list shows."""
        return self.select_related(
            "partner__owner", "partner__company", "partner__standing__override"
        ).order_by("partner__last_name", "partner__first_name", "partner_id")

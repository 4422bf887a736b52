from datetime import date
from typing import Any

from django.db import models
from django.db.models import Case, F, Q, When

from accounts.access import seen_by
from accounts.models import User
from tiers.policy import Policy
from tiers.verdict import Rule


class PolicyVersionQuerySet(models.QuerySet):
    def current(self) -> Any:
        """The newest policy; the first one is made from the defaults."""
        newest = self.newest()
        return newest or self.get_or_create(number=1, defaults={"rules": Policy().to_dict()})[0]

    def newest(self) -> Any:
        """The newest policy, for whoever only reads; None before the first tier was judged."""
        return self.order_by("-number").first()


class TierChangeQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "TierChangeQuerySet":
        return self.filter(seen_by(user, "partner__owner"))

    def labels(self) -> "TierChangeQuerySet":
        """Tiers that an import brought as the officer's own label, not ours."""
        return self.filter(rule="")

    def moves(self) -> "TierChangeQuerySet":
        """Without the changes of the rule alone."""
        return self.exclude(tier=F("from_tier"))

    def as_of(self, day: date) -> "TierChangeQuerySet":
        """What was known on that day, the newest first."""
        return self.filter(on__lte=day).order_by("-on", "-id")


class TierOverrideQuerySet(models.QuerySet):
    def open(self) -> "TierOverrideQuerySet":
        return self.filter(ended_at__isnull=True)


def in_force(today: date, standing: str = "standing") -> Case:
    """The tier that work follows: the override's while it runs, else the computed one.

    Nobody overrides a request to stop (X4), and conduct (X1) only a manager. `standing` is the
    path from the queryset's model to TierStanding.
    """
    rule, override = f"{standing}__rule", f"{standing}__override"
    overruled = Q(**{f"{override}__ends_on__gte": today}) & ~Q(**{rule: Rule.ASKED_TO_STOP})
    overruled &= ~Q(**{rule: Rule.CONDUCT}) | Q(**{f"{override}__by_manager": True})
    return Case(
        When(overruled, then=F(f"{override}__tier")),
        default=F(f"{standing}__tier"),
        output_field=models.CharField(),
    )

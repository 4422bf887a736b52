from datetime import date
from typing import Any

from django.db import models
from django.db.models import Case, F, Max, Q, When

from accounts.access import seen_by
from accounts.models import User
from tiers.policy import Policy
from tiers.policy_history import PoliciesInForce, PolicyHistory
from tiers.verdict import Rule


class PolicyVersionQuerySet(models.QuerySet):
    def current(self) -> Any:
        """The company's newest policy; the first one is made from the defaults."""
        newest = self.filter(branch__isnull=True).order_by("-number").first()
        return newest or self.get_or_create(number=1, defaults={"rules": Policy().to_dict()})[0]

    def in_force(self, day: date, *, make: bool = False) -> PoliciesInForce:
        """The policies of a day, in one query. See `history`."""
        return self.history(make=make).on(day)

    def history(self, *, make: bool = False) -> PolicyHistory:
        """All versions, in one query.

        Before the first one, the defaults hold: `make` writes them down as the first, for whoever
        will point at it.
        """
        versions: list[Any] = list(self.all())
        if not any(version.branch_id is None for version in versions):
            guide = self.model(number=1, rules=Policy().to_dict())
            versions.append(self.current() if make else guide)
        return PolicyHistory(versions)

    def next_number(self) -> int:
        """The number of the next version, which nobody else gets until this transaction ends."""
        self.current()
        # A lock first: of two who read the highest number at once, one would fail.
        self.select_for_update().order_by("number").first()
        return 1 + self.aggregate(highest=Max("number"))["highest"]


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

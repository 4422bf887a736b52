from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from accounts.models import Branch
    from texts.originals import Place


class TeamTextQuerySet(models.QuerySet):
    def at(self, place: "Place") -> "TeamTextQuerySet":
        return self.filter(occasion=place.occasion, tier=place.tier, program=place.program)

    def of(self, branch: "Branch | None") -> "TeamTextQuerySet":
        """The branch's own, or (None) the company's."""
        return self.filter(branch=branch) if branch else self.filter(branch__isnull=True)

    def read_in(self, branch_id: int | None) -> "TeamTextQuerySet":
        """Those that may hold in a branch: its own, and the company's."""
        return self.filter(Q(branch=None) | Q(branch=branch_id))

    def nearest_first(self) -> "TeamTextQuerySet":
        """A branch's own before the company's."""
        return self.order_by(F("branch").asc(nulls_last=True))

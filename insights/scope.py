"""Whose figures, and over which days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from partners.models import Partner

USUAL_DAYS = 90


@dataclass(frozen=True)
class Scope:
    """The partners of some branches, of one officer of them, or of one person alone.

    Facts dated after `start` through `end` are in the period. A person's own figures have no
    branches: they go by the officer wherever the partners are.
    """

    branches: tuple[int, ...]
    officer: int | None
    # Blank for all.
    partner_type: str
    start: date
    end: date

    def partners(self) -> QuerySet[Partner]:
        """By today's owner and type; archived ones too, as they were in the book before."""
        return Partner.objects.filter(self.of_partners())

    def of_partners(self, path: str = "") -> Q:
        """A filter for rows of these partners; `path` leads to the partner: "partner__"."""
        wanted = self._of_branches(path)
        if self.officer is not None:
            wanted &= Q(**{f"{path}owner": self.officer})
        return wanted

    def of_touches(self) -> Q:
        """A filter for the touches whose minutes count.

        Of an officer those that were theirs, whoever looks after the partner today; else those with
        the partners.
        """
        if self.officer is None:
            return self.of_partners("partner__")
        return self._of_branches("partner__") & Q(officer=self.officer)

    def _of_branches(self, path: str) -> Q:
        if not self.branches and self.officer is None:
            raise ValueError("a scope has branches or an officer")
        wanted = Q()
        if self.branches:
            wanted &= Q(**{f"{path}owner__branch__in": self.branches})
        if self.partner_type:
            wanted &= Q(**{f"{path}partner_type": self.partner_type})
        return wanted


def scope_of(
    branches: Iterable[int] = (),
    *,
    officer: int | None = None,
    partner_type: str = "",
    end: date,
    days: int = USUAL_DAYS,
) -> Scope:
    """The scope of so many days up to `end`; who may ask for it is the caller's to decide."""
    start = end - timedelta(days=days)
    return Scope(tuple(sorted(branches)), officer, partner_type, start, end)

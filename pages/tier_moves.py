"""Whose tier changed since yesterday, and why."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from accounts.access import Access
from accounts.models import User
from pages.verdict import shown_verdict
from partners.models import Partner
from tiers.classification import Tier
from tiers.disclosure import tells_conduct
from tiers.models import TierChange
from tiers.wording import explain


@dataclass(frozen=True)
class Move:
    """A partner whose tier changed, from the first of these days to the last."""

    partner: Partner
    from_tier: Tier
    tier: Tier
    overridden: bool
    sentence: str
    tells_conduct: bool


def tier_moves(officer: User, access: Access, today: date) -> list[Move]:
    """Active partners whose tier changed since yesterday, each once."""
    changes = TierChange.objects.filter(
        partner__owner=officer,
        partner__archived_at__isnull=True,
        on__range=(today - timedelta(days=1), today),
    ).moves()
    # A first tier is no change, and neither is a label that came with an import.
    changes = changes.exclude(from_tier="").exclude(rule="").order_by("partner_id", "on", "pk")
    changes = changes.select_related("partner__standing__override")
    found = []
    for _, rows in groupby(changes, key=lambda change: change.partner_id):
        of_one = list(rows)
        if of_one[0].from_tier != of_one[-1].tier:
            found.append(_move(of_one[0], of_one[-1], access, today))
    return found


def _move(first: TierChange, last: TierChange, access: Access, today: date) -> Move:
    verdict = shown_verdict(last, access)
    return Move(
        partner=last.partner,
        from_tier=Tier(first.from_tier),
        tier=Tier(last.tier),
        overridden=last.partner.standing.override_in_force(today) is not None,
        sentence=explain(verdict),
        tells_conduct=tells_conduct(verdict),
    )

"""The rows of the partners list: what they load, as plain objects for the templates."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.access import access_to
from accounts.models import User
from pages.verdict import Flag, flags_of, shown_verdict
from partners.models import Partner
from tiers.classification import Tier
from tiers.disclosure import tells_conduct
from tiers.models import TierStanding
from tiers.wording import why
from touches.models import PlannedTouch

BESIDE_WHY = {"conduct_watch", "high_producer_conduct", "serve_referral"}


@dataclass(frozen=True)
class Row:
    """One partner in the list, as this person may see it."""

    partner: Partner
    tier: Tier
    overridden: bool
    why: str
    # Only those that the few words of `why` never tell.
    flags: list[Flag]
    tells_conduct: bool


def for_list(partners: QuerySet[Partner]) -> QuerySet[Partner]:
    """Load what a row of the list shows, in one query."""
    steps = PlannedTouch.objects.open().steps().filter(partner=OuterRef("pk"))
    return partners.select_related("owner", "company", "standing__override").annotate(
        next_step=Subquery(steps.values("what")[:1]),
        next_step_on=Subquery(steps.values("due_on")[:1]),
    )


def row_for(user: User, partner: Partner, today: date) -> Row:
    standing: TierStanding = partner.standing
    verdict = shown_verdict(standing, access_to(user, partner.owner))
    return Row(
        partner=partner,
        tier=standing.tier_in_force(today),
        overridden=standing.override_in_force(today) is not None,
        why=why(verdict.rule or None, verdict.reasons, verdict.flags),
        flags=[flag for flag in flags_of(verdict) if flag.code in BESIDE_WHY],
        tells_conduct=tells_conduct(verdict),
    )

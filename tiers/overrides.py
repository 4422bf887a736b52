"""A person puts a partner into another tier than the computed one: why, and until when."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.access import access_to
from accounts.models import Role, User
from audit.services import record
from partners.models import Partner
from tiers.classification import Tier
from tiers.dispatch import tiers_moved
from tiers.models import TierOverride, TierStanding
from tiers.verdict import Rule

DEFAULT_DAYS = 90
MOST_DAYS = 180


def refusal(actor: User, partner: Partner, standing: TierStanding) -> str:
    """Say why this person may not override this partner's tier; blank when they may.

    Nobody overrides a request to stop; conduct only a manager of the owner's branch.
    """
    if not access_to(actor, partner.owner).decides:
        return "Only the owner and their manager can override a tier."
    if standing.rule == Rule.ASKED_TO_STOP:
        return "They asked us to stop, and nobody overrides that."
    if standing.rule == Rule.CONDUCT and not _manages(actor, partner):
        return "Only your manager can override this tier."
    return ""


def check_end(ends_on: date, today: date) -> None:
    """Refuse an end that is not within 180 days of the owner's today. Raises ValidationError."""
    if not today < ends_on <= today + timedelta(days=MOST_DAYS):
        raise ValidationError(f"Choose a day within the next {MOST_DAYS} days.")


def override(
    *,
    actor: User,
    partner: Partner,
    tier: Tier,
    reason: str,
    ends_on: date,
    now: datetime,
) -> TierOverride:
    """Put another tier in force through `ends_on`; an open override ends first. Recorded.

    Raises ValidationError when this person may not, or when the end is not within 180 days of the
    owner's today.
    """
    today = partner.owner.today(now)
    check_end(ends_on, today)
    with transaction.atomic():
        standing = _locked_standing(partner)
        if sentence := refusal(actor, partner, standing):
            raise ValidationError(sentence)
        _end_open(actor, partner, now)
        standing.override = TierOverride.objects.create(
            partner=partner,
            tier=tier,
            reason=reason,
            made_by=actor,
            by_manager=_manages(actor, partner),
            starts_on=today,
            ends_on=ends_on,
        )
        standing.save(update_fields=["override"])
        tiers_moved.send(TierStanding, partner_ids=[partner.pk], now=now)
        record(actor=actor, action="tier.overridden", target=partner, tier=tier)
    return standing.override


def end_override(*, actor: User, partner: Partner, now: datetime) -> None:
    """Let the computed tier count again from now on. Recorded when there was an override."""
    with transaction.atomic():
        standing = _locked_standing(partner)
        if _end_open(actor, partner, now):
            standing.override = None
            standing.save(update_fields=["override"])
            tiers_moved.send(TierStanding, partner_ids=[partner.pk], now=now)
            record(actor=actor, action="tier.override_ended", target=partner)


def _locked_standing(partner: Partner) -> TierStanding:
    Partner.objects.locked([partner.pk])
    return TierStanding.objects.get(partner=partner)


def _end_open(actor: User, partner: Partner, now: datetime) -> int:
    return partner.tier_overrides.open().update(ended_at=now, ended_by=actor)


def _manages(actor: User, partner: Partner) -> bool:
    branch = partner.owner.branch_id
    return branch is not None and any(
        grant.role == Role.MANAGER and grant.branch_id == branch for grant in actor.held_grants
    )

"""Partners who stand in a tier for a known time, whatever their facts would give."""

from datetime import UTC, date, datetime, timedelta

from tests.factories import PartnerFactory
from tiers.models import TierStanding

# A Monday.
TODAY = date(2026, 6, 15)
NOW = datetime(2026, 6, 15, 16, tzinfo=UTC)


def ago(days):
    return TODAY - timedelta(days=days)


def ahead(days):
    return TODAY + timedelta(days=days)


def stand(partner, tier, rule, since=None):
    """Put a partner into a tier by the database, past all receivers."""
    since = since or ago(500)
    TierStanding.objects.filter(partner=partner).update(tier=tier, rule=rule, since=since)
    return partner


def known(tier="cultivation", rule="C", **fields):
    """A partner for years, who is in this tier since long and has no first touches any more."""
    fields.setdefault("created_on", ago(500))
    partner = stand(PartnerFactory(**fields), tier, rule)
    partner.planned_touches.filter(kind="first_touch").delete()
    return partner

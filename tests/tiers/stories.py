"""Partners with a past that gives a tier; the facts come day by day through the ORM."""

from datetime import UTC, date, datetime, timedelta

from tests.factories import InteractionFactory, PartnerFactory, ReferralFactory

TODAY = date(2026, 6, 15)
NOON = datetime(2026, 6, 15, 16, tzinfo=UTC)


def ago(days):
    return TODAY - timedelta(days=days)


def anchor(**fields):
    """Known for years, talks this quarter, a referral in each quarter: Maintenance by rule M."""
    partner = PartnerFactory(created_on=ago(800), **fields)
    for days in [280, 190, 100, 10]:
        ReferralFactory(partner=partner, day=ago(days))
    for days in [40, 20, 5]:
        InteractionFactory(partner=partner, day=ago(days))
    return partner


def steady(**fields):
    """Known for long, two talks this year and no referral: Cultivation by rule C."""
    partner = PartnerFactory(created_on=ago(500), **fields)
    for days in [200, 30]:
        InteractionFactory(partner=partner, day=ago(days))
    return partner

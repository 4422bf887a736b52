"""Partners of Alice in Cease by dated facts, and the ways to choose for them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from stepaway.models import Choice, Way
from stepaway.services import Wish, choose
from tests.factories import InteractionFactory, PartnerFactory
from tiers.models import TierChange
from tiers.services import reclassify
from tiers.verdict import Tier

# A Monday.
TODAY = date(2026, 6, 15)
NOW = datetime(2026, 6, 15, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOW, tick=False):
        yield


def one_sided(owner, **fields):
    """X3: nineteen touches in a year, and nothing from them; the last one this month."""
    made = {"owner": owner, "created_on": TODAY - timedelta(days=500), **fields}
    partner = PartnerFactory(**made)
    for number in range(19):
        InteractionFactory(
            partner=partner,
            day=TODAY - timedelta(days=7 + 14 * number),
            kind="call",
            minutes=30,
        )
    # As if it had never been judged: else the 60 days of a tier that began today protect it.
    TierChange.objects.filter(partner=partner).delete()
    reclassify([partner.pk], as_of=TODAY)
    partner.refresh_from_db()
    assert partner.standing.rule == "X3"
    return partner


def rude(owner, conduct="disrespectful", **fields):
    """X1: twice disrespectful, or once abusive."""
    partner = PartnerFactory(owner=owner, created_on=TODAY - timedelta(days=500), **fields)
    for days in [30, 2]:
        InteractionFactory(partner=partner, day=TODAY - timedelta(days=days), conduct=conduct)
    assert partner.standing.rule == "X1"
    return partner


def chosen(actor, partner, way=Way.STEP_AWAY, now=NOW, **said):
    last = Choice.objects.filter(partner=partner).last()
    said = {"seen": last.pk if last else None, "reason": "A private word"} | said
    if way == Way.KEEP:
        said = {"tier": Tier.CULTIVATION, "ends_on": TODAY + timedelta(days=60)} | said
    return choose(actor=actor, partner=partner, wish=Wish(way=way, **said), now=now)

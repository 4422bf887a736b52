"""Who is proposed to be stepped away from: nothing is sent, and nobody is told."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from partners.models import Partner
from stepaway.models import Choice, Plan
from tiers.querysets import in_force
from tiers.verdict import Tier


def proposed(user: User, today: date, now: datetime) -> QuerySet[Any]:
    """The partners about whom this person decides, who are in Cease and wait for a choice.

    Left out: with an open plan; with a choice that a manager is to look at; with a talk that is
    planned; who stays apart since a plan of this same tier; and for 90 days, or until the rule
    changes, those whose plan was closed.
    """
    of_partner = Choice.objects.filter(partner=OuterRef("pk"))
    since = OuterRef("standing__since")
    this_tier = Q(tier_since=since) | Q(tier_since=None, rule=OuterRef("standing__rule"))
    apart = of_partner.still_apart().filter(this_tier)
    lately = Plan.objects.closed_lately(now).filter(
        partner=OuterRef("pk"), choice__rule=OuterRef("standing__rule")
    )
    partners = Partner.objects.decidable_by(user).active().filter(stepping_away_since=None)
    return (
        partners.annotate(tier_now=in_force(today))
        .filter(tier_now=Tier.CEASE)
        .exclude(Exists(of_partner.waiting()))
        .exclude(Exists(of_partner.talks_planned()))
        .exclude(Exists(apart))
        .exclude(Exists(lately))
        .select_related("owner", "company", "standing")
        .order_by("last_name", "first_name", "pk")
    )

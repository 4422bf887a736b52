"""The tier that was in force on a past day, for whoever counts by it."""

from collections import defaultdict
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import TruncDate

from partners.models import Partner
from tiers.models import TierChange, TierOverride
from tiers.timeline import Change, Held, History
from tiers.verdict import Rule, Tier

__all__ = ["Change", "Held", "History", "histories", "with_tier_on"]


def with_tier_on(
    rows: QuerySet, zone: ZoneInfo, *, partner: str = "partner", day: str = "day"
) -> QuerySet:
    """Annotate each row with `tier_then`: the tier in force at the end of its day.

    `partner` and `day` name the row's fields; `zone` is the one of which the days are. Null where
    no tier was known yet. By the same rule as `querysets.in_force`: nobody overrides a request to
    stop, and conduct only a manager.
    """
    changes = TierChange.objects.filter(partner=OuterRef(partner), on__lte=OuterRef(day))
    newest = changes.order_by("-on", "-id")
    held = (
        TierOverride.objects.annotate(ended_on=TruncDate("ended_at", tzinfo=zone))
        .filter(Q(ended_on__isnull=True) | Q(ended_on__gt=OuterRef(day)))
        .filter(partner=OuterRef(partner), starts_on__lte=OuterRef(day), ends_on__gte=OuterRef(day))
        .order_by("-id")
    )
    open_to_override = ~Q(rule_then=Rule.ASKED_TO_STOP) & (
        ~Q(rule_then=Rule.CONDUCT) | Exists(held.filter(by_manager=True))
    )
    return rows.annotate(
        rule_then=Subquery(newest.values("rule")[:1]),
        computed_then=Subquery(newest.values("tier")[:1]),
    ).annotate(
        tier_then=Case(
            When(Exists(held) & open_to_override, then=Subquery(held.values("tier")[:1])),
            default=F("computed_then"),
            output_field=CharField(),
        )
    )


def histories(partners: QuerySet[Partner], *, codes: bool = True) -> dict[int, History]:
    """The course of the tiers of these partners, by key; those without a tier yet are left out.

    Two queries. Without `codes` the changes carry neither reasons nor flags: who asks about twenty
    thousand partners need not read them all. An override ends on a day of the partner's owner.
    """
    changes = _changes(partners, codes)
    overrides = _overrides(partners)
    return {pk: History(found, overrides.get(pk, ())) for pk, found in changes.items()}


def _changes(partners: QuerySet[Partner], codes: bool) -> dict[int, list[Change]]:
    found: defaultdict[int, list[Change]] = defaultdict(list)
    names = ["partner_id", "on", "pk", "tier", "rule", *(["reasons", "flags"] if codes else [])]
    rows = TierChange.objects.filter(partner__in=partners.order_by().values("pk")).order_by()
    for partner_id, on, pk, tier, rule, *said in rows.values_list(*names):
        change = Change(on, pk, TIERS[tier], rule, *(tuple(each) for each in said))
        found[partner_id].append(change)
    return found


def _overrides(partners: QuerySet[Partner]) -> dict[int, list[Held]]:
    found: defaultdict[int, list[Held]] = defaultdict(list)
    rows = TierOverride.objects.filter(partner__in=partners.order_by().values("pk")).order_by()
    names = ["pk", "tier", "by_manager", "starts_on", "ends_on", "ended_at"]
    zones = "partner__owner__time_zone"
    for partner_id, zone, *held, ended_at in rows.values_list("partner_id", zones, *names):
        pk, tier, by_manager, starts_on, ends_on = held
        ended_on = ended_at.astimezone(ZoneInfo(zone)).date() if ended_at else None
        override = Held(pk, TIERS[tier], by_manager, starts_on, ends_on, ended_on)
        found[partner_id].append(override)
    return found


# Looked up: making a Tier of each of many thousand strings takes three times as long.
TIERS = {str(tier): tier for tier in Tier}

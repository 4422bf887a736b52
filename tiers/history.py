"""The tier that was in force on a past day, for whoever counts by it."""

from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import TruncDate

from tiers.models import TierChange, TierOverride
from tiers.verdict import Rule


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

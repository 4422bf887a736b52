"""What the classifier would say on a day, for as many partners as there are; writes nothing."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Max

from partners.models import Partner
from tiers.models import PolicyVersion, TierChange
from tiers.policy_history import PolicyHistory
from tiers.querysets import TierChangeQuerySet
from tiers.services import SLICE, Judged, judge


@dataclass(frozen=True)
class Rehearsed:
    """A partner, and what the classifier says about it on a day."""

    partner: Partner
    as_of: date
    judged: Judged


def rehearse(*, as_of: date | None, now: datetime, key: str = "") -> Iterator[list[Rehearsed]]:
    """Judge all active partners, or the one with this key, in slices and in the order of their ids.

    `as_of` None is each owner's today. The tier then standing is read from what is recorded.
    """
    partners = Partner.objects.active().select_related("owner").order_by("pk")
    if key:
        partners = partners.filter(key=key)
    history = PolicyVersion.objects.history()
    last = 0
    while some := list(partners.filter(pk__gt=last)[:SLICE]):
        last = some[-1].pk
        yield _judged(some, as_of, now, history)


def last_day_begun(now: datetime) -> date:
    """The latest day that has begun, for some owner or by UTC."""
    zones = Partner.objects.active().order_by().values_list("owner__time_zone", flat=True)
    places = [UTC, *(ZoneInfo(zone) for zone in zones.distinct())]
    return max(now.astimezone(place).date() for place in places)


def last_recorded() -> date | None:
    """The day of the newest tier change of the active partners."""
    changes: TierChangeQuerySet = TierChange.objects.filter(partner__archived_at__isnull=True)
    return changes.aggregate(last=Max("on"))["last"]


def _judged(
    partners: list[Partner], as_of: date | None, now: datetime, history: PolicyHistory
) -> list[Rehearsed]:
    by_day: defaultdict[date, list[int]] = defaultdict(list)
    for partner in partners:
        by_day[as_of or partner.owner.today(now)].append(partner.pk)
    by_id = {
        case.subject.partner_id: (day, case)
        for day, ids in by_day.items()
        for case in judge(ids, as_of=day, policies=history.on(day))
    }
    return [Rehearsed(partner, *by_id[partner.pk]) for partner in partners]

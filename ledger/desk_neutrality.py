"""The neutrality report: who gave what to whom, against who referred, in four queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Sum

from accounts.models import User
from interactions.models import Referral
from ledger.kinds import Way
from ledger.models import Recipient
from ledger.neutrality import Neutrality, neutrality
from partners.models import Partner

DAYS = 365


@dataclass(frozen=True)
class OfficerRow:
    officer: User
    found: Neutrality


def report(until: date) -> list[OfficerRow]:
    """Of the 365 days up to this one, for each officer who gave something; four queries.

    What was reversed counts nowhere. Referrals are those that count for a tier too: received, and
    neither junk nor a duplicate. A partner counts by their key, whoever owns them now.
    """
    span = (until - timedelta(days=DAYS - 1), until)
    given = _given(span)
    referrals = _referrals(span)
    officers = User.objects.filter(pk__in=given).order_by("name", "pk")
    active = _active(given)
    return [
        OfficerRow(officer, neutrality(given[officer.pk], referrals, active[officer.pk]))
        for officer in officers
    ]


def _given(span: tuple[date, date]) -> dict[int, dict[str, Decimal]]:
    """The value that each officer gave to each partner."""
    rows = (
        Recipient.objects.filter(
            line__way=Way.GIVEN,
            line__day__range=span,
            line__reverses__isnull=True,
            line__reversed_by__isnull=True,
        )
        .exclude(partner_key="")
        .order_by()
        .values_list("line__officer", "partner_key")
        .annotate(total=Sum("value"))
    )
    given: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for officer, key, total in rows:
        given[officer][key] = total
    return dict(given)


def _referrals(span: tuple[date, date]) -> dict[str, int]:
    counted = Referral.objects.filter(is_counted=True, day__range=span).order_by()
    return dict(counted.values_list("partner__key").annotate(n=Count("pk")))


def _active(officers: Iterable[int]) -> dict[int, set[str]]:
    active: dict[int, set[str]] = defaultdict(set)
    rows = Partner.objects.active().filter(owner__in=list(officers)).order_by()
    for owner, key in rows.values_list("owner", "key"):
        active[owner].add(key)
    return active

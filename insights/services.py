"""Keeps the figures of each branch counted, so that its page need not."""

import logging
import time
from datetime import date, datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import Branch
from insights.book import load
from insights.counting import report_of
from insights.models import BranchReport
from insights.report import Report
from insights.scope import scope_of
from insights.storing import from_stored, to_store

FRESH_FOR = timedelta(minutes=10)

logger = logging.getLogger(__name__)


def refresh_reports(*, now: datetime, seconds: float) -> int:
    """Count the branches whose report is missing, of another day, or older than ten minutes.

    Those that waited longest come first, each stored as soon as it is counted; after so many
    seconds none is begun any more. A run that is killed loses nothing, as the next one goes on;
    two at once count the same twice and keep the newer. Returns how many were counted.
    """
    started, today, counted = time.monotonic(), timezone.localdate(now), 0
    for branch_id in list(_due(now, today)):
        if counted and time.monotonic() - started > seconds:
            break
        _count(branch_id, today, now)
        counted += 1
    return counted


def _count(branch_id: int, today: date, now: datetime) -> None:
    try:
        _keep(branch_id, report_of(load(scope_of([branch_id], end=today), now)))
    except (DatabaseError, SoftTimeLimitExceeded):
        # Not the branch's fault: the next run begins with it again.
        raise
    except Exception:
        # Else the one branch that cannot be counted would keep all the others from it for ever.
        logger.exception("The figures of branch %s cannot be counted.", branch_id)


def _due(now: datetime, today: date) -> QuerySet:
    old = Q(report__counted_at__lt=now - FRESH_FOR) | ~Q(report__day=today)
    branches = Branch.objects.filter(Q(report__isnull=True) | old)
    waited_longest = branches.order_by(F("report__counted_at").asc(nulls_first=True), "pk")
    return waited_longest.values_list("pk", flat=True)


def _keep(branch_id: int, report: Report) -> None:
    """Store a report, unless a newer one stands there already."""
    with transaction.atomic():
        stored, _ = BranchReport.objects.select_for_update().get_or_create(
            branch_id=branch_id,
            defaults={"day": report.end, "counted_at": report.counted_at, "figures": {}},
        )
        if stored.counted_at > report.counted_at:
            return
        stored.day, stored.counted_at = report.end, report.counted_at
        stored.figures = to_store(report)
        stored.save()


def stored_report(branch_id: int, day: date) -> Report | None:
    """The figures of a branch as counted last; None where they are not of that day.

    One query. A row that was written for other figures than today's counts as missing.
    """
    stored = BranchReport.objects.filter(branch=branch_id, day=day).first()
    return from_stored(stored.figures) if stored else None

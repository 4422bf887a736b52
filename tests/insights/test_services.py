from datetime import timedelta

import pytest

from insights.book import load
from insights.models import BranchReport
from insights.services import refresh_reports, stored_report
from insights.tasks import refresh_reports_task
from tests.factories import PartnerFactory
from tests.touches.books import NOW, TODAY
from tiers.models import TierChange


def refresh(after=0, seconds=60):
    return refresh_reports(now=NOW + timedelta(minutes=after), seconds=seconds)


@pytest.mark.django_db
def test_a_branch_is_counted_when_missing_or_older_than_ten_minutes(riverside, lakeside):
    assert [refresh(after) for after in (0, 0, 10, 11, 12)] == [2, 0, 0, 2, 0]


@pytest.mark.django_db
def test_a_report_is_kept_as_it_was_counted(alice, riverside):
    PartnerFactory(owner=alice)
    TierChange.objects.update(on=TODAY)
    refresh()
    report = stored_report(riverside.pk, TODAY)
    assert (report.start, report.end) == (TODAY - timedelta(days=90), TODAY)
    assert (report.counted_at, report.partners, report.officers[0].name) == (NOW, 1, "Alice Abbott")


@pytest.mark.django_db
def test_a_report_of_another_day_or_of_other_figures_is_none(riverside):
    refresh()
    assert stored_report(riverside.pk, TODAY - timedelta(days=1)) is None
    BranchReport.objects.update(figures={"partners": 3})
    assert stored_report(riverside.pk, TODAY) is None


@pytest.mark.django_db
def test_a_new_day_is_counted_at_once(riverside):
    """NOW is noon in New York; eleven hours and 59 minutes later it is the 15th still."""
    refresh()
    BranchReport.objects.update(counted_at=NOW + timedelta(hours=12))
    assert [refresh(after=60 * 12 - 1), refresh(after=60 * 12)] == [0, 1]
    assert BranchReport.objects.get().day == TODAY + timedelta(days=1)


@pytest.mark.django_db
def test_the_one_that_waits_longest_comes_first_and_time_is_kept(riverside, lakeside):
    """Each run counts one at least, so that even a slow machine comes round."""
    counted = []
    for after in (0, 1, 15, 16):
        assert refresh(after, seconds=0) == 1
        newest = BranchReport.objects.order_by("-counted_at").first()
        counted.append(newest.branch)
    assert counted == [riverside, lakeside, riverside, lakeside]


@pytest.mark.django_db
def test_a_count_that_ended_late_replaces_no_newer_one(riverside):
    refresh(after=5)
    BranchReport.objects.update(day=TODAY - timedelta(days=1))
    assert refresh(after=3) == 1
    assert BranchReport.objects.get().counted_at == NOW + timedelta(minutes=5)


@pytest.mark.django_db
def test_the_task_counts_by_the_clock(riverside):
    refresh_reports_task()
    refresh_reports_task()
    assert BranchReport.objects.count() == 1


@pytest.mark.django_db
def test_a_branch_that_cannot_be_counted_keeps_no_other_from_it(riverside, lakeside, monkeypatch):
    def load_or_fail(scope, now):
        if scope.branches == (riverside.pk,):
            raise ValueError("This row makes no sense.")
        return load(scope, now)

    monkeypatch.setattr("insights.services.load", load_or_fail)
    refresh()
    assert [report.branch for report in BranchReport.objects.all()] == [lakeside]

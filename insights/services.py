from datetime import date

from insights.models import BranchReport
from insights.report import Report
from insights.storing import from_stored


def stored_report(branch_id: int, day: date) -> Report | None:
    """The figures of a branch as counted last; None where they are not of that day."""
    stored = BranchReport.objects.filter(branch=branch_id, day=day).first()
    return from_stored(stored.figures) if stored else None

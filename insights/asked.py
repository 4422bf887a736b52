"""The figures that an address asks for: stored ones where they are the same, else counted now."""

from datetime import datetime

from insights.book import load
from insights.counting import report_of
from insights.forms import FiguresForm
from insights.report import Report
from insights.scope import Scope
from insights.services import stored_report


def report_for(form: FiguresForm, scope: Scope, now: datetime) -> Report:
    """As the background counted it last, where it counts just this; else counted now.

    `scope` is the form's, or the branch's beside one officer.
    """
    branch, stored = form.one_branch, None
    if branch and form.is_usual and scope.officer is None and not form.is_fresh:
        stored = stored_report(branch.pk, form.end)
    return stored or report_of(load(scope, now))

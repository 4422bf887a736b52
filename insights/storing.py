"""A report as plain data and back: how a database keeps it."""

from dataclasses import replace
from typing import Any

from cattrs.errors import BaseValidationError, ForbiddenExtraKeysError
from cattrs.preconf.json import make_converter

from insights.report import LeftOut, Report

CONVERTER = make_converter(forbid_extra_keys=True)
# The first of those who moved, were freed or wait. A large branch has thousands of them, and
# reading them all took as long as the rest of its page.
KEPT = 25


def to_store(report: Report) -> dict[str, Any]:
    data: dict[str, Any] = CONVERTER.unstructure(shortened(report))
    return data


def shortened(report: Report) -> Report:
    """The same without the ends of the long lists; how much they hold is kept."""
    freed, waiting = report.freed[KEPT:], report.waiting[KEPT:]
    left_out = LeftOut(
        freed=len(freed),
        freed_minutes=sum(one.weekly_minutes for one in freed),
        waiting_partners=len(waiting),
        waiting=sum(one.count for one in waiting),
    )
    return replace(
        report,
        movers=report.movers[:KEPT],
        freed=report.freed[:KEPT],
        waiting=report.waiting[:KEPT],
        left_out=left_out,
    )


def from_stored(figures: dict[str, Any]) -> Report | None:
    """The report; None where it was written for other figures than today's."""
    try:
        return CONVERTER.structure(figures, Report)
    except (BaseValidationError, ForbiddenExtraKeysError):
        return None

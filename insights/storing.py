"""A report as plain data and back: how a database keeps it."""

from dataclasses import replace
from typing import Any

from cattrs.errors import BaseValidationError, ForbiddenExtraKeysError
from cattrs.preconf.json import make_converter

from insights.report import Report

CONVERTER = make_converter(forbid_extra_keys=True)
# Of the partners who moved, the latest. A large branch has thousands of them, and reading them all
# took as long as the rest of its page; `movement.moved` says how many there are.
MOVERS_KEPT = 25


def to_store(report: Report) -> dict[str, Any]:
    short = replace(report, movers=report.movers[:MOVERS_KEPT])
    data: dict[str, Any] = CONVERTER.unstructure(short)
    return data


def from_stored(figures: dict[str, Any]) -> Report | None:
    """The report; None where it was written for other figures than today's."""
    try:
        return CONVERTER.structure(figures, Report)
    except (BaseValidationError, ForbiddenExtraKeysError):
        return None

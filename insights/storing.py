"""A report as plain data and back: how a database keeps it."""

from typing import Any

from cattrs.errors import BaseValidationError, ForbiddenExtraKeysError
from cattrs.preconf.json import make_converter

from insights.report import Report

CONVERTER = make_converter(forbid_extra_keys=True)


def to_store(report: Report) -> dict[str, Any]:
    data: dict[str, Any] = CONVERTER.unstructure(report)
    return data


def from_stored(figures: dict[str, Any]) -> Report | None:
    """The report; None where it was written for other figures than today's."""
    try:
        return CONVERTER.structure(figures, Report)
    except (BaseValidationError, ForbiddenExtraKeysError):
        return None

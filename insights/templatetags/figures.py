"""Figures in a page: their words, and the way to the rows behind them."""

from typing import Any

from django import template

from insights import wording
from insights.report import Rate
from touches.effort import in_hours

register = template.Library()


@register.filter
def percent(rate: Rate) -> str:
    """`61%`, or `too few to tell`."""
    return wording.percent(rate)


@register.filter
def hours(minutes: float) -> str:
    """`45 min`, `3 h 10 min`."""
    return in_hours(minutes)


@register.simple_tag(takes_context=True)
def rows_of(context: dict[str, Any], *parts: object) -> str:
    """The address of the rows behind a figure; `parts` make its name: `tier`, `cease`."""
    return context["links"].rows(":".join(str(part) for part in parts))


@register.simple_tag(takes_context=True)
def table_of(context: dict[str, Any], name: str) -> str:
    """The address that answers with a table of figures as CSV."""
    return context["links"].table(name)

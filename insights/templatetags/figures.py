"""Figures in a page: their words, the way to the rows behind them, and small parts of pictures.

What stands on a page many times is put together here: including a template for each costs more than
all the rest of the page.
"""

from functools import cache
from typing import Any

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from insights.board import Row
from insights.charts import Columns
from touches.effort import in_hours

register = template.Library()


@register.filter
def hours(minutes: float) -> str:
    """`45 min`, `3 h 10 min`."""
    return in_hours(minutes)


@register.simple_tag(takes_context=True)
def rows_of(context: dict[str, Any], *parts: object) -> str:
    """The address of the rows behind a figure; `parts` make its name: `tier`, `cease`."""
    return context["links"].rows(":".join(str(part) for part in parts))


@register.simple_tag(takes_context=True)
def number(context: dict[str, Any], count: int, *parts: object) -> str:
    """A number that leads to the rows that it counts; 0 leads nowhere."""
    return _number(context, count, ":".join(str(part) for part in parts))


@register.simple_tag(takes_context=True)
def cells(context: dict[str, Any], row: Row) -> SafeString:
    """The numbers of a table's row."""
    numbers = ([_number(context, cell.count, cell.rows)] for cell in row.cells)
    return format_html_join("", '<td class="num">{}</td>', numbers)


def _number(context: dict[str, Any], count: int, name: str) -> str:
    if not count:
        return "0"
    return format_html('<a href="{}">{}</a>', context["links"].rows(name), f"{count:,}")


@register.simple_tag(takes_context=True)
def csv_button(context: dict[str, Any], name: str, label: str) -> SafeString:
    """What answers with a table of figures as a file; it belongs to the form `csv`."""
    return format_html(
        '<button class="btn btn-quiet btn-sm figure-csv" type="submit" form="csv" '
        'formaction="{}" aria-label="{} as CSV">CSV</button>',
        context["links"].table(name),
        label,
    )


@register.simple_tag
def key(look: str, name: str) -> SafeString:
    """What a color of a picture stands for."""
    return format_html(
        '<span class="key"><svg class="key-swatch" viewBox="0 0 12 12" aria-hidden="true">'
        '<rect class="fill-{}" width="12" height="12" rx="2" /></svg>{}</span>',
        look,
        name,
    )


@register.simple_tag
def month_names(drawn: Columns) -> SafeString:
    """The months beneath a picture; the year where it begins."""
    return format_html_join(
        "",
        "<span>{}{}</span>",
        (
            (f"{one.day:%b}", format_html("<br>’{}", f"{one.day:%y}") if one.names_year else "")
            for one in drawn.columns
        ),
    )


@register.simple_tag
def tier_move(before: str, after: str) -> str:
    """Two tiers with an arrow between them, as `components/_tier_move.html` draws them."""
    return _tier_move(str(before), str(after))


@cache
def _tier_move(before: str, after: str) -> str:
    context = {"from_tier": before, "to_tier": after}
    return render_to_string("components/_tier_move.html", context)


@register.simple_tag
def drop_down(field: BoundField) -> SafeString:
    """A choice as a list that drops down."""
    chosen = str(field.value() or "")
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected") if value == chosen else "", label)
            for value, label in field.field.choices  # type: ignore[attr-defined]
        ),
    )
    return format_html(
        '<select class="form-select form-select-sm" name="{}" id="{}">{}</select>',
        field.html_name,
        field.id_for_label,
        options,
    )

"""How values look in pages: the way that people in the US write them."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.dateformat import format as format_date

register = template.Library()


@register.filter
def money(amount: Decimal | None) -> str:
    """Dollars: `$350,000`, with cents only where there are some, and its minus in front."""
    if amount is None:
        return ""
    cents = amount != amount.to_integral_value()
    sign, amount = ("−" if amount < 0 else ""), abs(amount)
    return f"{sign}${intcomma(f'{amount:.2f}' if cents else f'{amount:.0f}')}"


@register.filter
def days_ago(day: date | None, today: date) -> str:
    """`today`, `yesterday`, `12 days ago`, then months and years; blank for no date."""
    if day is None:
        return ""
    days = (today - day).days
    if days < 0:
        return format_date(day, "M j")
    if days < 2:
        return ("today", "yesterday")[days]
    if days < 60:
        return f"{days} days ago"
    if days < 730:
        return f"{days // 30} months ago"
    return f"{days // 365} years ago"


@register.filter
def days_ahead(day: date | None, today: date) -> str:
    """`today`, `tomorrow`, the weekday within a week, else the date; `3 days late` when past."""
    if day is None:
        return ""
    days = (day - today).days
    if days < 0:
        return _late(-days)
    if days < 2:
        return ("today", "tomorrow")[days]
    return format_date(day, "l" if days < 7 else "M j")


def _late(days: int) -> str:
    if days == 1:
        return "1 day late"
    # Beyond that a figure only shames.
    return f"{days} days late" if days < 60 else "over 2 months late"


@register.simple_tag(takes_context=True)
def address_with(context: dict[str, Any], **changes: Any) -> str:
    """The address bar's query with some parameters changed; None or blank takes one away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = value
    return f"?{query.urlencode()}"

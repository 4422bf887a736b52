"""Days as the commands of this app take them."""

import re
from datetime import date

from django.core.management.base import CommandError

# Windows of two years are counted back from the day.
EARLIEST = date(1900, 1, 1)


def asked_day(text: str | date | None) -> date | None:
    """The day of --as-of, written as YYYY-MM-DD; None where it was left out.

    Raises CommandError.
    """
    if text is None or isinstance(text, date):
        return text
    written = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)
    try:
        day = date.fromisoformat(text) if written else None
    except ValueError:
        day = None
    if day is None:
        raise CommandError(f"{text} is not a date. Write YYYY-MM-DD.")
    if day < EARLIEST:
        raise CommandError(f"{text} is too long ago. Dates begin on {EARLIEST}.")
    return day

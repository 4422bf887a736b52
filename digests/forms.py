from datetime import time
from typing import Any

from django import forms
from django.utils.dateformat import time_format

from digests.models import EARLIEST_HOUR, LATEST_HOUR, Subscription

HOURS = [(hour, time_format(time(hour), "g:i A")) for hour in range(EARLIEST_HOUR, LATEST_HOUR + 1)]


class DigestForm(forms.Form):
    """Whether and when the daily digest comes, on the person's own clock."""

    wanted = forms.BooleanField(label="Send me the daily digest", required=False)
    hour = forms.TypedChoiceField(label="Send it at", choices=HOURS, coerce=int)
    on_weekends = forms.BooleanField(label="On Saturdays and Sundays too", required=False)

    def __init__(self, *args: Any, row: Subscription, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"hour": row.hour, "on_weekends": row.on_weekends}
        self.initial["wanted"] = row.stopped_at is None

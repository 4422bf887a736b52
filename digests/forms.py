from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.utils.dateformat import time_format

from digests.kinds import DAILY, MONDAY
from digests.models import EARLIEST_HOUR, LATEST_HOUR, Subscription

HOURS = [(hour, time_format(time(hour), "g:i A")) for hour in range(EARLIEST_HOUR, LATEST_HOUR + 1)]


class SubscriptionForm(forms.Form):
    """Whether and when one kind of digest comes, on the person's own clock."""

    kind: str
    wanted = forms.BooleanField(required=False)
    hour = forms.TypedChoiceField(label="Send it at", choices=HOURS, coerce=int)

    def __init__(self, data: Mapping[str, Any] | None, *, row: Subscription) -> None:
        super().__init__(data)
        self.stopped_at = row.stopped_at
        self.initial = {"wanted": row.stopped_at is None, "hour": row.hour}


class DailyForm(SubscriptionForm):
    kind = DAILY
    on_weekends = forms.BooleanField(label="On Saturdays and Sundays too", required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, row: Subscription) -> None:
        super().__init__(data, row=row)
        self.initial["on_weekends"] = row.on_weekends
        self.fields["wanted"].label = "Send me the daily digest"


class MondayForm(SubscriptionForm):
    kind = MONDAY
    prefix = "monday"

    def __init__(self, data: Mapping[str, Any] | None, *, row: Subscription) -> None:
        super().__init__(data, row=row)
        self.fields["wanted"].label = "Send me the Monday pack"

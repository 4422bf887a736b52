from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms

from partners.forms import DayInput

FURTHEST_DAYS = 730


def check_due(day: date, today: date) -> date:
    """Refuse a due day that is past, or too far ahead to be meant."""
    if day < today:
        raise forms.ValidationError("Choose today or a later day.")
    if day > today + timedelta(days=FURTHEST_DAYS):
        raise forms.ValidationError("Choose a day within two years.")
    return day


class StepForm(forms.Form):
    """A next step and its day; `today` is the owner's."""

    what = forms.CharField(label="Next step", max_length=120)
    due_on = forms.DateField(label="By", widget=DayInput())
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.initial.setdefault("key", uuid4())

    def clean_due_on(self) -> date:
        return check_due(self.cleaned_data["due_on"], self.today)

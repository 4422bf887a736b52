from datetime import date
from typing import Any

from django import forms

from partners.forms import DayInput
from partners.models import StopSource

# An import says so itself.
SOURCES = [choice for choice in StopSource.choices if choice[0] != StopSource.IMPORT]
EARLIEST = date(1990, 1, 1)


class StopForm(forms.Form):
    """When they asked, and how it reached us; `today` is the owner's."""

    on = forms.DateField(label="They asked on", widget=DayInput())
    source = forms.ChoiceField(label="How it reached us", choices=[("", "Choose"), *SOURCES])

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.initial.setdefault("on", today)

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > self.today:
            raise forms.ValidationError("This day lies in the future.")
        if day < EARLIEST:
            raise forms.ValidationError(f"Enter a day from {EARLIEST.year} on.")
        return day


class LiftStopForm(forms.Form):
    reason = forms.CharField(
        label="Why we may write and call again",
        max_length=200,
        help_text="It stays in the record: name no borrower.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

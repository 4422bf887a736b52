from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms

from partners.forms import DayInput

FURTHEST_DAYS = 730
MONDAY = 0


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


def snooze_choices(today: date) -> list[tuple[str, date]]:
    """The days that one click offers, the soonest first; each day once."""
    monday = today + timedelta(days=7 - (today.weekday() - MONDAY))
    named = [
        ("Tomorrow", today + timedelta(days=1)),
        ("Next Monday", monday),
        ("In 3 days", today + timedelta(days=3)),
        ("In two weeks", today + timedelta(days=14)),
    ]
    once: dict[date, str] = {}
    for name, day in named:
        once.setdefault(day, name)
    return [(name, day) for day, name in sorted(once.items())]


class SnoozeForm(forms.Form):
    """Until when a touch waits; `today` is the owner's."""

    until = forms.DateField(
        widget=DayInput(), error_messages={"required": "Choose a day after today."}
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= self.today:
            raise forms.ValidationError("Choose a day after today.")
        return check_due(until, self.today)


class SkipForm(forms.Form):
    """Why a touch is left out this time."""

    reason = forms.CharField(
        max_length=200, error_messages={"required": "Say why, in a few words."}
    )

from datetime import date, timedelta
from typing import Any

from django import forms

from partners.forms import DayInput
from tiers.models import TIERS
from tiers.overrides import DEFAULT_DAYS, MOST_DAYS, check_end


class OverrideForm(forms.Form):
    """Into which tier, until when and why; `today` is the owner's."""

    tier = forms.ChoiceField(choices=TIERS, widget=forms.RadioSelect)
    ends_on = forms.DateField(label="Until", widget=DayInput())
    reason = forms.CharField(max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.initial.setdefault("ends_on", today + timedelta(days=DEFAULT_DAYS))
        self.fields["ends_on"].help_text = f"{MOST_DAYS} days at most; the rules decide after that."

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        check_end(day, self.today)
        return day

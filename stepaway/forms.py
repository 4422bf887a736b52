from datetime import date, timedelta
from typing import Any

from django import forms

from interactions.models import Kind
from partners.forms import DayInput
from stepaway.models import Outcome, Way
from tiers.labels import TIER_NAMES
from tiers.overrides import DEFAULT_DAYS, check_end
from tiers.verdict import Tier

KEPT_IN = [(str(tier), TIER_NAMES[tier]) for tier in (Tier.CULTIVATION, Tier.MAINTENANCE)]
SENT_BY = [(str(kind), kind.label) for kind in (Kind.EMAIL, Kind.TEXT, Kind.NOTE, Kind.CALL)]


class ChoiceForm(forms.Form):
    """Talk first, step away or keep, with a reason; `ways` are those that are offered."""

    way = forms.ChoiceField(label="What to do", choices=Way.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Why",
        max_length=300,
        help_text="Private: only the owner and their manager read it.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    tier = forms.ChoiceField(label="Keep them in", choices=KEPT_IN, required=False)
    ends_on = forms.DateField(
        label="Until", widget=DayInput(), required=False, help_text="180 days at most."
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, today: date, refused: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        ways = [choice for choice in Way.choices if choice[0] not in refused]
        self.fields["way"] = forms.ChoiceField(
            label="What to do", choices=ways, widget=forms.RadioSelect
        )
        self.initial.setdefault("ends_on", today + timedelta(days=DEFAULT_DAYS))
        if Way.KEEP in refused:
            del self.fields["tier"], self.fields["ends_on"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("way") == Way.KEEP and not self.errors:
            data["tier"] = data.get("tier") or Tier.CULTIVATION
            if not data.get("ends_on"):
                self.add_error("ends_on", "Say until when.")
            else:
                self._check_end(data["ends_on"])
        return data

    def _check_end(self, day: date) -> None:
        try:
            check_end(day, self.today)
        except forms.ValidationError as error:
            self.add_error("ends_on", error)


class LookForm(forms.Form):
    """The manager agrees, or sends it back with a note."""

    answer = forms.ChoiceField(choices=[("agree", "Agree"), ("back", "Send back")])
    look_note = forms.CharField(label="Note to the owner", max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("answer") == "back" and not data.get("look_note"):
            self.add_error("look_note", "Say why you send it back.")
        return data


class SentForm(forms.Form):
    """How the message went out; blank for a step that is only ticked."""

    kind = forms.ChoiceField(label="How", choices=SENT_BY)


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label="How it ends", choices=Outcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="Note",
        max_length=300,
        required=False,
        help_text="Private: only the owner and their manager read it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

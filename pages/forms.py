from datetime import date, datetime
from typing import Any, cast
from uuid import uuid4

from django import forms

from accounts.access import access_to
from accounts.models import User
from interactions.forms import check_contact, check_day
from interactions.models import (
    MINUTES_IN_A_DAY,
    Conduct,
    Direction,
    Kind,
    Outcome,
    Purpose,
    default_outcome,
)
from interactions.services import Contact
from ledger import kinds as ledger_kinds
from partners.forms import DayInput
from partners.models import Partner
from touches.forms import check_due
from web.paging import row_keys

MOST_PARTNERS = 50
# What a contact that cost something is in the ledger.
LEDGER_KINDS: dict[str, str] = {
    Kind.COFFEE: ledger_kinds.Kind.MEAL,
    Kind.LUNCH: ledger_kinds.Kind.MEAL,
    Kind.MEETING: ledger_kinds.Kind.MEAL,
    Kind.BRAINSTORM: ledger_kinds.Kind.MEAL,
    Kind.CLASS: ledger_kinds.Kind.CLASS,
    Kind.EVENT: ledger_kinds.Kind.EVENT_PLACE,
    Kind.OPEN_HOUSE: ledger_kinds.Kind.EVENT_PLACE,
}
# No book holds anything from before; a day must leave room for the years that are looked back on.
FIRST_DAY = date(2000, 1, 1)


class PartnersField(forms.ModelMultipleChoiceField):
    """Partners of the list; a number that no row can have is refused before a database sees it."""

    def clean(self, value: Any) -> Any:
        if value and len(row_keys(value)) != len(value):
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice")
        return super().clean(value)


class OptionsForm(forms.Form):
    """What one types to find a partner."""

    q = forms.CharField(max_length=100, required=False)


class ThenForm(forms.Form):
    """On which past day a partner's tier is asked for; `today` is the owner's."""

    day = forms.DateField(
        label="Day",
        widget=DayInput(),
        error_messages={
            "required": "Choose a day.",
            "invalid": "Write the day as 2026-03-31.",
        },
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["day"].widget.attrs |= {"max": today.isoformat(), "min": FIRST_DAY.isoformat()}

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError("Nobody knows that day yet. Choose today or a day before.")
        if day < FIRST_DAY:
            raise forms.ValidationError(f"Choose a day since {FIRST_DAY:%Y}.")
        return day


class PinForm(forms.Form):
    """Whom to put on a focus list, and why; `partners` are those to choose from."""

    reason = forms.CharField(
        label="Why this week",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Whoever sees this partner can read it.",
        error_messages={"required": "Say why, in a few words."},
    )

    def __init__(self, *args: Any, partners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"] = forms.ModelChoiceField(
            partners, error_messages={"required": "Choose a partner."}
        )


class DropForm(forms.Form):
    """Why a partner leaves the focus list."""

    reason = forms.CharField(
        label="Why",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="They are not chosen again for four weeks. You can pin them before that.",
        error_messages={"required": "Say why, in a few words."},
    )


class PrefillForm(forms.Form):
    """What an address fills in before the quick log opens; what does not fit is left out."""

    kind = forms.ChoiceField(choices=Kind.choices, required=False)
    purpose = forms.ChoiceField(choices=Purpose.choices, required=False)
    day = forms.DateField(required=False)
    was_review = forms.BooleanField(required=False)
    gave_value = forms.BooleanField(required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        return day and check_day(day, self.today)

    @property
    def filled(self) -> dict[str, Any]:
        """The fields that fit, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class QuickLogForm(forms.Form):
    """One contact with one or several partners, and perhaps the next step.

    `now` bounds its day. What is left blank takes the default of its kind.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    partners = PartnersField(
        Partner.objects.none(),
        error_messages={
            "required": "Choose at least one partner.",
            "invalid_choice": "Choose partners from the list.",
            "invalid_pk_value": "Choose partners from the list.",
        },
    )
    kind = forms.ChoiceField(
        choices=Kind.choices, error_messages={"required": "Choose what it was."}
    )
    direction = forms.ChoiceField(choices=Direction.choices, required=False)
    outcome = forms.ChoiceField(choices=Outcome.choices, required=False)
    purpose = forms.ChoiceField(choices=Purpose.choices, required=False)
    day = forms.DateField(label="Date", widget=DayInput())
    minutes = forms.IntegerField(min_value=0, max_value=MINUTES_IN_A_DAY, required=False)
    note = forms.CharField(
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    was_review = forms.BooleanField(label="Partnership review", required=False)
    gave_value = forms.BooleanField(
        label="Value given (insight, second opinion, open house)", required=False
    )
    conduct = forms.ChoiceField(choices=Conduct.choices, required=False)
    cost = forms.DecimalField(
        label="Did it cost anything?",
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=2,
        error_messages=dict.fromkeys(
            ["invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"],
            "Enter dollars and cents, such as 42.50.",
        ),
    )
    step_what = forms.CharField(label="Next step", max_length=120, required=False)
    step_on = forms.DateField(label="By", required=False, widget=DayInput())

    def __init__(self, *args: Any, user: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.now = user, now
        workable = Partner.objects.workable_by(user).active()
        partners = cast(forms.ModelMultipleChoiceField, self.fields["partners"])
        partners.queryset = workable.select_related("owner", "standing__override")
        self.initial = {
            "key": uuid4(),
            "day": user.today(now),
            "direction": Direction.OUT,
            "outcome": Outcome.CONNECTED,
            "purpose": Purpose.RELATIONSHIP,
            "conduct": Conduct.NONE,
            **self.initial,
        }

    def clean_partners(self) -> list[Partner]:
        partners = list(self.cleaned_data["partners"])
        if len(partners) > MOST_PARTNERS:
            raise forms.ValidationError(f"Choose at most {MOST_PARTNERS} partners at once.")
        return partners

    def clean_day(self) -> date:
        day = check_day(self.cleaned_data["day"], self.user.today(self.now))
        # Further west it may still be yesterday, and what lies ahead of the owner counts nowhere.
        partners = self.cleaned_data.get("partners") or []
        return min([day, *(partner.owner.today(self.now) for partner in partners)])

    def clean_conduct(self) -> str:
        """Only who sees the conduct of all these partners may note it."""
        conduct: str = self.cleaned_data["conduct"] or Conduct.NONE
        partners = self.cleaned_data.get("partners") or []
        may = all(access_to(self.user, partner.owner).sees_conduct for partner in partners)
        if conduct != Conduct.NONE and not may:
            raise forms.ValidationError("Only the owner and their manager note conduct.")
        return conduct

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["direction"] = data.get("direction") or Direction.OUT
        data["purpose"] = data.get("purpose") or Purpose.RELATIONSHIP
        if not data.get("outcome") and data.get("kind"):
            data["outcome"] = default_outcome(data["kind"], data["direction"])
        check_contact(self, data)
        self._check_step(data)
        if data.get("cost") and data.get("kind") and data["kind"] not in LEDGER_KINDS:
            self.add_error("cost", "Only for time together. Enter anything else in the ledger.")
        return data

    def _check_step(self, data: dict[str, Any]) -> None:
        what, due_on = data.get("step_what"), data.get("step_on")
        if what and due_on:
            try:
                check_due(due_on, self.user.today(self.now))
            except forms.ValidationError as error:
                self.add_error("step_on", error)
        elif what and "step_on" not in self.errors:
            self.add_error("step_on", "By which day?")
        elif due_on:
            self.add_error("step_what", "What is the next step?")

    @property
    def contact(self) -> Contact:
        data = self.cleaned_data
        return Contact(
            day=data["day"],
            kind=Kind(data["kind"]),
            direction=Direction(data["direction"]),
            outcome=Outcome(data["outcome"]),
            purpose=Purpose(data["purpose"]),
            conduct=Conduct(data["conduct"]),
            minutes=data["minutes"],
            note=data["note"],
            was_review=data["was_review"],
            gave_value=data["gave_value"],
        )

from collections.abc import Sequence
from datetime import date
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet

from accounts.access import owners_worked_by
from accounts.models import User
from files.forms import MultipleUploadField
from interactions.forms import EARLIEST
from ledger.entries import MOST, MOST_ATTENDEES, SAID, others_of
from ledger.kinds import KINDS, WAYS, Way
from ledger.models import Draft, Ground, Payer, Statement
from partners.forms import DayInput
from partners.models import Partner
from web.paging import row_keys

MOST_RECIPIENTS = 200
MOST_FILES = 20
LATEST_YEAR = 2100
CHOOSE = ("", "Choose")


class RecipientsField(forms.ModelMultipleChoiceField):
    """Partners of the list; a number that no row can have is refused before a database sees it."""

    def __init__(self, **kwargs: Any) -> None:
        wrong = "Choose partners from the list."
        messages = {"invalid_choice": wrong, "invalid_pk_value": wrong, "list": wrong}
        super().__init__(Partner.objects.none(), error_messages=messages, **kwargs)

    def clean(self, value: Any) -> Any:
        if value and len(row_keys(value)) != len(value):
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice")
        return super().clean(value)


def _money(label: str, help_text: str = "") -> forms.DecimalField:
    sentence = "Enter dollars and cents, such as 42.50."
    codes = ["invalid", "min_value", "max_value", "max_digits", "max_decimal_places"]
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST,
        max_digits=9,
        decimal_places=2,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
        error_messages=dict.fromkeys([*codes, "whole"], sentence),
    )


def _percent(label: str) -> forms.DecimalField:
    codes = ["invalid", "min_value", "max_value", "max_digits", "max_decimal_places"]
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        error_messages=dict.fromkeys(codes, "Enter a number from 0 to 100."),
    )


def _text(label: str, most: int, help_text: str = "", **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=False, help_text=help_text, **kwargs
    )


def _area(label: str, most: int, help_text: str = "") -> forms.CharField:
    return _text(label, most, help_text, widget=forms.Textarea(attrs={"rows": 3}))


def likely_day(day: date) -> date:
    """The day, where a calendar has days enough on either side of it."""
    if not EARLIEST.year <= day.year <= LATEST_YEAR:
        raise forms.ValidationError(f"Enter a day from {EARLIEST.year} to {LATEST_YEAR}.")
    return day


class LineForm(forms.Form):
    """What a line says so far. Nothing is asked for here: the checks ask when it is entered."""

    way = forms.ChoiceField(choices=list(WAYS.items()), label="Which way", required=False)
    kind = forms.ChoiceField(choices=[CHOOSE, *KINDS.items()], label="What", required=False)
    day = forms.DateField(
        label="Date",
        required=False,
        widget=DayInput(),
        error_messages={"invalid": "Write the day as 2026-03-31."},
    )
    partners = RecipientsField(label="Partners", required=False)
    others = _area(
        "Others",
        4000,
        "People who are no partners here: one a line, the name, a comma, the company.",
    )
    description = _text("Description", 300, "Such as: lunch at the Harbor Grill.")
    cost = _money("What it cost", "For all together, in dollars.")
    market_value = _money("Market value", "Blank where it is the same as the cost.")
    attendees = forms.IntegerField(
        label="How many people had something of it",
        required=False,
        min_value=1,
        max_value=MOST_ATTENDEES,
        help_text="Our own people count too.",
    )
    payer = forms.ChoiceField(label="Who paid", choices=[CHOOSE, *Payer.choices], required=False)
    payer_name = _text("Name of who paid", 120, "Where somebody else paid.")
    person_present = _text("Our person who was there", 120)
    purpose = _text("What it was for", 300, "The business purpose, in your own words.")
    discussed = _area("What was discussed", 1000)
    ground = forms.ChoiceField(
        label="How the recipients were chosen", choices=[CHOOSE, *Ground.choices], required=False
    )
    ground_words = _text("In your own words", 200, "Needed where you chose a few, by name.")
    deliverable = _text("What we get for it", 300, "Such as a table and our name on the program.")
    benchmark = _money("What others pay for the same")
    benchmark_source = _text("How we know", 200, "Such as the organizer’s price list.")
    share_of_piece = _percent("Our share of the piece, %")
    share_of_cost = _percent("Our share of its cost, %")
    is_raffle = forms.BooleanField(label="It was raffled or drawn", required=False)
    paid_back = _money(
        "What the partner paid us for it", "Where it is a cost of the partner’s own business."
    )
    receipts = MultipleUploadField(
        label="Add receipts",
        required=False,
        help_text="PDF or pictures, up to 5 MB each.",
    )
    stated = forms.BooleanField(label="I confirm this statement.", required=False)
    stated_name = _text("Your name, typed", 120)
    statement = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=1, max_value=10**6
    )

    def __init__(self, *args: Any, user: User, draft: Draft | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        partners = cast(RecipientsField, self.fields["partners"])
        partners.queryset = Partner.objects.workable_by(user)

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        return day and likely_day(day)

    def clean_partners(self) -> list[Partner]:
        partners = list(self.cleaned_data["partners"])
        if len(partners) > MOST_RECIPIENTS:
            raise forms.ValidationError(f"Choose at most {MOST_RECIPIENTS} partners.")
        return partners

    def clean_others(self) -> str:
        text: str = self.cleaned_data["others"]
        found = others_of(text)
        if len(found) > MOST_RECIPIENTS:
            raise forms.ValidationError(f"Name at most {MOST_RECIPIENTS} others.")
        for one in found:
            for part in (one.name, one.company):
                MaxLengthValidator(120, "A name or a company has at most %(limit_value)s letters.")(
                    part
                )
        return text

    def clean_receipts(self) -> list[Any]:
        uploads: list[Any] = self.cleaned_data["receipts"]
        there = self.draft.files.count() if self.draft and uploads else 0
        if there + len(uploads) > MOST_FILES:
            raise forms.ValidationError(f"A line has at most {MOST_FILES} receipts.")
        return uploads

    @property
    def said(self) -> dict[str, Any]:
        """The fields that a draft keeps."""
        return {name: value for name, value in self.cleaned_data.items() if name in SAID}


def officers_to_enter_for(user: User) -> QuerySet[User]:
    return User.objects.filter(owners_worked_by(user), is_active=True).order_by("name", "pk")


class NewLineForm(LineForm):
    """A line that begins: whose it is, and a key so that a double submit begins one."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, user=user, draft=None, **kwargs)
        self.initial = {"key": uuid4(), "way": Way.GIVEN, "day": today, **self.initial}
        officers = officers_to_enter_for(user)
        self.fields["officer"] = forms.ModelChoiceField(
            officers,
            label="Whose line it is",
            empty_label=None,
            error_messages={"required": "Choose whose line it is."},
        )
        self.initial.setdefault("officer", user.pk)

    def clean_officer(self) -> User:
        officer: User = self.cleaned_data["officer"]
        return officer


def draft_form(user: User, draft: Draft, statement: Statement) -> LineForm:
    """The form of a draft, filled in with what it says.

    Who confirmed an older statement reads the one in force first.
    """
    said = dict(draft.said)
    stated = bool(said.get("stated")) and said.get("statement") == statement.number
    initial = {**said, "stated": stated, "statement": statement.number}
    return LineForm(user=user, draft=draft, initial=initial)


class ReversalForm(forms.Form):
    reason = forms.CharField(
        label="Why it is taken back",
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="It stays in the ledger, with both lines.",
        error_messages={"required": "Say why, in a few words."},
    )


def detached(values: Sequence[str]) -> list[int]:
    """The receipts that are taken off, as the form names them."""
    return row_keys(values)

from datetime import date, datetime
from typing import Any
from uuid import uuid4

import phonenumbers
from django import forms
from django.utils import timezone
from phonenumber_field.formfields import PhoneNumberField

from accounts.access import Access
from interactions.models import (
    Direction,
    Interaction,
    LoanPurpose,
    LostReason,
    Outcome,
    Purpose,
    Referral,
    Stage,
)
from partners.forms import DayInput

EARLIEST = date(1990, 1, 1)


def check_day(day: date, today: date) -> date:
    """Refuse a day that has not come yet, and one that is surely a slip of the keyboard."""
    if day > today:
        raise forms.ValidationError("This day lies in the future.")
    if day < EARLIEST:
        raise forms.ValidationError(f"Enter a day from {EARLIEST.year} on.")
    return day


def check_contact(form: forms.BaseForm, data: dict[str, Any]) -> None:
    """What belongs together in one contact; inbound is always connected."""
    inbound = data.get("direction") == Direction.IN
    if inbound:
        data["outcome"] = Outcome.CONNECTED
    elif data.get("purpose") in {Purpose.ASK, Purpose.GIVE}:
        form.add_error("purpose", "Choose this only when they reached out.")


class InteractionForm(forms.ModelForm):
    """Corrects what was logged; `today` is the owner's."""

    class Meta:
        model = Interaction
        fields = [
            "day",
            "kind",
            "direction",
            "outcome",
            "purpose",
            "minutes",
            "note",
            "was_review",
            "gave_value",
            "conduct",
        ]
        widgets = {"day": DayInput(), "note": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, today: date, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if not access.sees_conduct:
            # Of every row: a note that is missing here and there would tell where conduct is.
            del self.fields["conduct"]
            del self.fields["note"]

    def clean_day(self) -> date:
        return check_day(self.cleaned_data["day"], self.today)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        check_contact(self, data)
        return data


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of a day and a time."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


class ReferralForm(forms.ModelForm):
    """A referral's facts; `now` bounds its time. `partners` are those to choose from."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)
    received_at = forms.DateTimeField(
        label="Received",
        widget=MomentInput(),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    borrower_phone = PhoneNumberField(label="Borrower's phone", region="US", required=False)
    borrower_email = forms.EmailField(label="Borrower's e-mail", required=False)
    loan_purpose = forms.ChoiceField(
        choices=[("", "Not known yet"), *LoanPurpose.choices], required=False
    )

    class Meta:
        model = Referral
        fields = [
            "partner",
            "direction",
            "received_at",
            "borrower",
            "borrower_phone",
            "borrower_email",
            "loan_purpose",
            "amount",
        ]

    def __init__(self, *args: Any, now: datetime, partners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["partner"] = forms.ModelChoiceField(partners)
        self.initial.setdefault("key", uuid4().hex)
        if self.instance.pk:
            del self.fields["partner"]
            del self.fields["key"]

    def clean_received_at(self) -> datetime:
        moment: datetime = self.cleaned_data["received_at"]
        if moment > self.now:
            raise forms.ValidationError("This time lies in the future.")
        check_day(moment.date(), timezone.localdate(self.now))
        return moment

    def clean_borrower_phone(self) -> str:
        """Written one way, whatever way it was typed: as at home, or with its country."""
        phone = self.cleaned_data["borrower_phone"]
        if not phone:
            return ""
        at_home = phone.country_code == phonenumbers.country_code_for_region("US")
        text: str = phone.as_national if at_home else phone.as_international
        return text

    def clean_key(self) -> str:
        return self.cleaned_data["key"] or uuid4().hex


class ReferralFormWithoutContact(ReferralForm):
    """For a referral whose contact was erased, or cannot be opened."""

    class Meta(ReferralForm.Meta):
        # Without them nothing opens what is sealed.
        fields = [name for name in ReferralForm.Meta.fields if not name.startswith("borrower_")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["borrower_phone"], self.fields["borrower_email"]


class MoveForm(forms.Form):
    """To which stage, and why where it was lost."""

    stage = forms.ChoiceField(choices=Stage.choices)
    lost_reason = forms.ChoiceField(
        label="Why it was lost", choices=[("", "Choose"), *LostReason.choices], required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("stage") == Stage.LOST and not data.get("lost_reason"):
            self.add_error("lost_reason", "Say why it was lost.")
        return data

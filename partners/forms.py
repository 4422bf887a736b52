import calendar
from datetime import date
from typing import Any
from uuid import uuid4

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Fieldset, Layout, Row
from django import forms

from accounts.access import owners_worked_by
from accounts.models import User
from partners.models import Partner, PartnerType, SynergyQuestion, Tag
from partners.refused import is_refused

YES_NO = [("yes", "Yes"), ("no", "No")]
MONTHS = [("", "Month"), *((number, calendar.month_name[number]) for number in range(1, 13))]


class DayInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


def synergy_field(question: str) -> str:
    return f"synergy_{question}"


class PartnerForm(forms.ModelForm):
    """A partner's facts; `today` is the day for the person who fills it in."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    company_name = forms.CharField(label="Company", max_length=120, required=False)
    tag_names = forms.CharField(
        label="Tags", max_length=400, required=False, help_text="Separate tags with commas."
    )
    partner_type = forms.ChoiceField(label="Type", choices=[("", "Choose"), *PartnerType.choices])
    birth_month = forms.TypedChoiceField(
        label="Birthday", choices=MONTHS, coerce=int, empty_value=None, required=False
    )

    class Meta:
        model = Partner
        fields = [
            "owner",
            "first_name",
            "last_name",
            "partner_type",
            "email",
            "phone_mobile",
            "phone_work",
            "no_calls",
            "no_texts",
            "no_emails",
            "no_mail",
            "street",
            "city",
            "state",
            "zip",
            "license_no",
            "nmls_id",
            "source",
            "relationship_start",
            "birth_month",
            "birth_day",
            "birth_year",
            "business_start",
            "notes",
        ]
        widgets = {
            "relationship_start": DayInput(),
            "business_start": DayInput(),
            "notes": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "relationship_start": "When the partnership began, if you know.",
            "birth_year": "Optional. An age is never shown.",
        }

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self._choose_owner(user)
        if self.instance.pk:
            self.initial["company_name"] = self.instance.company
            self.initial["tag_names"] = ", ".join(tag.name for tag in self.instance.tags.all())
        for question in SynergyQuestion:
            self.fields[synergy_field(question)] = self._synergy_question(question)
        self.helper = self._helper()

    def _choose_owner(self, user: User) -> None:
        """Whose partner it is, is asked once, and only where there is a choice."""
        owners = User.objects.active().filter(owners_worked_by(user))
        if self.instance.pk:
            del self.fields["owner"]
            del self.fields["key"]
            return
        self.initial.setdefault("key", uuid4())
        self.fields["owner"] = forms.ModelChoiceField(
            owners, label="Whose partner", initial=user, empty_label=None
        )

    def _synergy_question(self, question: SynergyQuestion) -> forms.ChoiceField:
        answers = self.instance.synergy_answers or {}
        answer = answers.get(question.value)
        initial = None if answer is None else "yes" if answer else "no"
        return forms.ChoiceField(
            label=question.label,
            choices=YES_NO,
            initial=initial,
            required=False,
            widget=forms.RadioSelect,
        )

    def _helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        synergy = [InlineRadios(synergy_field(question)) for question in SynergyQuestion]
        owner = ["key", "owner"] if "owner" in self.fields else []
        helper.layout = Layout(
            Fieldset(
                "Who they are",
                *owner,
                _row("first_name", "last_name"),
                _row("company_name", "partner_type"),
                _row("license_no", "nmls_id"),
            ),
            Fieldset(
                "How to reach them",
                "email",
                _row("phone_mobile", "phone_work"),
                Div("no_calls", "no_texts", "no_emails", "no_mail", css_class="opt-outs"),
                "street",
                _row("city", "state", "zip"),
            ),
            Fieldset(
                "The partnership",
                _row("relationship_start", "business_start"),
                _row("birth_month", "birth_day", "birth_year"),
                "source",
                "tag_names",
                "notes",
            ),
            Fieldset("Synergy", HTML(SYNERGY_HELP), Div(*synergy, css_class="synergy")),
        )
        return helper

    def clean_relationship_start(self) -> date | None:
        return self._not_in_the_future("relationship_start")

    def clean_business_start(self) -> date | None:
        return self._not_in_the_future("business_start")

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        if year and year > self.today.year:
            raise forms.ValidationError("This year lies in the future.")
        return year

    def _not_in_the_future(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day and day > self.today:
            raise forms.ValidationError("This day lies in the future.")
        if day and day.year < 1900:
            raise forms.ValidationError("Enter a year from 1900 on.")
        return day

    def clean_tag_names(self) -> list[str]:
        names = [name.strip() for name in self.cleaned_data["tag_names"].split(",")]
        longest = Tag._meta.get_field("name").max_length
        if any(len(name) > (longest or 0) for name in names):
            raise forms.ValidationError(f"A tag has at most {longest} characters.")
        if refused := next((name for name in names if is_refused(name)), None):
            raise forms.ValidationError(
                f"“{refused}” is kept out of this product, as fair-lending law asks. Leave it out."
            )
        return [name for name in names if name]

    def clean(self) -> dict[str, Any]:
        super().clean()
        answers = {
            question.value: self.cleaned_data.get(synergy_field(question)) or None
            for question in SynergyQuestion
        }
        given = {code: answer == "yes" for code, answer in answers.items() if answer}
        if given and len(given) < len(answers):
            missing = next(code for code, answer in answers.items() if not answer)
            self.add_error(synergy_field(missing), "Answer all five questions, or none of them.")
        elif given:
            self.instance.synergy_answers = given
            self.instance.synergy = sum(given.values())
        return self.cleaned_data


SYNERGY_HELP = (
    '<p class="form-text">Five answers make the synergy score, which helps to choose whom to focus '
    "on. It never changes a tier.</p>"
)


def _row(*names: str) -> Row:
    return Row(*(Column(name) for name in names))


class ArchiveForm(forms.Form):
    reason = forms.CharField(
        label="Why", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

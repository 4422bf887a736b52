from datetime import date
from typing import Any

from django import forms
from django.db.models import Q

from accounts.models import User
from ledger.forms import likely_day
from ledger.kinds import KINDS, WAYS
from ledger.models import Answer, Line, Recipient
from ledger.rules import ALWAYS_ON, CHECK_NAMES, Rules
from partners.forms import DayInput

ANY = [("", "All")]
MOST_OPTIONS = 500


class AnswerForm(forms.Form):
    """Approve a line, or ask about it; a check that spoke against it asks for a note."""

    answer = forms.ChoiceField(
        label="Your answer",
        choices=[("approved", "Approve"), ("questioned", "Ask about it")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="In words", max_length=300, required=False)

    def __init__(self, *args: Any, line: Line, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line
        self.fields["note"].help_text = (
            "Needed, as a check spoke against it." if line.findings else "Needed where you ask."
        )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("note") or "answer" not in said:
            return said
        if said["answer"] == Answer.QUESTIONED:
            self.add_error("note", "Say what the officer is to explain or to put right.")
        elif self.line.findings:
            self.add_error("note", "A check spoke against it: say why it is fine all the same.")
        return said


class ReasonForm(forms.Form):
    """Why a hold ends."""

    reason = forms.CharField(label="Why", max_length=300)


class ReleaseForm(ReasonForm):
    """Let a draft pass a check; `codes` are those that hold it back."""

    check_code = forms.ChoiceField(label="Let it pass")
    # The state of the draft that was read: what was changed since is read first.
    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    field_order = ["check_code", "reason"]

    def __init__(self, *args: Any, codes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, CHECK_NAMES.get(code, code)) for code in codes]
        self.fields["check_code"].choices = choices  # type: ignore[attr-defined]


class HoldForm(forms.Form):
    """Place a hold: on everything, or on one officer, recipient or line."""

    officer = forms.ModelChoiceField(
        User.objects.all(), label="All lines of an officer", required=False, empty_label="–"
    )
    recipient = forms.CharField(
        label="All lines of a recipient", max_length=64, required=False, widget=forms.Select
    )
    line = forms.IntegerField(label="One line, by its number", required=False, min_value=1)
    reason = forms.CharField(label="Why", max_length=300, help_text="Such as the matter’s name.")
    everything = forms.BooleanField(label="The whole ledger", required=False)

    field_order = ["everything", "officer", "recipient", "line", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # No key holds a NUL, and PostgreSQL refuses to look for one.
        asked = str(self["recipient"].value() or "").replace("\0", "")
        self.fields["recipient"].widget.choices = recipient_choices(asked)

    def clean_recipient(self) -> str:
        key: str = self.cleaned_data["recipient"]
        if key and not Recipient.objects.filter(partner_key=key).exists():
            raise forms.ValidationError("The ledger knows no such recipient.")
        return key

    def clean_line(self) -> Line | None:
        number = self.cleaned_data["line"]
        if number is None:
            return None
        line = Line.objects.filter(pk=number).first()
        if line is None:
            raise forms.ValidationError("There is no line of this number.")
        return line

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        named = [name for name in ["everything", "officer", "recipient", "line"] if said.get(name)]
        if len(named) != 1 and not self.errors:
            raise forms.ValidationError(
                "Choose one: the whole ledger, an officer, a recipient or a line."
            )
        return said

    def named(self) -> dict[str, Any]:
        """What is held, for `holds.place`."""
        said = self.cleaned_data
        return {
            "line": said["line"],
            "officer": said["officer"],
            "partner_key": said["recipient"],
            "reason": said["reason"],
        }


def recipient_choices(asked: str = "") -> list[tuple[str, str]]:
    """Recipients who are partners, by name as last written; `asked` is among them."""
    rows = Recipient.objects.exclude(partner_key="").order_by("name", "company")
    named = rows.values_list("partner_key", "name", "company").distinct()
    first = list(named.filter(partner_key=asked)[:1]) if asked else []
    by_key = {key: f"{name} ({company})" if company else name for key, name, company in first}
    for key, name, company in named[:MOST_OPTIONS]:
        by_key.setdefault(key, f"{name} ({company})" if company else name)
    return [("", "–"), *sorted(by_key.items(), key=lambda pair: pair[1])]


class ExportForm(forms.Form):
    """What of the ledger is told; `visible` are the lines that the reader may see."""

    recipient = forms.CharField(
        label="Recipient", max_length=120, required=False, help_text="Name or company"
    )
    officer = forms.ModelChoiceField(
        User.objects.none(), label="Officer", required=False, empty_label="All"
    )
    first = forms.DateField(label="From", widget=DayInput(), required=False)
    last = forms.DateField(label="To", widget=DayInput(), required=False)
    way = forms.ChoiceField(label="Way", choices=[*ANY, *WAYS.items()], required=False)
    kind = forms.ChoiceField(label="Kind", choices=[*ANY, *KINDS.items()], required=False)

    def __init__(self, *args: Any, visible: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visible = visible
        people = User.objects.filter(pk__in=visible.order_by().values("officer"))
        self.fields["officer"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = said.get("first"), said.get("last")
        if first and last and first > last:
            self.add_error("last", "Choose a day after the first one.")
        return said

    def lines(self) -> Any:
        """The lines that the form asks for; each word stands in a recipient's name or company."""
        said, lines = self.cleaned_data, self.visible
        paths = {"officer": "officer", "way": "way", "kind": "kind"}
        paths |= {"first": "day__gte", "last": "day__lte"}
        for name, path in paths.items():
            if said[name]:
                lines = lines.filter(**{path: said[name]})
        if said["recipient"]:
            found = Recipient.objects.all()
            for word in said["recipient"].split():
                named = Q(name__icontains=word)
                found = found.filter(named | Q(company__icontains=word))
            lines = lines.filter(pk__in=found.values("line"))
        return lines

    def asked(self) -> dict[str, str]:
        """The filters that are set, as they are written down."""
        said = {name: value for name, value in self.cleaned_data.items() if value}
        return {
            name: str(value.pk if isinstance(value, User) else value)
            for name, value in said.items()
        }


class RulesForm(forms.Form):
    """The numbers of the checks, and which of them are on; `after` names the version before."""

    most_times = forms.IntegerField(
        label="The same recipient, at most", min_value=1, max_value=100, help_text="times"
    )
    times_days = forms.IntegerField(label="Within", min_value=1, max_value=366, help_text="days")
    referral_days = forms.IntegerField(
        label="Close to a referral from the recipient",
        min_value=1,
        max_value=366,
        help_text="days before or after it",
    )
    late_days = forms.IntegerField(
        label="Entered late after", min_value=1, max_value=366, help_text="days"
    )
    benchmark_times = forms.DecimalField(
        label="A sponsorship, at most",
        min_value=1,
        max_value=10,
        decimal_places=2,
        help_text="times what others pay for the same",
    )
    yearly_cap = forms.DecimalField(
        label="Yearly limit for a recipient",
        min_value=0,
        max_value=1_000_000,
        decimal_places=2,
        required=False,
        help_text="In dollars of market value. A company limit, not a legal safe harbor. "
        "Blank: no limit is set.",
    )
    on = forms.MultipleChoiceField(
        label="Checks that are on",
        choices=[(code, name) for code, name in CHECK_NAMES.items() if code not in ALWAYS_ON],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, rules: Rules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ["most_times", "times_days", "referral_days", "late_days", "benchmark_times"]:
            self.initial[name] = getattr(rules, name)
        self.initial["yearly_cap"] = rules.yearly_cap
        optional = set(map(str, CHECK_NAMES)) - ALWAYS_ON
        self.initial["on"] = [code for code in optional if rules.is_on(code)]

    def rules(self) -> Rules:
        said = self.cleaned_data
        return Rules(
            most_times=said["most_times"],
            times_days=said["times_days"],
            referral_days=said["referral_days"],
            late_days=said["late_days"],
            benchmark_times=said["benchmark_times"],
            yearly_cap=said["yearly_cap"],
            off=frozenset(map(str, CHECK_NAMES)) - ALWAYS_ON - set(said["on"]),
        )


class StatementForm(forms.Form):
    """What a giver confirms; `after` names the text before."""

    text = forms.CharField(label="The statement", max_length=1000, widget=forms.Textarea)
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class DayForm(forms.Form):
    """The last day of a report."""

    until = forms.DateField(label="12 months up to", widget=DayInput())

    def clean_until(self) -> date:
        return likely_day(self.cleaned_data["until"])

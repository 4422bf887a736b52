from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.db.models import Q

from accounts.access import led_by
from accounts.models import GIVEN_ROLES, Branch, Role, User

US_TIME_ZONES = {
    "America/New_York": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Phoenix": "Mountain, Arizona (no daylight time)",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "America/Puerto_Rico": "Atlantic, Puerto Rico",
    "Pacific/Guam": "Guam",
}

STATES = [("active", "Working here"), ("left", "Left"), ("all", "All")]
NEEDS_BRANCH = "Say which branch they manage."
NEEDS_OFFICER = "Say whom they assist."


def time_zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    others = sorted(available_timezones() - US_TIME_ZONES.keys())
    return [
        ("United States", list(US_TIME_ZONES.items())),
        ("Elsewhere", [(name, name.replace("_", " ")) for name in others if "/" in name]),
    ]


def in_one_line(name: str) -> str:
    """As it greets its person in mails."""
    return " ".join(name.split())


class ProfileForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        choices=time_zone_choices,
        help_text="Your days, reminders and times follow this zone.",
    )

    class Meta:
        model = User
        fields = ["name", "time_zone", "weekly_minutes"]
        help_texts = {
            "weekly_minutes": "What you want to spend on partners; the focus list compares with it."
        }

    def clean_name(self) -> str:
        return in_one_line(self.cleaned_data["name"])


# --- people and branches --------------------------------------------------------------------


class PeopleFilter(forms.Form):
    """What the list of people shows; nonsense shows who works here."""

    q = forms.CharField(max_length=100, required=False)
    state = forms.ChoiceField(choices=STATES, required=False)
    branch = forms.ModelChoiceField(
        Branch.objects.all(),
        required=False,
        empty_label="All",
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class PersonForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        choices=time_zone_choices, help_text="Their days, reminders and times follow this zone."
    )

    class Meta:
        model = User
        fields = ["name", "email", "branch", "time_zone"]
        labels = {"email": "E-mail"}
        help_texts = {
            "email": "They sign in with it. When it changes, the old address is told.",
            "branch": "Whoever manages this branch sees their partners.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].empty_label = "None"  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return in_one_line(self.cleaned_data["name"])

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()


class ScopedRole(forms.Form):
    """A role, with the branch or the officer that some roles name."""

    role = forms.ChoiceField(choices=[(role.value, role.label) for role in GIVEN_ROLES])
    branch = forms.ModelChoiceField(
        Branch.objects.all(),
        required=False,
        empty_label="None",
        help_text="For a branch manager: which one.",
    )
    officer = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        empty_label="Nobody",
        label="Assists",
        help_text="For an assistant: whose partners they work with.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = User.objects.active()  # type: ignore[attr-defined]

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        role = cleaned.get("role")
        if role == Role.MANAGER and not (cleaned.get("branch") or "branch" in self.errors):
            self.add_error("branch", NEEDS_BRANCH)
        if role == Role.ASSISTANT and not (cleaned.get("officer") or "officer" in self.errors):
            self.add_error("officer", NEEDS_OFFICER)
        return cleaned


class GrantForm(ScopedRole):
    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = User.objects.active().exclude(pk=person.pk)
        self.fields["officer"].queryset = others  # type: ignore[attr-defined]
        # Two forms stand on the page of a person.
        self.auto_id = "id_grant_%s"


class NewPersonForm(ScopedRole):
    name = forms.CharField(max_length=120)
    email = forms.EmailField(
        label="E-mail", max_length=254, help_text="The invitation goes there; they sign in with it."
    )
    time_zone = forms.ChoiceField(
        choices=time_zone_choices, help_text="They can change it in their profile."
    )
    field_order = ["name", "email", "role", "branch", "officer", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].initial = settings.TIME_ZONE
        self.fields["branch"].help_text = "Where they work; for a branch manager: what they manage."

    def clean_name(self) -> str:
        return in_one_line(self.cleaned_data["name"])

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        if User.objects.by_email(email).exists():
            raise forms.ValidationError("A person with this e-mail address exists already.")
        return email

    @property
    def values(self) -> dict[str, Any]:
        """As `add_person` takes them."""
        branch = self.cleaned_data["branch"]
        return {**self.cleaned_data, "branch": branch.name if branch else ""}


class BranchForm(forms.ModelForm):
    class Meta:
        model = Branch
        fields = ["name"]
        error_messages = {"name": {"unique": "A branch with this name exists already."}}

    def clean_name(self) -> str:
        return in_one_line(self.cleaned_data["name"])


# --- absences -------------------------------------------------------------------------------


class PersonChoice(forms.ModelChoiceField):
    """People with their branch, where somebody chooses across branches."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.branch})" if obj.branch else obj.name


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AbsenceForm(forms.Form):
    """Who is away, when, and who works their list; what fits together is the service's to say."""

    officer = PersonChoice(User.objects.none(), label="Who is away", empty_label="Choose")
    first = forms.DateField(label="First day away", widget=DayInput)
    last = forms.DateField(label="Last day away", widget=DayInput)
    stand_in = PersonChoice(User.objects.none(), label="Who stands in", empty_label="Choose")

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        usual = {"first": today} if user.leads else {"first": today, "officer": user.pk}
        kwargs.setdefault("initial", usual)
        super().__init__(*args, **kwargs)
        people = User.objects.active().select_related("branch")
        away: Any = self.fields["officer"]
        away.queryset = people.filter(led_by(user) | Q(pk=user.pk))
        helpers: Any = self.fields["stand_in"]
        helpers.queryset = people.filter(_helpers_of(user))
        for name in ["first", "last"]:
            self.fields[name].widget.attrs["min"] = today.isoformat()
        if not (user.branch_id or user.leads):
            helpers.help_text = "You belong to no branch: an administrator names a colleague."
        if not user.leads:
            away.widget = forms.HiddenInput()
            helpers.queryset = helpers.queryset.exclude(pk=user.pk)


def _helpers_of(user: User) -> Q:
    """Colleagues of one's own branch and of those that one manages; for administrators, anybody."""
    colleagues = Q(branch=user.branch_id) if user.branch_id else Q(pk__in=[])
    return led_by(user) | colleagues

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms

from accounts.access import owners_seen_by, owners_worked_by
from accounts.models import User
from gratitude.models import Event, EventKind
from interactions.forms import EARLIEST, check_day
from interactions.models import MINUTES_IN_A_DAY
from ledger.models import Ground
from partners.forms import DayInput
from partners.models import Company, Partner, PartnerType, Tag

FURTHEST_DAYS = 3 * 366
PERIODS = [("coming", "Coming"), ("past", "Past")]
SMALL = {"class": "form-select form-select-sm"}


def officers_for(user: User) -> Any:
    """Those on whose behalf this person works, who are still here."""
    return User.objects.active().filter(owners_worked_by(user)).order_by("name", "pk")


class EventsForm(forms.Form):
    """What the address of the list may say."""

    when = forms.ChoiceField(
        label="When",
        choices=[("", "Any time"), *PERIODS],
        required=False,
        widget=forms.Select(attrs=SMALL),
    )
    kind = forms.ChoiceField(
        choices=[("", "Every kind"), *EventKind.choices],
        required=False,
        widget=forms.Select(attrs=SMALL),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user.sees_others:
            self.fields["officer"] = forms.ModelChoiceField(
                User.objects.filter(owners_seen_by(user)).order_by("name", "pk"),
                label="Whose",
                required=False,
                empty_label="Everybody",
                widget=forms.Select(attrs=SMALL),
            )

    def narrowed(self, events: Any, today: date) -> Any:
        """The events that fit; call it for a valid form."""
        said = self.cleaned_data
        if said["when"]:
            events = events.coming(today) if said["when"] == "coming" else events.past(today)
        if said["kind"]:
            events = events.filter(kind=said["kind"])
        return events.of(said["officer"]) if said.get("officer") else events


class EventForm(forms.ModelForm):
    """An event's facts; `today` is the day of the person who fills it in."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(choices=[("", "Choose"), *EventKind.choices])
    invited = forms.ChoiceField(
        label="Whom we invite",
        choices=Ground.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whom we invite."},
        help_text="The ground on which people are chosen: the same one for everybody.",
    )

    class Meta:
        model = Event
        fields = [
            "officer",
            "kind",
            "name",
            "day",
            "starts_at",
            "place",
            "hosts",
            "colleagues",
            "invited",
            "invited_words",
            "note",
        ]
        widgets = {
            "day": DayInput(),
            "starts_at": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "colleagues": forms.CheckboxSelectMultiple,
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"colleagues": "Colleagues who host it too"}
        help_texts = {
            "hosts": "As guests read it, such as “our Riverside team and Keystone Title”.",
            "colleagues": "They see the event, and invite and log their own partners.",
            "invited_words": "Such as “every agent of the Elm Street office”.",
        }

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        officers = officers_for(user)
        if self.instance.pk:
            del self.fields["officer"]
            del self.fields["key"]
        else:
            self.initial.setdefault("key", uuid4())
            self.fields["officer"] = forms.ModelChoiceField(
                officers, label="Whose event", initial=user, empty_label=None
            )
        colleagues = self._colleagues(officers)
        self.fields["colleagues"].queryset = colleagues  # type: ignore[attr-defined]
        if not colleagues.exists():
            del self.fields["colleagues"]

    def _colleagues(self, officers: Any) -> Any:
        """People of the branches for which this person works, and those who host it already."""
        branches = officers.order_by().filter(branch__isnull=False).values("branch")
        there = self.instance.colleagues.values("pk") if self.instance.pk else []
        people = User.objects.active().filter(branch__in=branches) | User.objects.filter(
            pk__in=there
        )
        if self.instance.pk:
            people = people.exclude(pk=self.instance.officer_id)
        elif officers.count() == 1:
            people = people.exclude(pk__in=officers.order_by().values("pk"))
        return people.order_by("name", "pk")

    def clean_key(self) -> UUID:
        return self.cleaned_data["key"] or uuid4()

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < EARLIEST:
            raise forms.ValidationError(f"Enter a day from {EARLIEST.year} on.")
        if day > self.today + timedelta(days=FURTHEST_DAYS):
            raise forms.ValidationError("Choose a day within three years.")
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        officer = said.get("officer") or (self.instance.pk and self.instance.officer)
        said["colleagues"] = [one for one in said.get("colleagues", []) if one != officer]
        if said.get("invited") == Ground.NAMED_FEW and not said.get("invited_words"):
            self.add_error("invited_words", "Say in a few words why these.")
        return said


class GuestsForm(forms.Form):
    """Which partners the invite page shows: the ground is who they are, never what they sent."""

    q = forms.CharField(max_length=100, required=False)
    company = forms.ModelChoiceField(
        Company.objects.none(),
        required=False,
        empty_label="Every company",
        widget=forms.Select(attrs=SMALL),
    )
    partner_type = forms.ChoiceField(
        label="Type",
        choices=[("", "Every type"), *PartnerType.choices],
        required=False,
        widget=forms.Select(attrs=SMALL),
    )
    tag = forms.ModelChoiceField(
        Tag.objects.none(), required=False, empty_label="Any", widget=forms.Select(attrs=SMALL)
    )
    city = forms.CharField(
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control form-control-sm"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        book = Partner.objects.workable_by(user).active().order_by()
        self.fields["company"].queryset = Company.objects.filter(  # type: ignore[attr-defined]
            pk__in=book.values("company")
        )
        self.fields["tag"].queryset = Tag.objects.filter(  # type: ignore[attr-defined]
            pk__in=book.filter(tags__isnull=False).values("tags")
        )

    def narrowed(self, partners: Any) -> Any:
        """The partners who fit; call it for a valid form."""
        said = self.cleaned_data
        exact = {
            "company": said["company"],
            "partner_type": said["partner_type"],
            "tags": said["tag"],
            "city__iexact": said["city"],
        }
        partners = partners.filter(**{name: value for name, value in exact.items() if value})
        return partners.search(said["q"]) if said["q"] else partners


class LogForm(forms.Form):
    """How long it took, for everybody who is logged now."""

    minutes = forms.IntegerField(
        label="Minutes, all together", min_value=0, max_value=MINUTES_IN_A_DAY, required=False
    )

    def __init__(self, *args: Any, day: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day, self.today = day, today

    def clean(self) -> dict[str, Any]:
        check_day(self.day, self.today)
        return super().clean() or self.cleaned_data

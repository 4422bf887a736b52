"""What the address bar of the record may say."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from accounts.models import Role, User
from audit.models import Event
from pages.record import PARTNER, REFERRAL, USER, private
from pages.record_words import GROUPS
from partners.forms import DayInput
from partners.models import Partner

ADDRESS = re.compile(r"/(partners|referrals|people)/([0-9]{1,18})(?:/|$)")
OBJECTS = {"partners": PARTNER, "referrals": REFERRAL, "people": USER}
# Nothing was recorded outside of these years, and no calendar ends within a day of them.
YEARS = range(1990, 2200)


class RecordForm(forms.Form):
    """Narrows the record for `user`, in whose time zone its days are."""

    q = forms.CharField(label="Search", max_length=100, required=False)
    person = forms.ModelChoiceField(User.objects.all(), required=False, empty_label="Everybody")
    group = forms.ChoiceField(label="What", required=False)
    address = forms.CharField(label="Page", max_length=200, required=False, empty_value="")
    first = forms.DateField(label="From", widget=DayInput(), required=False)
    last = forms.DateField(label="To", widget=DayInput(), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        choices = [(key, label) for key, (label, _, _) in GROUPS.items()]
        self.fields["group"].choices = [("", "Everything"), *choices]  # type: ignore[attr-defined]
        self.fields["address"].widget.attrs["placeholder"] = "/partners/12/"
        for name in ["person", "group"]:
            self.fields[name].widget.attrs["class"] = "form-select form-select-sm"
        for name in ["address", "first", "last"]:
            self.fields[name].widget.attrs["class"] = "form-control form-control-sm"

    @property
    def in_use(self) -> int:
        """How many of the folded filters narrow the list."""
        return sum(bool(self.data.get(name)) for name in self.fields if name != "q")

    def clean_first(self) -> date | None:
        return self._sensible("first")

    def clean_last(self) -> date | None:
        return self._sensible("last")

    def _sensible(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day and day.year not in YEARS:
            raise forms.ValidationError("Enter a year from 1990 on.")
        return day

    def clean_address(self) -> tuple[str, str] | None:
        """The object that an address of this site names."""
        text = self.cleaned_data["address"]
        found = ADDRESS.search(text)
        if text and not found:
            raise forms.ValidationError("Copy the address of a partner, a referral or a person.")
        return (OBJECTS[found[1]], str(int(found[2]))) if found else None

    def narrowed(self, events: QuerySet[Event]) -> QuerySet[Event]:
        """The events that were asked for; none where the form makes no sense."""
        if not self.is_valid():
            return events.none()
        said = self.cleaned_data
        if said["person"]:
            events = events.filter(actor=said["person"])
        if said["group"]:
            events = events.filter(_of_group(said["group"]))
        if said["address"]:
            kind, key = said["address"]
            events = events.filter(target_type=kind, target_id=key).exclude(private())
        if said["first"]:
            events = events.filter(at__gte=self._midnight(said["first"]))
        if said["last"]:
            events = events.filter(at__lt=self._midnight(said["last"] + timedelta(days=1)))
        for word in said["q"].split():
            events = events.filter(self._names(word))
        return events

    def _midnight(self, day: Any) -> datetime:
        return datetime.combine(day, time(), self.user.zone)

    def _names(self, word: str) -> Q:
        """Who did it, and to whom; private notes are found by who did it alone."""
        people = User.objects.search(word)
        found = Q(actor__in=people.values("pk")) | _about(USER, people)
        if self.user.has_role(Role.ADMINISTRATOR):
            found |= _about(PARTNER, Partner.objects.search(word)) & ~private()
        return found


def _about(kind: str, rows: QuerySet) -> Q:
    keys = rows.order_by().annotate(as_text=Cast("pk", CharField())).values("as_text")
    return Q(target_type=kind, target_id__in=keys)


def _of_group(group: str) -> Q:
    _, starts, ends = GROUPS[group]
    found = Q()
    for start in starts:
        found |= Q(action__startswith=start)
    for end in ends:
        found |= Q(action__endswith=end)
    return found

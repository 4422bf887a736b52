from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from ledger.kinds import KINDS, WAYS
from ledger.models import Line, Recipient
from ledger.querysets import LineQuerySet, people_seen
from partners.forms import DayInput


class LedgerFilter(forms.Form):
    """What the list shows: its whole view stands in the address bar."""

    way = forms.ChoiceField(choices=[("", "Both ways"), *WAYS.items()], required=False)
    kind = forms.ChoiceField(choices=[("", "Everything"), *KINDS.items()], required=False)
    first = forms.DateField(label="From", required=False, widget=DayInput())
    last = forms.DateField(label="Until", required=False, widget=DayInput())
    person = forms.CharField(label="Recipient", max_length=100, required=False)
    # Of a partner; it never changes.
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        lines = Line.objects.filter(officer=OuterRef("pk"))
        seen = User.objects.filter(people_seen(user))
        officers = seen.filter(Q(pk=user.pk) | Exists(lines)).order_by("name", "pk")
        self.fields["officer"] = forms.ModelChoiceField(
            officers, required=False, empty_label="Everybody"
        )
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"

    @property
    def lines(self) -> LineQuerySet:
        """The lines that fit, of those that this person sees; none where the address is wrong."""
        visible: LineQuerySet = Line.objects.visible_to(self.user)
        if not self.is_valid():
            return visible.none()
        said = self.cleaned_data
        exact = {
            "way": said["way"],
            "kind": said["kind"],
            "officer": said["officer"],
            "day__gte": said["first"],
            "day__lte": said["last"],
        }
        found = visible.filter(**{name: value for name, value in exact.items() if value})
        return _of_recipients(found, said["person"], said["key"])

    @property
    def is_used(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())


def _of_recipients(lines: LineQuerySet, person: str, key: str) -> LineQuerySet:
    """Every word must stand in the name or the company of one recipient."""
    if not person and not key:
        return lines
    named = Recipient.objects.filter(line=OuterRef("pk"))
    if key:
        named = named.filter(partner_key=key)
    for word in person.split():
        named = named.filter(Q(name__icontains=word) | Q(company__icontains=word))
    return lines.filter(Exists(named))

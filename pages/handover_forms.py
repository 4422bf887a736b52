"""Who gives partners to whom, and which of them."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.db.models import Exists, OuterRef
from django.http import QueryDict

from accounts.access import led_by
from accounts.models import User
from pages.handover_preview import GROUPS
from partners.models import Partner
from web.paging import row_keys

EVERYBODY, NOBODY = "everybody", "nobody"


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, person: User) -> str:
        branch = f", {person.branch}" if person.branch else ""
        return f"{person}{branch}" if person.is_active else f"{person}{branch} (left)"


class WhoForm(forms.Form):
    """From whom, to whom: people whom this person leads, and a receiver who signs in.

    `partner` may narrow it to a few partners, and `tick` says which are ticked at first.
    """

    tick = forms.ChoiceField(
        choices=[(code, code) for code in (EVERYBODY, NOBODY, *GROUPS)], required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(led_by(user)).select_related("branch")
        book = Partner.objects.filter(owner=OuterRef("pk"))
        self.fields["from"] = PersonField(
            people.filter(Exists(book)),
            label="From",
            empty_label="Choose who has them",
            error_messages={"required": "Choose who gives partners away."},
        )
        self.fields["to"] = PersonField(
            people.active(),
            label="To",
            empty_label="Choose who gets them",
            error_messages={"required": "Choose who gets them."},
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("from") and said["from"] == said.get("to"):
            self.add_error("to", "Choose two different people.")
        return said

    def is_ticked(self, pk: int, group: str) -> bool:
        """Whether a partner is ticked before anybody changed it."""
        tick = self.cleaned_data["tick"] or EVERYBODY
        return tick in {EVERYBODY, group}


class HandOverForm(forms.Form):
    """Which partners go, and why."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label="Why (optional)",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Their managers can read it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())

    @property
    def ticked(self) -> list[int]:
        return row_keys(cast(QueryDict, self.data).getlist("partner")) if self.is_bound else []

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said["key"] = said.get("key") or uuid4()
        if not self.ticked:
            raise forms.ValidationError("Tick at least one partner.")
        return said

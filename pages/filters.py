"""What the address bar of the partners list may say."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast

from accounts.access import decided_by, owners_seen_by
from accounts.models import User
from partners.models import Partner, PartnerType, Tag
from tiers.disclosure import CONDUCT_FLAGS
from tiers.labels import FLAG_LABELS
from tiers.models import TIERS
from tiers.querysets import in_force

SILENT_FOR = [("30", "Over 30 days ago"), ("60", "Over 60 days ago"), ("90", "Over 90 days ago")]
NEVER = "never"
SORTS = {
    "name": [F("last_name").asc(), F("first_name").asc()],
    "-name": [F("last_name").desc(), F("first_name").desc()],
    "contact": [F("standing__last_conversation_on").asc(nulls_first=True)],
    "-contact": [F("standing__last_conversation_on").desc(nulls_last=True)],
    "referrals": [F("standing__referrals_365").asc()],
    "-referrals": [F("standing__referrals_365").desc()],
    "step": [F("next_step_on").asc(nulls_last=True)],
    "-step": [F("next_step_on").desc(nulls_last=True)],
}


@dataclass(frozen=True)
class Head:
    """A column's head: its label, the order that a click asks for, and the order it is in."""

    label: str
    sort: str = ""
    state: str = ""
    number: bool = False


# Label, key of SORTS, whether a first click sorts downwards, whether it holds numbers.
COLUMNS = [
    ("Partner", "name", False, False),
    ("Tier", "", False, False),
    ("Why", "", False, False),
    ("Last contact", "contact", True, False),
    ("Next step", "step", False, False),
    ("Referrals (12 mo)", "referrals", True, True),
]

# Where the owner stands, for people whose list holds several owners' partners.
OWNER_COLUMN = 3


class ListFilter(django_filters.FilterSet):
    """A filter whose choices look like the rest of the page."""

    def get_form_class(self) -> type[forms.Form]:
        form_class: type[forms.Form] = super().get_form_class()
        for field in form_class.base_fields.values():
            if isinstance(field.widget, forms.Select):
                field.widget.attrs["class"] = "form-select form-select-sm"
            elif isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "form-check-input"
        return form_class


class PartnerFilter(ListFilter):
    """Narrows the list; `today` is the day for the person who looks."""

    q = django_filters.CharFilter(method="search", label="Search", max_length=100)
    tier = django_filters.ChoiceFilter(choices=TIERS, method="in_tier", empty_label="Every tier")
    partner_type = django_filters.ChoiceFilter(
        choices=PartnerType.choices, label="Type", empty_label="Every type"
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=User.objects.none(), label="Owner", empty_label="Everybody"
    )
    flag = django_filters.ChoiceFilter(
        choices=[(code, label.short.capitalize()) for code, label in FLAG_LABELS.items()],
        method="flagged",
        label="Flag",
        empty_label="Any",
    )
    tag = django_filters.ModelChoiceFilter(
        queryset=Tag.objects.none(), field_name="tags", label="Tag", empty_label="Any"
    )
    contact = django_filters.ChoiceFilter(
        choices=[*SILENT_FOR, (NEVER, "Never")],
        method="last_contact",
        label="Last contact",
        empty_label="Any time",
    )
    archived = django_filters.BooleanFilter(
        method="only_archived", label="Archived", widget=forms.CheckboxInput
    )
    sort = django_filters.ChoiceFilter(
        choices=[(name, name) for name in SORTS], method="in_order", widget=forms.HiddenInput
    )

    class Meta:
        model = Partner
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.today = user, today
        self.filters["owner"].queryset = User.objects.filter(owners_seen_by(user))
        self.filters["tag"].queryset = Tag.objects.filter(
            partners__in=Partner.objects.visible_to(user)
        ).distinct()

    def filter_queryset(self, queryset: Any) -> Any:
        """An archived partner shows only where somebody asks for them; a name sorts last."""
        if not self.form.cleaned_data.get("archived"):
            queryset = queryset.active()
        if not self.form.cleaned_data.get("sort"):
            queryset = queryset.order_by(*SORTS["name"], "pk")
        return super().filter_queryset(queryset)

    def search(self, partners: Any, name: str, text: str) -> Any:
        return partners.search(text)

    def in_tier(self, partners: Any, name: str, tier: str) -> Any:
        return partners.alias(in_force=in_force(self.today)).filter(in_force=tier)

    def flagged(self, partners: Any, name: str, flag: str) -> Any:
        """Flags about conduct find only partners whose conduct this person may see."""
        if flag in CONDUCT_FLAGS:
            partners = partners.filter(decided_by(self.user))
        # As text, since SQLite cannot ask a JSON list what it contains.
        flags = Cast("standing__flags", TextField())
        return partners.alias(flags=flags).filter(flags__contains=f'"{flag}"')

    def last_contact(self, partners: Any, name: str, choice: str) -> Any:
        if choice == NEVER:
            return partners.filter(standing__last_conversation_on__isnull=True)
        before = self.today - timedelta(days=int(choice))
        return partners.filter(standing__last_conversation_on__lt=before)

    def only_archived(self, partners: Any, name: str, archived: bool) -> Any:
        return partners.archived() if archived else partners

    def in_order(self, partners: QuerySet[Partner], name: str, sort: str) -> QuerySet[Partner]:
        return partners.order_by(*SORTS[sort], *SORTS["name"], "pk")

    @property
    def in_use(self) -> int:
        """How many filters narrow the list, search, tier and order aside."""
        if not self.form.is_valid():
            return 0
        aside = {"q", "tier", "sort"}
        return sum(
            1 for name, value in self.form.cleaned_data.items() if value and name not in aside
        )

    @property
    def heads(self) -> list[Head]:
        """The columns; a click on the one in order turns it around."""
        now = (self.form.is_valid() and self.form.cleaned_data.get("sort")) or "name"
        heads = [_head(now, *column) for column in COLUMNS]
        if self.user.sees_others:
            heads.insert(OWNER_COLUMN, Head("Owner"))
        return heads


def _head(now: str, label: str, key: str, downwards: bool, number: bool) -> Head:
    up, down = key, f"-{key}"
    state = {up: "ascending", down: "descending"}.get(now, "") if key else ""
    first = down if downwards else up
    turned = {"ascending": down, "descending": up}.get(state, first)
    return Head(label, turned if turned in SORTS else key, state, number)

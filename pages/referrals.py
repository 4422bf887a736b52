"""The referrals list: by stage, those that nobody has contacted on top."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import django_filters
from django import forms
from django.db.models import Case, IntegerField, Q, Value, When

from accounts.access import owners_seen_by
from accounts.models import User
from interactions.models import OPEN_STAGES, Referral, ReferralDirection, Stage
from pages.filters import ListFilter

# What we gave stands apart: its stages are for others to move.
VIEWS = {
    "open": ("Open", Q(direction=ReferralDirection.RECEIVED, stage__in=OPEN_STAGES)),
    "funded": ("Funded", Q(direction=ReferralDirection.RECEIVED, stage=Stage.FUNDED)),
    "lost": ("Lost", Q(direction=ReferralDirection.RECEIVED, stage=Stage.LOST)),
    "given": ("Given", Q(direction=ReferralDirection.GIVEN)),
    "all": ("All", Q()),
}
DEFAULT_VIEW = "open"
# Those that wait stand above the ones that we gave, which begin at the same stage.
BY_STAGE = Case(
    When(direction=ReferralDirection.RECEIVED, stage=Stage.RECEIVED, then=Value(-1)),
    *(When(stage=stage, then=Value(place)) for place, stage in enumerate(Stage)),
    output_field=IntegerField(),
)


class ReferralFilter(ListFilter):
    """Narrows the list; without a choice the open ones show."""

    q = django_filters.CharFilter(method="search", label="Search", max_length=100)
    view = django_filters.ChoiceFilter(
        choices=[(name, label) for name, (label, _) in VIEWS.items()],
        method="in_view",
        label="Stage",
        widget=forms.HiddenInput,
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=User.objects.none(),
        field_name="partner__owner",
        label="Owner",
        empty_label="Everybody",
    )

    class Meta:
        model = Referral
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["owner"].queryset = User.objects.filter(owners_seen_by(user))

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset.annotate(by_stage=BY_STAGE))
        if not self.form.cleaned_data.get("view"):
            found = self.in_view(found, "view", DEFAULT_VIEW)
        return found.order_by("by_stage", "-received_at", "-pk")

    def search(self, referrals: Any, name: str, text: str) -> Any:
        for word in text.split():
            referrals = referrals.filter(
                Q(borrower__icontains=word)
                | Q(partner__first_name__icontains=word)
                | Q(partner__last_name__icontains=word)
            )
        return referrals

    def in_view(self, referrals: Any, name: str, view: str) -> Any:
        return referrals.filter(VIEWS[view][1])

    @property
    def chosen_view(self) -> str:
        return (self.form.is_valid() and self.form.cleaned_data.get("view")) or DEFAULT_VIEW


@dataclass(frozen=True)
class Line:
    """A referral with the stages that usually follow."""

    referral: Referral
    next_stages: list[Stage]

    @property
    def waits(self) -> bool:
        return self.referral.is_waiting


@dataclass(frozen=True)
class Group:
    stage: Stage
    lines: list[Line]


def grouped(referrals: list[Referral]) -> list[Group]:
    """The rows of a page, in the order of their stages."""
    return [
        Group(Stage(stage), [Line(referral, referral.next_stages[:1]) for referral in rows])
        for stage, rows in groupby(referrals, key=lambda referral: referral.stage)
    ]

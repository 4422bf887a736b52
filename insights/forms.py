"""What the address of a page of figures says: whose figures, over which days, as of when."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, QueryDict

from accounts.models import Branch, Role, User
from insights.scope import USUAL_DAYS, Scope, scope_of
from partners.forms import DayInput
from partners.models import Partner, PartnerType

ALL = "all"
PERIODS = [("30", "30 days"), ("90", "90 days"), ("180", "180 days"), ("365", "12 months")]
# No book holds anything from before; a day must leave room for a year before it.
FIRST_DAY = date(2000, 1, 1)


class FiguresForm(forms.Form):
    """Whose figures and of when: of a branch, of one officer in it, or of oneself.

    A manager chooses among the branches that they manage, an administrator among all; anybody
    else has their own figures alone. Nothing is needed: what is left out, or does not fit, takes
    its default, and `errors` says what did not fit. `today` is the reader's day. Ask for `scope()`
    before anything else.
    """

    branch = forms.ChoiceField(required=False)
    officer = forms.ChoiceField(required=False)
    type = forms.ChoiceField(
        label="Partners",
        required=False,
        choices=[("", "Every type"), *PartnerType.choices],
        error_messages={"invalid_choice": "There is no such type of partner: all are counted."},
    )
    days = forms.ChoiceField(
        label="Over",
        required=False,
        choices=PERIODS,
        error_messages={"invalid_choice": "Choose one of the periods: 90 days are counted."},
    )
    as_of = forms.DateField(
        label="As of",
        required=False,
        widget=DayInput(),
        error_messages={"invalid": "Write the day as 2026-03-31: today is counted."},
    )
    fresh = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any], *, user: User, today: date, officer: int | None = None
    ) -> None:
        self.said = _with_defaults(data, officer)
        super().__init__(self.said)
        self.user, self.today = user, today
        if self.said.get("branch") == ALL and len(self.branches) == 1:
            # All that one branch.
            self.said["branch"] = ""
        self._choices_of("branch").choices = [
            *((str(branch.pk), branch.name) for branch in self.branches),
            *([(ALL, "All your branches")] if len(self.branches) > 1 else []),
        ]
        self._choices_of("officer").choices = [
            ("", "Everybody"),
            *((str(person.pk), person.name) for person in self.people),
        ]
        for name in ["branch", "officer", "type", "days"]:
            self.fields[name].widget.attrs["class"] = "form-select form-select-sm"
        attrs = self.fields["as_of"].widget.attrs
        attrs["class"] = "form-control form-control-sm"
        attrs |= {"max": today.isoformat(), "min": FIRST_DAY.isoformat()}

    def _choices_of(self, name: str) -> forms.ChoiceField:
        return cast(forms.ChoiceField, self.fields[name])

    @cached_property
    def branches(self) -> list[Branch]:
        """The branches whose figures this person may read, by name."""
        if self.user.has_role(Role.ADMINISTRATOR):
            return list(Branch.objects.order_by("name"))
        managed = self._managed
        return list(Branch.objects.filter(pk__in=managed).order_by("name")) if managed else []

    @cached_property
    def people(self) -> list[User]:
        """Whose figures this person may read: those of these branches, and oneself."""
        if not self.branches:
            return [self.user]
        theirs = Q(branch__in=self.branches) | Q(pk=self.user.pk)
        owns = Exists(Partner.objects.filter(owner=OuterRef("pk")))
        return list(User.objects.filter(theirs).annotate(owns=owns).order_by("name", "pk"))

    @property
    def _managed(self) -> set[int]:
        grants = [grant for grant in self.user.held_grants if grant.role == Role.MANAGER]
        return {grant.branch_id for grant in grants if grant.branch_id}

    def clean_as_of(self) -> date | None:
        day: date | None = self.cleaned_data["as_of"]
        if day and day > self.today:
            raise forms.ValidationError("Nobody knows that day yet: today is counted.")
        if day and day < FIRST_DAY:
            raise forms.ValidationError(f"Choose a day since {FIRST_DAY:%Y}: today is counted.")
        return day

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        person = self._person(said.get("officer"))
        branch = said.get("branch")
        if person and branch and branch != ALL and str(person.branch_id) != branch:
            self.add_error("officer", f"{person.name} is of another branch: everybody is counted.")
        return said

    def _person(self, key: str | None) -> User | None:
        return next((one for one in self.people if str(one.pk) == key), None)

    def scope(self) -> Scope:
        """What is counted. Raises Http404 for a branch or an officer that is not theirs."""
        self._settle()
        officer = self.person.pk if self.person else None
        return scope_of(
            [branch.pk for branch in self.chosen_branches],
            officer=officer,
            partner_type=self.partner_type,
            end=self.end,
            days=self.period_days,
        )

    def _settle(self) -> None:
        """Refuse what is not theirs, and let the fields show the defaults that hold."""
        self.is_valid()
        if self.has_error("branch") or self.has_error("officer", "invalid_choice"):
            raise Http404
        for name in self.errors:
            self.said[name] = str(USUAL_DAYS) if name == "days" else ""
        self.said["branch"] = self._branch_key
        keys = {branch.pk for branch in self.chosen_branches}
        shown = [one for one in self.people if self._is_shown(one, keys)]
        self._choices_of("officer").choices = [
            ("", "Everybody"),
            *((str(person.pk), person.name) for person in shown),
        ]

    def _is_shown(self, person: User, branches: set[int]) -> bool:
        """Whether to offer them: they are chosen, or own partners in a chosen branch."""
        owns = getattr(person, "owns", False) and person.branch_id in branches
        return owns or person == self.person

    @property
    def _branch_key(self) -> str:
        branches = self.chosen_branches
        if self.cleaned_data.get("branch") == ALL:
            return ALL
        return str(branches[0].pk) if branches else ""

    @cached_property
    def person(self) -> User | None:
        """The one whose figures these are; None where they are a branch's."""
        person = self._person(self.cleaned_data.get("officer"))
        return person if person or self.branches else self.user

    @cached_property
    def chosen_branches(self) -> list[Branch]:
        """The branches that are counted; none where the figures are a person's own alone."""
        asked = self.cleaned_data.get("branch")
        if asked == ALL:
            return self.branches
        if self.person and not asked:
            return self._with_key(self.person.branch_id)
        return self._with_key(int(asked)) if asked else self._usual_branch()

    def _with_key(self, key: int | None) -> list[Branch]:
        return [branch for branch in self.branches if branch.pk == key]

    def _usual_branch(self) -> list[Branch]:
        """The first one managed, else one's own, else the first."""
        managed = [branch for branch in self.branches if branch.pk in self._managed]
        return (managed or self._with_key(self.user.branch_id) or self.branches)[:1]

    @property
    def one_branch(self) -> Branch | None:
        """The one branch that is counted; None where they are several, or none."""
        return self.chosen_branches[0] if len(self.chosen_branches) == 1 else None

    @property
    def partner_type(self) -> str:
        return self.cleaned_data.get("type") or ""

    @property
    def period_days(self) -> int:
        return int(self.cleaned_data.get("days") or USUAL_DAYS)

    @property
    def end(self) -> date:
        return self.cleaned_data.get("as_of") or self.today

    @property
    def is_past(self) -> bool:
        return self.end < self.today

    @property
    def is_fresh(self) -> bool:
        """Whether somebody asked to count now, whatever was counted before."""
        return bool(self.cleaned_data.get("fresh"))

    @property
    def is_usual(self) -> bool:
        """Whether the background counts this branch over these days."""
        usual_days = self.period_days == USUAL_DAYS and not self.is_past
        return self.one_branch is not None and usual_days and not self.partner_type

    @property
    def sees_conduct(self) -> bool:
        """Whether the reader may see conduct of everybody who is counted."""
        managed = {branch.pk for branch in self.chosen_branches} <= self._managed
        return self.person == self.user or (bool(self.chosen_branches) and managed)

    @property
    def query(self) -> str:
        """What an address needs to say to count the same; blank, or `?branch=2&days=30`."""
        return self.query_with()

    def query_with(self, **changes: str) -> str:
        """The same with some parameters changed; blank takes one away."""
        said = {
            "branch": self._branch_key,
            "officer": str(self.person.pk) if self.person else "",
            "type": self.partner_type,
            "days": "" if self.period_days == USUAL_DAYS else str(self.period_days),
            "as_of": self.end.isoformat() if self.is_past else "",
        } | changes
        told = urlencode({name: value for name, value in said.items() if value})
        return f"?{told}" if told else ""


def _with_defaults(data: Mapping[str, Any], officer: int | None) -> QueryDict:
    """What was sent, to be written to; `officer` is the one whom the address itself names."""
    filled = QueryDict(mutable=True)
    filled.update(data)
    filled["days"] = filled.get("days") or str(USUAL_DAYS)
    if officer is not None:
        filled["officer"] = str(officer)
        filled["branch"] = ""
    return filled

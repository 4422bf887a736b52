from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms

from partners.forms import DayInput
from touches.cadences import (
    MOST_DAYS,
    MOST_MINUTES,
    MOST_WORKING_DAYS,
    Audience,
    Cadence,
    FirstTouch,
    Playbook,
)
from touches.kinds import KINDS
from touches.playbook import in_words
from touches.playbook_words import AUDIENCE_NAMES

FURTHEST_DAYS = 730
MONDAY = 0


def check_due(day: date, today: date) -> date:
    """Refuse a due day that is past, or too far ahead to be meant."""
    if day < today:
        raise forms.ValidationError("Choose today or a later day.")
    if day > today + timedelta(days=FURTHEST_DAYS):
        raise forms.ValidationError("Choose a day within two years.")
    return day


class StepForm(forms.Form):
    """A next step and its day; `today` is the owner's."""

    what = forms.CharField(label="Next step", max_length=120)
    due_on = forms.DateField(label="By", widget=DayInput())
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.initial.setdefault("key", uuid4())

    def clean_due_on(self) -> date:
        return check_due(self.cleaned_data["due_on"], self.today)


def snooze_choices(today: date, latest: date | None = None) -> list[tuple[str, date]]:
    """The days that one click offers, the soonest first; each day once, and none after `latest`."""
    monday = today + timedelta(days=7 - (today.weekday() - MONDAY))
    named = [
        ("Tomorrow", today + timedelta(days=1)),
        ("Next Monday", monday),
        ("In 3 days", today + timedelta(days=3)),
        ("In two weeks", today + timedelta(days=14)),
    ]
    once: dict[date, str] = {}
    for name, day in named:
        if latest is None or day <= latest:
            once.setdefault(day, name)
    return [(name, day) for day, name in sorted(once.items())]


class SnoozeForm(forms.Form):
    """Until when a touch waits; `today` is the owner's, `latest` the last day that makes sense."""

    until = forms.DateField(
        widget=DayInput(), error_messages={"required": "Choose a day after today."}
    )

    def __init__(self, *args: Any, today: date, latest: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.latest = today, latest

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= self.today:
            raise forms.ValidationError("Choose a day after today.")
        if self.latest and until > self.latest:
            raise forms.ValidationError(f"After {in_words(self.latest)} it would come too late.")
        return check_due(until, self.today)


class SkipForm(forms.Form):
    """Why a touch is left out this time."""

    reason = forms.CharField(
        max_length=200, error_messages={"required": "Say why, in a few words."}
    )


MOST_FIRST_TOUCHES = 12


def whole_number(most: int, label: str, default: int) -> forms.IntegerField:
    """A number from 1 to `most`; the guide's own stands beside."""
    sentence = f"Enter a whole number from 1 to {most}."
    codes = ["required", "invalid", "min_value", "max_value"]
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=most,
        help_text=f"The guide: {default}",
        error_messages=dict.fromkeys(codes, sentence),
    )


class PlaybookForm(forms.Form):
    """Every number of the play-book; it is filled in with `playbook`."""

    def __init__(self, *args: Any, playbook: Playbook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        default = Playbook()
        for audience, cadences in default.cadences.items():
            for cadence in cadences:
                self._add_cadence(cadence)
            for cadence in playbook.cadences_for(audience):
                self.initial[f"{cadence.kind}_days"] = cadence.every_days
                self.initial[f"{cadence.kind}_minutes"] = cadence.minutes
        self._add_first_touches(default, playbook)
        self.fields["thanks_minutes"] = whole_number(
            MOST_MINUTES, "Thanks for a referral: minutes", default.thanks_minutes
        )
        self.initial["thanks_minutes"] = playbook.thanks_minutes

    def _add_cadence(self, default: Cadence) -> None:
        name = KINDS[default.kind].label
        days = whole_number(MOST_DAYS, f"{name}: days", default.every_days)
        minutes = whole_number(MOST_MINUTES, f"{name}: minutes", default.minutes)
        self.fields |= {f"{default.kind}_days": days, f"{default.kind}_minutes": minutes}

    def _add_first_touches(self, default: Playbook, playbook: Playbook) -> None:
        first, now = default.first_touch, playbook.first_touch
        days = ", ".join(map(str, first.days))
        self.fields |= {
            "first_working_days": whole_number(
                MOST_WORKING_DAYS, "First touch: working days", first.working_days
            ),
            "first_days": forms.CharField(
                label="Then on days",
                max_length=100,
                help_text=f"The guide: {days}",
                error_messages={"required": "Enter at least one day."},
            ),
            "first_minutes": whole_number(MOST_MINUTES, "Minutes each", first.minutes),
        }
        self.initial["first_working_days"] = now.working_days
        self.initial["first_days"] = ", ".join(map(str, now.days))
        self.initial["first_minutes"] = now.minutes

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        parts = [
            Fieldset(
                AUDIENCE_NAMES[audience],
                *(_row(f"{one.kind}_days", f"{one.kind}_minutes") for one in cadences),
            )
            for audience, cadences in Playbook().cadences.items()
        ]
        first = ["first_working_days", "first_days", "first_minutes"]
        new = Fieldset(AUDIENCE_NAMES[Audience.TOO_NEW], _row(*first))
        helper.layout = Layout(*parts, new, Fieldset("Everybody but Cease", "thanks_minutes"))
        return helper

    def clean_first_days(self) -> tuple[int, ...]:
        texts = self.cleaned_data["first_days"].replace(",", " ").split()
        if not all(text.isascii() and text.isdigit() for text in texts):
            raise forms.ValidationError("Enter days as whole numbers, such as 7, 21, 45.")
        days = [int(text) for text in texts]
        if len(days) > MOST_FIRST_TOUCHES:
            raise forms.ValidationError(f"Enter at most {MOST_FIRST_TOUCHES} days.")
        if not days or min(days) < 1 or max(days) > MOST_DAYS:
            raise forms.ValidationError(f"Enter days from 1 to {MOST_DAYS}.")
        if days != sorted(set(days)):
            raise forms.ValidationError("Each day must be later than the one before.")
        return tuple(days)

    def playbook(self) -> Playbook:
        """What the valid form says."""
        said = self.cleaned_data
        cadences = {
            audience: tuple(
                Cadence(one.kind, said[f"{one.kind}_days"], said[f"{one.kind}_minutes"])
                for one in known
            )
            for audience, known in Playbook().cadences.items()
        }
        first = FirstTouch(said["first_minutes"], said["first_working_days"], said["first_days"])
        return Playbook(cadences, first, said["thanks_minutes"])


def _row(*names: str) -> Row:
    return Row(*(Column(name) for name in names))

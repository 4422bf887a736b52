from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms

from partners.forms import DayInput
from policies.words import Line, Part, parts_of
from tiers.policy import Policy
from tiers.policy_sense import least, most, nonsense, paths, value_at
from tiers.policy_words import SHARE, Bit, label_of

FURTHEST_DAYS = 366


def field_name(path: str) -> str:
    """The name of a threshold's field: a path without dots."""
    return path.replace(".", "__")


@dataclass(frozen=True)
class Piece:
    """A piece of a sentence: words, or an input."""

    text: str = ""
    field: Any = None


@dataclass(frozen=True)
class AskedLine:
    """A sentence with its inputs, and what is wrong with them."""

    line: Line
    pieces: list[Piece]

    @property
    def wrong(self) -> list[Any]:
        return [piece.field for piece in self.pieces if piece.field and piece.field.errors]


class DraftForm(forms.Form):
    """Every threshold, in the sentences of the rules; it is filled in with `policy`."""

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = policy
        for path in paths():
            name = field_name(path)
            self.fields[name] = _percent() if path == SHARE else _number(path)
            value = value_at(policy, path)
            self.initial[name] = _in_percent(value) if path == SHARE else value

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for complaint in nonsense(self.policy()):
            # What is no number at all has its sentence already.
            if field_name(complaint.field) in said:
                self.add_error(field_name(complaint.field), complaint.sentence)
        return said

    def policy(self) -> Policy:
        """What the form says; what is no number is as it was."""
        data: dict[str, Any] = {}
        for path in paths():
            *above, last = path.split(".")
            inside = data
            for key in above:
                inside = inside.setdefault(key, {})
            inside[last] = self._value(path)
        return Policy.from_dict(data)

    def _value(self, path: str) -> int | float:
        value = self.cleaned_data.get(field_name(path))
        if value is None:
            kept: int | float = value_at(self.stored, path)
            return kept
        return float(value / 100) if path == SHARE else int(value)

    def asked(self) -> Iterator[tuple[Part, list[AskedLine]]]:
        """The parts of the policy, each with its sentences and their inputs."""
        for part in parts_of(self.stored):
            yield part, [AskedLine(line, list(self._pieces(line.bits))) for line in part.lines]

    def _pieces(self, bits: list[Bit]) -> Iterator[Piece]:
        for bit in bits:
            yield Piece(field=self[field_name(bit.path)]) if bit.path else Piece(bit.text)


def _number(path: str) -> forms.IntegerField:
    sentence = f"Enter a whole number from {least(path)} to {most(path)}."
    codes = ["required", "invalid", "min_value", "max_value"]
    return forms.IntegerField(
        label=label_of(path),
        min_value=least(path),
        max_value=most(path),
        widget=_number_input(path),
        error_messages=dict.fromkeys(codes, sentence),
    )


def _percent() -> forms.DecimalField:
    codes = ["required", "invalid", "min_value", "max_value", "max_digits", "max_decimal_places"]
    return forms.DecimalField(
        label=label_of(SHARE),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        widget=_number_input(SHARE),
        error_messages=dict.fromkeys(codes, "Enter a number from 0 to 100."),
    )


def _number_input(path: str) -> forms.NumberInput:
    return forms.NumberInput(attrs={"class": "rule-number", "aria-label": label_of(path)})


def _in_percent(share: float) -> Decimal:
    percent = Decimal(str(share)) * 100
    return percent.quantize(Decimal(1)) if percent == int(percent) else percent.normalize()


class StartForm(forms.Form):
    """From which day a policy holds, and why; `today` is the day of the person who asks."""

    starts_on = forms.DateField(
        label="From",
        widget=DayInput(),
        help_text="Today means at once: everybody is judged anew within minutes.",
        error_messages={"required": "Choose the day from which it holds."},
    )
    note = forms.CharField(
        label="Why",
        max_length=300,
        required=False,
        help_text="For everybody who reads the policy.",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.initial.setdefault("starts_on", today)

    def clean_starts_on(self) -> date:
        day: date = self.cleaned_data["starts_on"]
        if day < self.today:
            raise forms.ValidationError("Choose today or a later day: the past was judged already.")
        if day > self.today + timedelta(days=FURTHEST_DAYS):
            raise forms.ValidationError("Choose a day within a year.")
        return day

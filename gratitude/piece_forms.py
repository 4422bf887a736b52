from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms

from accounts.models import User
from files.forms import UploadField
from gratitude.forms import officers_for
from gratitude.models import Piece, PieceFile, PieceKind, PieceSide
from gratitude.piece_states import LABELS, State
from gratitude.shares import Side, objections
from interactions.forms import EARLIEST
from partners.forms import DayInput
from partners.models import Partner

LAST_YEAR = 2100


class PiecesForm(forms.Form):
    """What the address of the list may say."""

    state = forms.ChoiceField(
        choices=[
            ("", "All"),
            *((state.value, LABELS[state]) for state in State if state != State.CALLED_OFF),
        ],
        required=False,
    )

    def narrowed(self, pieces: Any, today: date) -> Any:
        """The pieces that fit; call it for a valid form."""
        state = self.cleaned_data["state"]
        if not state:
            return pieces
        return {
            State.LIVE: pieces.live,
            State.TO_COME: pieces.to_come,
            State.ENDED: pieces.ended,
        }[State(state)](today)


class PieceForm(forms.ModelForm):
    """A piece and our side of it; the partners' sides are `SideForm`s."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(choices=[("", "Choose"), *PieceKind.choices])

    class Meta:
        model = Piece
        fields = [
            "officer",
            "kind",
            "name",
            "description",
            "starts_on",
            "ends_on",
            "total_cost",
            "our_part",
            "our_share",
            "our_cost",
        ]
        widgets = {
            "starts_on": DayInput(),
            "ends_on": DayInput(),
            "description": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"total_cost": "What it costs in all, $", "our_cost": "What we pay, $"}
        help_texts = {
            "ends_on": "The last day; leave it open while you do not know.",
            "our_part": "Such as “design, and the mortgage half of the page”.",
            "our_share": "How much of the piece shows us and our work.",
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["officer"]
            del self.fields["key"]
        else:
            self.initial.setdefault("key", uuid4())
            self.fields["officer"] = forms.ModelChoiceField(
                officers_for(user), label="Whose piece", initial=user, empty_label=None
            )
        for name in ["total_cost", "our_share", "our_cost"]:
            _only_positive(self.fields[name])

    def clean_key(self) -> UUID:
        return self.cleaned_data["key"] or uuid4()

    def clean_starts_on(self) -> date:
        return _likely(self.cleaned_data["starts_on"])

    def clean_ends_on(self) -> date | None:
        day: date | None = self.cleaned_data["ends_on"]
        return day and _likely(day)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        starts_on, ends_on = said.get("starts_on"), said.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "It cannot end before it begins.")
        return said


class SideForm(forms.Form):
    """What one partner does, their share of the piece, and what they pay."""

    part = forms.CharField(label="What they do", max_length=200)
    share = forms.DecimalField(
        label="Their share of the piece, %",
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
    )
    cost = forms.DecimalField(label="What they pay, $", min_value=0, max_digits=9, decimal_places=2)

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"prefix": f"side-{partner.pk}"})
        self.partner = partner

    @property
    def side(self) -> PieceSide:
        return PieceSide(partner=self.partner, **self.cleaned_data)


def add_up(form: PieceForm, sides: Sequence[SideForm], kept: Sequence[PieceSide]) -> bool:
    """Whether all is filled in, and shares and costs come to the whole; else the form says why.

    `kept` are sides of partners whom the person does not see: they count, and stay as they are.
    """
    filled = [form.is_valid(), *(side.is_valid() for side in sides)]
    if not all(filled):
        return False
    said = form.cleaned_data
    partners = [*(side.side for side in sides), *kept]
    if not partners:
        form.add_error(None, "A co-branded piece needs at least one partner.")
        return False
    shares = [Side(said["our_share"], said["our_cost"])]
    shares += [Side(Decimal(side.share), Decimal(side.cost)) for side in partners]
    for sentence in objections(shares, said["total_cost"]):
        form.add_error(None, sentence)
    return not form.errors


class PieceFileForm(forms.Form):
    """An agreement, a proof of payment, or a copy of the piece."""

    what = forms.ChoiceField(choices=PieceFile.What.choices)
    upload = UploadField(label="File", help_text="A PDF or a picture, at most 5 MB.")


def _only_positive(field: Any) -> None:
    field.min_value = 0
    field.validators.append(forms.DecimalField(min_value=0).validators[0])
    field.widget.attrs["min"] = 0


def _likely(day: date) -> date:
    if not EARLIEST.year <= day.year <= LAST_YEAR:
        raise forms.ValidationError(f"Enter a day from {EARLIEST.year} to {LAST_YEAR}.")
    return day

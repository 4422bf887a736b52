from typing import Any

from django import forms

from interactions.fair_words import objections
from texts.filling import placeholder_errors
from texts.occasions import Program
from texts.originals import Text

MOST_IN_A_MESSAGE = 600


class WordsForm(forms.Form):
    """A subject (of an e-mail alone) and a body that the linter lets pass."""

    subject = forms.CharField(
        label="Subject",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write a subject."},
    )
    body = forms.CharField(
        label="Text",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": "Write something."},
    )

    def __init__(self, *args: Any, program: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if program == Program.TEXT:
            del self.fields["subject"]
            body = self.fields["body"]
            body.widget.attrs["rows"] = 5
            body.max_length = MOST_IN_A_MESSAGE  # type: ignore[attr-defined]

    def clean_subject(self) -> str:
        return " ".join(self.cleaned_data["subject"].split())

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        most = self.fields["body"].max_length  # type: ignore[attr-defined]
        if len(body) > most:
            raise forms.ValidationError(f"Write at most {most} characters; it has {len(body)}.")
        return "\n".join(body.splitlines())

    def clean(self) -> dict[str, Any]:
        """Subject and body are read together: one may name what the other gives."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for sentence in objections(f"{said.get('subject', '')}.\n{said.get('body', '')}"):
            self.add_error("body", sentence)
        return said

    @property
    def text(self) -> Text:
        return Text(self.cleaned_data.get("subject", ""), self.cleaned_data["body"])


class TeamTextForm(WordsForm):
    """The team's wording, whose placeholders must be ones that can be filled."""

    def clean(self) -> dict[str, Any]:
        """All that is wrong is said at once: a field with an error is no longer in the answer."""
        strange = [
            (name, sentence)
            for name in self.fields
            for sentence in placeholder_errors(self.cleaned_data.get(name, ""))
        ]
        said = super().clean()
        for name, sentence in strange:
            self.add_error(name, sentence)
        return said

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from files.looks import ENDINGS
from files.services import readable

ACCEPTED = ",".join([*ENDINGS, *ENDINGS.values()])
MOST_AT_ONCE = 10


class UploadField(forms.FileField):
    """One file that we keep: its bytes were looked at when the form is valid."""

    def __init__(self, **kwargs: Any) -> None:
        # `readable` has its own sentence for an empty one.
        kwargs.setdefault("allow_empty_file", True)
        kwargs.setdefault("error_messages", {"required": "Choose a file."})
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("accept", ACCEPTED)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            readable(upload)
        return upload

    def to_python(self, data: Any) -> Any:
        # Its name is cleaned and shortened when it is kept.
        return None if data in self.empty_values else data


class MultipleFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class MultipleUploadField(UploadField):
    """Several files at once; its value is a list, empty where none was chosen."""

    widget = MultipleFileInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [file for file in _listed(data) if file not in self.empty_values]
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"], "required")
        if len(files) > MOST_AT_ONCE:
            raise forms.ValidationError(f"Choose at most {MOST_AT_ONCE} files at once.")
        return [super(MultipleUploadField, self).clean(file, initial) for file in files]


def _listed(data: Any) -> Sequence[Any]:
    return data if isinstance(data, list | tuple) else [data]

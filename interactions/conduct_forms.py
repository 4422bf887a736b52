from django import forms


class CloseConductForm(forms.Form):
    """Why a note on conduct is closed; seen by the owner and their manager."""

    reason = forms.CharField(
        label="Why it is settled",
        max_length=300,
        help_text="Such as: we talked it through on Tuesday, and they apologized.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

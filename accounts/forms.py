from zoneinfo import available_timezones

from django import forms

from accounts.models import User

US_TIME_ZONES = {
    "America/New_York": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Phoenix": "Mountain, Arizona (no daylight time)",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "America/Puerto_Rico": "Atlantic, Puerto Rico",
    "Pacific/Guam": "Guam",
}


def time_zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    others = sorted(available_timezones() - US_TIME_ZONES.keys())
    return [
        ("United States", list(US_TIME_ZONES.items())),
        ("Elsewhere", [(name, name.replace("_", " ")) for name in others if "/" in name]),
    ]


class ProfileForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        choices=time_zone_choices,
        help_text="Your days, reminders and times follow this zone.",
    )

    class Meta:
        model = User
        fields = ["name", "time_zone", "weekly_minutes"]
        help_texts = {
            "weekly_minutes": "What you want to spend on partners; the focus list compares with it."
        }

    def clean_name(self) -> str:
        """In one line: it greets its person in mails."""
        return " ".join(self.cleaned_data["name"].split())

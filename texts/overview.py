"""The team's texts as a page lists them, and one message as a page offers it."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Branch
from partners.models import Partner
from texts.filling import EXAMPLE, fill
from texts.links import MOST_CHARACTERS, mail_link, message_link
from texts.models import TeamText
from texts.occasions import OCCASIONS, PROGRAMS, Occasion, Program
from texts.originals import ORIGINALS, Place, Text, places
from tiers.labels import TIER_NAMES

PLACES: dict[str, Place] = {
    "-".join(filter(None, (place.occasion, place.tier, place.program))): place for place in places()
}
# What a message is logged as; the rest is for the relationship.
_THANKFUL = {"purpose": "gratitude"}
_LOGGED_AS: dict[str, dict[str, str]] = {
    Occasion.BIRTHDAY: _THANKFUL,
    Occasion.ANNIVERSARY: _THANKFUL,
    Occasion.BUSINESS: _THANKFUL,
    Occasion.THANKS: _THANKFUL,
    Occasion.CLOSED: {"purpose": "service"},
    Occasion.INSIGHT: {"purpose": "relationship", "gave_value": "on"},
    Occasion.FAREWELL: {"purpose": "disengage"},
    Occasion.DECLINE: {"purpose": "disengage"},
}


@dataclass(frozen=True)
class Line:
    """One text as it holds for a branch or the company."""

    name: str
    place: Place
    text: Text
    # The row whose wording it is; None for the original.
    own: TeamText | None
    # Whether it is of the very branch (or the company) that is looked at.
    is_here: bool

    @property
    def program(self) -> str:
        return PROGRAMS[self.place.program]

    @property
    def tier(self) -> str:
        return TIER_NAMES.get(self.place.tier, "")


@dataclass(frozen=True)
class Group:
    """The texts for one occasion."""

    occasion: str
    name: str
    lines: list[Line]


def groups(branch: Branch | None) -> list[Group]:
    """All texts as they hold for this branch, or (None) for the company; one query."""
    branch_id = branch.pk if branch else None
    rows = TeamText.objects.read_in(branch_id).select_related("changed_by", "branch")
    # The nearest comes last and stays.
    own = {
        Place(row.occasion, row.tier, row.program): row
        for row in sorted(rows, key=lambda row: row.branch_id is not None)
    }
    lines = [_line(name, place, own.get(place), branch_id) for name, place in PLACES.items()]
    return [
        Group(occasion, title, [line for line in lines if line.place.occasion == occasion])
        for occasion, title in OCCASIONS.items()
    ]


def _line(name: str, place: Place, row: TeamText | None, branch_id: int | None) -> Line:
    text = Text(row.subject, row.body) if row else ORIGINALS[place]
    here = row is not None and row.branch_id == branch_id
    return Line(name=name, place=place, text=text, own=row, is_here=here)


def preview(text: Text) -> Text:
    """As it would read for a partner of whom all is known."""
    return Text(fill(text.subject, EXAMPLE), fill(text.body, EXAMPLE))


@dataclass(frozen=True)
class Way:
    """The link that opens a message, or a sentence on why there is none."""

    label: str
    href: str = ""
    sentence: str = ""


def way_out(partner: Partner, program: str, text: Text) -> Way:
    if program == Program.EMAIL:
        label = "Open in my mail program"
        href = mail_link(partner.email, text.subject, text.body) if partner.email else ""
        missing = "We know no e-mail address of theirs: copy the text, or add the address first."
    else:
        label = "Open in my message program"
        phone = partner.phone_mobile
        href = message_link(phone.as_e164, text.body) if phone else ""
        missing = "We know no mobile phone of theirs: copy the text, or add the number first."
    if not href:
        return Way(label, sentence=missing)
    if len(href) >= MOST_CHARACTERS:
        return Way(label, sentence="This is too long for a link: shorten it a little, or copy it.")
    return Way(label, href)


def log_address(partner: Partner, occasion: str, program: str) -> str:
    """The quick log, filled in with what such a message is."""
    said = _LOGGED_AS.get(occasion, {"purpose": "relationship"})
    query = {"partner": partner.pk, "kind": program, **said, "next": partner.get_absolute_url()}
    return f"{reverse('quick_log')}?{urlencode(query)}"


def message_address(partner: Partner, occasion: str, program: str = "") -> str:
    query = {"occasion": occasion, **({"program": program} if program else {})}
    return f"{reverse('message', args=[partner.pk])}?{urlencode(query)}"


def tabs(partner: Partner, offered: list[str], program: str) -> Iterator[tuple[str, str, str]]:
    """Each occasion that may be written for: its code, name and address."""
    for occasion in offered:
        yield occasion, OCCASIONS[occasion], message_address(partner, occasion, program)

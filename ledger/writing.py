"""The rows of a line, from an entry that has passed the checks, and of its reversal."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ledger.entries import LONGEST_NAME, Entry, shares
from ledger.models import Draft, Ground, Line, Recipient
from partners.models import Partner

WRITTEN = (
    *("way", "kind", "day", "description", "payer", "payer_name", "cost", "market_value"),
    *("person_present", "purpose", "discussed", "ground_words", "deliverable", "benchmark"),
    *("benchmark_source", "share_of_piece", "share_of_cost", "paid_back", "is_raffle"),
    "stated_name",
)
# What a reversal takes over besides: everything but amounts, people and moments.
TAKEN_OVER = (*WRITTEN, "attendees", "ground", "officer", "statement", "stated_at", "source")
OPPOSITE = {"cost", "market_value"}


def line_of(draft: Draft, entry: Entry) -> Line:
    """Without who entered it, and when; texts cut to what a row holds."""
    values = {name: _fitting(name, getattr(entry, name)) for name in WRITTEN}
    return Line(
        **values,
        draft=draft,
        officer=draft.officer,
        attendees=max(entry.attendees or 1, 1),
        # Of what came to us nobody asks whom we chose.
        ground=entry.ground or Ground.NAMED_FEW,
        findings=draft.findings,
        source=draft.source,
    )


def recipients_of(line: Line, entry: Entry, partners: Sequence[Partner]) -> list[Recipient]:
    """Everybody named, with name and company of now, and their part of the value to the cent."""
    named: list[dict[str, str]] = [
        {
            "partner_key": partner.key,
            "name": partner.full_name[:LONGEST_NAME],
            "company": partner.company.name if partner.company else "",
        }
        for partner in partners
    ]
    named += [{"name": one.name, "company": one.company} for one in entry.others]
    parts = shares(Decimal(line.market_value), max(line.attendees, len(named)))
    return [
        Recipient(line=line, value=part, **who) for who, part in zip(named, parts, strict=False)
    ]


def reversal_of(line: Line) -> Line:
    """The same line with the opposite amounts, without who reverses it, when and why."""
    values = {
        name: -getattr(line, name) if name in OPPOSITE else getattr(line, name)
        for name in TAKEN_OVER
    }
    return Line(**values, reverses=line)


def _fitting(name: str, value: Any) -> Any:
    longest = getattr(Line._meta.get_field(name), "max_length", None)
    return value[:longest] if longest and isinstance(value, str) else value

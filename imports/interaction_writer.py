"""Writes the rows of interactions.csv: those with a key update, copies without one are counted."""

from typing import Any

from imports.book import INTERACTIONS_FILE, InteractionRow
from imports.copies import Copies, content
from imports.load import Load
from interactions.models import (
    Conduct,
    Direction,
    Interaction,
    Outcome,
    Purpose,
    default_outcome,
)
from tiers.services import in_slices

# What an interaction says, in the order in which copies are compared.
FACTS = ["day", "kind", "direction", "outcome", "purpose", "conduct", "minutes", "note"]
COLUMN_OF_FACT = {"day": "date"}
CLOSING = ["conduct_closed_on", "conduct_closed_by", "conduct_closed_reason"]
WRITTEN = ["partner", "officer", *FACTS, *CLOSING]


def facts_of(row: InteractionRow) -> dict[str, Any]:
    """What the row says, with what a blank cell means; inbound is always connected."""
    direction = row.direction or Direction.OUT.value
    outcome = row.outcome or default_outcome(row.kind, direction).value
    return {
        "day": row.date,
        "kind": row.kind,
        "direction": direction,
        "outcome": Outcome.CONNECTED.value if direction == Direction.IN else outcome,
        "purpose": row.purpose or Purpose.RELATIONSHIP.value,
        "conduct": row.conduct or Conduct.NONE.value,
        "minutes": row.minutes,
        "note": row.note,
    }


def expect(copies: Copies, row: InteractionRow) -> None:
    """Count a row that has no key."""
    if not row.key:
        copies.expect(_content(row), row.officer or "")


def find_copies(copies: Copies, partner_ids: list[int]) -> None:
    """Count the interactions without a key that these partners have already."""
    for ids in in_slices(sorted(partner_ids)):
        stored = Interaction.objects.filter(partner__in=ids, key="").order_by()
        rows = stored.values_list("officer__email", "partner__key", *FACTS)
        for officer, *said in rows.iterator(chunk_size=2000):
            copies.find(content(*said), officer)
    copies.settle()


def save_interactions(load: Load, copies: Copies) -> None:
    """Add the missing interactions and update those with a key, in slices.

    The caller holds the locks and judges: rows written in bulk tell no receiver.
    """
    for rows in load.slices(load.book.interactions(), INTERACTIONS_FILE):
        stored = _stored(rows)
        added, changed = [], []
        for row in rows:
            known = stored.get(row.key)
            if known is not None:
                if _update(known, row, load):
                    changed.append(known)
            elif row.key or copies.is_missing(_content(row), row.officer or ""):
                added.append(_new(row, load))
        Interaction.objects.bulk_create(added)
        Interaction.objects.bulk_update(changed, WRITTEN, batch_size=200)


def _content(row: InteractionRow) -> bytes:
    facts = facts_of(row)
    return content(row.partner, *(facts[name] for name in FACTS))


def _stored(rows: list[InteractionRow]) -> dict[str, Interaction]:
    keys = [row.key for row in rows if row.key]
    found = Interaction.objects.filter(key__in=keys) if keys else ()
    return {interaction.key: interaction for interaction in found}


def _new(row: InteractionRow, load: Load) -> Interaction:
    partner = load.held[row.partner]
    officer = load.people.named(row.officer) if row.officer else partner.owner
    load.touched.add(partner.pk)
    load.note(partner.owner, "interactions_added")
    return Interaction(
        key=row.key,
        partner_id=partner.pk,
        officer=officer,
        logged_by=officer,
        **facts_of(row),
    )


def _update(stored: Interaction, row: InteractionRow, load: Load) -> bool:
    """Bring an interaction up to what the row says; False where it says nothing new."""
    partner = load.held[row.partner]
    said = {
        name: value
        for name, value in facts_of(row).items()
        if load.book.has(INTERACTIONS_FILE, COLUMN_OF_FACT.get(name, name))
    }
    if said.get("direction", stored.direction) == Direction.IN:
        said["outcome"] = Outcome.CONNECTED.value
    if row.officer:
        said["officer_id"] = load.people.named(row.officer).pk
    said["partner_id"] = partner.pk
    changed = {name for name, value in said.items() if getattr(stored, name) != value}
    if not changed:
        return False
    load.touched |= {stored.partner_id, partner.pk}
    load.note(partner.owner, "interactions_changed")
    for name in changed:
        setattr(stored, name, said[name])
    if "conduct" in changed:
        stored.open_conduct_again()
    return True

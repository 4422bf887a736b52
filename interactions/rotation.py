"""Seal borrowers' contact anew with the first of `settings.BORROWER_KEYS`.

Row by row, by compare-and-set on the sealed text: what somebody edits meanwhile is never
overwritten, a second run beside it does no harm, and a run that was killed goes on where it was.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from audit.services import record_each
from interactions.encryption import CannotOpen, Sealed, key_id_of, key_ids, seal, unseal
from interactions.models import Referral

SEALED_FIELDS = ["borrower_phone", "borrower_email"]
ROWS_AT_ONCE = 200


@dataclass
class Rotation:
    """What a run found and did; counted by value, as a row has two."""

    # Referrals that were sealed anew, or, when it only looked, that would be.
    referrals: int = 0
    # By the number of the referral.
    cannot_open: list[int] = field(default_factory=list)
    # How many values each key still seals afterwards, by the key's id.
    by_key: Counter[str] = field(default_factory=Counter)

    def not_needed(self, keys: Sequence[str]) -> list[str]:
        """Which of these keys seal nothing any more; the first one is always needed."""
        return [key for key in keys[1:] if not self.by_key[key]]


def rotate(*, only_look: bool = False) -> Rotation:
    """Go through all referrals that hold a contact, in the order of their numbers.

    Each slice is one short transaction. Writes past the row's `save`, as no fact of a tier changes.
    Each referral that is sealed anew is recorded as "borrowers.rotated".
    """
    done = Rotation()
    for rows in _slices():
        if only_look:
            done.referrals += sum(bool(_anew(row, done)) for row in rows)
        else:
            with transaction.atomic():
                _seal_anew(rows, done)
        for row in rows:
            done.by_key.update(key_id_of(value) for value in _sealed(row).values())
    return done


def _slices() -> Iterator[list[Referral]]:
    last = 0
    wanted = Referral.objects.with_contact().only("key", *SEALED_FIELDS).order_by("pk")
    while rows := list(wanted.filter(pk__gt=last)[:ROWS_AT_ONCE]):
        yield rows
        last = rows[-1].pk


def _seal_anew(rows: Sequence[Referral], done: Rotation) -> None:
    changed = []
    for row in rows:
        anew = _anew(row, done)
        if not anew:
            continue
        as_it_was = Referral.objects.filter(pk=row.pk, **_sealed(row, anew))
        if as_it_was.update(**anew):
            vars(row).update(anew)
            changed.append(row)
    record_each(actor=None, action="borrowers.rotated", targets=changed, fields=SEALED_FIELDS)
    done.referrals += len(changed)


def _anew(row: Referral, done: Rotation) -> dict[str, Sealed]:
    """The values that another key than the first one seals, sealed by it."""
    newest, *_ = key_ids()
    old = {name: value for name, value in _sealed(row).items() if key_id_of(value) != newest}
    try:
        return {name: _resealed(row, name, value) for name, value in old.items()}
    except CannotOpen:
        done.cannot_open.append(row.pk)
        return {}


def _resealed(row: Referral, name: str, value: Sealed) -> Sealed:
    column: Any = Referral._meta.get_field(name)
    bound_to = column.bound_to(row)
    return Sealed(seal(unseal(value, bound_to), bound_to))


def _sealed(row: Referral, names: Mapping[str, Sealed] | None = None) -> dict[str, Sealed]:
    """The values as they lie in the database; blank ones left out."""
    return {name: vars(row)[name] for name in names or SEALED_FIELDS if vars(row)[name]}

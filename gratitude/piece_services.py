from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from audit.services import record
from files.services import let_go, store
from gratitude.models import Piece, PieceFile, PieceSide


def add_piece(*, actor: User, piece: Piece, sides: Sequence[PieceSide]) -> Piece:
    """Write a new co-branded piece with the partners' sides. Recorded.

    A double submit, by its key, gives the piece that it made.
    """
    with transaction.atomic():
        # One after the other, so that the second of two clicks finds what the first one made.
        User.objects.select_for_update(no_key=True).get(pk=piece.officer_id)
        known = Piece.objects.filter(key=piece.key).first()
        if known and _is_same(known, piece):
            return known
        if known:
            piece.key = uuid4()
        piece.made_by = actor
        piece.save()
        _write_sides(piece, sides)
        record(actor=actor, action="piece.added", target=piece, kind=piece.kind)
    return piece


def _is_same(known: Piece, piece: Piece) -> bool:
    names = ("officer_id", "name", "starts_on")
    return all(getattr(known, name) == getattr(piece, name) for name in names)


def change_piece(
    *, actor: User, piece: Piece, sides: Sequence[PieceSide], changed: Sequence[str]
) -> None:
    """Change a piece and all of its sides. Recorded by field names."""
    with transaction.atomic():
        piece.called_off_at = _locked(piece).called_off_at
        piece.save()
        _write_sides(piece, sides)
        record(actor=actor, action="piece.changed", target=piece, fields=changed)


def _write_sides(piece: Piece, sides: Sequence[PieceSide]) -> None:
    """These are its sides, and no other."""
    piece.sides.exclude(partner__in=[side.partner_id for side in sides]).delete()
    for side in sides:
        PieceSide.objects.update_or_create(
            piece=piece,
            partner_id=side.partner_id,
            defaults={"part": side.part, "share": side.share, "cost": side.cost},
        )


def end_piece(*, actor: User, piece: Piece, today: date, now: datetime) -> bool:
    """End a piece with the officer's `today`, or call it off before it began; False if it is over.

    Recorded. It is kept either way.
    """
    with transaction.atomic():
        found = _locked(piece)
        over = found.ends_on is not None and found.ends_on <= today
        if found.called_off_at or over:
            return False
        if found.starts_on > today:
            found.called_off_at = now
        else:
            found.ends_on = today
        found.save(update_fields=["called_off_at", "ends_on"])
        record(actor=actor, action="piece.ended", target=found)
    return True


def add_file(
    *, actor: User, piece: Piece, upload: UploadedFile, what: str, now: datetime
) -> PieceFile:
    """Keep an agreement, a proof of payment or a copy with its piece. Recorded."""
    with transaction.atomic():
        _locked(piece)
        file = store(actor=actor, upload=upload, now=now)
        added = PieceFile.objects.create(piece=piece, file=file, what=what)
        record(actor=actor, action="piece.file_added", target=piece, what=what)
    return added


def remove_file(*, actor: User, paper: PieceFile) -> None:
    """Take a paper off its piece, and let its bytes go where nothing else holds them. Recorded."""
    with transaction.atomic():
        _locked(paper.piece)
        found = PieceFile.objects.filter(pk=paper.pk).first()
        if found is None:
            return
        found.delete()
        let_go(file=paper.file)
        record(actor=actor, action="piece.file_removed", target=paper.piece, what=paper.what)


def _locked(piece: Piece) -> Piece:
    return Piece.objects.select_for_update(no_key=True).get(pk=piece.pk)

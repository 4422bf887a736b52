"""The one way out of the ledger: lines older than five years that nothing holds."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from audit.services import record
from files.models import StoredFile
from ledger.holds import held
from ledger.models import (
    Approval,
    Draft,
    Hold,
    Line,
    LineFile,
    Purge,
    Recipient,
    Release,
)

YEARS = 5
# Lines in a transaction: what is killed half-way leaves whole slices.
SLICE = 200


def latest_before(today: date) -> date:
    """Lines of days before this one are older than five years; 29 February counts as the 28th."""
    if (today.month, today.day) == (2, 29):
        return today.replace(year=today.year - YEARS, day=28)
    return today.replace(year=today.year - YEARS)


def purgeable(before: date) -> QuerySet[Line]:
    """Lines that may go, without reversals, which go with what they reverse or not at all."""
    lines = Line.objects.annotate(is_held=held()).filter(day__lt=before, is_held=False)
    reversals = Line.objects.filter(reverses=OuterRef("pk"))
    stays = reversals.annotate(is_held=held()).filter(Q(is_held=True) | Q(day__gte=before))
    return lines.filter(~Exists(stays), reverses__isnull=True).order_by("day", "pk")


def purge(*, before: date, now: datetime) -> int:
    """Remove what may go, with all that belongs to it, in slices. Recorded with how many.

    A run that was killed is closed first. Returns how many lines went.
    """
    for left in Purge.objects.filter(ended_at__isnull=True):
        _close(left, now)
    run = Purge.objects.create(before=before, started_at=now)
    try:
        while _purge_slice(run):
            pass
    finally:
        run.refresh_from_db()
        _close(run, now)
    return run.lines


def _purge_slice(run: Purge) -> int:
    """Remove the oldest lines that may go; returns how many went."""
    with transaction.atomic():
        _keep_new_holds_waiting()
        Purge.objects.select_for_update().get(pk=run.pk)
        roots = list(purgeable(run.before).values_list("pk", flat=True)[:SLICE])
        both = Q(pk__in=roots) | Q(reverses__in=roots)
        rows = list(Line.objects.filter(both).order_by().values_list("pk", "draft"))
        lines = [pk for pk, _ in rows]
        drafts = [draft for _, draft in rows if draft is not None]
        files = _files_of(lines, drafts)
        _remove(lines, drafts)
        _remove_files(files)
        run.lines += len(lines)
        run.save(update_fields=["lines"])
    return len(lines)


def _keep_new_holds_waiting() -> None:
    """Nobody places a hold between the look at them and the end of the slice.

    SQLite locks the whole database when a write begins.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Hold._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def _files_of(lines: list[int], drafts: list[int]) -> set[int]:
    of_lines = LineFile.objects.filter(line__in=lines).values_list("file", flat=True)
    of_drafts = Draft.files.through.objects.filter(draft__in=drafts)
    return {*of_lines, *of_drafts.values_list("storedfile", flat=True)}


def _remove(lines: list[int], drafts: list[int]) -> None:
    """The rows of these lines, from the outside in; one statement for each table."""
    for rows in [Recipient.objects, LineFile.objects, Approval.objects]:
        _delete(rows.filter(line__in=lines))
    _delete(Release.objects.filter(draft__in=drafts))
    # Only lifted ones are left; the record says that they were there.
    Hold.objects.filter(line__in=lines).delete()
    # One statement, as a line and its reversal go together.
    _delete(Line.objects.filter(pk__in=lines))
    Draft.objects.filter(pk__in=drafts).delete()


def _delete(rows: Any) -> None:
    """Past Django's look at what points to them, which would load it all."""
    rows.order_by()._raw_delete(rows.db)


def _remove_files(keys: set[int]) -> None:
    """Those of these files that nothing points to any more."""
    unused = StoredFile.objects.filter(pk__in=keys)
    for there in _pointers():
        unused = unused.filter(~Exists(there))
    _delete(StoredFile.objects.filter(pk__in=list(unused.values_list("pk", flat=True))))


def _pointers() -> Iterator[QuerySet[Any]]:
    """Every table that points to a file, of whatever app."""
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if relation.auto_created and (relation.one_to_many or relation.one_to_one):
            rows = relation.related_model._base_manager  # type: ignore[union-attr]
            yield rows.filter(**{relation.field.name: OuterRef("pk")})  # type: ignore[union-attr]


def _close(run: Purge, now: datetime) -> None:
    with transaction.atomic():
        if Purge.objects.filter(pk=run.pk, ended_at__isnull=True).update(ended_at=now):
            record(
                actor=None,
                action="ledger.purged",
                target=run,
                lines=run.lines,
                before=run.before.isoformat(),
            )

"""The ledger as a file and on paper: everything that an examiner asks of a line."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse

from accounts.models import User
from audit.services import record
from ledger.models import Approval, Line, LineFile, Recipient, Release
from web.csv import csv_answer

# Lines that are read at a time; what belongs to them is read with them.
CHUNK = 1000


def loaded(lines: Any) -> Any:
    """These lines with all that is told of them: five queries, however many."""
    files = LineFile.objects.select_related("file").defer("file__content")
    answers = Approval.objects.select_related("given_by")
    releases = Release.objects.select_related("released_by")
    return (
        lines.select_related("officer", "entered_by", "statement", "reversed_by", "draft")
        .defer("draft__said")
        .prefetch_related(
            "recipients",
            Prefetch("approvals", answers),
            Prefetch("line_files", files),
            Prefetch("draft__releases", releases),
        )
        .order_by("day", "pk")
    )


def export(lines: Any, *, actor: User, filters: dict[str, str], now: datetime) -> HttpResponse:
    """The lines as a download, one row for each recipient. Recorded with filters and rows.

    The lines are read in chunks: their number is no matter.
    """
    told = Counted(row for line in loaded(lines).iterator(CHUNK) for row in _rows(line, actor))
    answer = csv_answer(f"ledger-{actor.today(now)}", HEAD, told)
    # Not around the reading, which would keep everybody else from writing on SQLite.
    record(actor=actor, action="ledger.exported", target=actor, filters=filters, rows=told.count)
    return answer


class Counted:
    """Rows that are counted as they are taken."""

    def __init__(self, rows: Iterable[list[object]]) -> None:
        self.rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[list[object]]:
        for row in self.rows:
            self.count += 1
            yield row


def _rows(line: Line, reader: User) -> Iterator[list[object]]:
    shared = [value for _, value in facts(line, reader)]
    for one in line.recipients.all() or [Recipient(value=0)]:
        yield [line.pk, one.name, one.company, one.value, *shared]


def facts(line: Line, reader: User) -> list[tuple[str, object]]:
    """Everything about a line but its recipients, with labels, in the order of the file."""
    return [*_what(line), *_sponsored(line), *_stated(line, reader), *_answered(line, reader)]


def _what(line: Line) -> list[tuple[str, object]]:
    return [
        ("Date", line.day),
        ("Officer", line.officer.name),
        ("Way", line.get_way_display()),
        ("Kind", line.get_kind_display()),
        ("What", line.description),
        ("Who paid", line.get_payer_display()),
        ("Name of who paid", line.payer_name),
        ("Cost", line.cost),
        ("Market value", line.market_value),
        ("How many took part", line.attendees),
        ("Value a head", line.value_a_head),
        ("Our person who was there", line.person_present),
        ("Purpose", line.purpose),
        ("What was discussed", line.discussed),
        ("How recipients were chosen", line.get_ground_display()),
        ("In words", line.ground_words),
    ]


def _sponsored(line: Line) -> list[tuple[str, object]]:
    return [
        ("What we get for it", line.deliverable),
        ("What others pay for the same", line.benchmark),
        ("How we know", line.benchmark_source),
        ("Our share of the piece, percent", line.share_of_piece),
        ("Our share of its cost, percent", line.share_of_cost),
        ("What the partner paid for it", line.paid_back),
        ("Drawn or raffled", "Yes" if line.is_raffle else "No"),
    ]


def _stated(line: Line, reader: User) -> list[tuple[str, object]]:
    return [
        ("Statement", f"{line.statement.number}: {line.statement.text}"),
        ("Name under the statement", line.stated_name),
        ("Stated", moment(line.stated_at, reader)),
        ("Entered by", line.entered_by.name),
        ("Entered", moment(line.entered_at, reader)),
        ("Receipts", ", ".join(row.file.name for row in line.line_files.all())),
    ]


def _answered(line: Line, reader: User) -> list[tuple[str, object]]:
    releases = line.draft.releases.all() if line.draft else []
    undone = getattr(line, "reversed_by", None)
    return [
        ("What the checks said", "; ".join(finding["text"] for finding in line.findings)),
        (
            "Released",
            "; ".join(
                f"{row.check_code} by {row.released_by.name}, {moment(row.released_at, reader)}: "
                f"{row.reason}"
                for row in releases
            ),
        ),
        (
            "Answers",
            "; ".join(
                f"{row.get_answer_display()} by {row.given_by.name}, "
                f"{moment(row.given_at, reader)}" + (f": {row.note}" if row.note else "")
                for row in line.approvals.all()
            ),
        ),
        ("Reverses line", line.reverses_id),
        ("Why reversed", line.reversal_reason or (undone.reversal_reason if undone else "")),
        ("Reversed by line", undone.pk if undone else None),
    ]


def moment(at: datetime, reader: User) -> str:
    """In the zone of who reads it."""
    return f"{at.astimezone(reader.zone):%Y-%m-%d %H:%M %Z}"


# The labels of `facts`, which a file needs even where it holds no line.
HEAD: list[str] = [
    *("Line", "Recipient", "Company", "Recipient’s part of the value"),
    *("Date", "Officer", "Way", "Kind", "What", "Who paid", "Name of who paid", "Cost"),
    *("Market value", "How many took part", "Value a head", "Our person who was there"),
    *("Purpose", "What was discussed", "How recipients were chosen", "In words"),
    *("What we get for it", "What others pay for the same", "How we know"),
    *("Our share of the piece, percent", "Our share of its cost, percent"),
    *("What the partner paid for it", "Drawn or raffled", "Statement"),
    *("Name under the statement", "Stated", "Entered by", "Entered", "Receipts"),
    *("What the checks said", "Released", "Answers", "Reverses line", "Why reversed"),
    "Reversed by line",
]

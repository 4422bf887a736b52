"""Tables as CSV files that Excel, LibreOffice and Google Sheets open as they are."""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain
from typing import Protocol

from django.http import HttpResponse
from django.utils.http import content_disposition_header

# What makes a program take a cell for a formula: whoever can name a partner could otherwise run
# one on the computer of whoever opens the file. Some keyboards write the wide ones.
STARTS_A_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
# Without it Excel reads the file in the alphabet of the computer, and garbles every accent.
BYTE_ORDER_MARK = "\ufeff"

Line = Sequence[object]


class Sink(Protocol):
    """Whatever a line can be written to."""

    def write(self, text: str, /) -> object: ...


def csv_answer(name: str, head: Line, rows: Iterable[Line]) -> HttpResponse:
    """A download called `name`.csv: UTF-8, a line of headings, then the rows."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    header = content_disposition_header(as_attachment=True, filename=f"{name}.csv")
    answer["Content-Disposition"] = str(header)
    answer.write(BYTE_ORDER_MARK)
    write_lines(answer, chain([head], rows))
    return answer


def write_lines(sink: Sink, lines: Iterable[Line]) -> None:
    """The only way into a CSV file: each cell passes through `harmless`."""
    csv.writer(sink).writerows([harmless(cell) for cell in line] for line in lines)


def harmless(cell: object) -> object:
    """The value as it may stand in a cell: a text that looks like a formula gets an apostrophe.

    Numbers stay numbers, and None becomes an empty cell.
    """
    if cell is None or isinstance(cell, int | float | Decimal):
        return cell
    text = str(cell).replace("\0", "")
    return f"'{text}" if text[:1] in STARTS_A_FORMULA else text

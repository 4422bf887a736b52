"""Reads CSV files that may be anything, row by row, and says where and what is wrong."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from imports.columns import BadCell, Column, shown
from partners.refused import is_refused

BOM = b"\xef\xbb\xbf"
REPLACED = "�"
# Longer cells and lines are refused before they are held in memory as a whole.
CELL_LIMIT = csv.field_size_limit()
LINE_LIMIT = 1_000_000
# So many problems are kept word for word; the others are counted.
LISTED = 1_000


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: `line` is 0 for a whole file, `column` is blank for a whole row."""

    file: str
    line: int
    column: str
    sentence: str

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line else ""
        place = ", ".join(filter(None, [self.file, line, self.column]))
        return f"{place}: {self.sentence}"


@dataclass
class Problems:
    """All that is wrong with a book; the first thousand of it word for word."""

    listed: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, problem: Problem) -> None:
        self.count += 1
        if len(self.listed) < LISTED:
            self.listed.append(problem)

    def __bool__(self) -> bool:
        return self.count > 0


@dataclass
class Row:
    """A row of a file: what its cells mean. A bad cell is missing and makes the row not good."""

    line: int
    values: dict[str, Any]
    good: bool = True


class Table:
    """One CSV file, streamed. What is wrong with it goes into `problems`, and reading goes on."""

    def __init__(self, path: Path, columns: Sequence[Column], problems: Problems) -> None:
        self.path = path
        self.problems = problems
        self.columns = {column.name: column for column in columns}
        # The columns that the file has, in its order; filled when the first row is read.
        self.present: list[str] = []
        # Nothing more can be said about rows that could not be read.
        self.broken = False

    def rows(self) -> Iterator[Row]:
        """Each row that is not blank, by the line on which it begins."""
        try:
            with self.path.open("rb") as file:
                yield from self._rows(file)
        except OSError as error:
            self._give_up(0, f"The file cannot be read: {error.strerror}.")

    def complain(self, line: int, column: str, sentence: str) -> None:
        self.problems.add(Problem(self.path.name, line, column, sentence))

    def _rows(self, file: BinaryIO) -> Iterator[Row]:
        records = self._records(_Lines(file, self))
        line, header = next(records, (0, []))
        if not header:
            if not self.broken:
                names = ", ".join(self.columns)
                self._give_up(0, f"The file is empty. Its first line names the columns: {names}.")
            return
        self.present = [name.strip().lower() for name in header]
        if self._header_fits(line):
            columns = [self.columns[name] for name in self.present]
            for line, cells in records:
                yield self._row(line, cells, columns)

    def _records(self, lines: "_Lines") -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(lines, strict=True)
        while True:
            begin = lines.number + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                column = self._column_of_long_cell(lines) if begin == lines.number else ""
                self._give_up(begin, _csv_sentence(str(error)), column)
                return
            if any(cell.strip() for cell in cells):
                yield begin, cells

    def _header_fits(self, line: int) -> bool:
        before = self.problems.count
        for place, name in enumerate(self.present, start=1):
            sentence = self._header_sentence(name, place)
            if sentence:
                self.complain(line, shown(name), sentence)
        for column in self.columns.values():
            if column.needed and column.name not in self.present:
                self.complain(line, column.name, "This column is missing.")
        self.broken = self.problems.count > before
        return not self.broken

    def _header_sentence(self, name: str, place: int) -> str:
        if not name:
            return f"The column in place {place} has no name."
        if is_refused(name):
            return "PartnerCRM never holds this about people. Take the column out of the file."
        if name not in self.columns:
            return f"There is no such column. The columns are {', '.join(self.columns)}."
        if name in self.present[: place - 1]:
            return "This column is there twice."
        return ""

    def _row(self, line: int, cells: list[str], columns: list[Column]) -> Row:
        row = Row(line, {})
        if len(cells) != len(columns):
            self.complain(line, "", _count_sentence(len(cells), len(columns)))
            row.good = False
        for column, cell in zip(columns, cells, strict=False):
            try:
                row.values[column.name] = _value(column, cell.strip())
            except BadCell as bad:
                self.complain(line, column.name, str(bad))
                row.good = False
        return row

    def _column_of_long_cell(self, lines: "_Lines") -> str:
        """The column of a cell that goes on beyond what is read at once."""
        if len(lines.text) < CELL_LIMIT:
            return ""
        cells = next(csv.reader([lines.text[: CELL_LIMIT - 1]]), [])
        return self.present[len(cells) - 1] if 0 < len(cells) <= len(self.present) else ""

    def _give_up(self, line: int, sentence: str, column: str = "") -> None:
        self.broken = True
        self.complain(line, column, sentence)


class _Lines:
    """The lines of a file as text; `number` and `text` are those of the last one."""

    def __init__(self, file: BinaryIO, table: Table) -> None:
        self.file = file
        self.table = table
        self.number = 0
        self.text = ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        raw = self.file.readline(LINE_LIMIT)
        if not raw:
            raise StopIteration
        self.number += 1
        if self.number == 1:
            raw = raw.removeprefix(BOM)
        self.text = self._decoded(raw)
        if len(raw) == LINE_LIMIT and not raw.endswith(b"\n"):
            raise csv.Error("line too long")
        return self.text

    def _decoded(self, raw: bytes) -> str:
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            if len(raw) < LINE_LIMIT:
                self.table.complain(self.number, "", _encoding_sentence(raw, error.start))
            text = raw.decode(errors="replace")
        if "\0" in text:
            place = raw.index(b"\0") + 1
            self.table.complain(
                self.number, "", f"Byte {place} is NUL, which no text holds. Take it out."
            )
            text = text.replace("\0", REPLACED)
        return text


def _value(column: Column, cell: str) -> Any:
    if cell:
        return column.parse(cell)
    if column.needed:
        raise BadCell("This must not be blank.")
    return column.blank


def _count_sentence(cells: int, columns: int) -> str:
    plural = "cell" if cells == 1 else "cells"
    return f"This row has {cells} {plural}, and the first line names {columns} columns."


def _encoding_sentence(raw: bytes, place: int) -> str:
    return f"Byte {place + 1} (0x{raw[place]:02X}) is not UTF-8. Save the file as UTF-8."


def _csv_sentence(error: str) -> str:
    if "field larger" in error or "too long" in error:
        return (
            f"A cell is longer than {CELL_LIMIT:,} characters. Shorten it, "
            'or close the quote (") that was opened before it.'
        )
    if "unexpected end" in error:
        return 'A quote (") that is opened here is never closed.'
    if re.search("expected after", error):
        return 'A quote (") stands inside a quoted cell. Write it twice, or close the quote before.'
    return f"This is not a row of a CSV file ({error})."

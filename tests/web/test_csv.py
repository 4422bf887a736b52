"""CSV files: no cell is a formula, and every program reads the accents."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from web.csv import csv_answer, harmless


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("Rita Rowe", "Rita Rowe"),
        ("=1+1", "'=1+1"),
        ("+1 555 0100", "'+1 555 0100"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'\t=1+1"),
        ("\r=1+1", "'\r=1+1"),
        ("\n=1+1", "'\n=1+1"),
        ("＝1+1", "'＝1+1"),
        ("\0=1+1", "'=1+1"),
        ("a=b", "a=b"),
        (" =1", " =1"),
        ("", ""),
        (None, None),
        (-2, -2),
        (1.5, 1.5),
        (Decimal("-40.00"), Decimal("-40.00")),
        (date(2026, 3, 1), "2026-03-01"),
    ],
)
def test_no_cell_is_a_formula(cell, written):
    assert harmless(cell) == written


def test_a_file_comes_back_as_it_was_written():
    rows = [["José, “Pepe”", 3, None], ['a "quoted"\nname', -1, "=cmd|' /C calc'!A0"]]
    answer = csv_answer("tiers", ["Partner", "Count", "Why"], rows)
    read = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert read == [
        ["Partner", "Count", "Why"],
        ["José, “Pepe”", "3", ""],
        ['a "quoted"\nname', "-1", "'=cmd|' /C calc'!A0"],
    ]
    assert answer.content.startswith(b"\xef\xbb\xbfPartner,Count,Why\r\n")


def test_a_file_has_a_name_and_is_not_shown_in_the_browser():
    answer = csv_answer("tiers Riverside to 2026-03-01", ["Tier"], [])
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        answer["Content-Disposition"] == 'attachment; filename="tiers Riverside to 2026-03-01.csv"'
    )

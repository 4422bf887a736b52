"""The figures as tables for a spreadsheet: the same numbers as on the page, nothing of conduct."""

import re
from dataclasses import fields
from datetime import date

import pytest

from insights.report import Rate, Report
from insights.tables import TABLES, table_of
from tests.insights.samples import END, START, sample_report

# A table holds all of its figure; these stand in others, or on the page alone.
NOT_TABLES = {
    "start",
    "end",
    "counted_at",
    "partners",
    "overrides_past",
    "at_risk_total",
    "left_out",
}
IN_OTHERS = {"tiers_over_time": "tiers", "conversion_undated": "conversion", "pull_through": "lost",
             "pull_through_undated": "lost", "first_contact": "thanks"}  # fmt: skip


def rows(name, **changes):
    return [list(row) for row in table_of(name, sample_report(**changes)).rows]


def test_every_figure_of_a_report_has_a_table():
    figures = {field.name for field in fields(Report)} - NOT_TABLES
    assert {IN_OTHERS.get(name, name) for name in figures} == TABLES.keys()


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_cell_under_each_heading(name):
    table = table_of(name, sample_report())
    assert {len(row) for row in table.rows} == {len(table.head)}


def test_tiers_over_twelve_months_end_with_those_of_the_last_day():
    report = sample_report()
    assert rows("tiers")[-1] == [
        END, report.tiers.maintenance, report.tiers.cultivation, report.tiers.cease,
        report.tiers.total,
    ]  # fmt: skip
    assert len(rows("tiers")) == 13


def test_movement_is_as_flows():
    table = table_of("movement", sample_report())
    assert list(table.head) == [f"On {START}", f"On {END}", "Partners"]
    assert ["Cultivation", "Maintenance", 2] in rows("movement")
    assert ["New", "Cultivation", 5] in rows("movement")
    assert ["Maintenance", "Archived", 1] in rows("movement")


def test_movers_say_why_and_nothing_of_conduct():
    found = rows("movers")
    assert found[0] == [
        "Rita Rowe", "Alice Abbott", "Cultivation", "Maintenance", date(2026, 11, 3),
        "Steady, in touch, actively refers",
    ]  # fmt: skip
    assert found[1][-1] == "Set by a person"
    assert found[4][-1] == "Set by the owner and their manager"


@pytest.mark.parametrize("name", TABLES)
def test_no_table_tells_of_conduct(name):
    text = str(table_of(name, sample_report()))
    assert re.search(r"(?i:conduct|abus|disrespect)|\bX1", text) is None


def test_a_rate_of_too_few_has_no_percents():
    small, large = Rate(3, 4), Rate(9, 12)
    report = sample_report()
    coverage = [report.coverage[0], report.coverage[1]]
    assert [one.rate for one in coverage] == [large, small]
    assert [row[2:] for row in rows("coverage")[:2]] == [[9, 12, 75], [3, 4, None]]


def test_the_effort_adds_up():
    found = rows("effort")
    assert found == [
        ["Maintenance", 1310, 45],
        ["Cultivation", 1480, 51],
        ["Cease", 75, 2],
        ["All", 2865, None],
    ]


def test_the_largest_and_the_others_add_up_to_all():
    found = rows("concentration")
    assert sum(row[2] for row in found) == 108
    assert found[-1] == ["All others", None, 47]


def test_lost_reasons_are_in_words():
    assert rows("lost") == [
        ["Funded", 7],
        ["Lost after an application", 2],
        ["Ended, nobody wrote down when", 1],
        ["Lost: Chose another lender", 3],
        ["Lost: Not ready", 2],
        ["Lost: Paid cash", 1],
    ]


def test_an_unknown_table_is_none():
    with pytest.raises(KeyError):
        table_of("salaries", sample_report())

"""Where the parts of the pictures stand."""

from datetime import date
from itertools import pairwise

import pytest

from insights import charts
from insights.report import ARCHIVED, NEW, Conversion, Effort, Flow, TiersOn
from tests.insights.samples import sample_report

M, C, X = "maintenance", "cultivation", "cease"


def boxes_of(columns):
    return [[(box.look, box.y, box.height) for box in column.boxes] for column in columns.columns]


def test_tiers_stand_on_each_other_from_the_ground_up():
    days = [TiersOn(date(2025, 12, 1), 1, 2, 1), TiersOn(date(2026, 1, 1), 0, 8, 0)]
    drawn = charts.tiers_over_time(days)
    assert drawn.top == 8
    assert boxes_of(drawn) == [
        [(M, 87.5, 12.5), (C, 62.5, 25.0), (X, 50.0, 12.5)],
        [(C, 0.0, 100.0)],
    ]
    assert [column.names_year for column in drawn.columns] == [True, True]


def test_an_empty_book_draws_no_box():
    days = [TiersOn(date(2026, 1, 1), 0, 0, 0)]
    assert (charts.tiers_over_time(days).boxes, charts.tiers_over_time(days).top) == ([], 0)


def test_columns_share_the_width_and_stay_inside():
    drawn = charts.tiers_over_time(sample_report().tiers_over_time)
    lefts = sorted({box.x for box in drawn.boxes})
    assert len(lefts) == 13
    assert all(box.x >= 0 and box.x + box.width <= 100 for box in drawn.boxes)
    assert all(box.y >= 0 and box.y + box.height <= 100.02 for box in drawn.boxes)


def test_a_months_referrals_stand_in_front_of_each_other():
    months = [
        Conversion(date(2026, 1, 1), 8, 4, 2, 1, False),
        Conversion(date(2026, 9, 1), 4, 0, 0, 0, True),
    ]
    assert boxes_of(charts.conversion_by_month(months)) == [
        [
            ("received", 0.0, 100.0),
            ("application", 50.0, 50.0),
            ("pre_approved", 75.0, 25.0),
            ("funded", 87.5, 12.5),
        ],
        [("received-open", 50.0, 50.0)],
    ]


def test_the_effort_bar_starts_with_cultivation_and_fills_the_width():
    drawn = charts.effort_bar(Effort(30, 60, 10, 0))
    assert [(box.look, box.x, box.width) for box in drawn] == [
        (C, 0.0, 60.0),
        (M, 60.0, 30.0),
        (X, 90.0, 10.0),
    ]
    assert charts.effort_bar(Effort(0, 0, 0, 3)) == ()


def test_the_movement_shows_every_partner_once_on_each_side():
    report = sample_report()
    drawn = charts.movement(report.movement.flows)
    whole = sum(flow.count for flow in report.movement.flows)
    for side in (drawn.before, drawn.after):
        assert sum(node.count for node in side) == whole
    assert [node.key for node in drawn.before] == [M, C, X, NEW]
    assert [node.key for node in drawn.after] == [M, C, X, ARCHIVED]
    assert len(drawn.bands) == len(report.movement.flows)


def test_who_moved_lies_above_who_stayed():
    drawn = charts.movement([Flow(C, M, 1), Flow(C, C, 5), Flow(NEW, C, 1)])
    assert [(band.look, band.tone) for band in drawn.bands] == [
        ("stayed", C),
        ("moved", M),
        ("moved", C),
    ]
    assert charts.Band(Flow(C, ARCHIVED, 1), "").tone == C


def test_words_beside_a_small_tier_do_not_touch_those_of_the_next():
    drawn = charts.movement([Flow(M, M, 1), Flow(C, C, 998), Flow(X, X, 1)])
    places = [node.label_y for node in drawn.before]
    assert all(later - earlier >= charts.SLOT for earlier, later in pairwise(places))
    assert drawn.height >= max(node.y + node.height for node in drawn.before)


@pytest.mark.parametrize("flows", [[], [Flow(NEW, ARCHIVED, 1)]])
def test_a_movement_of_hardly_anybody_is_drawn_too(flows):
    drawn = charts.movement(flows)
    assert len(drawn.bands) == len(flows)

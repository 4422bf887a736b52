import json
from datetime import date

import pytest

from insights.report import Freed, Waiting
from insights.storing import from_stored, to_store
from tests.insights.samples import sample_report


def test_a_report_comes_back_as_it_was_stored():
    stored = json.loads(json.dumps(to_store(sample_report())))
    assert from_stored(stored) == sample_report()


def test_long_lists_are_stored_by_their_first_ones_and_their_sums():
    day = date(2026, 11, 2)
    report = sample_report(
        movers=sample_report().movers * 9,
        freed=tuple(Freed(pk, "Rita", "Alice", day, 0.5) for pk in range(40)),
        waiting=tuple(Waiting(pk, "Rita", "Alice", 2, day) for pk in range(30)),
    )
    stored = from_stored(to_store(report))
    assert (len(stored.movers), len(stored.freed), len(stored.waiting)) == (25, 25, 25)
    for one in (report, stored):
        assert (one.freed_total, one.freed_minutes) == (40, 20.0)
        assert (one.waiting_partners, one.waiting_total) == (30, 60)


@pytest.mark.parametrize(
    "change", [{"effort": {"maintenance": 1}}, {"invented": 1}, {"start": "someday"}]
)
def test_a_report_of_other_figures_is_none(change):
    assert from_stored(to_store(sample_report()) | change) is None


@pytest.mark.parametrize("missing", ["effort", "officers", "counted_at"])
def test_a_report_without_a_figure_is_none(missing):
    stored = to_store(sample_report())
    del stored[missing]
    assert from_stored(stored) is None

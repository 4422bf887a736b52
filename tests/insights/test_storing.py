import json

import pytest

from insights.storing import from_stored, to_store
from tests.insights.samples import sample_report


def test_a_report_comes_back_as_it_was_stored():
    stored = json.loads(json.dumps(to_store(sample_report())))
    assert from_stored(stored) == sample_report()


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

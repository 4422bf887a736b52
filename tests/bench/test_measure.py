"""What the times of a page come to."""

from bench.measure import Asked, Page, plain, table


def page(name, *times, queries=4, size=1024):
    return Page(name, tuple(Asked(time, queries, size) for time in times))


def test_percentiles_are_times_that_were_measured():
    some = page("floor", *range(1, 21))
    assert [some.percentile(percent) for percent in (1, 50, 95, 100)] == [1, 10, 19, 20]
    assert page("floor", 7).percentile(50) == 7


def test_the_first_page_is_the_measure_of_the_others():
    pages = [page("floor", 2, 2), page("branch", 10, 12, queries=7, size=2048)]
    assert plain(pages)[1] == {
        "page": "branch", "answers": 2, "queries": 7, "kilobytes": 2.0,
        "p50_ms": 10, "p95_ms": 12, "floors_p50": 5.0, "floors_p95": 6.0,
    }  # fmt: skip
    assert table(pages).splitlines()[2].split() == ["branch", "7", "2.0", "10.0", "12.0", "5.0"]

import pytest

from web.paging import page_number, row_keys

NONSENSE = ["0", "-1", "", None, "1e9", "²", "٣", "9" * 7, "9" * 5000, "\x00", "2 "]


@pytest.mark.parametrize(
    ("text", "number"),
    [("2", 2), ("9" * 6, 999_999), *((text, 1) for text in NONSENSE)],
)
def test_the_number_of_a_page_is_one_for_nonsense(text, number):
    assert page_number(text) == number


def test_keys_leave_out_what_no_row_can_have():
    texts = ["7", 8, "-1", "²", "٣", "\x00", "", "9" * 18, "9" * 19, "1 or 1=1"]
    assert row_keys(texts) == [7, 8, 999_999_999_999_999_999]

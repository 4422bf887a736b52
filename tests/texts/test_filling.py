"""Placeholders: filled from facts, left out where a fact is missing, and never run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from texts.filling import EXAMPLE, PLACEHOLDERS, fill, placeholder_errors

KNOWN = (
    "{first_name}, {company}, {years}, {occasion_day}, {my_first_name}, {my_name}"  # as people read
)

FILLED = [
    ("Hi {first_name}, how are you?", {"first_name": "Rita"}, "Hi Rita, how are you?"),
    ("Hi {first_name}, how are you?", {}, "Hi there, how are you?"),
    ("Happy birthday, {first_name}!", {}, "Happy birthday!"),
    ("Dear {first_name},\n\nHello.", {}, "Dear there,\n\nHello."),
    ("It has been {years}. Thank you.", {"years": "10 years"}, "It has been 10 years. Thank you."),
    ("It has been {years}. Thank you.", {"years": ""}, "Thank you."),
    ("One.\n\nAll at {company}!\n\nTwo.", {}, "One.\n\nTwo."),
    ("{first_name}", {"first_name": "{my_name}", "my_name": "Alice"}, "{my_name}"),
    ("I am {my_name}.", {"my_name": "St. Clair \\1"}, "I am St. Clair \\1."),
    ("Line one\nLine two", {}, "Line one\nLine two"),
]

STRANGE = [
    "{first_name.__class__}",
    "{first_name!r}",
    "{first_name:>100}",
    "{0}",
    "{}",
    "{first_name[0]}",
    "{ first_name }",
    "{tier}",
    "{borrower}",
    "{{first_name}}",
    "first_name}",
    "{first_name",
]


@pytest.mark.parametrize(("text", "facts", "expected"), FILLED)
def test_text_is_filled(text, facts, expected):
    assert fill(text, facts) == expected


@pytest.mark.parametrize("text", STRANGE)
def test_anything_else_in_braces_is_refused(text):
    assert len(placeholder_errors(text)) == 1
    with pytest.raises(ValueError, match="cannot be filled"):
        fill(text, EXAMPLE)


def test_refusal_says_what_there_is():
    assert placeholder_errors("Hi {name}, {name}") == (
        f"“{{name}}” is no placeholder. You can use {KNOWN}.",
    )
    assert placeholder_errors("Hi } there") == (
        "A brace stands alone. Placeholders look like {first_name}.",
    )


def test_every_placeholder_has_an_example():
    assert EXAMPLE.keys() == PLACEHOLDERS.keys()


@given(st.text(), st.dictionaries(st.sampled_from(sorted(PLACEHOLDERS)), st.text()))
def test_a_text_that_is_not_objected_to_is_filled(text, facts):
    if not placeholder_errors(text):
        fill(text, facts)

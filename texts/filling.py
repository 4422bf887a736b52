"""From a text with placeholders to one for a partner, whatever of them is known. Pure.

A placeholder is a name in braces and nothing else: values are put in as they are, and no format,
attribute or index of Python is ever read. Where a fact is missing, the greeting does without a
name, and any other sentence that needs the fact is left out.
"""

import re
from collections.abc import Mapping

PLACEHOLDERS: dict[str, str] = {
    "first_name": "the partner’s first name",
    "company": "the partner’s company",
    "years": "how many years it is on the anniversary, such as “10 years”",
    "occasion_day": "the day of the birthday or anniversary, such as “June 6”",
    "my_first_name": "your first name",
    "my_name": "your whole name",
}
# As the preview on the pages of the team's texts fills them.
EXAMPLE: dict[str, str] = {
    "first_name": "Rita",
    "company": "Riverbend Realty",
    "years": "10 years",
    "occasion_day": "June 6",
    "my_first_name": "Alice",
    "my_name": "Alice Abbott",
}

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_GREETING = re.compile(r"^(Hi|Hello|Hey|Dear|Good (?:morning|afternoon)) \{first_name\}", re.M)
_ASIDE = re.compile(r", \{first_name\}(?=[,.!?])")
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?]) +")


def placeholder_errors(text: str) -> tuple[str, ...]:
    """Sentences about placeholders that cannot be filled; empty where all can."""
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    strange = dict.fromkeys(_PLACEHOLDER.findall(text))
    errors = [
        f"“{{{name}}}” is no placeholder. You can use {known}."
        for name in strange
        if name not in PLACEHOLDERS
    ]
    if re.search(r"[{}]", _PLACEHOLDER.sub("", text)):
        errors.append("A brace stands alone. Placeholders look like {first_name}.")
    return tuple(errors)


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with the facts in it; a blank fact counts as missing.

    Raises ValueError for a text that `placeholder_errors` objects to.
    """
    if placeholder_errors(text):
        raise ValueError("This text has placeholders that cannot be filled.")
    known = {name: value for name, value in facts.items() if value}
    if "first_name" not in known:
        text = _ASIDE.sub("", _GREETING.sub(r"\1 there", text))
    lines = [_filled_line(line, known) for line in text.splitlines()]
    kept = "\n".join(line for line in lines if line is not None)
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


def _filled_line(line: str, known: Mapping[str, str]) -> str | None:
    """None where every sentence of the line lacks a fact."""
    sentences = _BETWEEN_SENTENCES.split(line)
    kept = [part for part in sentences if known.keys() >= set(_PLACEHOLDER.findall(part))]
    if not kept:
        return None
    return _PLACEHOLDER.sub(lambda found: known[found[1]], " ".join(kept))

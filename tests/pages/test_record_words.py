"""Each action that the code records has its sentence, and no sentence stands for nothing."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from pages.record_words import (
    GROUPS,
    PRIVATE,
    WORDS,
    is_private,
    open_fields,
    private_sentence,
    sentence,
)
from tests.test_architecture import APPS

DOTTED = re.compile(r"[a-z_]+\.[a-z_]+")


def recorders():
    """The modules that write into the record."""
    for app in APPS:
        for path in sorted((Path(settings.BASE_DIR) / app).rglob("*.py")):
            text = path.read_text()
            if "audit.services" in text or path.parent.name == "audit":
                yield path, ast.parse(text)


FILES = {"pyproject.toml"}
SNOOZED = "Alice put off a touch with Rita until 2026-06-15"


def actions_of(tree):
    """Its dotted texts that name no model; of an f-string each part that stands in braces is *."""
    labels = {model._meta.label_lower for model in apps.get_models()}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
              for part in ast.walk(node)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in inside:
            if isinstance(node.value, str) and DOTTED.fullmatch(node.value):
                yield from {node.value} - labels - FILES
        elif isinstance(node, ast.keyword) and node.arg == "action":
            parts = node.value.values if isinstance(node.value, ast.JoinedStr) else []
            if parts:
                yield "".join(p.value if isinstance(p, ast.Constant) else "*" for p in parts)


def all_actions():
    return {action for _, tree in recorders() for action in actions_of(tree)}


def is_told(action):
    if "*" not in action:
        return action in WORDS
    pattern = re.compile(re.escape(action).replace(r"\*", "[a-z_]+"))
    return any(pattern.fullmatch(known) for known in WORDS)


def test_each_action_of_the_code_has_its_sentence():
    """Fails for a new action: say in pages/record_words.py how it reads."""
    found = all_actions()
    assert "partner.archived" in found
    assert "handover.*" in found
    assert sorted(action for action in found if not is_told(action)) == []


def test_each_sentence_stands_for_an_action_of_the_code():
    found = all_actions()
    stars = [re.compile(re.escape(one).replace(r"\*", "[a-z_]+")) for one in found if "*" in one]
    assert sorted(
        known
        for known in WORDS
        if known not in found and not any(star.fullmatch(known) for star in stars)
    ) == []  # fmt: skip


@pytest.mark.parametrize("action", sorted(WORDS))
def test_each_action_belongs_to_a_group_and_names_who(action):
    groups = [
        key
        for key, (_, starts, ends) in GROUPS.items()
        if action.startswith(starts) or (ends and action.endswith(ends))
    ]
    assert groups, action
    said = sentence(action, who="Alice Abbott", what="Rita Rowe", fields=[], detail={})
    assert not re.search(r"[\[\]{}]", said)
    assert "Alice Abbott" in said or action == "access.sign_in_failed"


@pytest.mark.parametrize(
    ("action", "detail", "said"),
    [
        ("partner.archived", {"reason": "moved away"}, "Alice archived Rita: moved away"),
        ("partner.archived", {}, "Alice archived Rita"),
        ("interaction.changed", {}, "Alice corrected a contact with Rita (day, was review)"),
        (
            "referral.moved",
            {"before": "received", "after": "pre_approved"},
            "Alice moved Rita from received to pre approved",
        ),
        (
            "touch.snoozed",
            {"until": "2026-06-15"},
            "Alice put off a touch with Rita until 2026-06-15",
        ),
        ("what.ever", {}, "Alice did something with Rita (day, was review)"),
    ],
)
def test_sentences(action, detail, said):
    fields = ["day", "was_review"]
    assert sentence(action, who="Alice", what="Rita", fields=fields, detail=detail) == said


def test_a_text_with_brackets_of_its_own_stays_as_it_is():
    said = sentence(
        "partner.archived", who="Alice", what="Rita", fields=[], detail={"reason": "{who} [x]"}
    )
    assert said == "Alice archived Rita: {who} [x]"


def test_private_actions_name_nobody_but_who_did_it():
    assert private_sentence("conduct.read", "Mona Miller") == "Mona Miller read a private note"
    for action in WORDS:
        if is_private(action):
            assert private_sentence(action, "Mona Miller").startswith("Mona Miller ")
    assert set(PRIVATE) == {"conduct.", "stepaway."}
    assert open_fields("interaction.changed", ["day", "note"]) == []
    assert open_fields("partner.changed", ["notes"]) == ["notes"]

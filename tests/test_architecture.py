"""Rules of the house that no linter knows, read from the source itself."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

APPS = [
    "accounts", "audit", "backups", "demo", "digests", "files", "gratitude", "imports", "insights",
    "interactions", "ledger", "mailing", "pages", "partners", "policies", "stepaway", "texts",
    "tiers", "touches", "web",
]  # fmt: skip
# Facts are written in bulk only where all their partners are locked and judged once.
BULK_WRITERS = {"interactions/services.py", "demo/services.py", "imports/services.py"}
BULK_WRITERS |= {"demo/records.py", "imports/interaction_writer.py", "imports/referral_writer.py"}
# The sealed contact of borrowers, which no tier counts.
BULK_WRITERS |= {"interactions/erasure.py", "interactions/rotation.py"}
BULK = {"update", "bulk_create", "bulk_update", "aupdate", "abulk_create", "abulk_update"}
FACTS = {"Interaction", "Referral", "StageMove"}
FACTS_OF = {"interactions", "referrals", "moves"}
# Only these ask for the time, once; a field's default is no call. `people_views` are views too.
CLOCK_LAYERS = {"views", "tasks", "receivers", "middleware", "management"}
# allauth's views call it.
CLOCK_LAYERS |= {"adapter"}
CLOCKS = {"now", "today", "localdate", "localtime", "utcnow", "time"}
CLOCK_OWNERS = {"timezone", "datetime", "date", "time"}


def modules():
    root = Path(settings.BASE_DIR)
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(root).as_posix(), ast.parse(path.read_text())


def calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def names_in(node):
    """Every name and attribute of an expression: `a.b.filter(c=1).update` gives a, b, filter."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr


def is_bulk_write_of_facts(call):
    """By the class, or by the relation of a partner or a referral."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr in BULK):
        return False
    named = set(names_in(call.func.value))
    return bool(named & FACTS) or bool(named & FACTS_OF)


def asks_the_clock(call):
    """`timezone.now()`, `date.today()`; a person's `user.today(now)` is given the time."""
    func = call.func
    if not (isinstance(func, ast.Attribute) and func.attr in CLOCKS):
        return False
    if func.attr.startswith("local") and call.args:
        return False
    owner = func.value.attr if isinstance(func.value, ast.Attribute) else None
    owner = func.value.id if isinstance(func.value, ast.Name) else owner
    return owner in CLOCK_OWNERS


def sees(detect, source):
    return any(detect(call) for call in calls(ast.parse(source)))


def test_facts_are_written_in_bulk_by_their_services_alone():
    found = {
        name
        for name, tree in modules()
        if any(is_bulk_write_of_facts(call) for call in calls(tree))
    }
    assert found <= BULK_WRITERS


def _layer(part):
    return part.removesuffix(".py").rpartition("_")[2]


def test_only_the_edge_asks_for_the_time():
    found = {
        name
        for name, tree in modules()
        if any(asks_the_clock(call) for call in calls(tree))
        and not CLOCK_LAYERS & {_layer(part) for part in Path(name).parts}
    }
    assert found == set()


@pytest.mark.parametrize(
    "source",
    [
        "Interaction.objects.filter(pk=1).update(day=d)",
        "Referral.objects.bulk_create(rows)",
        "models.Referral.objects.all().bulk_update(rows, ['day'])",
        "partner.interactions.update(day=d)",
        "partner.referrals.filter(stage='lost').update(stage='junk')",
        "referral.moves.bulk_create(rows)",
    ],
)
def test_bulk_write_of_facts_is_seen(source):
    assert sees(is_bulk_write_of_facts, source)


@pytest.mark.parametrize(
    "source",
    ["TierChange.objects.bulk_create(rows)", "settings.update(a=1)", "interaction.save()"],
)
def test_other_writes_are_not_taken_for_it(source):
    assert not sees(is_bulk_write_of_facts, source)


@pytest.mark.parametrize(
    "source",
    ["timezone.now()", "date.today()", "datetime.datetime.now(UTC)", "timezone.localdate()"],
)
def test_question_for_the_time_is_seen(source):
    assert sees(asks_the_clock, source)


@pytest.mark.parametrize(
    "source",
    [
        "user.today(now)",
        "timezone.localdate(now)",
        "DateField(default=timezone.localdate)",
        "at.astimezone(z)",
    ],
)
def test_time_that_is_given_is_not_taken_for_it(source):
    assert not sees(asks_the_clock, source)


def test_no_import_stands_inside_a_function():
    """Ruff finds them too, unless a comment hushes it."""
    found = [
        f"{name}:{inner.lineno}"
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert found == []

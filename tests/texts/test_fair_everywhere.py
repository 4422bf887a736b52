"""Every template and every text of the product, read for what must stand nowhere.

Two rules, each for one sentence at a time: what lies between two tags that begin a block, or one
string of a module of words.

1. Nothing that `interactions.fair_words` objects to. On pages for the team alone, numbers of
   referrals are figures and may stand.
2. Outside the ledger, nothing that costs or is given stands with a tier or with referrals. Value
   that is attention ("value given", "give value", "brings value") is none of it, nor is the amount
   of a borrower's loan.
"""

import ast
import html
import re
from pathlib import Path

import pytest
from django.conf import settings

from interactions.fair_words import objections
from texts.originals import ORIGINALS

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())
# Where compliance and whoever pays see what was given: no tier stands there (a contract).
OF_THE_LEDGER = "templates/ledger/"
WORDS = ["*/words.py", "*/*_words.py", "*/wording.py", "*/titles.py", "*/originals.py"]
WORDS += ["*/labels.py", "*/kinds.py", "*/*/explanations.py", "*/silence.py", "*/occasions.py"]
# It holds the words that are refused, to know them.
THE_LINTER = "interactions/fair_words.py"

COUNTS = "counts who sent what"
GIVEN = re.compile(
    r"\$ ?\d|\bgifts?\b|\b(?:tickets?|vouchers?|bonus(?:es)?|rewards?|prizes?)\b"
    r"|\b(?:costs?|price[ds]?|dollars|budgets?|spend|spent)\b(?! (?:time|minutes|an hour))"
    r"|\b(?:things? of|market|cash) value\b|\bvalue of\b|\bworth of\b",
    re.I,
)
FOLLOWED = re.compile(
    r"\btiers?\b|\bmaintenance\b|\bcultivation\b|\bcease\b|\breferrals?\b|\brefer(?:s|red|ring)?\b"
    r"|\bfocus list\b",
    re.I,
)
A_TIER = re.compile(r"\btiers?\b|\bmaintenance\b|\bcultivation\b|\bcease\b", re.I)
# What a template prints: costs of the ledger beside a verdict.
PRINTS_COST = re.compile(r"\{\{[^}]*\b(?:cost|market_value|value_a_head|paid)\b[^}]*\}\}")
PRINTS_TIER = re.compile(r"\{\{[^}]*\btier\b[^}]*\}\}|_tier\.html|_verdict")

_QUOTED = re.compile(r'(?:\w+=)?"([^"{}]*)"')
_SHOWN_ATTRIBUTE = re.compile(r'(?:title|alt|placeholder|aria-label|content|value)="([^"]*)"')
_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.S)
_INLINE = re.compile(r"</?(?:a|b|strong|em|span|abbr|time|code|kbd|i)\b[^>]*>")


def sentences_of_template(source):
    """The text of blocks, of attributes that people read, and of words given to fragments."""
    source = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", source, flags=re.S)
    tags = [tag for tag in _TAG.findall(source) if tag.startswith("{%")]
    given = [text for tag in tags for text in _QUOTED.findall(tag) if " " in text]
    # A condition within a sentence does not end it.
    plain = re.sub(r"\{\{.*?\}\}", "X", _TAG.sub(" ", source), flags=re.S)
    shown = _SHOWN_ATTRIBUTE.findall(plain)
    blocks = re.split(r"<[^>]*>|\n\s*\n", _INLINE.sub(" ", plain))
    for text in [*given, *shown, *blocks]:
        yield from filter(None, re.split(r"(?<=[.!?;])\s+", html.unescape(text).strip()))


def sentences_of_module(source):
    """Its strings, but for docstrings; what is put in stands as X."""
    tree = ast.parse(source)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(v) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for v in n.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(v.value if isinstance(v, ast.Constant) else "X" for v in node.values)
        elif isinstance(node, ast.Constant) and id(node) not in docs | parts:
            yield from [node.value] if isinstance(node.value, str) else []


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def modules_of_words():
    found = {path for pattern in WORDS for path in ROOT.glob(pattern)}
    return sorted(
        path for path in found if name_of(path) != THE_LINTER and path.parts[-2] != "tests"
    )


def all_sentences():
    for path in TEMPLATES:
        for sentence in sentences_of_template(path.read_text()):
            yield name_of(path), sentence
    for path in modules_of_words():
        for sentence in sentences_of_module(path.read_text()):
            yield name_of(path), sentence


def unfair(sentence):
    return [line for line in objections(sentence) if COUNTS not in line]


def ties_value(sentence):
    return bool(GIVEN.search(sentence) and FOLLOWED.search(sentence))


def test_every_page_and_text_is_read():
    names = {name for name, _ in all_sentences()}
    assert {"templates/emails/daily_digest.txt", "templates/pages/today.html"} <= names
    assert {"texts/originals.py", "digests/wording.py", "insights/titles.py"} <= names
    assert len(names) > 150


def test_no_page_and_no_text_is_unfair():
    found = [(name, sentence, unfair(sentence)) for name, sentence in all_sentences()]
    assert [line for line in found if line[2]] == []


def test_no_text_to_a_partner_counts():
    assert [text for text in ORIGINALS.values() if objections(f"{text.subject}. {text.body}")] == []


def test_nothing_of_value_stands_with_a_tier_or_with_referrals():
    outside = [
        line for line in all_sentences() if not line[0].startswith((OF_THE_LEDGER, "ledger/"))
    ]
    assert [(name, sentence) for name, sentence in outside if ties_value(sentence)] == []


def test_no_template_prints_a_cost_and_a_tier():
    sources = {name_of(path): path.read_text() for path in TEMPLATES}
    both = [
        n for n, text in sources.items() if PRINTS_COST.search(text) and PRINTS_TIER.search(text)
    ]
    assert both == []


def test_the_pages_of_the_ledger_and_of_events_show_no_tier():
    """Referrals may be named there (the statement says that nothing was for them); tiers not."""
    shown = [
        (name, sentence)
        for name, sentence in all_sentences()
        if name.startswith(("templates/ledger/", "templates/gratitude/", "ledger/", "gratitude/"))
        and A_TIER.search(sentence)
    ]
    assert shown == []
    pages = [path for path in TEMPLATES if path.parent.name in {"ledger", "desk", "gratitude"}]
    assert [name_of(path) for path in pages if PRINTS_TIER.search(path.read_text())] == []
    assert len(pages) > 5


PLANTED = [
    "<p>Partners in <em>Maintenance</em> deserve a gift of $50.</p>",
    "<p>Budget for {{ tier }}: what a Cultivation partner costs.</p>",
    '{% include "components/_empty.html" with text="A ticket for each referral" %}',
    '<a title="Market value by tier">x</a>',
    "<li>Spend more\n   on whoever refers.</li>",
    "<td>Things of value and referrals</td>",
]
NEAR = [
    "<p>Value given: insight, second opinion, open house.</p><h2>Cultivation</h2>",
    "<p>Give value to partners in Cultivation.</p>",
    "<p>Brings value to the focus list.</p>",
    "<p>Cultivation: spend time where it pays.</p>",
    "<td>{{ referral.amount }}</td><td>Referral</td>",
    "<p>A gift and its cost.</p><p>The tier</p>",
]


@pytest.mark.parametrize("source", PLANTED)
def test_a_planted_sentence_is_found(source):
    assert any(ties_value(sentence) for sentence in sentences_of_template(source))


@pytest.mark.parametrize("source", NEAR)
def test_a_near_one_is_not(source):
    assert not any(ties_value(sentence) for sentence in sentences_of_template(source))


def test_a_planted_tie_or_debt_is_found_in_a_template_and_in_a_module():
    page = "<p>For every client\n you send <b>I’ll buy</b> lunch.</p>"
    module = (
        'def f(name):\n    """Gift cards for referrals."""\n    return f"{name} owes you a lunch"'
    )
    assert [bool(unfair(sentence)) for sentence in sentences_of_template(page)] == [True]
    assert [bool(unfair(sentence)) for sentence in sentences_of_module(module)] == [True]

import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given

from tests.tiers.strategies import (
    CULTIVATION,
    MAINTENANCE,
    ONE_SIDED,
    REFERS,
    SILENT,
    VECTORS,
    partners,
    signals,
    standings,
)
from tiers import wording
from tiers.classification import Policy, Rule, Signals, Standing, Tier, Verdict, classify
from tiers.flags import FLAGS
from tiers.prospects import what_would_change

# Things of value, and any word that makes a referral a debt.
FORBIDDEN = re.compile(
    r"\b(owe[sd]?|debt|gifts?|meals?|lunch(es)?|dinners?|tickets?|rewards?|in return|deserves?)\b",
    re.IGNORECASE,
)
# The words that stand in front of every number of one.
WRONG_PLURAL = re.compile(r"(?<![\d,])1 (more )?(days|referrals|conversations|touches|channels)\b")


def verdict(rule, reasons, flags=(), tier="cultivation"):
    return Verdict(Tier(tier), rule, tuple(reasons), tuple(flags))


@pytest.mark.parametrize(
    ("given_verdict", "sentence"),
    [
        (
            verdict("M", ["M1", "M2", "M3"], tier="maintenance"),
            "Maintenance: long-standing, in regular contact, and actively sending referrals.",
        ),
        (
            verdict("MS", ["MS"], ["slipping"], tier="maintenance"),
            "Maintenance: not every sign holds today, but enough does to stay.",
        ),
        (
            verdict("MS", ["MS"], ["insufficient_history"], tier="maintenance"),
            "Maintenance: too little has been tracked to say that anything is missing.",
        ),
        (verdict("G", ["G"]), "Cultivation: too new to judge."),
        (
            verdict("C", ["C1", "C2", "not_M1"]),
            "Cultivation: referrals come now and then, there has been little conversation, and "
            "the relationship is not long-standing yet.",
        ),
        (
            verdict("C", ["C1", "C3"], ["reopened"]),
            "Cultivation, opened again: referrals come now and then, and there is good synergy "
            "to build on.",
        ),
        (verdict("X4", ["X4"], tier="cease"), "Cease: they asked us to stop."),
        (
            verdict("X1", ["stays"], tier="cease"),
            "Cease, as before: only a person reopens what ended over conduct.",
        ),
        (
            verdict("X2", ["stays"], tier="cease"),
            "Cease, as before: neither a conversation nor a referral has come since.",
        ),
        (
            verdict("private", ["private"], tier="cease"),
            "Cease: set by the owner and their manager.",
        ),
    ],
)
def test_explain_says_what_and_why_in_one_sentence(given_verdict, sentence):
    assert wording.explain(given_verdict) == sentence


@pytest.mark.parametrize(
    ("rule", "reasons", "flags", "words"),
    [
        ("M", ["M1", "M2", "M3"], ["needs_synergy"], "Steady, in touch, actively refers"),
        ("MS", ["MS"], ["our_neglect", "slipping"], "Slipping: we went quiet"),
        ("MS", ["MS"], ["insufficient_history"], "Too little tracked to judge"),
        ("G", ["G"], ["first_touch_due"], "New: first touch due"),
        ("G", ["G"], [], "Too new to judge"),
        ("C", ["C1"], ["win_back", "last_chance"], "Silent or one-sided; last chance"),
        ("C", ["C3", "not_M1"], ["rising_star"], "Rising star: refers, still new"),
        ("C", ["C1", "C3"], ["needs_synergy"], "Refers now and then"),
        ("C", ["C2", "C3"], [], "Little follow-up so far"),
        ("C", ["default"], [], "Nothing stands out yet"),
        ("X1", ["X1a"], ["high_producer_conduct"], "Conduct toward us"),
        ("X2", ["X2"], [], "Does not answer us"),
        ("X3", ["stays"], ["serve_referral"], "Still one-sided"),
        ("private", ["private"], [], "Set by the owner and their manager"),
        (None, [], [], "A label, not judged yet"),
        ("", [], [], "A label, not judged yet"),
    ],
)
def test_why_says_the_most_telling_thing(rule, reasons, flags, words):
    assert wording.why(rule, reasons, flags) == words


def lines(changes, standing=CULTIVATION):
    found = wording.test_lines(signals(changes), standing, Policy())
    return {line.code: (line.holds, line.sentence) for line in found}


@pytest.mark.parametrize(
    ("changes", "code", "holds", "sentence"),
    [
        ({"relationship_days": 2190}, "M1", True, "Known for 2,190 days (365 at least)."),
        ({"relationship_days": 1}, "M1", False, "Known for 1 day (365 at least)."),
        (
            {},
            "M2",
            True,
            "3 conversations in 90 days (3 at least), the last 14 days ago (45 at most).",
        ),
        (
            {"conversations_90": 1, "days_since_conversation": 1},
            "M2",
            False,
            "1 conversation in 90 days (3 at least), the last 1 day ago (45 at most).",
        ),
        (
            {"conversations_90": 0, "days_since_conversation": None},
            "M2",
            False,
            "Never a conversation (3 in 90 days at least).",
        ),
        (
            {
                "referrals_365": 3,
                "referral_quarters": 2,
                "referrals_total": 9,
                "days_since_referral": 150,
            },
            "M3",
            False,
            "3 of 4 referrals in 12 months, in 2 of the 3 quarters needed, the last 150 days ago "
            "(120 at most).",
        ),
        (
            {**REFERS, "days_since_referral": 0},
            "M3",
            True,
            "4 referrals in 12 months (4 needed), in 3 quarters (3 needed), the last today "
            "(120 at most).",
        ),
        ({}, "M3", False, "Never a referral (4 in 12 months needed for this test)."),
        ({}, "C1", False, "Never a referral."),
        (
            {"referrals_total": 1},
            "C1",
            True,
            "1 referral so far, not steadily enough to count as actively sent.",
        ),
        (
            REFERS,
            "C1",
            False,
            "9 referrals so far, steadily enough to count as actively sent.",
        ),
        ({}, "C2", False, "20 conversations ever (2 at most), 3 in 90 days (or none)."),
        ({"synergy": 4}, "C3", True, "Synergy 4 of 5 (3 at least)."),
        ({"synergy": None}, "C3", False, "Synergy is not assessed yet (3 of 5 at least)."),
        ({"abusive_730": 1}, "X1a", True, "1 abusive incident in 730 days (1 at least)."),
        (
            {"disrespectful_180": 2},
            "X1b",
            True,
            "2 disrespectful incidents in 180 days (2 at least).",
        ),
        (
            {"disrespectful_180": 1, "negative_180": 1},
            "X1c",
            False,
            "2 negative or disrespectful incidents in 180 days (3 at least).",
        ),
        ({}, "X2", False, "0 unanswered attempts (6 at least)."),
        (
            SILENT,
            "X2",
            True,
            "6 unanswered attempts (6 at least), on 2 channels (2 at least), over 45 days "
            "(45 at least), the last conversation 200 days ago (90 at least), never a referral.",
        ),
        (
            ONE_SIDED,
            "X3a",
            True,
            "Known for 800 days (365 at least), tracked for 800 days (180 at least), never a "
            "referral; in 12 months 1 contact or referral that they started (1 at most), and "
            "18 touches from us (18 at least).",
        ),
        (
            {"asks_365": 1, "days_since_referral": 600},
            "X3b",
            False,
            "Known for 800 days (365 at least), tracked for 800 days (180 at least), the last "
            "referral 600 days ago (548 at least); in 12 months 5 contacts or referrals that "
            "they started (1 at most), and 1 request (6 at least).",
        ),
        ({}, "X4", False, "They have not asked us to stop."),
        ({"do_not_contact": True}, "X4", True, "They asked us to stop."),
    ],
)
def test_line_shows_its_numbers(changes, code, holds, sentence):
    assert lines(changes)[code] == (holds, sentence)


@pytest.mark.parametrize(
    ("changes", "holds", "sentence"),
    [
        (
            {**REFERS, "days_since_referral": 150},
            True,
            "4 referrals in 12 months (2 needed), the last 150 days ago (240 at most), "
            "6 conversations in 180 days (2 at least).",
        ),
        (
            {"conversations_180": 1, "touches_180": 1},
            False,
            "Never a referral (2 in 12 months needed to stay), 1 conversation in 180 days "
            "(2 at least). The silence is ours (1 touch in 180 days, fewer than 3), "
            "forgiven only while they actively refer.",
        ),
        (
            {**REFERS, "conversations_180": 1, "touches_180": 0},
            True,
            "4 referrals in 12 months (2 needed), the last 20 days ago (240 at most), "
            "1 conversation in 180 days (2 at least). The silence is ours (0 touches in "
            "180 days, fewer than 3), so it is forgiven.",
        ),
        (
            {"tracked_days": 30},
            True,
            "Tracked for 30 days: before 120 days nothing counts as missing.",
        ),
    ],
)
def test_stay_line_shows_its_numbers(changes, holds, sentence):
    assert lines(changes, MAINTENANCE)["MS"] == (holds, sentence)


def test_lines_stand_in_the_order_of_the_rules():
    codes = ["M1", "M2", "M3", "C1", "C2", "C3", "X1a", "X1b", "X1c", "X2", "X3a", "X3b", "X4"]
    assert list(lines({})) == codes
    assert list(lines({}, MAINTENANCE)) == [*codes[:3], "MS", *codes[3:]]


def test_lines_about_conduct_are_those_of_x1():
    found = wording.test_lines(signals(), CULTIVATION, Policy())
    assert [line.code for line in found if line.about_conduct] == ["X1a", "X1b", "X1c"]


@given(partners, standings)
def test_everything_said_is_plain_and_promises_nothing_of_value(partner, standing):
    texts = everything_said(partner, standing)
    for text in texts:
        assert text[0].isupper() or text[0].isdigit(), text
        assert text.endswith("."), text
        assert not FORBIDDEN.search(text), text
        assert not WRONG_PLURAL.search(text), text
        assert "None" not in text, text


def everything_said(partner, standing):
    found = classify(partner, standing, Policy())
    prospects = what_would_change(partner, standing, Policy())
    return [
        wording.explain(found),
        *(line.sentence for line in wording.test_lines(partner, standing, Policy())),
        *(prospect.sentence for prospect in prospects),
    ]


@given(partners, standings)
def test_why_is_short_for_any_verdict(partner, standing):
    found = classify(partner, standing, Policy())
    assert 2 <= len(wording.why(found.rule, found.reasons, found.flags).split()) <= 6


def codes_of_cases():
    for case in VECTORS["cases"]:
        yield classify(Signals(**case["signals"]), Standing(**case["standing"]), Policy())


def test_every_code_has_its_label():
    assert set(wording.RULE_LABELS) == {*Rule, "private"}
    assert set(wording.FLAG_LABELS) == set(FLAGS)
    reasons = {code for found in codes_of_cases() for code in found.reasons}
    assert set(wording.REASON_LABELS) == reasons | {"private"}
    assert wording.RULE_LABELS["X4"].short == "asked us to stop"
    assert wording.REASON_LABELS["C3"].short == "good synergy"
    assert wording.FLAG_LABELS["win_back"].short == "win back"


def test_labels_are_plain_and_promise_nothing_of_value():
    for labels in (wording.RULE_LABELS, wording.REASON_LABELS, wording.FLAG_LABELS):
        for label in labels.values():
            assert label.sentence.endswith(".")
            assert not FORBIDDEN.search(f"{label.short} {label.sentence}")


def test_the_guide_names_every_rule_reason_and_flag():
    guide = " ".join((Path(settings.BASE_DIR) / "docs" / "tiers.md").read_text().split())
    for labels in (wording.RULE_LABELS, wording.REASON_LABELS, wording.FLAG_LABELS):
        missing = [code for code, label in labels.items() if label.short not in guide]
        assert missing == []


def test_the_guide_gives_the_defaults_of_each_referral_line():
    guide = (Path(settings.BASE_DIR) / "docs" / "tiers.md").read_text()
    for line in (Policy().referrals.default, Policy().referrals.builder):
        row = f"| {line.per_year} | {line.quarters} | {line.last_within_days} days ago"
        assert f"{row} | {line.stay_last_within_days} days ago |" in guide

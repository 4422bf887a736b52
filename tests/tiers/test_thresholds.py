"""Each comparison of the rules at its edge, so that one that is off by one fails."""

from dataclasses import replace

import pytest

from tests.tiers.strategies import (
    CULTIVATION,
    MAINTENANCE,
    ONE_SIDED,
    REFERS,
    SILENT,
    signals,
)
from tiers.characteristics import TESTS, stay_line
from tiers.classification import Policy, Standing, classify
from tiers.policy import ReferralLine, ReferralLines

RARE = {"partner_type": "cpa", "referrals_365": 2, "referral_quarters": 2, "referrals_total": 9}
BUILDER = {**REFERS, "partner_type": "builder", "referrals_365": 6}
ASKS = {"asks_365": 6, "partner_initiated_365": 1}
UNJUDGED = Standing(None, None, None)


@pytest.mark.parametrize(
    ("code", "changes", "holds"),
    [
        ("M1", {"relationship_days": 364}, False),
        ("M1", {"relationship_days": 365}, True),
        ("M2", {}, True),
        ("M2", {"conversations_90": 2}, False),
        ("M2", {"days_since_conversation": 45}, True),
        ("M2", {"days_since_conversation": 46}, False),
        ("M2", {"days_since_conversation": None}, False),
        ("M3", REFERS, True),
        ("M3", {**REFERS, "referrals_365": 3}, False),
        ("M3", {**REFERS, "referral_quarters": 2}, False),
        ("M3", {**REFERS, "days_since_referral": 120}, True),
        ("M3", {**REFERS, "days_since_referral": 121}, False),
        ("M3", {**REFERS, "days_since_referral": None}, False),
        ("M3", BUILDER, True),
        ("M3", {**BUILDER, "referrals_365": 5}, False),
        ("M3", {**BUILDER, "days_since_referral": 121}, False),
        ("M3", {**RARE, "days_since_referral": 180}, True),
        ("M3", {**RARE, "days_since_referral": 181}, False),
        ("M3", {**RARE, "days_since_referral": 20, "referrals_365": 1}, False),
        ("M3", {**RARE, "days_since_referral": 20, "referral_quarters": 1}, False),
        ("M3", {**RARE, "days_since_referral": 20, "partner_type": "other"}, False),
        ("C1", {"referrals_total": 0}, False),
        ("C1", {"referrals_total": 1}, True),
        ("C1", REFERS, False),
        ("C2", {"conversations_total": 3}, False),
        ("C2", {"conversations_total": 2}, True),
        ("C2", {"conversations_90": 1}, False),
        ("C2", {"conversations_90": 0}, True),
        ("C3", {"synergy": 2}, False),
        ("C3", {"synergy": 3}, True),
        ("C3", {"synergy": None}, False),
        ("X1a", {"abusive_730": 0}, False),
        ("X1a", {"abusive_730": 1}, True),
        ("X1b", {"disrespectful_180": 1, "negative_180": 9}, False),
        ("X1b", {"disrespectful_180": 2}, True),
        ("X1c", {"disrespectful_180": 1, "negative_180": 1}, False),
        ("X1c", {"disrespectful_180": 1, "negative_180": 2}, True),
        ("X1c", {"disrespectful_180": 3}, True),
        ("X2", SILENT, True),
        ("X2", {**SILENT, "unanswered_attempts": 5}, False),
        ("X2", {**SILENT, "unanswered_channels": 1}, False),
        ("X2", {**SILENT, "unanswered_span_days": 44}, False),
        ("X2", {**SILENT, "days_since_conversation": 89}, False),
        ("X2", {**SILENT, "days_since_conversation": 90}, True),
        ("X2", {**SILENT, "days_since_conversation": None}, True),
        ("X2", {**SILENT, "days_since_referral": 119}, False),
        ("X2", {**SILENT, "days_since_referral": 120}, True),
        ("X3a", ONE_SIDED, True),
        ("X3a", {**ONE_SIDED, "touches_365": 17}, False),
        ("X3a", {**ONE_SIDED, "relationship_days": 364}, False),
        ("X3a", {**ONE_SIDED, "relationship_days": 365}, True),
        ("X3a", {**ONE_SIDED, "tracked_days": 179}, False),
        ("X3a", {**ONE_SIDED, "tracked_days": 180}, True),
        ("X3a", {**ONE_SIDED, "days_since_referral": 547}, False),
        ("X3a", {**ONE_SIDED, "days_since_referral": 548}, True),
        ("X3a", {**ONE_SIDED, "partner_initiated_365": 2}, False),
        ("X3b", ASKS, True),
        ("X3b", {**ASKS, "asks_365": 5}, False),
        ("X3b", {**ASKS, "partner_initiated_365": 2}, False),
        ("X4", {"do_not_contact": False}, False),
        ("X4", {"do_not_contact": True}, True),
    ],
)
def test_characteristic_at_its_edge(code, changes, holds):
    assert TESTS[code](signals(changes), Policy()) is holds


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({"referrals_365": 2, "days_since_referral": 240}, True),
        ({"referrals_365": 2, "days_since_referral": 241}, False),
        ({"referrals_365": 1, "days_since_referral": 20}, False),
        ({"referrals_365": 2, "days_since_referral": None}, False),
        ({"referrals_365": 1, "days_since_referral": 365, "partner_type": "cpa"}, True),
        ({"referrals_365": 1, "days_since_referral": 366, "partner_type": "cpa"}, False),
        ({"referrals_365": 3, "days_since_referral": 20, "partner_type": "builder"}, True),
        ({"referrals_365": 2, "days_since_referral": 20, "partner_type": "builder"}, False),
        ({**REFERS, "conversations_180": 2}, True),
        ({**REFERS, "conversations_180": 1}, False),
        ({**REFERS, "conversations_180": 1, "touches_180": 2}, True),
        ({**REFERS, "conversations_180": 1, "touches_180": 3}, False),
        ({**REFERS, "conversations_180": 1, "touches_180": 2, "referrals_365": 3}, False),
        ({"tracked_days": 119}, True),
        ({"tracked_days": 120}, False),
    ],
)
def test_stay_line_at_its_edge(changes, holds):
    assert stay_line(signals(changes), Policy()) is holds


@pytest.mark.parametrize(
    ("share", "per_year", "needed"),
    [
        (0.5, 4, 2),
        (0.5, 5, 3),
        (0.55, 20, 11),
        (1.1, 10, 11),
        (0.1, 4, 1),
        (0.0, 4, 1),
        (1.0, 4, 4),
    ],
)
def test_stay_share_is_rounded_up_in_exact_decimals(share, per_year, needed):
    line = ReferralLine(per_year=per_year)
    policy = Policy(referrals=ReferralLines(default=line), stay_referral_share=share)
    enough = signals(referrals_365=needed, days_since_referral=20)
    assert stay_line(enough, policy)
    assert not stay_line(replace(enough, referrals_365=needed - 1), policy)


@pytest.mark.parametrize(
    ("changes", "standing", "rule", "reasons"),
    [
        ({}, CULTIVATION, "C", ("default",)),
        ({**REFERS}, CULTIVATION, "M", ("M1", "M2", "M3")),
        ({**REFERS, "relationship_days": 364}, CULTIVATION, "C", ("not_M1",)),
        ({**REFERS, "conversations_90": 2}, CULTIVATION, "C", ("not_M2",)),
        (
            {**REFERS, "relationship_days": 364, "conversations_90": 0},
            CULTIVATION,
            "C",
            ("C2", "not_M1", "not_M2"),
        ),
        ({"relationship_days": 119}, CULTIVATION, "G", ("G",)),
        ({"relationship_days": 119}, UNJUDGED, "G", ("G",)),
        ({"relationship_days": 120}, CULTIVATION, "C", ("default",)),
        ({"relationship_days": 119, "tracked_days": 119}, MAINTENANCE, "MS", ("MS",)),
        ({"relationship_days": 119}, MAINTENANCE, "C", ("default",)),
        # Conduct beats production, and being asked to stop beats conduct.
        ({**REFERS, "abusive_730": 1, "disrespectful_180": 2}, MAINTENANCE, "X1", ("X1a", "X1b")),
        ({"do_not_contact": True, "abusive_730": 1}, CULTIVATION, "X4", ("X4",)),
        # Unresponsive before one-sided, neither inside the win-back window.
        ({**SILENT, **ONE_SIDED}, CULTIVATION, "X2", ("X2",)),
        ({**ONE_SIDED, **ASKS}, CULTIVATION, "X3", ("X3a", "X3b")),
        (SILENT, Standing("cultivation", "C", 59), "C", ("C2",)),
        (SILENT, Standing("cultivation", "C", 60), "X2", ("X2",)),
        (SILENT, Standing("cultivation", "C", None), "X2", ("X2",)),
        (SILENT, UNJUDGED, "X2", ("X2",)),
        (SILENT, MAINTENANCE, "C", ("C2",)),
        (ONE_SIDED, MAINTENANCE, "C", ("default",)),
        (ONE_SIDED, Standing("cultivation", "C", 59), "C", ("default",)),
        # A standing Cease: by conduct, while any note is on record.
        ({"incidents_total": 1}, Standing("cease", "X1", 900), "X1", ("stays",)),
        ({"incidents_total": 0}, Standing("cease", "X1", 900), "C", ("default",)),
        # By silence, until a conversation or a referral since its first day.
        ({"days_since_conversation": 31}, Standing("cease", "X2", 30), "X2", ("stays",)),
        ({"days_since_conversation": 30}, Standing("cease", "X2", 30), "C", ("default",)),
        (
            {"days_since_conversation": None, "days_since_referral": 31},
            Standing("cease", "X2", 30),
            "X2",
            ("stays",),
        ),
        (
            {"days_since_conversation": None, "days_since_referral": 30},
            Standing("cease", "X2", 30),
            "C",
            ("default",),
        ),
        ({"days_since_conversation": 0}, Standing("cease", "X2", None), "X2", ("stays",)),
        # By one-sidedness, until a referral or a contact that they started.
        ({"days_since_referral": 31}, Standing("cease", "X3", 30), "X3", ("stays",)),
        ({"days_since_referral": 30}, Standing("cease", "X3", 30), "C", ("default",)),
        ({"partner_contacts_since_tier": 1}, Standing("cease", "X3", 30), "C", ("default",)),
        # By do-not-contact or a label alone: reopened, and the window is open again.
        ({}, Standing("cease", "X4", 900), "C", ("default",)),
        (SILENT, Standing("cease", "X4", 900), "C", ("C2",)),
        (SILENT, Standing("cease", None, 900), "C", ("C2",)),
        ({"relationship_days": 119}, Standing("cease", "X4", 900), "G", ("G",)),
        # Only what stands counts: a Cultivation that came by X1's rule is no Cease.
        ({"incidents_total": 1}, Standing("cultivation", "X1", 900), "C", ("default",)),
    ],
)
def test_row_that_applies(changes, standing, rule, reasons):
    verdict = classify(signals(changes), standing, Policy())
    assert (verdict.rule, verdict.reasons) == (rule, reasons)


NEW = {
    "relationship_days": 14,
    "touches_365": 0,
    "conversations_total": 0,
    "tracked_days": 14,
}
FEW = {"conversations_180": 1, "touches_180": 2}
WATCH = {"negative_180": 2, "incidents_total": 2}
CEASED = Standing("cease", "X2", 30)


@pytest.mark.parametrize(
    ("changes", "standing", "flags"),
    [
        ({}, CULTIVATION, ()),
        (NEW, CULTIVATION, ("first_touch_due",)),
        ({**NEW, "relationship_days": 15}, CULTIVATION, ("first_touch_overdue",)),
        ({**NEW, "touches_365": 1}, CULTIVATION, ()),
        ({**NEW, "conversations_total": 1}, CULTIVATION, ()),
        ({**REFERS, "days_since_referral": 121}, MAINTENANCE, ("slipping",)),
        ({**REFERS, **FEW}, MAINTENANCE, ()),
        ({**REFERS, **FEW, "conversations_90": 0}, MAINTENANCE, ("our_neglect", "slipping")),
        (
            {**REFERS, "conversations_90": 0, "conversations_180": 2, "touches_180": 2},
            MAINTENANCE,
            ("slipping",),
        ),
        (
            {**REFERS, **FEW, "conversations_90": 0, "tracked_days": 119},
            MAINTENANCE,
            ("insufficient_history",),
        ),
        ({**REFERS, "relationship_days": 364}, CULTIVATION, ("rising_star",)),
        ({**REFERS, "relationship_days": 364, "conversations_90": 2}, CULTIVATION, ()),
        ({"relationship_days": 364}, CULTIVATION, ()),
        ({"conversations_90": 0, "touches_90": 0}, CULTIVATION, ("follow_up_lapsed",)),
        ({"conversations_90": 0, "touches_90": 1}, CULTIVATION, ()),
        ({"touches_90": 0}, CULTIVATION, ()),
        ({}, MAINTENANCE, ("win_back",)),
        ({"referrals_total": 4, "days_since_referral": 241}, CULTIVATION, ("win_back",)),
        ({"referrals_total": 4, "days_since_referral": 240}, CULTIVATION, ()),
        ({"referrals_total": 3, "days_since_referral": 241}, CULTIVATION, ()),
        ({"referrals_total": 4, "days_since_referral": None}, CULTIVATION, ()),
        (SILENT, Standing("cultivation", "C", 59), ("last_chance",)),
        (ONE_SIDED, Standing("cultivation", "C", 0), ("last_chance",)),
        (ASKS, MAINTENANCE, ("last_chance", "win_back")),
        (SILENT, Standing("cease", "X4", 900), ("last_chance", "reopened")),
        ({**SILENT, "unanswered_channels": 1}, CULTIVATION, ("try_another_channel",)),
        (
            {**SILENT, "unanswered_channels": 1, "unanswered_attempts": 5},
            CULTIVATION,
            (),
        ),
        ({**SILENT, "days_since_referral": 119}, CULTIVATION, ("refers_but_silent",)),
        (
            {**SILENT, "unanswered_attempts": 5, "days_since_referral": 119},
            CULTIVATION,
            (),
        ),
        (
            {**SILENT, "unanswered_channels": 1, "days_since_referral": 120},
            CULTIVATION,
            ("try_another_channel",),
        ),
        ({"synergy": 1}, CULTIVATION, ("low_alignment",)),
        ({"synergy": 1, "relationship_days": 364}, CULTIVATION, ()),
        ({"synergy": 1, "referrals_total": 1}, CULTIVATION, ()),
        ({**REFERS, "abusive_730": 1}, CULTIVATION, ("high_producer_conduct",)),
        ({**REFERS, "abusive_730": 1, "referrals_365": 3}, CULTIVATION, ()),
        (
            {**REFERS, "incidents_total": 1, "days_since_referral": 31},
            Standing("cease", "X1", 30),
            (),
        ),
        (WATCH, CULTIVATION, ("conduct_watch",)),
        ({"disrespectful_180": 1}, CULTIVATION, ("conduct_watch",)),
        ({**WATCH, "do_not_contact": True}, CULTIVATION, ("conduct_watch",)),
        ({**WATCH, "do_not_contact": True, "abusive_730": 1}, CULTIVATION, ()),
        ({**WATCH, "incidents_total": 3}, Standing("cease", "X1", 30), ("conduct_watch",)),
        ({"negative_180": 3}, CULTIVATION, ()),
        ({"tracked_days": 119}, CULTIVATION, ("insufficient_history",)),
        ({"tracked_days": 120}, CULTIVATION, ()),
        ({"tracked_days": 119, "relationship_days": 119}, CULTIVATION, ()),
        ({"tracked_days": 119, "abusive_730": 1}, CULTIVATION, ()),
        ({"tracked_days": 119, "do_not_contact": True}, CULTIVATION, ()),
        ({"tracked_days": 119, "incidents_total": 1}, Standing("cease", "X1", 30), ()),
        ({**SILENT, "tracked_days": 119}, CULTIVATION, ("insufficient_history",)),
        ({**SILENT, "tracked_days": 119}, CEASED, ("insufficient_history",)),
        ({**REFERS, "tracked_days": 119}, CULTIVATION, ("insufficient_history",)),
        ({"synergy": None}, CULTIVATION, ("needs_synergy",)),
        ({"synergy": None, "abusive_730": 1}, CULTIVATION, ()),
        ({}, Standing("cease", "X4", 900), ("reopened",)),
        ({"abusive_730": 1}, Standing("cease", "X4", 900), ()),
        ({"days_since_referral": 30}, CEASED, ("reopened", "serve_referral")),
        ({"days_since_referral": 31}, CEASED, ("reopened",)),
        ({"days_since_referral": 30}, Standing("cease", "X4", None), ("reopened",)),
        ({"days_since_referral": 30, "abusive_730": 1}, CEASED, ("serve_referral",)),
        ({"days_since_referral": 30, "do_not_contact": True}, CEASED, ("serve_referral",)),
        ({"days_since_referral": 30}, Standing("cultivation", "C", 200), ()),
    ],
)
def test_flags_at_their_edges(changes, standing, flags):
    assert classify(signals(changes), standing, Policy()).flags == flags


def test_conduct_watch_reads_the_policy_not_the_rule():
    lenient = Policy.from_dict({"conduct": {"negative_180": 9, "disrespectful_180": 9}})
    assert classify(signals(disrespectful_180=5), CULTIVATION, lenient).flags == ("conduct_watch",)


def test_what_is_reopened_begins_today():
    one_day = Policy.from_dict({"win_back_days": 1})
    assert classify(signals(SILENT), Standing("cease", "X4", 900), one_day).rule == "C"


def test_a_closed_window_judges_what_was_reopened_at_once():
    no_window = Policy.from_dict({"win_back_days": 0})
    verdict = classify(signals(SILENT), Standing("cease", "X4", 900), no_window)
    assert (verdict.rule, verdict.flags) == ("X2", ())

import time

import pytest
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
from tiers.characteristics import actively_refers
from tiers.classification import Policy, Signals, Standing, classify
from tiers.prospects import MOST, what_would_change

CEASED = Standing("cease", "X2", 30)


def promised(changes, standing):
    return [prospect.sentence for prospect in prospects_of(signals(changes), standing)]


def prospects_of(partner, standing):
    return what_would_change(partner, standing, Policy())


def check_promises(partner, standing):
    tier = classify(partner, standing, Policy()).tier
    prospects = prospects_of(partner, standing)
    for prospect in prospects:
        verdict = classify(prospect.signals, prospect.standing, Policy())
        assert verdict.tier == prospect.tier != tier
    assert len({prospect.sentence for prospect in prospects}) == len(prospects) <= MOST


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["id"])
def test_promise_of_worked_case_is_kept(case):
    check_promises(Signals(**case["signals"]), Standing(**case["standing"]))


@given(partners, standings)
def test_promise_is_kept_for_any_partner(partner, standing):
    check_promises(partner, standing)


@given(partners, standings)
def test_promise_holds_no_conduct_incident_against_anybody(partner, standing):
    for prospect in prospects_of(partner, standing):
        assert prospect.signals.incidents_total <= partner.incidents_total
        assert prospect.signals.negative_180 <= partner.negative_180


@pytest.mark.parametrize(
    ("changes", "standing", "sentences"),
    [
        (
            {**REFERS, "referrals_365": 2, "conversations_90": 2},
            CULTIVATION,
            [
                "2 more referrals and 1 more conversation: Maintenance.",
                "6 unanswered attempts on 2 channels and 100 more days without a conversation "
                "or a referral: Cease.",
            ],
        ),
        (
            {**REFERS, "referrals_365": 3, "referral_quarters": 2},
            CULTIVATION,
            [
                "6 unanswered attempts on 2 channels and 100 more days without a conversation "
                "or a referral: Cease.",
                "1 more referral in another quarter: Maintenance.",
            ],
        ),
        (
            {**REFERS, "relationship_days": 364},
            CULTIVATION,
            [
                "1 more day of knowing each other, with the rest as now: Maintenance.",
                "6 unanswered attempts on 2 channels and 100 more days without a conversation "
                "or a referral: Cease.",
            ],
        ),
        (
            {**SILENT, "unanswered_attempts": 5},
            CULTIVATION,
            [
                "1 more unanswered attempt: Cease.",
                "4 more referrals (2 of them in other quarters) and 3 more conversations: "
                "Maintenance.",
            ],
        ),
        (
            ONE_SIDED,
            Standing("cultivation", "C", 40),
            [
                "20 more days without a referral or a contact that they start, with the rest "
                "as now: Cease.",
                "6 unanswered attempts on 2 channels and 76 more days without a conversation "
                "or a referral: Cease.",
                "4 more referrals (2 of them in other quarters): Maintenance.",
            ],
        ),
        (
            REFERS,
            MAINTENANCE,
            [
                "167 more days without a conversation, with the rest as now: Cultivation.",
                "221 more days without a referral, with the rest as now: Cultivation.",
            ],
        ),
        (
            {**SILENT},
            CEASED,
            ["A conversation: Cultivation.", "A referral from them: Cultivation."],
        ),
        (
            ONE_SIDED,
            Standing("cease", "X3", 30),
            [
                "A contact that they start, not only to ask for something: Cultivation.",
                "A referral from them: Cultivation.",
            ],
        ),
        (
            {**REFERS, "do_not_contact": True},
            Standing("cease", "X4", 30),
            ["They agree to hear from us again and do-not-contact is lifted: Maintenance."],
        ),
        (
            {"abusive_730": 1, "incidents_total": 1},
            Standing("cease", "X1", 30),
            ["Every conduct note on record is closed: Cultivation."],
        ),
        (
            {"do_not_contact": True, "abusive_730": 1, "incidents_total": 1},
            Standing("cease", "X4", 30),
            [
                "They agree to hear from us again and do-not-contact is lifted, and every "
                "conduct note on record is closed: Cultivation."
            ],
        ),
    ],
)
def test_what_would_change_in_words(changes, standing, sentences):
    assert promised(changes, standing) == sentences


@given(partners)
def test_rising_asks_for_no_more_than_is_missing(partner):
    line = Policy().line_for(partner.partner_type)
    missing = max(
        line.per_year - partner.referrals_365, line.quarters - partner.referral_quarters, 1
    )
    for prospect in prospects_of(partner, CULTIVATION):
        if prospect.tier == "maintenance":
            moved = prospect.signals
            more = moved.referrals_365 - partner.referrals_365
            assert more <= (0 if actively_refers(partner, Policy()) else missing)
            talks = moved.conversations_90 - partner.conversations_90
            assert talks <= max(3 - partner.conversations_90, 1)


def test_a_contact_on_the_first_day_of_cease_is_promised_for_tomorrow():
    (contact, _) = prospects_of(signals(ONE_SIDED), Standing("cultivation", "C", 200))
    assert contact.standing == Standing("cease", "X3", 1)
    assert contact.signals.partner_contacts_since_tier == 1


def test_prospects_start_from_the_tier_that_begins_today():
    # Falls from Maintenance today, so the win-back window of 60 days opens first.
    sentences = promised(SILENT, MAINTENANCE)
    assert sentences[0] == "60 more days without a conversation or a referral: Cease."


def test_nothing_is_promised_further_ahead_than_a_year():
    policy = Policy.from_dict({"long_standing_days": 3000})
    prospects = what_would_change(signals(REFERS), CULTIVATION, policy)
    assert [prospect.tier for prospect in prospects] == ["cease"]


def test_only_what_hangs_on_conduct_is_marked_so():
    conduct = signals(abusive_730=1, incidents_total=1)
    stopped = signals(do_not_contact=True)
    assert [p.about_conduct for p in prospects_of(conduct, CULTIVATION)] == [True]
    assert [p.about_conduct for p in prospects_of(stopped, CULTIVATION)] == [True]
    assert [p.about_conduct for p in prospects_of(signals(SILENT), CEASED)] == [False, False]


def test_what_would_change_is_fast():
    cases = [(Signals(**c["signals"]), Standing(**c["standing"])) for c in VECTORS["cases"]]
    began = time.perf_counter()
    for partner, standing in cases:
        prospects_of(partner, standing)
    assert (time.perf_counter() - began) / len(cases) < 0.002

"""Each check with a line that trips it, and a near one that does not."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from ledger.checks import BLOCK, CHECKS, HOLD, WARN, check
from ledger.entries import Other
from ledger.rules import ALWAYS_ON, CHECK_NAMES, Code, Rules
from tests.ledger.lines import TODAY, days_before, entry, known, rita_is

RULES = Rules(yearly_cap=Decimal(100))
YESTERDAY = TODAY - timedelta(days=1)
sponsorship = {
    "kind": "sponsorship",
    "description": "Table at the spring gala",
    "deliverable": "A table, and our name on the program",
    "benchmark": Decimal(100),
    "cost": Decimal(125),
}
piece = {"kind": "marketing", "share_of_piece": Decimal(50), "share_of_cost": Decimal(50)}
own_cost = {"kind": "partner_cost", "description": "Yard signs", "market_value": Decimal(80)}
received = {"way": "received", "ground": ""}

TRIPS = [
    # Required: a line a field.
    *((Code.REQUIRED, entry(**{name: value}), known()) for name, value in [
        ("kind", ""), ("day", None), ("description", ""), ("payer", ""), ("cost", None),
        ("market_value", None), ("attendees", None), ("purpose", ""), ("ground", ""),
        ("partners", ()), ("person_present", ""), ("discussed", ""),
    ]),
    (Code.REQUIRED, entry(payer="third_party"), known()),
    (Code.REQUIRED, entry(ground="named_few"), known()),
    (Code.REQUIRED, entry(attendees=2, others=(Other("Ann"), Other("Ben"))), known()),
    (Code.REQUIRED, entry(others=(Other("A" * 121),)), known()),
    (Code.REQUIRED, entry(**piece | {"share_of_cost": None}), known()),
    (Code.REQUIRED, entry(day=TODAY + timedelta(days=1)), known()),
    (Code.STATEMENT, entry(stated=False), known()),
    (Code.STATEMENT, entry(stated_name=""), known()),
    (Code.STATEMENT, entry(statement=1), known(statement=2)),
    (Code.CASH, entry(kind="cash"), known()),
    (Code.CASH, entry(kind="gift", description="A $50 gift card for a restaurant"), known()),
    (Code.CASH, entry(kind="gift", description="Gift-card", **received), known()),
    (Code.RAFFLE, entry(is_raffle=True), known()),
    (Code.RAFFLE, entry(description="Raffle of a grill"), known()),
    (Code.REFERRAL_WORDS, entry(purpose="Thanks for the referral last week"), known()),
    (Code.REFERRAL_WORDS, entry(discussed="She will send us more buyers, her referrals"), known()),
    (Code.REFERRAL_WORDS, entry(description="For referring the Millers", **received), known()),
    (Code.REFERRAL_WORDS, entry(ground_words="Those who sent us the most referrals"), known()),
    (Code.REFERRAL_WORDS, entry(**sponsorship | {"deliverable": "Two referrals a month"}), known()),
    (Code.PARTNER_COST, entry(**own_cost, paid_back=Decimal("79.99")), known()),
    (Code.PARTNER_COST, entry(kind="gift", description="Listing photos for Elm Street"), known()),
    (Code.PARTNER_COST, entry(kind="other", description="Her license renewal"), known()),
    (Code.PARTNER_COST, entry(kind="class", description="License fees of the class"), known()),
    (Code.PARTNER_COST, entry(kind="other", description="Zillow leads for June"), known()),
    (Code.COST_SHARE, entry(**piece | {"share_of_cost": Decimal("50.01")}), known()),
    (Code.DELIVERABLE, entry(**sponsorship | {"deliverable": ""}), known()),
    (Code.BENCHMARK, entry(**sponsorship | {"cost": Decimal("125.01")}), known()),
    (Code.BENCHMARK, entry(**sponsorship | {"benchmark": None}), known()),
    (Code.OFTEN, entry(), rita_is(given_days=days_before(0, 30, 60, 89))),
    (Code.OFTEN, entry(), rita_is(given_days=days_before(-10, -20, 20, 40))),
    (Code.NEAR_REFERRAL, entry(), rita_is(referral_days=days_before(14))),
    (Code.NEAR_REFERRAL, entry(), rita_is(referral_days=days_before(0))),
    (Code.YEARLY_CAP, entry(), rita_is(given_this_year=Decimal("80.01"))),
    (Code.NO_CONTACT, entry(), rita_is(asked_for_no_contact=True)),
    (Code.STEPPING_AWAY, entry(), rita_is(is_stepped_away_from=True)),
    (Code.LATE, entry(day=TODAY - timedelta(days=11)), known()),
]  # fmt: skip

PASSES = [
    (Code.REQUIRED, entry(), known()),
    (Code.REQUIRED, entry(payer="third_party", payer_name="The builder"), known()),
    (Code.REQUIRED, entry(ground="named_few", ground_words="Her class had four seats"), known()),
    (Code.REQUIRED, entry(attendees=3, others=(Other("Ann"), Other("Ben"))), known()),
    (Code.REQUIRED, entry(partners=(), others=(Other("A" * 120),)), known()),
    (Code.REQUIRED, entry(kind="gift", person_present="", discussed=""), known()),
    (Code.REQUIRED, entry(**piece), known()),
    (Code.REQUIRED, entry(**received), known()),
    (Code.REQUIRED, entry(cost=Decimal(0), market_value=Decimal(0)), known()),
    (Code.STATEMENT, entry(statement=2), known(statement=2)),
    (Code.CASH, entry(kind="gift", description="A card with our thanks"), known()),
    (Code.RAFFLE, entry(description="A drawing of the old harbor", kind="gift"), known()),
    (Code.RAFFLE, entry(is_raffle=True, **received), known()),
    (Code.REFERRAL_WORDS, entry(purpose="Thanks for two years of working together"), known()),
    (Code.REFERRAL_WORDS, entry(discussed="How rates changed for first-time buyers"), known()),
    (Code.REFERRAL_WORDS, entry(ground_words="Everybody of the Elm Street office"), known()),
    (Code.PARTNER_COST, entry(**own_cost, paid_back=Decimal(80)), known()),
    (Code.PARTNER_COST, entry(kind="gift", description="A framed photo of the team"), known()),
    (Code.PARTNER_COST, entry(kind="class", description="Class on better photos"), known()),
    (Code.PARTNER_COST, entry(description="Lunch about new signs"), known()),
    (Code.PARTNER_COST, entry(**own_cost, **received), known()),
    (Code.COST_SHARE, entry(**piece), known()),
    (Code.COST_SHARE, entry(**piece | {"share_of_cost": Decimal(80)}, **received), known()),
    (Code.DELIVERABLE, entry(**sponsorship), known()),
    (Code.DELIVERABLE, entry(kind="gift"), known()),
    (Code.BENCHMARK, entry(**sponsorship), known()),
    (Code.OFTEN, entry(), rita_is(given_days=days_before(0, 30, 60, 90))),
    (Code.OFTEN, entry(), rita_is(given_days=days_before(-45, -46, 45, 46))),
    (Code.OFTEN, entry(**received), rita_is(given_days=days_before(0, 1, 2, 3))),
    (Code.NEAR_REFERRAL, entry(), rita_is(referral_days=days_before(15, -1))),
    (Code.NEAR_REFERRAL, entry(**received), rita_is(referral_days=days_before(1))),
    (Code.YEARLY_CAP, entry(), rita_is(given_this_year=Decimal(80))),
    (Code.YEARLY_CAP, entry(**received), rita_is(given_this_year=Decimal(900))),
    (Code.NO_CONTACT, entry(**received), rita_is(asked_for_no_contact=True)),
    (Code.NO_CONTACT, entry(), rita_is()),
    (Code.STEPPING_AWAY, entry(**received), rita_is(is_stepped_away_from=True)),
    (Code.LATE, entry(day=TODAY - timedelta(days=10)), known()),
]

LEVELS = {
    **dict.fromkeys(CHECKS, BLOCK),
    **dict.fromkeys([Code.RAFFLE, Code.YEARLY_CAP, Code.NO_CONTACT, Code.STEPPING_AWAY], HOLD),
    **dict.fromkeys(
        [Code.COST_SHARE, Code.BENCHMARK, Code.OFTEN, Code.NEAR_REFERRAL, Code.LATE], WARN
    ),
}


@pytest.mark.parametrize(("code", "line", "facts"), TRIPS)
def test_check_trips(code, line, facts):
    found = [finding for finding in check(line, facts, RULES) if finding.code == code]

    assert {finding.level for finding in found} == {LEVELS[code]}
    assert all(finding.text.endswith(".") for finding in found)


@pytest.mark.parametrize(("code", "line", "facts"), TRIPS)
def test_check_that_is_off_finds_nothing(code, line, facts):
    off = replace(RULES, off=frozenset({code}))

    codes = {finding.code for finding in check(line, facts, off)}

    assert (code in codes) == (code in ALWAYS_ON)


@pytest.mark.parametrize(("code", "line", "facts"), PASSES)
def test_check_lets_a_near_one_pass(code, line, facts):
    assert code not in {finding.code for finding in check(line, facts, RULES)}


def test_checks_all_stand_in_both_tables():
    for table in (TRIPS, PASSES):
        assert {code for code, _, _ in table} == set(CHECKS) == set(CHECK_NAMES)


def test_check_of_a_good_line_finds_nothing():
    assert check(entry(), rita_is(), RULES) == ()


def test_checks_claim_not_to_be_the_law():
    texts = [one.text for _, line, facts in TRIPS for one in check(line, facts, RULES)]

    law = ("illegal", "unlawful", "RESPA", "the law", "is legal", "lawful", "complies")
    assert [text for text in texts if any(word in text for word in law)] == []


def test_check_numbers_come_from_the_rules():
    strict = Rules(
        most_times=1, times_days=10, referral_days=3, late_days=0, benchmark_times=Decimal(1)
    )
    facts = rita_is(given_days=days_before(9), referral_days=days_before(4))

    found = {one.code for one in check(entry(day=YESTERDAY), facts, strict)}
    table = {one.code for one in check(entry(**sponsorship), facts, strict)}

    assert found == {Code.OFTEN, Code.NEAR_REFERRAL, Code.LATE}
    assert table == {Code.OFTEN, Code.BENCHMARK}


def test_check_of_the_cap_asks_nothing_while_it_is_unset():
    facts = rita_is(given_this_year=Decimal(10**6))

    assert check(entry(), facts, Rules()) == ()


def test_rules_survive_json():
    rules = Rules(yearly_cap=Decimal("250.50"), off=frozenset({"late"}), most_times=7)

    assert Rules.from_dict(rules.to_dict()) == rules
    assert Rules.from_dict({}) == Rules()
    assert Rules.from_dict({"off": ["required", "raffle"]}).off == {"raffle"}

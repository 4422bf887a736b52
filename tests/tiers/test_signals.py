"""`subjects` against an independent count, on random books that press on every limit."""

import json
import random
from dataclasses import asdict, astuple
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from interactions.models import Conduct, Interaction, Kind, Outcome, Purpose, Referral, Stage
from partners.models import Partner, PartnerType
from tests.factories import PartnerFactory, UserFactory
from tests.tiers.counting import signals_of, standing_of
from tiers.classification import Signals
from tiers.models import TierChange
from tiers.signals import subjects

TODAY = date(2028, 3, 1)
VECTORS = json.loads((Path(__file__).parent / "tier_vectors.json").read_text())
# Days ago that stand on either side of a window's end, and some between.
LIMITS = [0, 1, 45, 90, 91, 180, 181, 182, 272, 273, 363, 364, 365, 366, 548, 730, 731]
WEIGHTED_STAGES = [*Stage.values[:8], Stage.JUNK, Stage.DUPLICATE]
# Rules with the tiers that they give; a blank rule is an imported label.
STANDINGS = [
    ("maintenance", "M"),
    ("maintenance", "MS"),
    ("cultivation", "C"),
    ("cultivation", "G"),
    ("cease", "X1"),
    ("cease", "X2"),
    ("cease", "X3"),
    ("cease", "X4"),
    ("maintenance", ""),
]


def a_day(rng):
    ago = rng.choice(LIMITS) if rng.random() < 0.6 else rng.randint(-20, 1000)
    return TODAY - timedelta(days=ago)


def a_partner(rng):
    return {
        "partner_type": rng.choice(PartnerType.values),
        "do_not_contact_since": rng.choice([None, None, a_day(rng)]),
        "synergy": rng.choice([None, 0, 1, 3, 5]),
        "relationship_start": rng.choice([None, a_day(rng)]),
        "created_on": a_day(rng),
    }


def an_interaction(rng):
    direction = rng.choice(["out", "out", "in"])
    silent = rng.random() < 0.6
    outcomes = [Outcome.NO_RESPONSE] if silent else Outcome.values
    conduct = rng.choice([Conduct.NONE] * 5 + Conduct.values)
    may_close = conduct in {Conduct.NEGATIVE, Conduct.DISRESPECTFUL}
    return {
        "closed_on": rng.choice([None, a_day(rng)]) if may_close else None,
        "day": a_day(rng),
        "kind": rng.choice(Kind.values),
        "direction": direction,
        "outcome": "connected" if direction == "in" else rng.choice(outcomes),
        "purpose": rng.choice(Purpose.values),
        "conduct": conduct,
    }


def a_referral(rng):
    return {
        "day": a_day(rng),
        "direction": rng.choice(["received", "received", "received", "given"]),
        "stage": rng.choice(WEIGHTED_STAGES),
    }


def changes(rng):
    rows = []
    for number in range(rng.randint(0, 4)):
        tier, rule = rng.choice(STANDINGS)
        on = a_day(rng)
        since = on - timedelta(days=rng.choice([0, 0, 1, 60, 200])) if rule else None
        rows.append({"number": number, "on": on, "tier": tier, "rule": rule, "since": since})
    return rows


def a_book(seed, size=25):
    """Random partners with their facts, as plain rows."""
    rng = random.Random(seed)
    return [
        {
            "partner": a_partner(rng),
            "interactions": [an_interaction(rng) for _ in range(rng.choice([0, 1, 5, 12, 40]))],
            "referrals": [a_referral(rng) for _ in range(rng.choice([0, 0, 1, 4, 12]))],
            "changes": changes(rng),
        }
        for _ in range(size)
    ]


def write(book):
    """Put a book into the database past every receiver; gives each case its partner's id."""
    owner = UserFactory()
    for number, case in enumerate(book):
        partner = Partner(owner=owner, last_name=f"Random {number}", **case["partner"])
        (partner,) = Partner.objects.bulk_create([partner])
        case["id"] = partner.pk
        Interaction.objects.bulk_create(
            Interaction(partner=partner, officer=owner, logged_by=owner, **closed(row, owner))
            for row in case["interactions"]
        )
        Referral.objects.bulk_create(
            Referral(
                partner=partner,
                logged_by=owner,
                borrower="Bo",
                received_at=datetime(2020, 1, 1, tzinfo=UTC),
                **row,
            )
            for row in case["referrals"]
        )
        for row in case["changes"]:
            fields = {name: value for name, value in row.items() if name != "number"}
            TierChange.objects.create(partner=partner, **fields)
    return book


def closed(row, owner):
    """The row as the table has it: who closed its conduct note, and why."""
    fields = {name: value for name, value in row.items() if name != "closed_on"}
    if row["closed_on"] is None:
        return fields
    by = {"conduct_closed_by": owner, "conduct_closed_reason": "We talked"}
    return {**fields, **by, "conduct_closed_on": row["closed_on"]}


def counted(case, as_of):
    facts = case["partner"], case["interactions"], case["referrals"], case["changes"]
    return signals_of(*facts, as_of), standing_of(case["changes"], as_of)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(8))
def test_subjects_equal_a_plain_count(seed):
    book = write(a_book(seed))
    for as_of in [
        TODAY,
        TODAY - timedelta(1),
        date(2027, 7, 31),
        date(2026, 1, 1),
        date(2029, 2, 28),
    ]:
        found = {
            subject.partner_id: (asdict(subject.signals), astuple(subject.standing))
            for subject in subjects(Partner.objects.all(), as_of)
        }
        assert found == {case["id"]: counted(case, as_of) for case in book}, as_of


def test_random_books_reach_every_signal():
    """Else the comparison above would hold for a query that always answers 0."""
    found = [counted(case, TODAY)[0] for seed in range(8) for case in a_book(seed)]
    for name in found[0]:
        assert len({signals[name] for signals in found}) > 1, name


def test_signals_have_the_names_of_the_rules():
    names = list(VECTORS["cases"][0]["signals"])
    assert sorted(Signals.__dataclass_fields__) == sorted(names)


@pytest.mark.django_db
def test_subjects_without_facts():
    partner = PartnerFactory(created_on=TODAY, partner_type="cpa", synergy=4)
    (subject,) = subjects(Partner.objects.filter(pk=partner.pk), TODAY)
    nothing = dict.fromkeys(Signals.__dataclass_fields__, 0)
    assert asdict(subject.signals) == {
        **nothing,
        "partner_type": "cpa",
        "do_not_contact": False,
        "synergy": 4,
        "days_since_referral": None,
        "days_since_conversation": None,
    }


@pytest.mark.django_db
def test_subjects_take_one_query_whatever_the_rows(django_assert_num_queries):
    write(a_book(3, size=30))
    with django_assert_num_queries(1):
        assert len(list(subjects(Partner.objects.all(), TODAY))) == 30


@pytest.mark.django_db
def test_last_change_of_a_day_stands():
    """Two changes of one day: the one written later counts."""
    partner = PartnerFactory(created_on=TODAY)
    TierChange.objects.all().delete()
    for tier, rule in [("cease", "X1"), ("cultivation", "C")]:
        TierChange.objects.create(partner=partner, on=TODAY, tier=tier, rule=rule, since=TODAY)
    (subject,) = subjects(Partner.objects.all(), TODAY)
    assert astuple(subject.standing) == ("cultivation", "C", 0)

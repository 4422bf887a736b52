"""A partner's tier on a past day: what was in force, who had set it, and what the facts say."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from tests.factories import InteractionFactory, PartnerFactory
from tests.tiers.stories import NOON, TODAY, ago, anchor, steady
from tiers.classification import Tier
from tiers.models import PolicyVersion, TierChange, TierOverride
from tiers.overrides import override
from tiers.policy import Policy
from tiers.services import reclassify, replay


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOON, tick=False):
        yield


def then(client, partner, day):
    return client.get(f"/partners/{partner.pk}/then/", {"day": day.isoformat()})


def test_the_tier_of_then_with_its_reasons_and_its_numbers(as_, alice):
    partner = anchor(owner=alice)
    replay([partner.pk], today=TODAY)
    answer = then(as_(alice), partner, ago(120))
    shown = answer.context["then"]
    recorded = TierChange.objects.as_of(ago(120)).filter(partner=partner).first()
    assert (shown.tier, shown.judged, shown.recorded) == ("cultivation", "cultivation", recorded)
    assert "2 referrals" in answer.text
    assert f"Cultivation since {recorded.since:%b %-d, %Y}" in answer.text
    # Facts of later days do not exist yet.
    assert then(as_(alice), partner, TODAY).context["then"].tier == "maintenance"


def test_an_override_of_then_names_who_made_it_until_when_and_why(as_, alice, mona):
    partner = steady(owner=alice)
    replay([partner.pk], today=TODAY)
    TierOverride.objects.create(
        partner=partner,
        tier=Tier.MAINTENANCE,
        reason="An old friend",
        made_by=mona,
        by_manager=True,
        starts_on=ago(60),
        ends_on=ago(10),
        ended_at=NOON - timedelta(days=20),
    )
    found = {}
    for days in [61, 60, 21, 20]:
        answer = then(as_(alice), partner, ago(days))
        says = "Mona Miller had set Maintenance until Jun 5, 2026: “An old friend”" in answer.text
        found[days] = (str(answer.context["then"].tier), says)
    held, free = ("maintenance", True), ("cultivation", False)
    assert found == {61: free, 60: held, 21: held, 20: free}


def test_the_policy_of_then_judges_the_facts_of_then(as_, alice):
    partner = anchor(owner=alice)
    strict = Policy().to_dict()
    strict["referrals"]["default"]["per_year"] = 9
    old = PolicyVersion.objects.current()
    new = PolicyVersion.objects.create(number=2, rules=strict, starts_on=ago(3))
    replay([partner.pk], today=TODAY)
    before, after = then(as_(alice), partner, ago(4)), then(as_(alice), partner, ago(3))
    assert before.context["then"].policy == old
    assert after.context["then"].policy == new
    assert "By policy 1\n" in before.text
    assert "By policy 2, in force since Jun 12, 2026" in after.text


def test_what_was_logged_later_shows_beside_what_was_recorded(as_, alice):
    partner = anchor(owner=alice)
    day = ago(2)
    TierChange.objects.filter(partner=partner).delete()
    TierChange.objects.create(
        partner=partner, on=ago(30), tier="cultivation", rule="C", reasons=["C1"], since=ago(30)
    )
    answer = then(as_(alice), partner, day)
    shown = answer.context["then"]
    assert (shown.tier, shown.judged, shown.differs) == ("cultivation", "maintenance", True)
    assert "Cultivation was recorded at the time." in answer.text
    assert "By the rules, Maintenance: long-standing" in answer.text


def test_a_label_of_an_import_is_said_to_be_one(as_, alice):
    partner = PartnerFactory(owner=alice, created_on=ago(50))
    TierChange.objects.filter(partner=partner).delete()
    TierChange.objects.create(partner=partner, on=ago(50), tier="maintenance")
    answer = then(as_(alice), partner, ago(40))
    assert answer.context["then"].tier == "maintenance"
    assert "Maintenance was the officer’s own label" in answer.text


def test_a_day_before_any_fact_knows_nothing(as_, alice):
    partner = PartnerFactory(owner=alice, created_on=ago(50))
    InteractionFactory(partner=partner, day=ago(80))
    answer = then(as_(alice), partner, ago(81))
    assert answer.context["then"] is None
    assert "Nothing was known yet" in answer.text
    # A fact, and no tier yet.
    answer = then(as_(alice), partner, ago(80))
    assert answer.context["then"].tier is None
    assert "No tier had been recorded by then" in answer.text


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-06-16", "Nobody knows that day yet. Choose today or a day before."),
        ("1999-12-31", "Choose a day since 2000."),
        ("0001-01-01", "Choose a day since 2000."),
        ("yesterday", "Write the day as 2026-03-31."),
        ("", "Choose a day."),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_words(as_, alice, day, sentence):
    partner = PartnerFactory(owner=alice)
    answer = as_(alice).get(f"/partners/{partner.pk}/then/", {"day": day})
    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_first_day_of_all_is_answered(as_, alice):
    partner = PartnerFactory(owner=alice)
    assert "Nothing was known yet" in then(as_(alice), partner, date(2000, 1, 1)).text


def test_archived_by_then_is_said(as_, alice):
    partner = steady(owner=alice, archived_at=datetime(2026, 6, 1, 16, tzinfo=UTC))
    reclassify([partner.pk], as_of=TODAY)
    note = "Archived by then, on Jun 1, 2026"
    answers = {days: then(as_(alice), partner, ago(days)).text for days in [15, 14]}
    assert {days: note in text for days, text in answers.items()} == {15: False, 14: True}


def test_conduct_of_then_is_told_to_the_owner_and_their_manager_alone(as_, cast):
    partner = anchor(owner=cast["alice"])
    InteractionFactory(partner=partner, day=ago(20), conduct="abusive", note="A scene")
    replay([partner.pk], today=TODAY)
    override(
        actor=cast["mona"],
        partner=partner,
        tier=Tier.CULTIVATION,
        reason="They apologized for the scene",
        ends_on=TODAY + timedelta(days=30),
        now=NOON,
    )
    tells = {}
    for who in ["alice", "mona", "andy", "ada"]:
        text = then(as_(cast[who]), partner, TODAY).text
        told = ["abused" in text, "Abusive" in text, "apologized" in text]
        tells[who] = (*told, "set by the owner and their manager" in text)
    sees, sees_not = (True, True, True, False), (False, False, False, True)
    assert tells == {"alice": sees, "mona": sees, "andy": sees_not, "ada": sees_not}


def test_the_partner_page_asks_for_a_day(as_, alice):
    partner = PartnerFactory(owner=alice)
    assert (
        f'action="/partners/{partner.pk}/then/"' in as_(alice).get(f"/partners/{partner.pk}/").text
    )

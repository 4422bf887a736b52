from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import InteractionFactory, PartnerFactory, ReferralFactory
from tiers.classification import Tier, classify
from tiers.overrides import override
from tiers.policy import Policy
from tiers.prospects import what_would_change
from tiers.signals import subjects

QUERIES = 23


@pytest.fixture
def rich(alice):
    """A partner with referrals and talks over a year: something of everything."""
    today = alice.today(timezone.now())
    partner = PartnerFactory(owner=alice, last_name="Rich", created_on=today - timedelta(days=400))
    for days in [200, 110, 20]:
        ReferralFactory(partner=partner, day=today - timedelta(days=days))
    for days in [40, 20, 0]:
        InteractionFactory(partner=partner, day=today - timedelta(days=days))
    partner.refresh_from_db()
    return partner


def test_the_panel_says_what_the_rules_say(as_, alice, rich):
    subject = next(subjects(type(rich).objects.filter(pk=rich.pk), alice.today(timezone.now())))
    verdict = classify(subject.signals, subject.standing, Policy())
    panel = as_(alice).get(f"/partners/{rich.pk}/").context["verdict"]
    assert panel.tier == verdict.tier
    assert [flag.code for flag in panel.flags] == list(verdict.flags)
    held = {line.code for line in panel.lines if line.holds}
    assert set(verdict.reasons) - {"default", "not_M1", "not_M2"} <= held


def test_each_promise_stands_on_the_page_and_is_kept(as_, alice, rich):
    subject = next(subjects(type(rich).objects.filter(pk=rich.pk), alice.today(timezone.now())))
    promises = what_would_change(subject.signals, subject.standing, Policy())
    page = as_(alice).get(f"/partners/{rich.pk}/")
    assert promises
    assert tuple(page.context["verdict"].prospects) == promises
    for promise in promises:
        assert promise.sentence in page.text
        assert classify(promise.signals, promise.standing, Policy()).tier == promise.tier


def test_an_override_shows_whose_it_is_why_and_until_when(as_, alice, andy, rich):
    now = timezone.now()
    until = alice.today(now) + timedelta(days=90)
    choice = {"tier": Tier.CEASE, "reason": "Retires in spring", "ends_on": until}
    override(actor=alice, partner=rich, now=now, **choice)
    for user in [alice, andy]:
        page = as_(user).get(f"/partners/{rich.pk}/")
        assert page.context["verdict"].tier == Tier.CEASE
        assert "Retires in spring" in page.text
        assert "Alice Abbott" in page.text
        assert until.strftime("%b") in page.text


def test_the_timeline_has_the_newest_on_top(as_, alice, rich):
    entries = as_(alice).get(f"/partners/{rich.pk}/").context["timeline"].entries
    ranks = [entry.rank for entry in entries]
    assert ranks == sorted(ranks, reverse=True)
    assert {entry.type for entry in entries} == {"interaction", "referral", "tier"}


def test_the_timeline_tells_a_review_and_value_given(as_, alice, rita):
    InteractionFactory(partner=rita, minutes=60, was_review=True, gave_value=True)
    entries = as_(alice).get(f"/partners/{rita.pk}/").context["timeline"].entries
    told = [entry.meta for entry in entries if entry.type == "interaction"]
    assert told == ["Alice Abbott · 60 min · Partnership review · Value given"]


def test_older_entries_are_a_click_away(as_, alice, rich):
    for _ in range(100):
        InteractionFactory(partner=rich)
    client = as_(alice)
    first = client.get(f"/partners/{rich.pk}/").context["timeline"]
    more = client.get(f"/partners/{rich.pk}/?show={first.longer}").context["timeline"]
    assert (len(first.entries), len(more.entries)) == (30, 60)
    assert more.entries[:30] == first.entries


@pytest.mark.parametrize("rows", [1, 100])
def test_the_page_takes_the_same_queries_whatever_was_logged(
    rows, as_, alice, django_assert_num_queries
):
    partner = PartnerFactory(owner=alice)
    for _ in range(rows):
        InteractionFactory(partner=partner)
    ReferralFactory(partner=partner)
    client = as_(alice)
    with django_assert_num_queries(QUERIES):
        client.get(f"/partners/{partner.pk}/")

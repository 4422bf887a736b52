"""`reclassify`, `replay` and `label`: what is written, and what is not."""

from datetime import date

import pytest
import time_machine

from partners.models import Partner
from partners.services import archive
from tests.factories import InteractionFactory, PartnerFactory, ReferralFactory
from tests.tiers.stories import NOON, TODAY, ago, anchor, steady
from tiers.models import PolicyVersion, TierChange, TierStanding
from tiers.policy import Policy
from tiers.services import label, reclassify, replay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def standing(partner):
    return TierStanding.objects.get(partner=partner)


def history(partner):
    rows = TierChange.objects.filter(partner=partner)
    return list(rows.values_list("on", "from_tier", "tier", "rule"))


def test_standing_holds_the_verdict_and_what_lists_show():
    found = standing(anchor(synergy=4))
    assert (found.tier, found.rule, found.reasons, found.flags) == (
        "maintenance",
        "M",
        ["M1", "M2", "M3"],
        [],
    )
    assert (found.last_conversation_on, found.last_referral_on, found.referrals_365) == (
        ago(5),
        ago(10),
        4,
    )
    assert (found.since, found.policy, found.override) == (TODAY, PolicyVersion.objects.get(), None)


def test_change_holds_the_signals_and_the_policy():
    partner = anchor(synergy=4)
    change = partner.tier_changes.last()
    assert (change.from_tier, change.tier, change.rule) == ("cultivation", "maintenance", "M")
    assert change.policy.number == 1
    assert change.policy.policy == Policy()
    assert change.signals["referrals_365"] == 4
    assert change.signals["relationship_days"] == 800
    assert change.verdict == standing(partner).verdict


def test_judging_twice_writes_nothing(django_assert_num_queries):
    """Lock, policy, signals and standings are read; no write follows, whatever the partners."""
    partners = [anchor().pk, steady().pk, PartnerFactory().pk]
    before = list(TierChange.objects.values()), list(TierStanding.objects.values())
    with django_assert_num_queries(6) as queries:  # two of them the savepoint's
        assert reclassify(partners, as_of=TODAY) == []
    assert not [query for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))]
    assert (list(TierChange.objects.values()), list(TierStanding.objects.values())) == before


def test_reclassify_takes_the_same_queries_for_one_and_for_many(django_assert_num_queries):
    few, many = [steady().pk], [steady().pk for _ in range(5)]
    # Conduct notes written past the receivers, so that every tier moves.
    for partner_id in few + many:
        Partner.objects.filter(pk=partner_id).update(do_not_contact_since=TODAY)
    with django_assert_num_queries(8):
        assert len(reclassify(few, as_of=TODAY)) == 1
    with django_assert_num_queries(8):
        assert len(reclassify(many, as_of=TODAY)) == 5


def test_reclassify_returns_those_whose_tier_moved():
    mover, stayer = steady(), steady()
    Partner.objects.filter(pk=mover.pk).update(do_not_contact_since=TODAY)
    (moved,) = reclassify([mover.pk, stayer.pk], as_of=TODAY)
    assert moved.subject.partner_id == mover.pk
    assert (moved.subject.standing.tier, moved.verdict.tier) == ("cultivation", "cease")


def test_new_rule_keeps_the_first_day_of_the_tier():
    """Maintenance by M on one day, by MS later: the tier's days go on."""
    partner = anchor()
    later = date(2026, 8, 20)
    assert reclassify([partner.pk], as_of=later) == []
    found = standing(partner)
    assert (found.tier, found.rule, found.since) == ("maintenance", "MS", TODAY)
    assert history(partner)[-1] == (later, "maintenance", "maintenance", "MS")
    assert partner.tier_changes.last().since == TODAY


def test_flags_alone_update_the_standing_and_record_no_change():
    partner = steady(synergy=2)
    changes = history(partner)
    Partner.objects.filter(pk=partner.pk).update(synergy=None)
    reclassify([partner.pk], as_of=TODAY)
    assert standing(partner).flags == ["needs_synergy"]
    assert history(partner) == changes


def test_archived_partner_is_not_judged(alice):
    partner = steady(owner=alice)
    archive(actor=alice, partner=partner, reason="Retired", now=NOON)
    Partner.objects.filter(pk=partner.pk).update(do_not_contact_since=TODAY)
    assert reclassify([partner.pk], as_of=TODAY) == []
    assert standing(partner).tier == "cultivation"


def test_newest_policy_judges():
    partner = anchor()
    rules = Policy.from_dict({"referrals": {"default": {"per_year": 9}}}).to_dict()
    second = PolicyVersion.objects.create(number=2, rules=rules)
    reclassify([partner.pk], as_of=TODAY)
    assert (standing(partner).rule, standing(partner).policy) == ("C", second)
    assert partner.tier_changes.last().policy == second


def test_replay_judges_on_the_first_of_each_month_and_today():
    """The fourth referral makes Maintenance on 1 June; nothing is judged before the first fact."""
    partner = PartnerFactory(created_on=date(2024, 1, 1))
    for day in [date(2025, 7, 1), date(2025, 12, 10), date(2026, 3, 10), date(2026, 5, 20)]:
        ReferralFactory(partner=partner, day=day)
    for day in [date(2026, 5, 1), date(2026, 5, 10), date(2026, 5, 25)]:
        InteractionFactory(partner=partner, day=day)
    replay([partner.pk], today=TODAY)
    assert history(partner) == [
        (date(2025, 7, 1), "", "cultivation", "C"),
        (date(2026, 6, 1), "cultivation", "maintenance", "M"),
    ]
    assert standing(partner).since == date(2026, 6, 1)


def test_replay_twice_gives_the_same_history():
    partners = [anchor().pk, steady().pk, PartnerFactory().pk]
    replay(partners, today=TODAY)
    once = [history(partner) for partner in partners]
    replay(partners, today=TODAY)
    assert [history(partner) for partner in partners] == once


def test_replay_in_a_group_equals_replay_alone():
    partners = [anchor().pk, steady().pk]
    replay(partners, today=TODAY)
    together = [history(partner) for partner in partners]
    for partner in partners:
        replay([partner], today=TODAY)
    assert [history(partner) for partner in partners] == together


def test_replay_starts_on_the_first_itself():
    """A first fact on 29 February is judged from 1 March, one on the 1st on that day."""
    leap = PartnerFactory(created_on=date(2024, 3, 5))
    InteractionFactory(partner=leap, day=date(2024, 2, 29))
    first = PartnerFactory(created_on=date(2024, 3, 5))
    InteractionFactory(partner=first, day=date(2024, 2, 1))
    replay([leap.pk, first.pk], today=TODAY)
    assert history(leap)[0][0] == date(2024, 3, 1)
    assert history(first)[0][0] == date(2024, 2, 1)


def test_replay_keeps_labels_and_leaves_others_alone():
    partner, other = anchor(), anchor()
    TierChange.objects.filter(partner=partner).delete()
    label({partner.pk: "maintenance"}, on=ago(300))
    before = history(other)
    replay([partner.pk], today=TODAY)
    assert history(partner)[0] == (ago(300), "", "maintenance", "")
    assert history(partner)[1][1:] == ("maintenance", "cultivation", "C")
    assert history(other) == before


def test_replay_leaves_archived_partners_alone(alice):
    partner = anchor(owner=alice)
    archive(actor=alice, partner=partner, reason="Retired", now=NOON)
    before = history(partner)
    replay([partner.pk], today=TODAY)
    assert history(partner) == before


def test_label_counts_as_the_standing_tier():
    """A partner too new to judge stays what the officer called it: G yields to a label."""
    partner = PartnerFactory()
    TierChange.objects.all().delete()
    label({partner.pk: "maintenance"}, on=TODAY)
    reclassify([partner.pk], as_of=TODAY)
    assert (standing(partner).tier, standing(partner).rule) == ("maintenance", "MS")
    assert standing(partner).since is None


def test_label_yields_to_what_is_judged_already():
    partner = PartnerFactory()
    label({partner.pk: "maintenance"}, on=TODAY)
    assert history(partner) == [(TODAY, "", "cultivation", "G")]

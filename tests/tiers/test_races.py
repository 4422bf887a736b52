"""Real transactions at the same moment. Each story is told many times, as a race is won by luck."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.utils import timezone

from interactions.models import Interaction, Referral
from interactions.services import (
    Contact,
    add_referral,
    change_interaction,
    change_referral,
    log,
    move_referral,
    remove_interaction,
)
from partners.models import Partner
from partners.services import company_named, tags_named
from tests.factories import PartnerFactory, ReferralFactory, UserFactory
from tests.tiers.stories import steady
from tiers.classification import Tier
from tiers.models import NightlyRun, PolicyVersion, TierChange, TierOverride, TierStanding
from tiers.overrides import override
from tiers.services import judge_new_days, reclassify

postgres = pytest.mark.postgres
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    """Run all works in threads that start together; gives their results, raises their errors."""
    start = Barrier(len(works))

    def run(work):
        start.wait(timeout=60)
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, work) for work in works]]


def today(partner):
    return partner.owner.today(timezone.now())


def logging(partners, **said):
    contact = Contact(day=today(partners[0]), kind="call", **said)
    return lambda: log(actor=partners[0].owner, partners=partners, contact=contact, batch=uuid4())


def assert_settled(*partners):
    """What is stored is what the facts give, and the record leads to it without a gap."""
    stored = list(TierStanding.objects.order_by("pk").values("tier", "rule", "reasons", "flags"))
    assert reclassify([partner.pk for partner in partners], as_of=today(partners[0])) == []
    judged = TierStanding.objects.order_by("pk").values("tier", "rule", "reasons", "flags")
    assert stored == list(judged)
    for partner in partners:
        changes = list(TierChange.objects.filter(partner=partner))
        tiers = [change.tier for change in changes]
        assert [change.from_tier for change in changes] == ["", *tiers[:-1]]


def disliked():
    """One more disrespectful note beside the one it has is Cease."""
    return PartnerFactory(created_on=timezone.localdate() - timedelta(days=500))


@postgres
def test_two_people_log_on_one_partner():
    """Each note alone changes nothing; both together are Cease, whichever comes second."""
    for _ in range(20):
        partner = disliked()
        work = logging([partner], conduct="disrespectful")
        at_once(work, work)
        standing = TierStanding.objects.get(partner=partner)
        assert (standing.tier, standing.rule, standing.reasons) == ("cease", "X1", ["X1b"])
        assert partner.tier_changes.filter(tier="cease").count() == 1
        assert_settled(partner)


@postgres
def test_two_plain_saves_on_one_partner():
    """By the ORM, past the services, each save its own transaction."""
    for _ in range(10):
        partner = disliked()
        at_once(*[partial(plain_note, partner)] * 2)
        assert TierStanding.objects.get(partner=partner).tier == "cease"
        assert partner.tier_changes.filter(tier="cease").count() == 1


def plain_note(partner):
    Interaction.objects.create(
        partner=partner,
        day=today(partner),
        kind="call",
        conduct="disrespectful",
        officer=partner.owner,
        logged_by=partner.owner,
    )


@postgres
def test_three_partners_logged_both_ways_round():
    partners = [steady() for _ in range(3)]
    for _ in range(20):
        at_once(logging(partners), logging(partners[::-1]))
    assert Interaction.objects.filter(partner=partners[0]).count() == 2 + 40
    assert_settled(*partners)


@postgres
def test_partners_of_two_days_logged_both_ways_round():
    """A partner whose record is a day ahead is judged on another day than the others."""
    ahead, *others = [steady() for _ in range(3)]
    TierChange.objects.filter(partner=ahead).update(on=today(ahead) + timedelta(days=1))
    partners = [ahead, *others]
    for _ in range(10):
        from_the_start()
        nightly = [lambda: judge_new_days(now=timezone.now(), slices=5)] * 2
        at_once(logging(partners), logging(partners[::-1]), *nightly)
    assert Interaction.objects.filter(partner=ahead).count() == 2 + 20


def from_the_start():
    NightlyRun.objects.update(judged_up_to=0, finished_at=None)


@postgres
def test_save_against_the_nightly_run():
    partners = [disliked() for _ in range(5)]
    for partner in partners:
        logging([partner], conduct="disrespectful")()
    for partner in partners:
        from_the_start()
        at_once(
            logging([partner], conduct="disrespectful"),
            lambda: judge_new_days(now=timezone.now(), slices=5),
        )
    assert set(TierStanding.objects.values_list("tier", "rule")) == {("cease", "X1")}
    assert_settled(*partners)


@postgres
def test_two_nightly_runs_at_once():
    partners = [disliked() for _ in range(5)]
    for _ in range(5):
        from_the_start()
        TierStanding.objects.update(rule="C")
        nightly = [lambda: judge_new_days(now=timezone.now(), slices=5)] * 2
        assert at_once(*nightly) == [True, True]
    assert NightlyRun.objects.get().finished_at
    assert_settled(*partners)


@postgres
def test_first_nightly_run_is_begun_once():
    steady()
    for _ in range(5):
        NightlyRun.objects.all().delete()
        at_once(*[lambda: judge_new_days(now=timezone.now(), slices=5)] * 3)
        assert NightlyRun.objects.count() == 1


@postgres
def test_first_policy_is_made_once():
    """A new installation, where two people add the first partner at the same moment."""
    owner = UserFactory()
    for _ in range(5):
        TierChange.objects.all().delete()
        TierStanding.objects.all().delete()
        PolicyVersion.objects.all().delete()
        at_once(*[lambda: PartnerFactory(owner=owner)] * 3)
        assert PolicyVersion.objects.count() == 1


@postgres
def test_double_submit_at_once_logs_once():
    partners = [steady(), steady()]
    for _ in range(10):
        contact = Contact(day=today(partners[0]), kind="lunch", minutes=75)
        batch = uuid4()

        def submit(contact=contact, batch=batch):
            rows = log(actor=partners[0].owner, partners=partners, contact=contact, batch=batch)
            return sorted(row.pk for row in rows)

        first, second = at_once(submit, submit)
        assert first == second
        assert Interaction.objects.filter(batch=batch).count() == 2


@postgres
def test_double_click_moves_a_referral_once():
    referral = ReferralFactory()
    actor = referral.logged_by
    for stage in ["contacted", "application", "received", "contacted"]:
        before = referral.moves.count()
        copies = [type(referral).objects.get(pk=referral.pk) for _ in range(2)]
        moved = at_once(*[partial(move, actor, copy, stage) for copy in copies])
        assert sorted(moved) == [False, True]
        assert referral.moves.count() == before + 1


def move(actor, referral, stage):
    return move_referral(actor=actor, referral=referral, stage=stage, at=timezone.now())


@postgres
def test_double_submit_at_once_adds_one_referral():
    partner = steady()
    for _ in range(5):
        row = ReferralFactory.build(partner=partner, logged_by=partner.owner, move=None)

        def submit(key=row.key, borrower=row.borrower):
            copy = ReferralFactory.build(
                partner=partner, logged_by=partner.owner, move=None, key=key, borrower=borrower
            )
            return add_referral(actor=partner.owner, referral=copy).pk

        first, second = at_once(submit, submit)
        assert first == second
    assert partner.referrals.count() == 5


@postgres
def test_two_overrides_at_once_leave_one_open(alice, mona):
    partner = steady(owner=alice)
    for _ in range(10):
        at_once(lambda: put(alice, partner), lambda: put(mona, partner))
        standing = TierStanding.objects.get(partner=partner)
        assert standing.override == TierOverride.objects.open().get()
    assert TierOverride.objects.count() == 20


def put(actor, partner):
    now = timezone.now()
    return override(
        actor=actor,
        partner=partner,
        tier=Tier.MAINTENANCE,
        reason="They host us.",
        ends_on=today(partner) + timedelta(days=30),
        now=now,
    )


@postgres
def test_override_against_a_save_keeps_both(alice):
    """Judging writes its own columns, not the override's."""
    for _ in range(10):
        partner = disliked()
        partner.owner = alice
        partner.save()
        logging([partner], conduct="disrespectful")()
        at_once(
            logging([partner], conduct="disrespectful"), lambda partner=partner: try_put(partner)
        )
        standing = TierStanding.objects.get(partner=partner)
        assert standing.rule == "X1"
        assert standing.override == TierOverride.objects.open().filter(partner=partner).first()
        assert standing.tier_in_force(today(partner)) == "cease"


def try_put(partner):
    """Refused where the note came first: conduct is the manager's."""
    with suppress(ValidationError):
        put(partner.owner, partner)


def test_eight_people_log_at_once():
    """On SQLite too: nobody sees "database is locked", and every share is written."""
    partners = [steady() for _ in range(4)]
    began = time.monotonic()
    for _ in range(3):
        at_once(*[logging(partners)] * 8)
    assert Interaction.objects.count() == 4 * (2 + 3 * 8)
    assert_settled(*partners)
    assert time.monotonic() - began < 60


def test_eight_people_save_partners_at_once():
    partners = [steady() for _ in range(8)]
    at_once(*[partner.save for partner in partners] * 2)
    assert Partner.objects.count() == 8
    assert_settled(*partners)


@postgres
def test_a_correction_against_a_move():
    """Both write the referral's row and its partner's tier: in one order, or they wait for ever."""
    referral = ReferralFactory(partner=PartnerFactory())
    owner = referral.partner.owner
    for stage in ["contacted", "received"] * 15:
        opened = Referral.objects.select_related("partner__owner").get()
        at_once(
            partial(change_referral, actor=owner, referral=opened, changed=["borrower"]),
            partial(move_referral, actor=owner, referral=referral, stage=stage, at=timezone.now()),
        )
        assert Referral.objects.get().stage == stage


@postgres
def test_a_correction_against_an_import():
    partner = PartnerFactory()
    for _ in range(15):
        rows = logging([partner])()
        work = {"actor": partner.owner, "interaction": Interaction.objects.get(pk=rows[0].pk)}
        at_once(
            partial(change_interaction, **work, changed=["note"]),
            partial(correct_past_the_services, rows[0]),
        )
        remove_interaction(**work)
    assert_settled(partner)


def correct_past_the_services(row):
    """As an import does: the partner first, then its rows."""
    with transaction.atomic():
        Partner.objects.locked([row.partner_id])
        Interaction.objects.filter(pk=row.pk).update(note="Corrected")


@postgres
def test_a_new_company_and_a_new_tag_at_once_are_made_once():
    for number in range(10):
        works = [partial(company_named, f"Acme {number}"), partial(tags_named, [f"golf {number}"])]
        company, same_company, tags, same_tags = at_once(works[0], works[0], works[1], works[1])
        assert (company, tags) == (same_company, same_tags)

"""A draft tried on the live book: who would move, whatever happens to the worker meanwhile."""

import pytest
import time_machine
from django.utils import timezone

from partners.models import Partner
from partners.services import archive
from policies import trials
from policies.models import PolicyDraft, PolicyTrial, TrialMove
from policies.services import discard_draft, save_draft, start_trial
from policies.tasks import try_drafts_task
from policies.trials import try_slice, work_on_trials
from tests.factories import (
    BranchFactory,
    PolicyDraftFactory,
    PolicyVersionFactory,
    UserFactory,
)
from tests.tiers.stories import NOON, TODAY, anchor, steady
from tests.tiers.test_policy_history import STRICT
from tiers.models import TierChange, TierStanding
from tiers.policy import Policy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def _one_a_slice(monkeypatch):
    monkeypatch.setattr(trials, "SLICE", 1)


def asked(rules=STRICT, branch=None, user=None):
    draft = PolicyDraftFactory(rules=rules, branch=branch, made_by=user or UserFactory())
    return start_trial(actor=draft.made_by, draft=draft, now=NOON)


def work(seconds=60):
    return work_on_trials(clock=timezone.now, seconds=seconds)


def moves(trial):
    rows = trial.moves.order_by("partner_id")
    return list(rows.values_list("partner", "from_tier", "from_rule", "tier", "rule"))


def away(*partners):
    """Out of Maintenance, as the strict draft wants it."""
    return [(one.pk, "maintenance", "M", "cultivation", "C") for one in partners]


def progress(trial):
    trial.refresh_from_db()
    return trial.tried, trial.total, trial.counts, trial.finished_at is not None


def test_trial_keeps_who_would_move_and_changes_nothing():
    mover, _ = anchor(), steady()
    before = list(TierStanding.objects.values()), list(TierChange.objects.values())
    trial = asked()
    try_drafts_task()
    assert moves(trial) == away(mover)
    assert progress(trial) == (2, 2, {"maintenance": [1, 0], "cultivation": [1, 2]}, True)
    assert (list(TierStanding.objects.values()), list(TierChange.objects.values())) == before


def test_both_verdicts_are_kept_with_their_reasons_and_flags():
    anchor(synergy=2)
    trial = asked()
    work()
    move = trial.moves.get()
    assert (move.before.reasons, move.before.flags) == (("M1", "M2", "M3"), ())
    assert (move.after.reasons, move.after.flags) == (("C1",), ("win_back",))


def test_same_numbers_move_nobody():
    anchor()
    trial = asked(rules=Policy().to_dict())
    work()
    assert (moves(trial), progress(trial)[2]) == ([], {"maintenance": [1, 1]})


def test_archived_partners_are_not_tried(alice):
    archive(actor=alice, partner=anchor(owner=alice), reason="Retired", now=NOON)
    trial = asked()
    work()
    assert progress(trial) == (0, 0, {}, True)


def test_draft_of_a_branch_is_tried_on_its_partners_alone(alice, charlie):
    own, _ = anchor(owner=alice), anchor(owner=charlie)
    trial = asked(branch=alice.branch)
    work()
    assert (moves(trial), progress(trial)[:2]) == (away(own), (1, 1))


def test_draft_of_the_company_leaves_out_branches_that_go_their_own_way(alice, charlie):
    """Alice's branch has a policy of its own; people without a branch follow the company."""
    _, other, free = anchor(owner=alice), anchor(owner=charlie), anchor()
    PolicyVersionFactory(branch=alice.branch, starts_on=TODAY)
    trial = asked()
    work()
    assert (moves(trial), progress(trial)[:2]) == (away(other, free), (2, 2))


def test_trial_judges_today_by_the_policy_in_force_of_the_branch(alice):
    PolicyVersionFactory(branch=alice.branch, starts_on=TODAY, rules=STRICT)
    partner = anchor(owner=alice)
    trial = asked(branch=alice.branch, rules=Policy().to_dict())
    work()
    assert moves(trial) == [(partner.pk, "cultivation", "C", "maintenance", "M")]


@pytest.mark.usefixtures("_one_a_slice")
def test_worker_that_is_killed_in_a_slice_goes_on_where_it_stopped(monkeypatch):
    movers = [anchor(), anchor(), anchor()]
    trial = asked()
    try_slice(trial, NOON)
    with monkeypatch.context() as killed:
        killed.setattr(PolicyTrial, "save", _killed)
        with pytest.raises(SystemExit):
            work()
    assert progress(trial) == (1, 3, {"maintenance": [1, 0], "cultivation": [0, 1]}, False)
    assert work()
    assert moves(trial) == away(*movers)
    assert progress(trial) == (3, 3, {"maintenance": [3, 0], "cultivation": [0, 3]}, True)


def _killed(*args, **kwargs):
    raise SystemExit("The worker was killed.")


@pytest.mark.usefixtures("_one_a_slice")
def test_slice_that_somebody_else_has_written_is_in_vain():
    movers = [anchor(), anchor()]
    trial = asked()
    same = PolicyTrial.objects.get(pk=trial.pk)
    try_slice(trial, NOON)
    try_slice(same, NOON)
    assert (moves(trial), progress(trial)[0]) == (away(movers[0]), 1)


def test_trial_that_is_gone_meanwhile_writes_nothing():
    anchor()
    trial = asked()
    discard_draft(actor=trial.draft.made_by, draft=PolicyDraft.objects.get())
    try_slice(trial, NOON)
    assert (PolicyTrial.objects.count(), TrialMove.objects.count()) == (0, 0)


def test_out_of_time_it_waits_for_the_next_tick():
    anchor()
    trial = asked()
    assert not work(seconds=0)
    assert not progress(trial)[3]
    assert work()


def test_slice_takes_the_same_queries_for_one_and_for_many(django_assert_num_queries):
    """The trial, the versions, how many, who, their facts; the lock, the moves, the progress."""
    anchor()
    for _ in range(2):
        trial = asked()
        with django_assert_num_queries(10):  # two of them the savepoint's
            try_slice(PolicyTrial.objects.next_one(), NOON)
        assert trial.moves.exists()
        for owner in {partner.owner for partner in Partner.objects.all()}:
            anchor(owner=owner)


def test_who_asks_again_gets_the_trial_that_waits_and_new_numbers_a_new_one():
    trial = asked()
    draft = trial.draft
    assert start_trial(actor=draft.made_by, draft=draft, now=NOON) == trial
    save_draft(actor=draft.made_by, draft=draft, policy=Policy(), now=NOON)
    second = start_trial(actor=draft.made_by, draft=draft, now=NOON)
    assert list(PolicyTrial.objects.all()) == [second]
    assert second.rules == Policy().to_dict()


def test_who_asked_first_is_served_first(monkeypatch):
    first, second = asked(), asked(branch=BranchFactory())
    served = []
    monkeypatch.setattr(trials, "try_slice", lambda trial, now: served.append(_end(trial)))
    work()
    assert served == [first.pk, second.pk]


def _end(trial):
    PolicyTrial.objects.filter(pk=trial.pk).update(finished_at=NOON)
    return trial.pk


def test_trial_that_cannot_be_tried_keeps_no_other_from_it(alice):
    partner = anchor(owner=alice)
    broken = asked()
    PolicyTrial.objects.filter(pk=broken.pk).update(rules={"no_such_line": 1})
    trial = asked(branch=alice.branch)
    assert work()
    assert moves(trial) == away(partner)
    assert not PolicyTrial.objects.filter(pk=broken.pk).exists()

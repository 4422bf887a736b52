"""Real transactions at the same moment: publishing, judging and trying."""

from functools import partial

import pytest
from django.utils import timezone

from policies import trials
from policies.models import PolicyDraft
from policies.services import publish_draft, start_draft, start_trial
from policies.trials import work_on_trials
from tests.factories import BranchFactory, PartnerFactory, PolicyDraftFactory, UserFactory
from tests.tiers.test_policy_history import STRICT
from tests.tiers.test_races import at_once
from tiers import services
from tiers.models import NightlyRun, PolicyVersion, TierStanding
from tiers.policy import Policy
from tiers.services import judge_new_days, publish_policy

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

# Everybody known for a day is judged, so that nobody is too new.
HASTY = Policy.from_dict({"grace_days": 0})


def publish(actor, branch=None, policy=HASTY):
    now = timezone.now()
    return publish_policy(
        actor=actor, branch=branch, policy=policy, starts_on=actor.today(now), note="", now=now
    )


def test_two_publishes_at_once_get_different_numbers():
    ada, branch = UserFactory(), BranchFactory()
    for _ in range(10):
        found = at_once(partial(publish, ada), partial(publish, ada, branch))
        assert abs(found[0].number - found[1].number) == 1
    assert PolicyVersion.objects.count() == 21


def test_two_clicks_publish_once():
    ada = UserFactory()
    for _ in range(5):
        draft = PolicyDraftFactory(made_by=ada)
        now = timezone.now()
        click = partial(
            publish_draft, actor=ada, draft=draft, starts_on=ada.today(now), note="", now=now
        )
        assert sorted(version is None for version in at_once(click, click)) == [False, True]


def test_two_clicks_begin_one_draft():
    ada = UserFactory()
    for _ in range(5):
        PolicyDraft.objects.all().delete()
        click = partial(start_draft, actor=ada, branch=None, policy=Policy(), now=timezone.now())
        first, second = at_once(click, click)
        assert first == second


def test_policy_published_while_a_night_is_judged_judges_everybody(monkeypatch):
    """The slice that was judged by the old policy is judged again."""
    monkeypatch.setattr(services, "SLICE", 2)
    owner = UserFactory()
    for _ in range(6):
        PartnerFactory(owner=owner)
    for days in range(5):
        NightlyRun.objects.all().delete()
        policy = Policy.from_dict({"grace_days": 0, "first_touch_days": 10 + days})
        night = partial(judge_new_days, now=timezone.now(), slices=50)
        _, version = at_once(night, partial(publish, owner, policy=policy))
        night()
        assert set(TierStanding.objects.values_list("policy", flat=True)) == {version.pk}


def test_two_workers_on_one_trial_keep_each_mover_once(monkeypatch):
    monkeypatch.setattr(trials, "SLICE", 2)
    owner = UserFactory()
    partners = [PartnerFactory(owner=owner, do_not_contact_since=None) for _ in range(7)]
    moved = Policy.from_dict(STRICT | {"grace_days": 0})
    draft = PolicyDraftFactory(made_by=owner, rules=moved.to_dict())
    TierStanding.objects.update(rule="G")
    for _ in range(5):
        draft.trials.all().delete()
        trial = start_trial(actor=owner, draft=draft, now=timezone.now())
        monkeypatch.setattr(trials, "_moves", everybody)
        work = partial(work_on_trials, clock=timezone.now, seconds=60)
        assert at_once(work, work) == [True, True]
        trial.refresh_from_db()
        assert (trial.tried, trial.total) == (7, 7)
        assert sum(after for _, after in trial.counts.values()) == 7
        found = sorted(trial.moves.values_list("partner", flat=True))
        assert found == [partner.pk for partner in partners]


def everybody(trial, pairs):
    """Every pair as a move, so that a slice written twice would show."""
    return [
        trials.TrialMove(
            trial=trial,
            partner_id=before.subject.partner_id,
            from_tier=before.verdict.tier,
            from_rule=before.verdict.rule,
            tier=after.verdict.tier,
            rule=after.verdict.rule,
        )
        for before, after in pairs
    ]

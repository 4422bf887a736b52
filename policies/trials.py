"""A draft tried on the live book, in the background: slice by slice, by today's facts.

Nothing is locked while a slice is judged, so that nobody waits. Its moves and how far it came are
written together, and only where nobody else has written that slice: a run that is killed goes on
where it stopped, and of two at once one is in vain.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from time import monotonic

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from partners.models import Partner
from policies.models import PolicyTrial, TrialMove
from tiers.models import PolicyVersion
from tiers.policy_history import PolicyHistory
from tiers.services import SLICE, Judged, compare

Pair = tuple[Judged, Judged]
logger = logging.getLogger(__name__)


def work_on_trials(*, clock: Callable[[], datetime], seconds: float) -> bool:
    """Try what waits, until these seconds are over. True when nothing is left."""
    end = monotonic() + seconds
    while (trial := PolicyTrial.objects.next_one()) is not None:
        if monotonic() >= end:
            return False
        _try(trial, clock())
    return True


def _try(trial: PolicyTrial, now: datetime) -> None:
    try:
        try_slice(trial, now)
    except (DatabaseError, SoftTimeLimitExceeded):
        raise
    except Exception:
        # Such as a draft with a threshold that no longer exists: else it would keep all the others
        # from being tried. Tried anew, it is a new trial.
        logger.exception("Trial %s cannot be tried.", trial.pk)
        PolicyTrial.objects.filter(pk=trial.pk).delete()


def try_slice(trial: PolicyTrial, now: datetime) -> None:
    """Judge the next partners by both policies, and keep those whose tiers differ."""
    history = PolicyVersion.objects.history()
    whom = tried_partners(trial, history, now)
    total = trial.total or whom.count()
    partners = list(whom.filter(pk__gt=trial.tried_up_to).select_related("owner")[:SLICE])
    pairs = _judged(trial, partners, history, now)
    with transaction.atomic():
        # Gone where the draft was discarded or tried anew; moved on where another worker was here.
        waiting = PolicyTrial.objects.unfinished().select_for_update()
        locked = waiting.filter(pk=trial.pk, tried_up_to=trial.tried_up_to).first()
        if locked is not None:
            TrialMove.objects.bulk_create(_moves(locked, pairs))
            _save_progress(locked, partners, pairs, total=total, now=now)


def tried_partners(trial: PolicyTrial, history: PolicyHistory, now: datetime) -> QuerySet[Partner]:
    """Whom the draft would judge: the branch's, or all but those of branches with own policies."""
    partners: QuerySet[Partner] = Partner.objects.active().order_by("pk")
    if (branch := trial.draft.branch_id) is not None:
        return partners.filter(owner__branch=branch)
    own = history.on(trial.draft.made_by.today(now)).branches
    return partners.exclude(owner__branch__in=list(own))


def _judged(
    trial: PolicyTrial, partners: Iterable[Partner], history: PolicyHistory, now: datetime
) -> list[Pair]:
    draft = PolicyVersion(number=0, rules=trial.rules, branch=trial.draft.branch)
    by_day: defaultdict[date, list[int]] = defaultdict(list)
    for partner in partners:
        by_day[partner.owner.today(now)].append(partner.pk)
    pairs = []
    for day, ids in by_day.items():
        policies = history.on(day)
        other = policies.instead(trial.draft.branch_id, draft)
        pairs += compare(ids, as_of=day, policies=policies, other=other)
    return pairs


def _moves(trial: PolicyTrial, pairs: Iterable[Pair]) -> list[TrialMove]:
    return [
        TrialMove(
            trial=trial,
            partner_id=before.subject.partner_id,
            from_tier=before.verdict.tier,
            from_rule=before.verdict.rule,
            from_reasons=before.verdict.reasons,
            from_flags=before.verdict.flags,
            tier=after.verdict.tier,
            rule=after.verdict.rule,
            reasons=after.verdict.reasons,
            flags=after.verdict.flags,
        )
        for before, after in pairs
        if before.verdict.tier != after.verdict.tier
    ]


def _save_progress(
    trial: PolicyTrial, partners: list[Partner], pairs: list[Pair], *, total: int, now: datetime
) -> None:
    for before, after in pairs:
        for place, judged in enumerate((before, after)):
            trial.counts.setdefault(judged.verdict.tier, [0, 0])[place] += 1
    trial.tried += len(partners)
    trial.total = max(total, trial.tried)
    trial.tried_up_to = partners[-1].pk if partners else trial.tried_up_to
    trial.finished_at = now if len(partners) < SLICE else None
    trial.save(update_fields=["counts", "tried", "total", "tried_up_to", "finished_at"])

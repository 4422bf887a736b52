"""A draft: begun, saved, discarded, published."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import Branch, User
from audit.services import record
from policies.models import PolicyDraft, PolicyTrial
from tiers.models import PolicyVersion
from tiers.policy import Policy
from tiers.services import publish_policy


def start_draft(
    *, actor: User, branch: Branch | None, policy: Policy, now: datetime
) -> PolicyDraft:
    """Begin to think about other numbers. One for each person and branch: the open one goes on."""
    with transaction.atomic():
        draft, begun = PolicyDraft.objects.get_or_create(
            made_by=actor,
            branch=branch,
            defaults={"rules": policy.to_dict(), "changed_at": now},
        )
        if begun:
            record(actor=actor, action="policy.drafted", target=draft)
    return draft


def save_draft(*, actor: User, draft: PolicyDraft, policy: Policy, now: datetime) -> None:
    """Keep these numbers in the draft. Recorded where they differ."""
    rules = policy.to_dict()
    with transaction.atomic():
        changed = PolicyDraft.objects.filter(pk=draft.pk).exclude(rules=rules)
        if changed.update(rules=rules, changed_at=now):
            record(actor=actor, action="policy.draft_saved", target=draft)


def discard_draft(*, actor: User, draft: PolicyDraft) -> None:
    """Throw it away, with its trials. Recorded."""
    with transaction.atomic():
        record(actor=actor, action="policy.draft_discarded", target=draft)
        draft.delete()


def start_trial(*, actor: User, draft: PolicyDraft, now: datetime) -> PolicyTrial:
    """Ask for the draft to be tried on the live book, in the background; older trials go. Recorded.

    A trial of the same numbers that still waits or runs is the one that is asked for.
    """
    with transaction.atomic():
        locked = PolicyDraft.objects.select_for_update().get(pk=draft.pk)
        running: PolicyTrial | None = locked.trials.unfinished().filter(rules=locked.rules).first()
        if running:
            return running
        locked.trials.all().delete()
        trial = PolicyTrial.objects.create(draft=locked, rules=locked.rules, asked_at=now)
        record(actor=actor, action="policy.tried", target=locked)
    return trial


def publish_draft(
    *, actor: User, draft: PolicyDraft, starts_on: date, note: str, now: datetime
) -> PolicyVersion | None:
    """Let the draft hold from a day on, and let go of it. See `tiers.services.publish_policy`.

    None where it is published or discarded already: a second click changes nothing.
    """
    with transaction.atomic():
        locked = PolicyDraft.objects.select_for_update().filter(pk=draft.pk).first()
        if locked is None:
            return None
        version = publish_policy(
            actor=actor,
            branch=locked.branch,
            policy=locked.policy,
            starts_on=starts_on,
            note=note,
            now=now,
        )
        locked.delete()
    return version

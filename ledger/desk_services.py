"""What compliance decides: answers, releases, and the words and numbers that hold from now on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit.services import record
from ledger.models import Answer, Approval, Draft, Line, Release, RulesVersion, Statement

OWN = "Nobody answers for what they gave, received or entered themselves: ask a colleague."


def stands_apart(actor: User, row: Line | Draft) -> bool:
    """Whether this person has no part in it: it is not theirs, and they did not write it."""
    if isinstance(row, Draft):
        return actor.pk not in {row.officer_id, row.made_by_id}
    writers = {row.entered_by_id, row.draft.made_by_id if row.draft else None}
    return actor.pk not in {row.officer_id, *writers}


def state_of(draft: Draft) -> str:
    """Another text each time that what the draft says was changed."""
    return draft.changed_at.isoformat()


def answer(*, actor: User, line: Line, answer: str, note: str, now: datetime) -> Approval:
    """Approve or question a line; the newest answer counts. Recorded.

    The same answer again, as of a second click, is the one that stands. Raises PermissionDenied
    where the line is the actor's own.
    """
    _refuse_own(actor, line)
    with transaction.atomic():
        # The row itself never changes; the lock lets two answers follow each other.
        Line.objects.select_for_update(no_key=True, of=("self",)).get(pk=line.pk)
        newest = line.approvals.order_by("-id").first()
        if newest and (newest.answer, newest.note, newest.given_by_id) == (answer, note, actor.pk):
            return newest
        given = Approval.objects.create(
            line=line, answer=answer, note=note, given_by=actor, given_at=now
        )
        action = "ledger.approved" if answer == Answer.APPROVED else "ledger.questioned"
        record(actor=actor, action=action, target=line)
    return given


def release(
    *, actor: User, draft: Draft, check_code: str, reason: str, now: datetime, seen: str = ""
) -> Release | None:
    """Let a draft, as it stands, pass one check that holds it back. Recorded; once for a check.

    `seen` is `state_of` the draft as the actor read it: None where it was changed since, entered
    or given up. Raises PermissionDenied where the draft is the actor's own.
    """
    _refuse_own(actor, draft)
    with transaction.atomic():
        locked = Draft.objects.select_for_update(no_key=True, of=("self",)).get(pk=draft.pk)
        over = locked.entered_at or locked.discarded_at
        if over or (seen and seen != state_of(locked)):
            return None
        if check_code in locked.released_checks:
            return locked.releases.filter(check_code=check_code).latest("pk")
        let_go = Release.objects.create(
            draft=locked,
            check_code=check_code,
            reason=reason,
            released_by=actor,
            released_at=now,
        )
        record(actor=actor, action="ledger.released", target=draft, check=check_code)
    return let_go


def publish_rules(
    *, actor: User, rules: Mapping[str, Any], after: int, now: datetime
) -> RulesVersion | None:
    """Let these numbers hold for whatever is entered from now on. Recorded.

    `after` is the number of the version that they were made from, 0 for the first numbers. None
    where somebody published others meanwhile.
    """
    with transaction.atomic():
        newest = RulesVersion.objects.newest()
        if after > (newest.number if newest else 0):
            return None
        version, made = RulesVersion.objects.get_or_create(
            number=after + 1,
            defaults={"rules": dict(rules), "published_by": actor, "published_at": now},
        )
        if made:
            record(actor=actor, action="ledger.rules_published", target=version)
    return version if made or version.rules == dict(rules) else None


def publish_statement(*, actor: User, text: str, after: int, now: datetime) -> Statement | None:
    """Let givers confirm this text from now on; lines that were entered keep theirs. Recorded.

    None where somebody published another text meanwhile.
    """
    with transaction.atomic():
        newest = Statement.objects.newest()
        if after > (newest.number if newest else 0):
            return None
        statement, made = Statement.objects.get_or_create(
            number=after + 1,
            defaults={"text": text, "published_by": actor, "published_at": now},
        )
        if made:
            record(actor=actor, action="ledger.statement_published", target=statement)
    return statement if made or statement.text == text else None


def _refuse_own(actor: User, row: Line | Draft) -> None:
    if not stands_apart(actor, row):
        raise PermissionDenied(OWN)

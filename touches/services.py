"""What people do with planned touches, and what a logged interaction completes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import User
from audit.services import record, record_each
from interactions.models import Interaction
from partners.models import Partner
from touches.cadences import Playbook
from touches.kinds import KINDS, Fit, TouchKind
from touches.models import PlannedTouch, PlaybookVersion
from touches.playbook import ROW_KINDS
from touches.querysets import FITTING, with_fits

ROWS_AT_ONCE = 500


def plan(
    *, actor: User, partners: Sequence[Partner], what: str, due_on: date, key: UUID
) -> list[PlannedTouch]:
    """Plan the same next step with each partner; a double submit plans once. Recorded."""
    with transaction.atomic():
        Partner.objects.locked([partner.pk for partner in partners])
        known = list(PlannedTouch.objects.filter(key=key))
        if known and all((touch.what, touch.due_on) == (what, due_on) for touch in known):
            return known
        if known:
            key = uuid4()
        touches = PlannedTouch.objects.bulk_create(
            PlannedTouch(key=key, partner=partner, what=what, due_on=due_on, planned_by=actor)
            for partner in partners
        )
        record_each(actor=actor, action="step.planned", targets=partners, due_on=due_on.isoformat())
    return touches


def finish(*, actor: User, touch: PlannedTouch, now: datetime) -> bool:
    """Mark a step or an occasion's touch as done; False if it was closed already. Recorded.

    The other kinds are done by what is logged.
    """
    with transaction.atomic():
        Partner.objects.locked([touch.partner_id])
        changed = PlannedTouch.objects.open().filter(pk=touch.pk).update(done_at=now, done_by=actor)
        if changed and touch.kind == TouchKind.STEP:
            # Not its words, which may name a borrower.
            due_on = touch.due_on.isoformat()
            record(actor=actor, action="step.done", target=touch.partner, due_on=due_on)
        elif changed:
            record(actor=actor, action="touch.done", target=touch.partner, kind=touch.kind)
    return bool(changed)


def snooze(
    *,
    actor: User,
    partner: Partner,
    kind: TouchKind,
    until: date,
    row_id: int | None,
    today: date,
) -> bool:
    """Put a touch off until a day; False where there is nothing to put off any more. Recorded.

    Locks the partner. Moves the open row `row_id`; where a cadence alone asks for the touch
    (None), moves its open snooze or makes one, unless a fitting contact was logged on `today`,
    the owner's.
    """
    with transaction.atomic():
        Partner.objects.locked([partner.pk])
        row = _open_row(partner, kind, row_id)
        if row is None and (row_id is not None or not _is_asked_for(partner, kind, today)):
            return False
        if row and row.due_on == until:
            return False
        if row:
            row.due_on = until
            row.save(update_fields=["due_on"])
        else:
            PlannedTouch.objects.create(
                partner=partner, kind=kind, due_on=until, opens_on=today, planned_by=actor
            )
        record(
            actor=actor,
            action="touch.snoozed",
            target=partner,
            kind=str(kind),
            until=until.isoformat(),
        )
    return True


def skip(
    *,
    actor: User,
    partner: Partner,
    kind: TouchKind,
    reason: str,
    row_id: int | None,
    today: date,
) -> bool:
    """Leave a touch out, with a reason; False where it is closed already. Recorded.

    Locks the partner. Closes the open row `row_id`; where a cadence alone asks for the touch
    (None), closes its open snooze or makes a closed row. A cadence's clock starts anew on `today`,
    the owner's.
    """
    with transaction.atomic():
        Partner.objects.locked([partner.pk])
        row = _open_row(partner, kind, row_id)
        if row is None and (row_id is not None or not _is_asked_for(partner, kind, today)):
            return False
        row = row or PlannedTouch(partner=partner, kind=kind, due_on=today, planned_by=actor)
        row.skipped_on, row.skipped_by, row.skip_reason = today, actor, reason
        row.save()
        # That there is a reason, not its words: they may name a borrower.
        record(
            actor=actor, action="touch.skipped", target=partner, kind=str(kind), reason_given=True
        )
    return True


def _open_row(partner: Partner, kind: TouchKind, row_id: int | None) -> PlannedTouch | None:
    rows = PlannedTouch.objects.open().filter(partner=partner, kind=kind)
    if row_id is None:
        rows = rows.filter(occurrence="").exclude(kind=TouchKind.STEP)
    else:
        rows = rows.filter(pk=row_id)
    row: PlannedTouch | None = rows.first()
    return row


def _is_asked_for(partner: Partner, kind: TouchKind, today: date) -> bool:
    """Tell whether a cadence can still ask for it: who logged or skipped it today was quicker."""
    if kind in ROW_KINDS:
        return False
    # Or on a later day, before the owner flew west.
    skips = PlannedTouch.objects.filter(partner=partner, kind=kind, skipped_on__gte=today)
    if skips.exists():
        return False
    fit = KINDS[kind].fit
    logged = Interaction.objects.filter(partner=partner, day__gte=today)
    return fit is None or not logged.filter(FITTING[fit]).exists()


def complete_fitting(partner_ids: Collection[int]) -> int:
    """Close what these partners' interactions complete; returns how many rows that were.

    A row is completed by the first interaction that fits its kind on or after the day on which
    it opens. One interaction may complete several rows. The caller holds the partners' locks, as
    everybody does who writes facts. One query where nothing is open.
    """
    rows = list(
        PlannedTouch.objects.open()
        .filter(partner__in=partner_ids, opens_on__isnull=False)
        .values("pk", "partner_id", "kind", "opens_on")
    )
    logged = _logged(rows) if rows else []
    completed = []
    for row in rows:
        first = next((one for one in logged if _completes(one, row)), None)
        if first:
            done = {"done_at": first["logged_at"], "done_by_id": first["logged_by"]}
            completed.append(PlannedTouch(pk=row["pk"], done_with_id=first["pk"], **done))
    names = ["done_at", "done_by", "done_with"]
    return PlannedTouch.objects.bulk_update(completed, names, batch_size=ROWS_AT_ONCE)


def _logged(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The interactions that may complete one of these rows, the first ones first."""
    found = Interaction.objects.filter(
        partner__in={row["partner_id"] for row in rows},
        day__gte=min(row["opens_on"] for row in rows),
    )
    return _with_fits(found.order_by("day", "pk"))


def _with_fits(interactions: Any) -> list[dict[str, Any]]:
    names = ["pk", "partner_id", "day", "logged_at", "logged_by"]
    return list(with_fits(interactions).values(*names, *(f"fits_{fit}" for fit in Fit)))


def _completes(interaction: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    fit = KINDS[TouchKind(row["kind"])].fit
    return (
        interaction["partner_id"] == row["partner_id"]
        and interaction["day"] >= row["opens_on"]
        and bool(interaction[f"fits_{fit}"])
    )


def reopen(interaction: Interaction) -> int:
    """Open again what this interaction completed, before it is changed or removed.

    Returns how many rows that were. A snooze stays closed where a newer one of its kind is open.
    """
    return _reopen(PlannedTouch.objects.filter(done_with=interaction))


def settle(partner_ids: Collection[int]) -> None:
    """Bring rows and interactions together again after interactions were written in bulk.

    Opens again what was completed by an interaction that does not fit any more, then completes
    what is open. The caller holds the partners' locks.
    """
    done = PlannedTouch.objects.filter(partner__in=partner_ids, done_with__isnull=False)
    rows = list(done.values("pk", "partner_id", "kind", "opens_on", "done_with_id"))
    logged = Interaction.objects.filter(pk__in={row["done_with_id"] for row in rows})
    by_pk = {one["pk"]: one for one in _with_fits(logged)} if rows else {}
    lost = [row["pk"] for row in rows if not _completes(by_pk[row["done_with_id"]], row)]
    _reopen(PlannedTouch.objects.filter(pk__in=lost))
    complete_fitting(partner_ids)


def _reopen(done: Any) -> int:
    rows = list(done.order_by("-pk"))
    if not rows:
        return 0
    with transaction.atomic():
        snoozed = PlannedTouch.objects.open().filter(
            partner__in={row.partner_id for row in rows}, occurrence=""
        )
        taken = set(snoozed.values_list("partner_id", "kind"))
        ids = []
        for row in rows:
            if row.occurrence or (row.partner_id, row.kind) not in taken:
                ids.append(row.pk)
                taken.add((row.partner_id, row.kind))
        opened = PlannedTouch.objects.filter(pk__in=ids)
        return opened.update(done_at=None, done_by=None, done_with=None)


def publish_playbook(*, actor: User, playbook: Playbook, now: datetime) -> PlaybookVersion:
    """Let these cadences hold from now on, as a new version. Recorded.

    A play-book that is the newest already is not published again.
    """
    rules = playbook.to_dict()
    with transaction.atomic():
        newest: PlaybookVersion | None = PlaybookVersion.objects.newest()
        if newest and newest.rules == rules:
            return newest
        version = _next_version(newest.number if newest else 0, actor, rules, now)
        record(actor=actor, action="playbook.published", target=version, number=version.number)
    return version


def _next_version(
    number: int, actor: User, rules: dict[str, Any], now: datetime
) -> PlaybookVersion:
    made = False
    while not made:
        # Somebody else may take the number at this moment.
        number += 1
        version, made = PlaybookVersion.objects.get_or_create(
            number=number, defaults={"rules": rules, "published_by": actor, "published_at": now}
        )
    return version

"""Writes the rows of referrals.csv with their stage moves; a move that is there is not doubled."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from imports.book import REFERRALS_FILE, ReferralRow
from imports.load import Held, Load
from interactions.models import Referral, Stage, StageMove

# A file tells days, not times.
NOON = time(12)
WRITTEN = [
    "partner",
    "direction",
    "day",
    "received_at",
    "borrower",
    "stage",
    "amount",
    "lost_reason",
]


@dataclass(frozen=True)
class Step:
    """A referral came to a stage."""

    stage: str
    at: datetime
    day: date


@dataclass
class Writes:
    """What one slice of rows adds and changes."""

    added: list[Referral] = field(default_factory=list)
    changed: list[Referral] = field(default_factory=list)
    moves: list[StageMove] = field(default_factory=list)


def save_referrals(load: Load) -> None:
    """Add or update the referrals of the book and add their missing stage moves, in slices.

    The caller holds the locks and judges: rows written in bulk tell no receiver.
    """
    for rows in load.slices(load.book.referrals(), REFERRALS_FILE):
        keys = [row.key for row in rows]
        stored = Referral.objects.filter(key__in=keys).prefetch_related("moves")
        known = {referral.key: referral for referral in stored}
        writes = Writes()
        for row in rows:
            _write(row, known.get(row.key), load, writes)
        Referral.objects.bulk_create(writes.added)
        Referral.objects.bulk_update(writes.changed, WRITTEN, batch_size=200)
        StageMove.objects.bulk_create(writes.moves)


def _write(row: ReferralRow, stored: Referral | None, load: Load, writes: Writes) -> None:
    partner = load.held[row.partner]
    if stored is None:
        referral, changed, moved, known = _new(row, partner), False, True, []
        writes.added.append(referral)
    else:
        referral, moved = stored, bool(row.stage) and row.stage != stored.stage
        known = [Step(move.stage, move.at, move.day) for move in stored.moves.all()]
        changed = _update(stored, row, partner, load)
        if changed:
            writes.changed.append(stored)
    steps = missing_steps(row, referral.stage, moved, known, partner.owner.zone)
    writes.moves += [_move(referral, step, partner) for step in steps]
    _note(load, partner, is_new=stored is None, changed=changed or bool(steps))


def missing_steps(
    row: ReferralRow, stage: str, moved: bool, known: list[Step], zone: ZoneInfo
) -> list[Step]:
    """The steps that the row tells and the referral does not have yet, the stage it stands at last.

    A stage without a date of its own is dated by the latest date that is known.
    """
    told = [(str(reached), day) for reached, day in row.dates.items()]
    if all(step.stage != Stage.RECEIVED for step in known):
        told.insert(0, (Stage.RECEIVED.value, row.date))
    held = {(step.stage, step.day) for step in known}
    steps = [_step(reached, day, zone) for reached, day in told if (reached, day) not in held]
    # The stage it stands at comes last among the steps of one day.
    steps.sort(key=lambda step: step.stage == stage)
    # Of several at one moment the one that was written last.
    latest = sorted([*known, *steps], key=lambda step: step.at)[-1]
    has_it = any(step.stage == stage for step in [*known, *steps])
    if not has_it or (moved and known and latest.stage != stage):
        steps.append(Step(stage, latest.at, latest.day))
    return steps


def _step(stage: str, day: date, zone: ZoneInfo) -> Step:
    return Step(stage, datetime.combine(day, NOON, tzinfo=zone), day)


def _new(row: ReferralRow, partner: Held) -> Referral:
    return Referral(
        key=row.key,
        partner_id=partner.pk,
        direction=row.direction,
        day=row.date,
        received_at=datetime.combine(row.date, NOON, tzinfo=partner.owner.zone),
        borrower=row.borrower,
        stage=row.stage_reached,
        amount=row.amount,
        lost_reason=row.lost_reason,
        logged_by=partner.owner,
    )


def _update(stored: Referral, row: ReferralRow, partner: Held, load: Load) -> bool:
    """Bring a referral up to what the row says; False where it says nothing new.

    A blank stage leaves it where it stands, and a time is kept where its day is right.
    """
    said: dict[str, Any] = {
        "partner_id": partner.pk,
        "direction": row.direction,
        "borrower": row.borrower,
    }
    if row.date != stored.day:
        noon = datetime.combine(row.date, NOON, tzinfo=partner.owner.zone)
        said |= {"day": row.date, "received_at": noon}
    if row.stage:
        said |= {"stage": row.stage, "lost_reason": row.lost_reason}
    if load.book.has(REFERRALS_FILE, "amount"):
        said["amount"] = row.amount
    changed = {name for name, value in said.items() if getattr(stored, name) != value}
    if changed:
        # Both partners, where it moves from one to another.
        load.touched |= {stored.partner_id, partner.pk}
    for name in changed:
        setattr(stored, name, said[name])
    return bool(changed)


def _move(referral: Referral, step: Step, partner: Held) -> StageMove:
    reason = referral.lost_reason if step.stage == Stage.LOST == referral.stage else ""
    return StageMove(
        referral=referral,
        stage=step.stage,
        lost_reason=reason,
        at=step.at,
        day=step.day,
        moved_by=partner.owner,
    )


def _note(load: Load, partner: Held, *, is_new: bool, changed: bool) -> None:
    if is_new or changed:
        load.touched.add(partner.pk)
        load.note(partner.owner, "referrals_added" if is_new else "referrals_changed")

"""How a referral stood at the end of a day, by its moves until then. Pure."""

from collections.abc import Sequence
from datetime import date, datetime

from insights.facts import RECEIVED, STEPS, Move, ReferralFact


def stood(
    pk: int,
    partner_id: int,
    *,
    is_received: bool,
    day: date,
    received_at: datetime | None,
    moves: Sequence[Move],
    standing: tuple[str, str] | None = None,
) -> ReferralFact:
    """Sum up a referral from its moves in their order.

    `standing` is the stage and the lost reason of the row itself, where they are as of the same
    day: moves may be missing. Without it the last move alone tells; a referral begins as received.
    """
    stage, lost_reason = standing or _last(moves)
    furthest, contacted_at = _way(moves)
    return ReferralFact(
        pk=pk,
        partner_id=partner_id,
        is_received=is_received,
        day=day,
        received_at=received_at,
        stage=stage,
        lost_reason=lost_reason,
        furthest=furthest,
        contacted_at=contacted_at,
        stands_since=_stands_since(stage, moves, day),
    )


def _last(moves: Sequence[Move]) -> tuple[str, str]:
    return (moves[-1].stage, moves[-1].lost_reason) if moves else (RECEIVED, "")


def _way(moves: Sequence[Move]) -> tuple[int, datetime | None]:
    """How far it came, and when somebody contacted the borrower.

    A move back takes back what lay beyond; lost, junk and duplicate keep how far it was.
    """
    furthest, contacted_at = 0, None
    for move in moves:
        step = STEPS.get(move.stage)
        if step is None:
            continue
        furthest = step
        contacted_at = (contacted_at or move.at) if step else None
    return furthest, contacted_at


def _stands_since(stage: str, moves: Sequence[Move], received_on: date) -> date | None:
    """The day of the last move to a stage; as received it stands from its receipt at the latest."""
    for move in reversed(moves):
        if move.stage == stage:
            return move.day
    return received_on if stage == RECEIVED else None

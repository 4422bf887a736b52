"""What the figures are made of: light rows of one scope, nothing dated after its end. Pure.

`insights.book` reads them; `insights.sets` and `insights.counting` know nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from tiers.timeline import NOTHING_KNOWN, History
from tiers.verdict import Tier

# The stages from a name to a loan, as in `interactions.models.PIPELINE`.
PIPELINE = (
    "received",
    "contacted",
    "application",
    "pre_approved",
    "under_contract",
    "processing",
    "clear_to_close",
    "funded",
)
STEPS = {stage: step for step, stage in enumerate(PIPELINE)}
RECEIVED, FUNDED, LOST = "received", "funded", "lost"
NOT_COUNTED = frozenset({"junk", "duplicate"})


class PartnerFact(NamedTuple):
    """A partner of the scope, by today's owner."""

    pk: int
    name: str
    owner_id: int
    owner: str
    # The owner's day; None while they are in the book.
    archived_on: date | None
    # Whether the end is the owner's today or later, so that what stands now holds.
    is_current: bool
    last_conversation_on: date | None
    on_focus: bool
    flags: tuple[str, ...]

    def is_archived_on(self, day: date) -> bool:
        return self.archived_on is not None and self.archived_on <= day


class TouchFact(NamedTuple):
    """A touch; without minutes it has those that its kind usually takes."""

    pk: int
    partner_id: int
    officer_id: int
    day: date
    minutes: int


class Move(NamedTuple):
    """A referral came to a stage."""

    stage: str
    lost_reason: str
    day: date
    # Known for the referrals received in the period; others need the day alone.
    at: datetime | None


class ReferralFact(NamedTuple):
    """A referral as it stood at the end."""

    pk: int
    partner_id: int
    is_received: bool
    day: date
    # These two are known for those received in the period alone.
    received_at: datetime | None
    contacted_at: datetime | None
    stage: str
    lost_reason: str
    # The last of PIPELINE that it came to, as a place there; what was taken back is gone.
    furthest: int
    # The day of the move to the stage at which it stands; None where no move tells.
    stands_since: date | None

    @property
    def counts(self) -> bool:
        return self.stage not in NOT_COUNTED

    @property
    def is_waiting(self) -> bool:
        """Nobody has contacted the borrower yet."""
        return self.is_received and self.stage == RECEIVED


class OfficerFact(NamedTuple):
    """A person who has partners of the scope, or works for its branches."""

    pk: int
    name: str
    last_touch_on: date | None


class Codes(NamedTuple):
    """Why the rules gave a tier."""

    rule: str
    reasons: tuple[str, ...]
    flags: tuple[str, ...]


NO_CODES = Codes("", (), ())


@dataclass(frozen=True)
class Book:
    """All that the figures of one scope and period are counted from."""

    start: date
    end: date
    counted_at: datetime
    partners: Mapping[int, PartnerFact]
    # Also of partners of others with whom an officer of the scope had touches.
    histories: Mapping[int, History]
    # Whose minutes count, in the period.
    touches: Mapping[int, TouchFact]
    # Days of gratitude in the period, of each partner.
    thanked_on: Mapping[int, tuple[date, ...]]
    referrals: Mapping[int, ReferralFact]
    officers: tuple[OfficerFact, ...]
    # Of each who went to Cease in the period: the touches of the 90 days before.
    before_cease: Mapping[int, tuple[TouchFact, ...]] = field(default_factory=dict)
    # The last change's, of each who stands in another tier than at the start.
    codes: Mapping[int, Codes] = field(default_factory=dict)

    def history(self, partner_id: int) -> History:
        return self.histories.get(partner_id, NOTHING_KNOWN)

    def tier_on(self, partner: PartnerFact, day: date) -> Tier | None:
        """The tier in force of a partner who was in the book on that day, else None."""
        if partner.is_archived_on(day):
            return None
        return self.history(partner.pk).tier_on(day)

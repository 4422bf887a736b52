"""What a book is made of, as plain values: the stories write them, the services store them.

Days are dates of the owner's zone, times are the owner's local times without a zone.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from interactions.models import (
    Conduct,
    Direction,
    Kind,
    LoanPurpose,
    Outcome,
    Purpose,
    ReferralDirection,
    Stage,
)
from partners.models import PartnerType
from tiers.classification import Tier


@dataclass(frozen=True)
class ContactStory:
    """One contact with one partner; those that were held together share their `batch`."""

    day: date
    kind: Kind
    direction: Direction
    outcome: Outcome
    purpose: Purpose
    conduct: Conduct
    minutes: int | None
    note: str
    batch: str
    by_assistant: bool
    was_review: bool = False
    gave_value: bool = False


@dataclass(frozen=True)
class StageStep:
    """A referral came to a stage."""

    stage: Stage
    at: datetime
    lost_reason: str = ""


@dataclass(frozen=True)
class ReferralStory:
    """One borrower and the way of the loan so far; the first step is the receipt."""

    key: str
    direction: ReferralDirection
    borrower: str
    phone: str
    email: str
    loan_purpose: LoanPurpose | str
    amount: int | None
    steps: list[StageStep]


@dataclass(frozen=True)
class StepStory:
    """A next step that was planned; `done_at` where it is done."""

    key: str
    what: str
    due_on: date
    done_at: datetime | None = None


@dataclass(frozen=True)
class OverrideStory:
    """A tier that a person put in force so many days ago (today), for so many days."""

    tier: Tier
    reason: str
    days: int
    by_manager: bool = False
    ago: int = 0


@dataclass
class PartnerStory:
    """One partner with everything that happened."""

    key: str
    character: str
    partner_type: PartnerType
    fields: dict[str, object]
    company: str
    tags: list[str]
    created_on: date
    contacts: list[ContactStory] = field(default_factory=list)
    referrals: list[ReferralStory] = field(default_factory=list)
    steps: list[StepStory] = field(default_factory=list)
    override: OverrideStory | None = None
    asked_to_stop_on: date | None = None
    archived_on: date | None = None
    archived_reason: str = ""

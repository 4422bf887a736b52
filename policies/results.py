"""The result of a trial, as one person sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from accounts.access import access_to
from accounts.models import User
from partners.models import Partner
from policies.models import PolicyDraft, PolicyTrial, TrialMove
from tiers.classification import Tier, Verdict
from tiers.disclosure import disclosed
from tiers.labels import TIER_NAMES
from tiers.models import TierOverride
from tiers.wording import explain


@dataclass(frozen=True)
class TierCount:
    tier: str
    before: int
    after: int

    @property
    def change(self) -> str:
        gain = self.after - self.before
        return f"{gain:+,}".replace("-", "−") if gain else "no change"


@dataclass(frozen=True)
class Way:
    """How many go from one tier to another; `code` names it in an address."""

    from_tier: str
    tier: str
    number: int

    @property
    def code(self) -> str:
        return f"{self.from_tier}-{self.tier}"

    @property
    def name(self) -> str:
        return f"{TIER_NAMES[self.from_tier]} to {TIER_NAMES[self.tier]}"


@dataclass(frozen=True)
class Mover:
    partner: Partner
    before: Verdict
    after: Verdict
    # Still in force, whatever the rules say.
    override: TierOverride | None

    @property
    def why_before(self) -> str:
        return explain(self.before)

    @property
    def why_after(self) -> str:
        return explain(self.after)


@dataclass(frozen=True)
class Result:
    trial: PolicyTrial
    counts: list[TierCount]
    ways: list[Way]
    # How many move by conduct notes that this person may not see.
    private: int
    # The draft says something else by now.
    outdated: bool

    @property
    def moving(self) -> int:
        return sum(way.number for way in self.ways)


def result_of(trial: PolicyTrial, draft: PolicyDraft, user: User) -> Result:
    """Four queries at most, whatever the size."""
    moves = trial.moves.visible_to(user)
    rows = moves.by_tiers()
    ways = [Way(row["from_tier"], row["tier"], row["number"]) for row in rows]
    listed = trial.moves.disclosed_to(user).count()
    return Result(
        trial=trial,
        counts=[TierCount(tier, *trial.counts.get(tier, (0, 0))) for tier in Tier],
        ways=ways,
        private=sum(way.number for way in ways) - listed,
        outdated=trial.rules != draft.rules,
    )


def movers(moves: Iterable[TrialMove], user: User, now: datetime) -> list[Mover]:
    return [_mover(move, user, move.partner.owner.today(now)) for move in moves]


def _mover(move: TrialMove, user: User, today: date) -> Mover:
    sees_conduct = access_to(user, move.partner.owner).sees_conduct
    before, after = (
        verdict if sees_conduct else disclosed(verdict) for verdict in (move.before, move.after)
    )
    override = move.partner.standing.override_in_force(today)
    return Mover(move.partner, before, after, override)

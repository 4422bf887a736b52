"""A verdict as it was at the end of a past day: the time machine of one partner."""

from dataclasses import dataclass
from datetime import date

from accounts.access import Access, access_to
from accounts.models import User
from interactions.models import Interaction, Referral
from pages.verdict import Flag, flags_of, reason_of, tells
from partners.models import Partner
from tiers import disclosure
from tiers.classification import Tier
from tiers.evidence import TestLine, test_lines
from tiers.history import histories
from tiers.models import PolicyVersion, TierChange, TierOverride
from tiers.services import Judged, judge
from tiers.timeline import NOTHING_KNOWN
from tiers.verdict import Verdict
from tiers.wording import explain


@dataclass(frozen=True)
class VerdictThen:
    """What was recorded by the end of a day, and what the facts of that day give.

    The two differ where facts were logged or corrected later, and in an imported past, which is
    judged once a month.
    """

    day: date
    # In force; None where no tier was recorded by then.
    tier: Tier | None
    recorded: TierChange | None
    override: TierOverride | None
    # Blank for people who may not see conduct, where the override sets conduct aside.
    override_reason: str
    # By the facts of that day as they are known now, and by the policy that was in force then.
    policy: PolicyVersion
    judged: Tier
    sentence: str
    flags: list[Flag]
    lines: list[TestLine]
    other_lines: list[TestLine]
    was_archived: bool
    tells_conduct: bool

    @property
    def differs(self) -> bool:
        """Whether the facts give another tier than the one that was recorded."""
        return self.recorded is not None and self.recorded.tier != self.judged

    @property
    def policy_since(self) -> date | None:
        """None for the first policy, which holds for all the days before it too."""
        return self.policy.starts_on if self.policy.starts_on > date.min else None


def verdict_then(user: User, partner: Partner, day: date) -> VerdictThen | None:
    """None where nothing was known about the partner by the end of that day."""
    recorded = TierChange.objects.as_of(day).filter(partner=partner).first()
    if recorded is None and not _is_known(partner, day):
        return None
    access = access_to(user, partner.owner)
    case = judge([partner.pk], as_of=day)[0]
    verdict = _shown(case.verdict, access)
    lines = _lines(case, access)
    history = histories(Partner.objects.filter(pk=partner.pk)).get(partner.pk, NOTHING_KNOWN)
    held = history.override_on(day)
    override = TierOverride.objects.select_related("made_by").get(pk=held.pk) if held else None
    return VerdictThen(
        day=day,
        tier=history.tier_on(day),
        recorded=recorded,
        override=override,
        override_reason=reason_of(override, access),
        policy=case.version,
        judged=verdict.tier,
        sentence=explain(verdict),
        flags=flags_of(verdict),
        lines=[line for line in lines if tells(line)],
        other_lines=[line for line in lines if not tells(line)],
        was_archived=_was_archived(partner, day),
        tells_conduct=disclosure.tells_conduct(verdict, lines),
    )


def _is_known(partner: Partner, day: date) -> bool:
    by_then = {"partner": partner, "day__lte": day}
    return (
        partner.created_on <= day
        or Interaction.objects.filter(**by_then).exists()
        or Referral.objects.filter(**by_then).exists()
    )


def _was_archived(partner: Partner, day: date) -> bool:
    at = partner.archived_at
    return at is not None and partner.owner.today(at) <= day


def _shown(verdict: Verdict, access: Access) -> Verdict:
    return verdict if access.sees_conduct else disclosure.disclosed(verdict)


def _lines(case: Judged, access: Access) -> tuple[TestLine, ...]:
    lines = test_lines(case.subject.signals, case.subject.standing, case.version.policy)
    return lines if access.sees_conduct else disclosure.disclosed_lines(lines)

"""A verdict as it is shown: its facts, its thresholds, what would change it, who overrode it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts.access import Access, access_to
from accounts.models import User
from partners.models import Partner
from tiers import disclosure
from tiers.classification import Tier, Verdict
from tiers.evidence import TestLine, test_lines
from tiers.labels import FLAG_LABELS, Label
from tiers.models import PolicyVersion, TierChange, TierOverride, TierStanding
from tiers.overrides import refusal
from tiers.prospects import Prospect, what_would_change
from tiers.signals import subjects
from tiers.wording import explain


@dataclass(frozen=True)
class Flag:
    code: str
    label: Label


def shown_verdict(found: TierStanding | TierChange, access: Access) -> Verdict:
    """The verdict, without what it tells about conduct to people who may not see that."""
    return found.verdict if access.sees_conduct else disclosure.disclosed(found.verdict)


def flags_of(verdict: Verdict) -> list[Flag]:
    return [Flag(code, FLAG_LABELS[code]) for code in verdict.flags]


@dataclass(frozen=True)
class VerdictPanel:
    """Why a partner is in this tier, and what would change it."""

    tier: Tier
    sentence: str
    since: date | None
    flags: list[Flag]
    # The tests of Maintenance and those that hold, then the others.
    lines: list[TestLine]
    other_lines: list[TestLine]
    prospects: Iterable[Prospect]
    override: TierOverride | None
    # Blank for people who may not see conduct, where the override sets conduct aside.
    override_reason: str
    computed: str
    may_override: bool
    # By which it is judged today.
    policy: PolicyVersion
    tells_conduct: bool


def verdict_panel(user: User, partner: Partner, today: date) -> VerdictPanel:
    standing: TierStanding = partner.standing
    access = access_to(user, partner.owner)
    subject = next(subjects(Partner.objects.filter(pk=partner.pk), today))
    version = PolicyVersion.objects.in_force(today).of(partner.owner.branch_id)
    policy = version.policy
    lines: Iterable[TestLine] = test_lines(subject.signals, subject.standing, policy)
    prospects: Iterable[Prospect] = what_would_change(subject.signals, subject.standing, policy)
    if not access.sees_conduct:
        lines = disclosure.disclosed_lines(lines)
        prospects = disclosure.disclosed_prospects(prospects)
    verdict = shown_verdict(standing, access)
    override = standing.override_in_force(today)
    return VerdictPanel(
        tier=standing.tier_in_force(today),
        sentence=explain(verdict),
        since=standing.since,
        flags=flags_of(verdict),
        lines=[line for line in lines if tells(line)],
        other_lines=[line for line in lines if not tells(line)],
        prospects=prospects,
        override=override,
        override_reason=reason_of(override, access),
        computed=standing.get_tier_display(),
        may_override=not refusal(user, partner, standing),
        policy=version,
        tells_conduct=disclosure.tells_conduct(verdict, lines),
    )


def reason_of(override: TierOverride | None, access: Access) -> str:
    """Why it was overridden; blank for who may not see conduct where that may tell of it.

    Only a manager sets conduct aside; their words may tell of it long after the rule has changed.
    """
    if override is None or (override.by_manager and not access.sees_conduct):
        return ""
    return override.reason


def tells(line: TestLine) -> bool:
    """Whether a page shows the line at once: the tests of Maintenance, and those that hold."""
    return line.holds or line.code.startswith("M")

"""What is in force, what is to come and what was: the versions of the company and of a branch."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Branch, User
from policies.access import may_change
from policies.models import PolicyDraft
from policies.words import Part, parts_of
from tiers.models import PolicyVersion
from tiers.policy_history import PolicyHistory
from tiers.policy_words import changes


@dataclass(frozen=True)
class VersionLine:
    """A version in the list: "now" in force, "later", or "before"."""

    version: PolicyVersion
    state: str


@dataclass(frozen=True)
class Overview:
    branch: Branch | None
    version: PolicyVersion
    parts: list[Part]
    coming: list[PolicyVersion]
    versions: list[VersionLine]
    may_change: bool
    # It goes its own way, or will.
    may_follow: bool
    draft: PolicyDraft | None

    @property
    def follows(self) -> bool:
        """A branch without a policy of its own."""
        return self.branch is not None and self.version.branch_id is None


def overview(user: User, branch: Branch | None, today: date) -> Overview:
    history = PolicyVersion.objects.select_related("published_by", "branch").history()
    branch_id = branch.pk if branch else None
    version = history.on(today).of(branch_id)
    versions = [one for one in history.versions if one.branch_id in (None, branch_id)]
    coming = [one for one in versions if one.starts_on > today]
    own = [one for one in [version, *coming] if one.branch_id is not None]
    changing = may_change(user, branch_id)
    return Overview(
        branch=branch,
        version=version,
        parts=parts_of(version.policy),
        coming=coming,
        versions=[VersionLine(one, _state(one, version, today)) for one in reversed(versions)],
        may_change=changing,
        may_follow=changing and any(one.rules is not None for one in own),
        draft=PolicyDraft.objects.of(user).filter(branch=branch).first() if changing else None,
    )


def before(version: PolicyVersion, history: PolicyHistory) -> PolicyVersion | None:
    """What held for the same branch, or the company, when this version took over; None at first."""
    earlier = [
        one
        for one in history.versions
        if (one.starts_on, one.number) < (version.starts_on, version.number)
    ]
    if not any(one.branch_id is None for one in earlier):
        return None
    return PolicyHistory(earlier).on(version.starts_on).of(version.branch_id)


def what_changes(version: PolicyVersion, history: PolicyHistory) -> list[str]:
    """What a version changed when it took over, in words."""
    old = before(version, history)
    return changes(old.policy, version.policy) if old and version.rules is not None else []


def _state(one: PolicyVersion, in_force: PolicyVersion, today: date) -> str:
    if one.starts_on > today:
        return "later"
    return "now" if one == in_force else "before"

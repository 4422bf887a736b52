"""Which policy is in force for whom on which day: pure, from the versions that were published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiers.models import PolicyVersion


@dataclass(frozen=True)
class PoliciesInForce:
    """The policies of one day: the company's, and those of the branches that go their own way."""

    company: "PolicyVersion"
    branches: "Mapping[int, PolicyVersion]"

    def of(self, branch_id: int | None) -> "PolicyVersion":
        """The policy of a branch, or of people without one."""
        return self.company if branch_id is None else self.branches.get(branch_id, self.company)

    def instead(self, branch_id: int | None, version: "PolicyVersion") -> "PoliciesInForce":
        """The same day, if this version were in force for the branch, or for the company."""
        if branch_id is None:
            return replace(self, company=version)
        return replace(self, branches={**self.branches, branch_id: version})


class PolicyHistory:
    """All versions, by the day from which they hold; on the same day, the later number holds."""

    def __init__(self, versions: "Iterable[PolicyVersion]") -> None:
        self.versions = sorted(versions, key=lambda one: (one.starts_on, one.number))

    def on(self, day: date) -> PoliciesInForce:
        """What is in force on that day. The company's first holds for the days before it too.

        A branch without a version of its own follows the company, and so does one whose last
        version has no rules. There must be a version of the company.
        """
        newest = {one.branch_id: one for one in self.versions if one.starts_on <= day}
        company = newest.pop(None, None) or self._first_of_the_company()
        own = {branch: one for branch, one in newest.items() if branch and one.rules is not None}
        return PoliciesInForce(company, own)

    def _first_of_the_company(self) -> "PolicyVersion":
        return next(one for one in self.versions if one.branch_id is None)

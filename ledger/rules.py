"""The numbers of the ledger's checks, and which of them are on. Pure.

They are the company's own rules: none of them is the law, and none says what the law allows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """The checks, by the names under which findings and releases are kept."""

    REQUIRED = "required"
    STATEMENT = "statement"
    CASH = "cash"
    RAFFLE = "raffle"
    REFERRAL_WORDS = "referral_words"
    PARTNER_COST = "partner_cost"
    COST_SHARE = "cost_share"
    DELIVERABLE = "deliverable"
    BENCHMARK = "benchmark"
    OFTEN = "often"
    NEAR_REFERRAL = "near_referral"
    YEARLY_CAP = "yearly_cap"
    NO_CONTACT = "no_contact"
    STEPPING_AWAY = "stepping_away"
    LATE = "late"


# A line cannot be written without these, so nobody switches them off.
ALWAYS_ON = frozenset({Code.REQUIRED, Code.STATEMENT})

CHECK_NAMES: dict[str, str] = {
    Code.REQUIRED: "Everything that a line needs is filled in",
    Code.STATEMENT: "The statement is signed",
    Code.CASH: "No cash and no gift cards",
    Code.RAFFLE: "No raffle among people who might refer, unless released",
    Code.REFERRAL_WORDS: "The words do not speak of referrals",
    Code.PARTNER_COST: "A cost of the partner’s own business is paid back at its market value",
    Code.COST_SHARE: "Our share of a cost is not above our share of the piece",
    Code.DELIVERABLE: "A sponsorship gives us something",
    Code.BENCHMARK: "A sponsorship costs what others pay for the same",
    Code.OFTEN: "Not the same recipient again and again",
    Code.NEAR_REFERRAL: "Not within days of a referral from the recipient",
    Code.YEARLY_CAP: "The company’s yearly limit for a recipient",
    Code.NO_CONTACT: "Nobody who asked us for no contact",
    Code.STEPPING_AWAY: "Nobody from whom we are stepping away",
    Code.LATE: "Entered within days",
}

FIRST_STATEMENT = (
    "This was not given or received in return for a referral, nor to thank for one, nor under any "
    "agreement or understanding about referrals. It would have been the same without any referral. "
    "What is written above is complete and true as far as I know."
)


@dataclass(frozen=True)
class Rules:
    """Money in US dollars. `yearly_cap` None: the company has not said what its limit is."""

    most_times: int = 4
    times_days: int = 90
    referral_days: int = 14
    late_days: int = 10
    benchmark_times: Decimal = Decimal("1.25")
    yearly_cap: Decimal | None = None
    off: frozenset[str] = field(default_factory=frozenset)

    def is_on(self, code: str) -> bool:
        return code in ALWAYS_ON or code not in self.off

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Rules":
        """What was stored; a number that is missing is the usual one."""
        usual = cls()
        cap = data.get("yearly_cap")
        return replace(
            usual,
            most_times=int(data.get("most_times", usual.most_times)),
            times_days=int(data.get("times_days", usual.times_days)),
            referral_days=int(data.get("referral_days", usual.referral_days)),
            late_days=int(data.get("late_days", usual.late_days)),
            benchmark_times=Decimal(str(data.get("benchmark_times", usual.benchmark_times))),
            yearly_cap=None if cap is None else Decimal(str(cap)),
            off=frozenset(data.get("off", ())) - ALWAYS_ON,
        )

    def to_dict(self) -> dict[str, Any]:
        """For JSON: numbers with decimals as text."""
        return {
            "most_times": self.most_times,
            "times_days": self.times_days,
            "referral_days": self.referral_days,
            "late_days": self.late_days,
            "benchmark_times": str(self.benchmark_times),
            "yearly_cap": None if self.yearly_cap is None else str(self.yearly_cap),
            "off": sorted(self.off),
        }

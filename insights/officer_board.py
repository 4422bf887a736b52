"""What the page of one officer shows: their figures beside the branch's, and whom to talk about."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from insights import wording
from insights.board import AUDIENCES, SHOWN, Board, FlagChip
from insights.facts import Book
from insights.report import Report
from insights.sets import Sets, sets_of
from tiers.labels import FLAG_LABELS
from tiers.verdict import Tier

# Why partners are worth a talk, by the set that holds them.
OCCASIONS = {
    "flag:cultivation:rising_star": FLAG_LABELS["rising_star"].sentence,
    "flag:cultivation:win_back": FLAG_LABELS["win_back"].sentence,
}


@dataclass(frozen=True)
class Beside:
    """One figure of the officer's, and of the whole branch."""

    name: str
    own: str
    branch: str


@dataclass(frozen=True)
class TalkLine:
    partner_id: int
    name: str
    why: str
    flags: list[FlagChip]


@dataclass(frozen=True)
class TalkGroup:
    title: str
    lines: list[TalkLine]
    total: int
    # The set of rows with all of them.
    rows: str


@dataclass(frozen=True)
class OfficerBoard(Board):
    """`beside` is the branch's report; None where somebody reads their own figures alone."""

    book: Book
    beside: Report | None

    @cached_property
    def sets(self) -> Sets:
        return sets_of(self.book)

    @cached_property
    def questions(self) -> list[str]:
        return wording.questions(self.report)

    @cached_property
    def side_by_side(self) -> list[Beside]:
        own = _compared(self.report)
        branch = _compared(self.beside) if self.beside else {}
        return [Beside(name, said, branch.get(name, "")) for name, said in own.items()]

    @cached_property
    def talk(self) -> list[TalkGroup]:
        """Partners to talk about, the most urgent group first; nobody stands in two of them."""
        groups, named = [], set()
        for title, rows in self._talk_sets():
            all_keys = self._keys(rows)
            keys = [key for key in all_keys if key not in named]
            named.update(keys)
            if keys:
                lines = [self._talk_line(key, rows) for key in keys[:SHOWN]]
                groups.append(TalkGroup(title, lines, len(all_keys), rows))
        return groups

    def _keys(self, rows: str) -> list[int]:
        """The most urgent first: of those at risk as the report says, else the longest silence."""
        if rows not in self.sets:
            return []
        keys = self.sets[rows].keys
        if rows == "at_risk":
            urgent = [one.partner_id for one in self.report.at_risk]
            return [*urgent, *(key for key in keys if key not in set(urgent))]
        return sorted(keys, key=lambda key: self._last(key) or date.min)

    def _last(self, key: int) -> date | None:
        return self.book.partners[key].last_conversation_on

    def _talk_sets(self) -> list[tuple[str, str]]:
        silent = [(f"Not in touch: {name}", f"uncovered:{key}") for key, name in AUDIENCES.items()]
        return [
            ("At risk", "at_risk"),
            ("Rising stars", "flag:cultivation:rising_star"),
            ("To win back", "flag:cultivation:win_back"),
            *silent,
        ]

    def _talk_line(self, key: int, rows: str) -> TalkLine:
        partner = self.book.partners[key]
        last = self._last(key)
        silence = f"last talk {(self.book.end - last).days} days ago" if last else "no talk yet"
        said = OCCASIONS.get(rows)
        why = f"{said} {silence.capitalize()}." if said else silence.capitalize()
        flags = self._chips(partner.flags) if rows == "at_risk" else []
        return TalkLine(key, partner.name, why, flags)


def _compared(report: Report) -> dict[str, str]:
    """The figures that make sense beside those of others, by name."""
    tiers = report.tiers
    first, thanks = wording.first_contact(report.first_contact), report.thanks.rate
    return {
        "Partners": f"{tiers.total:,}",
        "Maintenance": f"{tiers.of(Tier.MAINTENANCE):,}",
        "Cultivation": f"{tiers.of(Tier.CULTIVATION):,}",
        "Effort for Cultivation": wording.effort(report).figure,
        "In touch": wording.percent(wording.all_covered(report.coverage)),
        "From Cultivation to Maintenance": wording.percent(report.movement.promoted),
        "Loans that came through": wording.percent(report.pull_through),
        "Referrals from the five largest": wording.percent(report.concentration.rate),
        "To the first contact": first.figure,
        "Thanked in time": wording.percent(thanks),
    }

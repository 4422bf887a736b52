"""What the page of a branch, or of an officer, shows of a report: words, links and pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse

from insights import charts, wording
from insights.report import ARCHIVED, NEW, AtRisk, Conversion, Mover, OfficerLine, Report, Sender
from insights.wording import Told
from interactions.models import LostReason
from tiers.disclosure import CONDUCT_FLAGS, codes_tell_conduct, disclosed_codes
from tiers.labels import FLAG_LABELS, TIER_NAMES, Label
from tiers.verdict import Tier
from tiers.wording import why
from touches.effort import ENOUGH_MINUTES

# How many rows of a list the page shows; the others stand behind its link.
SHOWN = 10
NAMES = {**TIER_NAMES, NEW: "New", ARCHIVED: "Archived"}
AUDIENCES = {
    "maintenance": "Maintenance",
    "focus": "On the focus list",
    "cultivation": "Other Cultivation",
}
# Stands in for a part of an address that changes from link to link.
SLOT = "SLOT"


class Links:
    """Addresses of the rows behind a figure, and of its table as CSV, for one query."""

    def __init__(self, query: str) -> None:
        self.query = query
        self._rows = reverse("figure_rows", args=[SLOT]) + query
        self._table = reverse("figure_table", args=[SLOT]) + query

    def rows(self, name: str) -> str:
        return self._rows.replace(SLOT, name, 1)

    def table(self, name: str) -> str:
        return self._table.replace(SLOT, name, 1)


@dataclass(frozen=True)
class Headline:
    """A figure at the top of the page, and the place on the page that tells more."""

    label: str
    told: Told
    place: str


@dataclass(frozen=True)
class FlagChip:
    code: str
    label: Label


@dataclass(frozen=True)
class MoverLine:
    mover: Mover
    why: str


@dataclass(frozen=True)
class RiskLine:
    partner: AtRisk
    flags: list[FlagChip]


@dataclass(frozen=True)
class TierLine:
    """A tier's number, how many more or fewer than at the start, and its share of the effort."""

    tier: Tier
    name: str
    count: int
    minutes: int
    share: int


@dataclass(frozen=True)
class CoverLine:
    audience: str
    name: str
    limit_days: int
    in_touch: int
    out_of_touch: int
    n: int
    said: str
    bar: float


@dataclass(frozen=True)
class Cell:
    """A number of a table, and the name of the set of rows behind it."""

    count: int
    rows: str


@dataclass(frozen=True)
class Row:
    key: str
    name: str
    cells: list[Cell]
    hint: str = ""


@dataclass(frozen=True)
class Bar:
    """A line of a list with a bar; `width` is of 100."""

    key: str
    name: str
    count: int
    width: float


@dataclass(frozen=True)
class OfficerRow:
    line: OfficerLine
    effort: str
    covered: str
    promoted: str


@dataclass(frozen=True)
class Board:
    """All that the templates of `templates/insights/` show of one report.

    `sees_conduct`: whether the reader may see conduct of everybody who is counted.
    """

    report: Report
    sees_conduct: bool

    @cached_property
    def headlines(self) -> list[Headline]:
        report = self.report
        return [
            Headline("Effort for Cultivation", wording.effort(report), "effort"),
            Headline("In touch", wording.coverage(report), "coverage"),
            Headline("Moved tier", wording.moved(report), "movers"),
            Headline("Borrowers waiting", wording.waiting(report), "waiting"),
            Headline("At risk", wording.at_risk(report), "at-risk"),
        ]

    @cached_property
    def movers(self) -> list[MoverLine]:
        return [MoverLine(one, self._why(one)) for one in self.report.movers[:SHOWN]]

    def _why(self, mover: Mover) -> str:
        if mover.overridden:
            return "Set by a person"
        codes = (mover.rule, mover.reasons, mover.flags)
        return why(*(codes if self.sees_conduct else disclosed_codes(*codes)))

    @cached_property
    def at_risk(self) -> list[RiskLine]:
        return [RiskLine(one, self._chips(one.flags)) for one in self.report.at_risk[:SHOWN]]

    def _chips(self, flags: Sequence[str]) -> list[FlagChip]:
        return [FlagChip(code, FLAG_LABELS[code]) for code in flags if self._may_show(code)]

    @property
    def told_of(self) -> set[int]:
        """The partners of whose conduct the page tells: by why they moved, or by a flag."""
        if not self.sees_conduct:
            return set()
        moved = {
            one.partner_id
            for one in self.report.movers[:SHOWN]
            if not one.overridden and codes_tell_conduct(one.rule, one.reasons, one.flags)
        }
        at_risk = self.report.at_risk[:SHOWN]
        flagged = {one.partner_id for one in at_risk if codes_tell_conduct(None, (), one.flags)}
        return moved | flagged

    def _may_show(self, flag: str) -> bool:
        return self.sees_conduct or flag not in CONDUCT_FLAGS

    @cached_property
    def tiers(self) -> list[TierLine]:
        effort, tiers = self.report.effort, self.report.tiers
        whole = effort.total
        return [
            TierLine(
                tier,
                TIER_NAMES[tier],
                tiers.of(tier),
                effort.of(tier),
                100 * effort.of(tier) // whole if whole else 0,
            )
            for tier in Tier
        ]

    @cached_property
    def effort_sentence(self) -> str:
        return wording.effort_sentence(self.report)

    @cached_property
    def effort_bar(self) -> tuple[charts.Box, ...]:
        return charts.effort_bar(self.report.effort)

    @cached_property
    def tiers_chart(self) -> charts.Columns:
        return charts.tiers_over_time(self.report.tiers_over_time)

    @cached_property
    def tiers_rows(self) -> list[Row]:
        """The newest day first."""
        return [
            Row(
                one.day.isoformat(),
                _day(one.day),
                [
                    Cell(one.of(tier), f"tier:{tier}:{one.day.isoformat()}" if one.of(tier) else "")
                    for tier in Tier
                ],
            )
            for one in reversed(self.report.tiers_over_time)
        ]

    @cached_property
    def movement_chart(self) -> charts.Movement:
        return charts.movement(self.report.movement.flows)

    @cached_property
    def movement_rows(self) -> list[Row]:
        found = {(flow.before, flow.after): flow for flow in self.report.movement.flows}
        rows = []
        for before in charts.BEFORE:
            flows = [found.get((before, after)) for after in charts.AFTER]
            cells = [Cell(flow.count, flow.rows) if flow else Cell(0, "") for flow in flows]
            rows.append(Row(before, NAMES[before], cells))
        return rows

    @cached_property
    def promoted(self) -> str:
        return wording.promoted(self.report.movement.promoted)

    @cached_property
    def coverage(self) -> list[CoverLine]:
        return [
            CoverLine(
                one.audience,
                AUDIENCES[one.audience],
                one.limit_days,
                one.rate.part,
                one.rate.n - one.rate.part,
                one.rate.n,
                wording.percent(one.rate),
                100 * one.rate.part / one.rate.n if one.rate.n else 0,
            )
            for one in self.report.coverage
        ]

    @cached_property
    def conversion_chart(self) -> charts.Columns:
        return charts.conversion_by_month(self.report.conversion)

    @cached_property
    def conversion_rows(self) -> list[Row]:
        return [
            Row(key, f"{one.month:%b %Y}", _reached(one, key), "open" if one.is_open else "")
            for one in self.report.conversion
            if (key := f"{one.month:%Y-%m}")
        ]

    @cached_property
    def converted(self) -> str:
        return wording.converted(self.report.conversion)

    @cached_property
    def pulled_through(self) -> str:
        return wording.pulled_through(self.report.pull_through)

    @cached_property
    def lost(self) -> list[Bar]:
        most = max((one.count for one in self.report.lost), default=1)
        names = dict(LostReason.choices)
        return [
            Bar(one.reason, names.get(one.reason, "No reason"), one.count, 100 * one.count / most)
            for one in self.report.lost
        ]

    @cached_property
    def concentrated(self) -> str:
        return wording.concentrated(self.report.concentration)

    @cached_property
    def largest(self) -> list[tuple[float, Sender]]:
        """The partners who sent most, each with the width of a bar."""
        senders = self.report.concentration.largest
        most = max((one.received for one in senders), default=1) or 1
        return [(100 * one.received / most, one) for one in senders]

    @cached_property
    def exchanged(self) -> str:
        return wording.exchanged(self.report.exchange)

    @cached_property
    def first_contact(self) -> Told:
        return wording.first_contact(self.report.first_contact)

    @cached_property
    def thanked(self) -> Told:
        return wording.thanked(self.report.thanks)

    @cached_property
    def freed(self) -> str:
        return wording.freed(self.report)

    @cached_property
    def health(self) -> list[Row]:
        """A row a flag that somebody carries, a cell a tier."""
        found = {(one.flag, one.tier): one for one in self.report.health}
        rows = []
        for code, label in FLAG_LABELS.items():
            flagged = [found.get((code, tier)) for tier in Tier]
            if any(flagged) and self._may_show(code):
                cells = [Cell(one.count, one.rows) if one else Cell(0, "") for one in flagged]
                rows.append(Row(code, label.short.capitalize(), cells, label.sentence))
        return rows

    @cached_property
    def flags_of_nobody(self) -> str:
        carried = {one.flag for one in self.report.health}
        none = [
            label.short
            for code, label in FLAG_LABELS.items()
            if code not in carried and self._may_show(code)
        ]
        return ", ".join(none)

    @cached_property
    def officers(self) -> list[OfficerRow]:
        return [
            OfficerRow(
                line,
                _cultivation_share(line),
                wording.percent(line.covered),
                wording.percent(line.promoted),
            )
            for line in self.report.officers
        ]


def _reached(month: Conversion, key: str) -> list[Cell]:
    return [
        Cell(month.received, f"received:{key}"),
        Cell(month.application, f"reached:{key}:application"),
        Cell(month.pre_approved, f"reached:{key}:pre_approved"),
        Cell(month.funded, f"reached:{key}:funded"),
    ]


def _cultivation_share(line: OfficerLine) -> str:
    whole = line.effort.total
    if whole < ENOUGH_MINUTES:
        return "too little logged"
    return f"{100 * line.effort.of(Tier.CULTIVATION) // whole}%"


def _day(day: date) -> str:
    return f"{day:%b} {day.day}, {day:%Y}"

"""The figures of a report as tables for a spreadsheet. Nothing in them tells of conduct. Pure but
for the words of a lost reason.

A rate stands as its part and its whole, so that a reader can add up months; its percents are left
blank where the whole is too small to tell.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from insights.report import FEWEST, Effort, Rate, Report
from interactions.models import LostReason
from tiers.disclosure import CONDUCT_FLAGS, disclosed_codes
from tiers.labels import FLAG_LABELS, TIER_NAMES
from tiers.verdict import Tier
from tiers.wording import why

Cells = Sequence[object]
TIERS = [TIER_NAMES[tier] for tier in Tier]
AUDIENCES = {
    "maintenance": "Maintenance",
    "focus": "Focus list",
    "cultivation": "Other Cultivation",
}
PLACES = {**TIER_NAMES, "new": "New", "archived": "Archived"}


@dataclass(frozen=True)
class Table:
    head: Cells
    rows: Sequence[Cells]


def table_of(name: str, report: Report) -> Table:
    """Raises KeyError where there is no such table."""
    return TABLES[name](report)


def tiers(report: Report) -> Table:
    rows = [[on.day, *(on.of(tier) for tier in Tier), on.total] for on in report.tiers_over_time]
    return Table(["Day", *TIERS, "All"], rows)


def movement(report: Report) -> Table:
    flows = report.movement.flows
    rows = [[PLACES[flow.before], PLACES[flow.after], flow.count] for flow in flows]
    return Table([f"On {report.start}", f"On {report.end}", "Partners"], rows)


def movers(report: Report) -> Table:
    rows = [
        [
            mover.name,
            mover.owner,
            TIER_NAMES[mover.before],
            TIER_NAMES[mover.after],
            mover.on,
            "Set by a person" if mover.overridden else _why(mover.rule, mover.reasons, mover.flags),
        ]
        for mover in report.movers
    ]
    return Table(["Partner", "Owner", "From", "To", "On", "Why"], rows)


def _why(rule: str, reasons: Iterable[str], flags: Iterable[str]) -> str:
    return why(*disclosed_codes(rule, reasons, flags))


def effort(report: Report) -> Table:
    spent, whole = report.effort, report.effort.total
    rows: list[Cells] = [
        [TIER_NAMES[tier], spent.of(tier), 100 * spent.of(tier) // whole if whole else None]
        for tier in Tier
    ]
    return Table(["Tier", "Minutes", "Percent"], [*rows, ["All", whole, None]])


def coverage(report: Report) -> Table:
    head = ["Partners", "Days for a conversation", "In touch", "Of", "Percent"]
    names = {
        "maintenance": "Maintenance",
        "focus": "Focus list",
        "cultivation": "Other Cultivation",
    }
    rows = [[names[one.audience], one.limit_days, *_rate(one.rate)] for one in report.coverage]
    return Table(head, rows)


def conversion(report: Report) -> Table:
    head = ["Month", "Received", "Application", "Pre-approved", "Funded", "Still open"]
    rows = [
        [
            f"{one.month:%Y-%m}",
            one.received,
            one.application,
            one.pre_approved,
            one.funded,
            "yes" if one.is_open else "no",
        ]
        for one in report.conversion
    ]
    return Table(head, rows)


def lost(report: Report) -> Table:
    """What ended in the period, and why referrals were lost in it."""
    rate, names = report.pull_through, dict(LostReason.choices)
    rows: list[Cells] = [
        ["Funded", rate.part],
        ["Lost after an application", rate.n - rate.part],
        ["Ended, nobody wrote down when", report.pull_through_undated],
        *([f"Lost: {names.get(one.reason, one.reason)}", one.count] for one in report.lost),
    ]
    return Table([f"{report.start} to {report.end}", "Referrals"], rows)


def concentration(report: Report) -> Table:
    largest, whole = report.concentration.largest, report.concentration.rate.n
    rows: list[Cells] = [[one.name, one.owner, one.received] for one in largest]
    rest = whole - sum(one.received for one in largest)
    return Table(["Partner", "Owner", "Referrals in 365 days"], [*rows, ["All others", None, rest]])


def exchange(report: Report) -> Table:
    figure = report.exchange
    rows = [
        ["Referrals received", figure.received],
        ["Referrals given", figure.given],
        ["Partners who sent and got some", figure.both],
        ["Partners who sent some", figure.only_received],
        ["Partners who got some", figure.only_given],
    ]
    return Table(["In 365 days", "Number"], rows)


def thanks(report: Report) -> Table:
    """How soon borrowers were contacted, and partners thanked."""
    contact, rate = report.first_contact, report.thanks.rate
    median = contact.median_hours if contact.contacted >= FEWEST else None
    rows: list[Cells] = [
        ["Median hours to the first contact", median and round(median, 1)],
        ["Borrowers contacted", contact.contacted],
        ["Borrowers who wait", contact.waiting],
        ["Contacted, nobody wrote down when", contact.undated],
        ["Referrals thanked for by the next working day", rate.part],
        ["Of", rate.n],
        ["Thanks not due yet", report.thanks.not_due],
    ]
    return Table([f"{report.start} to {report.end}", "Number"], rows)


def freed(report: Report) -> Table:
    rows = [[one.name, one.owner, one.on, round(one.weekly_minutes, 1)] for one in report.freed]
    return Table(["Partner", "Owner", "In Cease since", "Minutes a week before"], rows)


def health(report: Report) -> Table:
    rows = [
        [TIER_NAMES[one.tier], FLAG_LABELS[one.flag].short, one.count]
        for one in report.health
        if one.flag not in CONDUCT_FLAGS
    ]
    return Table(["Tier", "Flag", "Partners"], rows)


def officers(report: Report) -> Table:
    head = [
        *("Officer", *TIERS, *(f"Minutes: {tier}" for tier in TIERS)),
        *("In touch", "Of", "Percent in touch", "Moved up to Maintenance", "Of Cultivation"),
        *("Percent moved up", "Referrals received", "Waiting", "Last touch"),
    ]
    rows = [
        [
            line.name,
            *(line.tiers.of(tier) for tier in Tier),
            *_minutes(line.effort),
            *_rate(line.covered),
            *_rate(line.promoted),
            line.received,
            line.waiting,
            line.last_touch_on,
        ]
        for line in report.officers
    ]
    return Table(head, rows)


def at_risk(report: Report) -> Table:
    rows: list[Cells] = [
        [
            one.name,
            one.owner,
            TIER_NAMES[one.tier],
            ", ".join(FLAG_LABELS[flag].short for flag in one.flags if flag not in CONDUCT_FLAGS),
            one.last_conversation_on,
        ]
        for one in report.at_risk
    ]
    return Table(["Partner", "Owner", "Tier", "Why", "Last conversation"], rows)


def waiting(report: Report) -> Table:
    rows = [[one.name, one.owner, one.count, one.since] for one in report.waiting]
    return Table(["Partner", "Owner", "Borrowers who wait", "Since"], rows)


def _minutes(effort: Effort) -> Cells:
    return [effort.of(tier) for tier in Tier]


def _rate(rate: Rate) -> Cells:
    return [rate.part, rate.n, rate.percent]


TABLES: dict[str, Callable[[Report], Table]] = {
    "tiers": tiers,
    "movement": movement,
    "movers": movers,
    "effort": effort,
    "coverage": coverage,
    "conversion": conversion,
    "lost": lost,
    "concentration": concentration,
    "exchange": exchange,
    "thanks": thanks,
    "freed": freed,
    "health": health,
    "officers": officers,
    "at_risk": at_risk,
    "waiting": waiting,
}

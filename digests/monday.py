"""What the Monday pack says: for each branch that its reader manages, what the meeting needs.

Who moved since last Monday and why, whom to help, which referrals wait, and where the effort goes;
each with its page. It goes through mail servers and onto screens that others see: no borrower, no
note, nothing of conduct.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.dateformat import format as format_date

from accounts.models import Branch, Role, User
from digests.kinds import MONDAY
from digests.leaving import refusal, written
from digests.links import absolute
from digests.monday_words import (
    by_weight,
    coverage_of,
    day_of,
    last_conversation,
    move_of,
    risk_of,
    summary_of,
    why_moved,
)
from digests.wording import one_line
from insights import book
from insights.counting import report_of
from insights.report import AtRisk, Covered, Mover, Report, Waiting
from insights.scope import Scope, scope_of
from insights.services import stored_report
from mailing.kinds import Mail, Suppressed
from mailing.models import Delivery
from touches.effort import EffortLevel, EffortLine, effort_line
from touches.workdays import monday_of

# Lines of each list: several branches share the two screens.
LINES_OF_ONE, LINES_OF_SEVERAL = 4, 2
LIGHTS = {
    EffortLevel.GREEN: "On course",
    EffortLevel.AMBER: "A little low",
    EffortLevel.RED: "Off course",
    EffortLevel.TOO_LITTLE: "",  # its sentence says so
}


@dataclass(frozen=True)
class Line:
    """A partner, whose they are, what is to be said, and their page."""

    name: str
    owner: str
    what: str
    partner_url: str
    why: str = ""


@dataclass(frozen=True)
class Reached:
    """How many of an audience had a conversation in time, and the page of those who had none."""

    text: str
    missing: int
    rows_url: str


@dataclass(frozen=True)
class BranchPart:
    """One branch on one Monday."""

    name: str
    # In small letters at its beginning.
    summary: str
    since: str
    url: str
    movers: Sequence[Line]
    more_movers: int
    at_risk: Sequence[Line]
    more_at_risk: int
    at_risk_url: str
    waiting: Sequence[Line]
    more_waiting: int
    waiting_url: str
    effort: EffortLine
    coverage: Sequence[Reached]

    @property
    def light(self) -> str:
        return LIGHTS[self.effort.level]

    @property
    def underline(self) -> str:
        return "=" * len(self.name)


@dataclass(frozen=True)
class Figures:
    """A branch with what is counted of it: over the usual days, and who moved since a Monday."""

    branch: Branch
    usual: Report
    movers: Sequence[Mover]

    @property
    def referrals_waiting(self) -> int:
        return self.usual.waiting_total


def render(delivery: Delivery, now: datetime) -> Mail | Suppressed:
    """The pack of one manager as things are at `now`, or why there is none."""
    refused = refusal(delivery, now)
    if refused:
        return refused
    user: User = delivery.user
    today = user.today(now)
    figures = [_figures(branch, today, now) for branch in _managed(user)]
    told = [one for one in figures if one.usual.partners]
    if not told:
        return Suppressed("There is no branch with partners to tell of.")
    return written(
        MONDAY,
        user,
        subject=f"Monday pack: {_summary(told)}",
        context={
            "day": format_date(today, "l, F j"),
            "parts": [_part(one, today, _room(len(told))) for one in told],
        },
    )


def _managed(user: User) -> Iterable[Branch]:
    grants = [grant for grant in user.held_grants if grant.role == Role.MANAGER]
    return Branch.objects.filter(pk__in=[grant.branch_id for grant in grants]).order_by("name")


def _figures(branch: Branch, today: date, now: datetime) -> Figures:
    usual = stored_report(branch.pk, today) or report_of(
        book.load(scope_of([branch.pk], end=today), now)
    )
    # Through the day before, so that moves of that Monday itself are news too.
    start = _last_monday(today) - timedelta(days=1)
    week = report_of(book.load(Scope((branch.pk,), None, "", start, today), now))
    return Figures(branch, usual, by_weight(week.movers))


def _last_monday(today: date) -> date:
    return monday_of(today) - timedelta(days=7)


def _summary(figures: Iterable[Figures]) -> str:
    figures = list(figures)
    return summary_of(
        [mover for one in figures for mover in one.movers],
        sum(one.usual.at_risk_total for one in figures),
        sum(one.referrals_waiting for one in figures),
    )


def _room(branches: int) -> int:
    return LINES_OF_ONE if branches == 1 else LINES_OF_SEVERAL


def _part(figures: Figures, today: date, room: int) -> BranchPart:
    usual, key = figures.usual, figures.branch.pk
    waiting = usual.waiting
    return BranchPart(
        name=one_line(figures.branch.name),
        summary=_summary([figures]),
        since=day_of(_last_monday(today), today),
        url=_of_branch(key, "branch_figures"),
        movers=[_mover(mover) for mover in figures.movers[:room]],
        more_movers=len(figures.movers[room:]),
        at_risk=[_at_risk(partner, today) for partner in usual.at_risk[:room]],
        more_at_risk=usual.at_risk_total - len(usual.at_risk[:room]),
        at_risk_url=_of_branch(key, "figure_rows", "at_risk"),
        waiting=[_waiting(one, today) for one in waiting[:room]],
        more_waiting=usual.waiting_total - sum(one.count for one in waiting[:room]),
        waiting_url=_of_branch(key, "figure_rows", "waiting"),
        effort=effort_line(usual.effort.by_tier, f"In {usual.period_days} days"),
        coverage=[_reached(key, covered) for covered in usual.coverage if covered.rate.n],
    )


def _mover(mover: Mover) -> Line:
    return _line(mover, move_of(mover), why_moved(mover))


def _at_risk(partner: AtRisk, today: date) -> Line:
    return _line(partner, risk_of(partner), last_conversation(partner.last_conversation_on, today))


def _waiting(waiting: Waiting, today: date) -> Line:
    referrals = "referral" if waiting.count == 1 else "referrals"
    return _line(waiting, f"{waiting.count} {referrals} since {day_of(waiting.since, today)}")


def _line(partner: Mover | AtRisk | Waiting, what: str, why: str = "") -> Line:
    return Line(
        name=one_line(partner.name),
        owner=one_line(partner.owner),
        what=what,
        partner_url=absolute("partner", partner.partner_id),
        why=why,
    )


def _reached(branch_id: int, covered: Covered) -> Reached:
    return Reached(
        text=coverage_of(covered),
        missing=covered.rate.n - covered.rate.part,
        rows_url=_of_branch(branch_id, "figure_rows", f"uncovered:{covered.audience}"),
    )


def _of_branch(branch_id: int, name: str, *args: str) -> str:
    return f"{absolute(name, *args)}?branch={branch_id}"

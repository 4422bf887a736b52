"""Stepping away in a whole book: what is proposed, what waits, what is open, as plain objects."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import User
from partners.models import Partner
from stepaway.models import Choice, Plan, PlanStep, StepKind
from stepaway.proposed import proposed
from tiers.verdict import Rule
from tiers.wording import explain

# Of each section; a longer one says how to go on.
MOST = 100
# A partner as a list names one.
NAMED = ("partner__owner", "partner__company")


@dataclass(frozen=True)
class Proposal:
    partner: Partner
    sentence: str


@dataclass(frozen=True)
class OpenPlan:
    plan: Plan
    next_step: PlanStep | None
    # The day of the look-again where it has come.
    look_again_due: bool


@dataclass(frozen=True)
class StepAways:
    proposed: list[Proposal]
    waiting: list[Choice]
    talks: list[Choice]
    open: list[OpenPlan]
    look_again: list[OpenPlan]
    closed: list[Plan]
    # Of whom the page tells conduct.
    about_conduct: list[Partner]
    many_owners: bool

    @property
    def is_empty(self) -> bool:
        return not (self.proposed or self.waiting or self.talks or self.open or self.closed)


def build(user: User, now: datetime) -> StepAways:
    """Everything on the page that this person decides about, in a fixed number of queries."""
    today = user.today(now)
    choices = Choice.objects.visible_to(user).select_related(*NAMED, "made_by", "talk")
    plans = Plan.objects.visible_to(user).select_related(*NAMED, "choice", "closed_by")
    partners = list(proposed(user, today, now)[:MOST])
    waiting = list(choices.waiting().order_by("made_at")[:MOST])
    talks = list(choices.talks_planned().order_by("talk__due_on", "pk")[:MOST])
    opened = plans.open().with_open_referrals().prefetch_related("steps__touch")
    lines = [_open(plan, today) for plan in opened.order_by("opened_at", "pk")[:MOST]]
    closed = list(plans.closed_lately(now)[:MOST])
    chosen = [*waiting, *talks, *(line.plan.choice for line in lines)]
    return StepAways(
        proposed=[Proposal(one, explain(one.standing.verdict)) for one in partners],
        waiting=waiting,
        talks=talks,
        open=[line for line in lines if not line.look_again_due],
        look_again=[line for line in lines if line.look_again_due],
        closed=closed,
        about_conduct=_about_conduct(partners, chosen),
        many_owners=user.sees_others,
    )


def _open(plan: Any, today: date) -> OpenPlan:
    """From a plan `with_open_referrals`: without one there is nothing to finish."""
    finished = set() if plan.has_open_referrals else {StepKind.FINISH_REFERRALS}
    steps = [step for step in plan.steps.all() if step.is_open and step.kind not in finished]
    again = next((step for step in steps if step.kind == StepKind.LOOK_AGAIN), None)
    due = again is not None and again.touch is not None and again.touch.due_on <= today
    return OpenPlan(plan, next(iter(steps), None), due)


def _about_conduct(partners: Iterable[Partner], choices: Iterable[Choice]) -> list[Partner]:
    found = {one.pk: one for one in partners if one.standing.rule == Rule.CONDUCT}
    told = (one for one in choices if one.rule == Rule.CONDUCT)
    return list({**found, **{one.partner_id: one.partner for one in told}}.values())

"""All of stepping away from one partner, as plain objects for its page."""

from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from interactions.models import Referral
from partners.models import Partner
from stepaway.models import Choice, Plan, PlanStep, StepKind
from stepaway.plan_services import open_referrals
from stepaway.services import (
    closed_to_choice,
    may_look,
    refusals,
    second_look_of,
    second_lookers,
)
from stepaway.words import NOTICE, STEPS, SecondLook, still_silent
from texts.links import mail_link, message_link
from texts.occasions import Occasion, Program
from texts.services import Filled, NotOffered, filled_text
from tiers.evidence import TestLine, test_lines
from tiers.labels import TIER_NAMES
from tiers.models import PolicyVersion
from tiers.signals import subjects
from tiers.wording import explain
from touches.effort import in_hours
from touches.focus import in_words
from touches.focus_list import best_candidates

MOST_TIPS = 3
OCCASION_OF_STEP = {StepKind.MESSAGE: Occasion.FAREWELL, StepKind.DECLINE: Occasion.DECLINE}


@dataclass(frozen=True)
class Draft:
    """Words at hand for one program; `href` opens it there, blank where no address is known."""

    program: str
    name: str
    subject: str
    body: str
    href: str


@dataclass(frozen=True)
class StepLine:
    step: PlanStep
    sentence: str
    drafts: list[Draft]
    referrals: list[Referral]
    is_done: bool


@dataclass(frozen=True)
class Tip:
    """A partner to spend the freed time on, and why."""

    partner: Partner
    reasons: str


@dataclass(frozen=True)
class StepAwayPage:
    partner: Partner
    today: date
    tier: str
    sentence: str
    lines: list[TestLine]
    # Why nothing can be chosen; blank where it can.
    closed_to_choice: str
    refused: dict[str, str]
    look: SecondLook
    # The last choice, whether it waits for somebody, and whether this person looks at it now.
    choice: Choice | None
    waits: bool
    may_look: bool
    plan: Plan | None
    steps: list[StepLine]
    still_silent: str
    notice: str
    freed: str
    tips: list[Tip]
    past: list[Plan]


def build(user: User, partner: Partner, now: datetime) -> StepAwayPage:
    """Everything on the page; `partner` comes with owner and standing."""
    today = partner.owner.today(now)
    standing = partner.standing
    tier = TIER_NAMES[standing.tier_in_force(today)]
    plans = list(Plan.objects.filter(partner=partner).select_related("choice", "closed_by"))
    plan = next((one for one in plans if one.closed_at is None), None)
    last = _last_choice(partner)
    return StepAwayPage(
        partner=partner,
        today=today,
        tier=tier,
        sentence=explain(standing.verdict),
        lines=_facts(partner, today),
        closed_to_choice=closed_to_choice(partner, today),
        refused=refusals(user, partner, standing, today),
        look=second_look_of(user, partner, standing.rule),
        choice=last,
        waits=last is not None and last.waits and bool(second_lookers(last)),
        may_look=last is not None and last.waits and may_look(user, last),
        plan=plan,
        steps=_steps(user, partner, plan) if plan else [],
        still_silent=still_silent(tier) if plan else "",
        notice=NOTICE,
        freed=in_hours(float(plan.weekly_minutes)) if plan and plan.weekly_minutes >= 1 else "",
        tips=_tips(partner, today) if plan else [],
        past=[one for one in plans if one.closed_at],
    )


def _last_choice(partner: Partner) -> Choice | None:
    rows = Choice.objects.filter(partner=partner).select_related("made_by", "looked_by", "talk")
    last: Choice | None = rows.last()
    if last:
        last.partner = partner
    return last


def _facts(partner: Partner, today: date) -> list[TestLine]:
    """The tests of Cease that hold, with their numbers."""
    subject = next(subjects(Partner.objects.filter(pk=partner.pk), today))
    policy = PolicyVersion.objects.in_force(today).of(partner.owner.branch_id).policy
    lines = test_lines(subject.signals, subject.standing, policy)
    return [line for line in lines if line.holds and line.code.startswith("X")]


def _steps(user: User, partner: Partner, plan: Plan) -> list[StepLine]:
    referrals = open_referrals(partner)
    found = []
    for step in plan.steps.select_related("touch"):
        finishing = step.kind == StepKind.FINISH_REFERRALS
        found.append(
            StepLine(
                step=step,
                sentence=STEPS[step.kind],
                drafts=_drafts(user, partner, step) if step.is_open else [],
                referrals=referrals if finishing else [],
                is_done=step.is_done or (finishing and not referrals),
            )
        )
    return found


def _drafts(user: User, partner: Partner, step: PlanStep) -> list[Draft]:
    occasion = OCCASION_OF_STEP.get(StepKind(step.kind))
    if occasion is None:
        return []
    drafts = []
    for program, name in ((Program.EMAIL, "E-mail"), (Program.TEXT, "Text message")):
        try:
            text = filled_text(user=user, partner=partner, occasion=occasion, program=program)
        except NotOffered:
            continue
        drafts.append(Draft(program, name, text.subject, text.body, _href(partner, program, text)))
    return drafts


def _href(partner: Partner, program: Program, text: Filled) -> str:
    if program == Program.EMAIL:
        return mail_link(partner.email, text.subject, text.body) if partner.email else ""
    phone = partner.phone_mobile
    return message_link(phone.as_e164, text.body) if phone else ""


def _tips(partner: Partner, today: date) -> list[Tip]:
    """The three of the same owner that the focus list would choose first."""
    places = best_candidates(partner.owner, today, MOST_TIPS)
    partners = Partner.objects.in_bulk([place.partner_id for place in places])
    return [Tip(partners[place.partner_id], in_words(place.reasons)) for place in places]

"""The plan of stepping away from a partner: opened by a choice, done step by step, closed."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from audit.services import record
from insights.counting.tiers import DAYS_BEFORE_CEASE, WEEK
from interactions.models import OPEN_STAGES, Interaction, Kind, Outcome, Purpose, Referral
from interactions.services import Contact, log
from partners.models import Partner
from stepaway.models import Choice, Plan, PlanStep, StepKind
from stepaway.words import ASKED_TO_STOP, LOOK_AGAIN, MESSAGE, PLAN_CLOSED
from touches.effort import usual_minutes
from touches.kinds import TouchKind
from touches.models import PlannedTouch
from touches.occasions import kept_on
from touches.services import finish, plan, skip

MESSAGE_DAYS = 7
# In which of these the partner answers.
TALKS = {Kind.CALL, Kind.VIDEO}


def open_plan(*, actor: User, choice: Choice, is_abuse: bool, now: datetime) -> Plan:
    """Open the plan of a choice: the silence begins, and its steps stand. Recorded.

    The caller holds the partner's lock and a transaction.
    """
    partner = choice.partner
    today = partner.owner.today(now)
    found = Plan.objects.create(
        partner=partner,
        choice=choice,
        opened_at=now,
        opened_on=today,
        weekly_minutes=weekly_minutes(partner, today),
    )
    steps = [StepKind.FINISH_REFERRALS, StepKind.MESSAGE, StepKind.DECLINE]
    if not is_abuse and not partner.do_not_contact:
        steps.append(StepKind.LOOK_AGAIN)
    for kind in steps:
        _add_step(actor, found, kind, today)
    partner.stepping_away_since = today
    partner.save(update_fields=["stepping_away_since"])
    record(actor=actor, action="stepaway.opened", target=partner)
    return found


def _add_step(actor: User, found: Plan, kind: StepKind, today: date) -> None:
    days = {
        StepKind.MESSAGE: (MESSAGE, today + timedelta(days=MESSAGE_DAYS)),
        StepKind.LOOK_AGAIN: (LOOK_AGAIN, kept_on(today.month, today.day, today.year + 1)),
    }
    silent = found.partner.do_not_contact and kind in {StepKind.MESSAGE, StepKind.DECLINE}
    touch = None
    if kind in days and not silent:
        what, due_on = days[kind]
        touches = plan(actor=actor, partners=[found.partner], what=what, due_on=due_on, key=uuid4())
        touch = touches[0]
    reason = ASKED_TO_STOP if silent else ""
    PlanStep.objects.create(plan=found, kind=kind, touch=touch, skipped_reason=reason)


def weekly_minutes(partner: Partner, today: date) -> Decimal:
    """Minutes a week of our touches in the 90 days before a day; see "freed time" in figures.md."""
    touches = Interaction.objects.filter(
        partner=partner,
        is_touch=True,
        day__gte=today - timedelta(days=DAYS_BEFORE_CEASE),
        day__lt=today,
    )
    total = touches.aggregate(total=Sum(Coalesce(F("minutes"), usual_minutes())))["total"] or 0
    return Decimal(total * WEEK) / DAYS_BEFORE_CEASE


def open_referrals(partner: Partner) -> list[Referral]:
    rows = Referral.objects.received().filter(partner=partner, stage__in=OPEN_STAGES)
    return list(rows.newest_first())


def tick(*, actor: User, step: PlanStep, now: datetime) -> bool:
    """Mark a step as done; False where it is closed already. Recorded.

    Locks the partner. Where a planned touch stands behind the step, that is finished: one truth.
    """
    with transaction.atomic():
        found = _locked_step(step)
        if found is None:
            return False
        if found.touch:
            return finish(actor=actor, touch=found.touch, now=now)
        found.done_at, found.done_by = now, actor
        found.save(update_fields=["done_at", "done_by"])
        target = found.plan.partner
        record(actor=actor, action="stepaway.step_done", target=target, step=found.kind)
    return True


def sent(*, actor: User, step: PlanStep, kind: Kind, now: datetime) -> bool:
    """Log the message or the kind no as a contact that steps away, and tick the step; see `tick`.

    One transaction: a double submit logs once.
    """
    with transaction.atomic():
        if not tick(actor=actor, step=step, now=now):
            return False
        partner = Partner.objects.select_related("owner").get(pk=step.plan.partner_id)
        outcome = Outcome.CONNECTED if kind in TALKS else Outcome.SENT
        contact = Contact(
            day=partner.owner.today(now), kind=kind, outcome=outcome, purpose=Purpose.DISENGAGE
        )
        log(actor=actor, partners=[partner], contact=contact, batch=uuid4())
    return True


def _locked_step(step: PlanStep) -> PlanStep | None:
    """The step as it is now, behind the partner's lock; None where it is closed."""
    Partner.objects.locked([step.plan.partner_id])
    rows = PlanStep.objects.select_related("plan__partner__owner", "touch__partner")
    found = rows.get(pk=step.pk)
    return found if found.is_open and found.plan.closed_at is None else None


def stop_messages(*, actor: User, partner: Partner, now: datetime) -> None:
    """They asked us to stop: what the open plan would still say, or a planned talk, is left out.

    The caller holds the partner's lock and a transaction.
    """
    kinds = [StepKind.MESSAGE, StepKind.DECLINE]
    rows = PlanStep.objects.filter(plan__partner=partner, plan__closed_at=None, kind__in=kinds)
    for step in rows.select_related("touch"):
        if step.is_open:
            _leave_out(actor, partner, step, ASKED_TO_STOP, now)
    for choice in Choice.objects.filter(partner=partner).talks_planned().select_related("talk"):
        _skip(actor, partner, choice.talk, ASKED_TO_STOP, now)


def close(*, actor: User, plan: Plan, outcome: str, note: str, now: datetime) -> bool:
    """Close a plan: the silence ends, and its open steps are left out. Recorded.

    Locks the partner first; the first of two counts, and False says that it is closed already.
    """
    with transaction.atomic():
        Partner.objects.locked([plan.partner_id])
        found = Plan.objects.select_related("partner__owner").get(pk=plan.pk)
        if found.closed_at:
            return False
        found.closed_at, found.closed_by = now, actor
        found.outcome, found.closing_note = outcome, note
        found.save(update_fields=["closed_at", "closed_by", "outcome", "closing_note"])
        for step in found.steps.select_related("touch"):
            if step.is_open and step.touch:
                _leave_out(actor, found.partner, step, PLAN_CLOSED, now)
        found.partner.stepping_away_since = None
        found.partner.save(update_fields=["stepping_away_since"])
        record(actor=actor, action="stepaway.closed", target=found.partner, outcome=outcome)
    return True


def _leave_out(actor: User, partner: Partner, step: PlanStep, reason: str, now: datetime) -> None:
    if step.touch:
        _skip(actor, partner, step.touch, reason, now)
    step.skipped_reason = reason
    step.save(update_fields=["skipped_reason"])


def _skip(actor: User, partner: Partner, touch: PlannedTouch, reason: str, now: datetime) -> None:
    skip(
        actor=actor,
        partner=partner,
        kind=TouchKind.STEP,
        reason=reason,
        row_id=touch.pk,
        today=partner.owner.today(now),
    )

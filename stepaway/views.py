from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access_to
from accounts.http import AuthenticatedRequest
from interactions.models import Kind
from interactions.reading import conduct_was_read
from partners.models import Partner
from stepaway import lists, page, plan_services, services
from stepaway.forms import ChoiceForm, CloseForm, LookForm, SentForm
from stepaway.models import Choice, Plan, PlanStep, StepKind, Way
from stepaway.words import WAYS
from tiers.verdict import Rule, Tier

SAID = {StepKind.MESSAGE, StepKind.DECLINE}


@require_safe
def step_aways(request: AuthenticatedRequest) -> HttpResponse:
    """Who is proposed, what waits for the manager, and the plans, of whom this person decides."""
    found = lists.build(request.user, timezone.now())
    conduct_was_read(actor=request.user, partners=found.about_conduct)
    return render(request, "stepaway/step_aways.html", {"found": found})


def _partner(request: AuthenticatedRequest, pk: int) -> Partner:
    """The partner, for its owner and their manager; 404 for strangers, 403 for who only looks."""
    visible = Partner.objects.visible_to(request.user)
    partner: Partner = get_object_or_404(
        visible.select_related("owner", "company", "standing__override"), pk=pk
    )
    if not access_to(request.user, partner.owner).decides:
        raise PermissionDenied("The owner and their manager decide this.")
    return partner


@require_safe
def step_away(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """The facts, the choice, the plan."""
    return _page(request, _partner(request, pk), timezone.now())


def _page(
    request: AuthenticatedRequest,
    partner: Partner,
    now: datetime,
    form: ChoiceForm | None = None,
    look_form: LookForm | None = None,
    close_form: CloseForm | None = None,
    sent_form: SentForm | None = None,
) -> HttpResponse:
    """The page, with what was wrong in a form that was sent."""
    found = page.build(request.user, partner, now)
    if partner.standing.rule == Rule.CONDUCT or (
        found.choice and found.choice.rule == Rule.CONDUCT
    ):
        conduct_was_read(actor=request.user, partners=[partner])
    seen = {"seen": found.choice.pk if found.choice else None}
    context = {
        "found": found,
        "partner": partner,
        "ways": WAYS,
        "form": form or ChoiceForm(today=found.today, refused=found.refused, initial=seen),
        "look_form": look_form or LookForm(),
        "sent_form": sent_form or SentForm(),
        "close_form": close_form or CloseForm(),
    }
    wrong = form or look_form or close_form or sent_form
    return render(request, "stepaway/step_away.html", context, status=422 if wrong else 200)


@require_POST
def step_away_choose(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    partner = _partner(request, pk)
    now = timezone.now()
    today = partner.owner.today(now)
    refused = services.refusals(request.user, partner, partner.standing, today)
    form = ChoiceForm(request.POST, today=today, refused=refused)
    if not form.is_valid():
        return _page(request, partner, now, form=form)
    said = form.cleaned_data
    wish = services.Wish(
        way=Way(said["way"]),
        reason=said["reason"],
        seen=said["seen"],
        tier=Tier(said["tier"]) if said.get("tier") else None,
        ends_on=said.get("ends_on"),
    )
    try:
        choice = services.choose(actor=request.user, partner=partner, wish=wish, now=now)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, _partner(request, pk), now, form=form)
    waits = "It waits for your manager." if choice.waits else "Nothing was sent."
    messages.success(request, f"{choice.get_way_display()}: noted. {waits}")
    return redirect("step_away", pk)


@require_POST
def step_away_look(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """The manager's second look at a choice."""
    visible = Choice.objects.visible_to(request.user).select_related("partner__owner")
    choice = get_object_or_404(visible, pk=pk)
    if not services.may_look(request.user, choice):
        raise PermissionDenied("A manager of this branch looks second, and not who chose.")
    now = timezone.now()
    form = LookForm(request.POST)
    if form.is_valid():
        agreed, note = form.cleaned_data["answer"] == "agree", form.cleaned_data["look_note"]
        try:
            services.look(actor=request.user, choice=choice, agreed=agreed, note=note, now=now)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Agreed." if agreed else "Sent back.")
            return redirect("step_away", choice.partner_id)
    return _page(request, _partner(request, choice.partner_id), now, look_form=form)


@require_POST
def step_away_step(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """A step is done; of a message, how it went out."""
    mine = Plan.objects.visible_to(request.user)
    rows = PlanStep.objects.filter(plan__in=mine).select_related("plan")
    step = get_object_or_404(rows, pk=pk)
    now = timezone.now()
    if step.kind not in SAID:
        done = plan_services.tick(actor=request.user, step=step, now=now)
    else:
        form = SentForm(request.POST)
        if not form.is_valid():
            return _page(request, _partner(request, step.plan.partner_id), now, sent_form=form)
        kind = Kind(form.cleaned_data["kind"])
        done = plan_services.sent(actor=request.user, step=step, kind=kind, now=now)
    if done:
        messages.success(request, "Done.")
    return redirect("step_away", step.plan.partner_id)


@require_POST
def step_away_close(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Close the plan: reminders follow the tier again."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user), pk=pk)
    form, now = CloseForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, _partner(request, plan.partner_id), now, close_form=form)
    if plan_services.close(actor=request.user, plan=plan, now=now, **form.cleaned_data):
        messages.success(request, "Closed. Reminders follow the tier again.")
    return redirect("step_away", plan.partner_id)

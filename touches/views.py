from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import access_to
from accounts.http import AuthenticatedRequest
from partners.models import Partner
from partners.views import partner_to_work_with
from touches import services
from touches.forms import SkipForm, SnoozeForm, StepForm, snooze_choices
from touches.kinds import KINDS, TouchKind
from touches.models import PlannedTouch
from web.back import way_back

page = require_http_methods(["GET", "HEAD", "POST"])

# A row of any other kind a person finishes; these are done by what is logged.
CADENCES = frozenset(TouchKind) - {TouchKind.STEP, TouchKind.PREPARE, TouchKind.CONGRATULATE}


@page
def step_new(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Plan a next step with a partner."""
    partner = partner_to_work_with(request, pk)
    if partner.archived_at:
        raise PermissionDenied("This partner is archived. Bring them back first.")
    form = StepForm(request.POST or None, today=partner.owner.today(timezone.now()))
    if request.method == "POST" and form.is_valid():
        services.plan(actor=request.user, partners=[partner], **form.cleaned_data)
        messages.success(request, "Planned.")
        return redirect(partner)
    status = 422 if form.is_bound else 200
    context = {"form": form, "partner": partner}
    return render(request, "touches/step_form.html", context, status=status)


@dataclass(frozen=True)
class Asked:
    """A touch that somebody finishes, snoozes or skips: a row, or what a cadence asks for."""

    partner: Partner
    kind: TouchKind
    today: date
    row: PlannedTouch | None = None

    @property
    def what(self) -> str:
        return (self.row and self.row.what) or KINDS[self.kind].label

    @property
    def row_id(self) -> int | None:
        return self.row.pk if self.row else None

    def address(self, act: str) -> str:
        """Where this touch is snoozed or skipped."""
        if self.row:
            return reverse(f"touch_{act}", args=[self.row.pk])
        return reverse(f"cadence_{act}", args=[self.partner.pk, self.kind])

    @property
    def snooze_url(self) -> str:
        return self.address("snooze")

    @property
    def skip_url(self) -> str:
        return self.address("skip")


def _row(request: AuthenticatedRequest, pk: int) -> Asked:
    visible = PlannedTouch.objects.visible_to(request.user).select_related("partner__owner")
    row = get_object_or_404(visible, pk=pk)
    if not access_to(request.user, row.partner.owner).works:
        raise PermissionDenied("You can look at this partner, and not change it.")
    today = row.partner.owner.today(timezone.now())
    return Asked(row.partner, TouchKind(row.kind), today, row)


def _cadence(request: AuthenticatedRequest, pk: int, kind: str) -> Asked:
    if kind not in CADENCES:
        raise Http404
    partner = partner_to_work_with(request, pk)
    if partner.archived_at:
        raise PermissionDenied("This partner is archived. Bring them back first.")
    return Asked(partner, TouchKind(kind), partner.owner.today(timezone.now()))


@require_POST
def touch_done(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Finish a next step, or an occasion that nobody logs a contact for."""
    asked = _row(request, pk)
    if asked.row is None or asked.kind in CADENCES:
        raise PermissionDenied("Log the contact, and this is done by itself.")
    if services.finish(actor=request.user, touch=asked.row, now=timezone.now()):
        messages.success(request, f"Done: {asked.what}.")
    return _answer(request, asked)


@page
def touch_snooze(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    return _snooze(request, _row(request, pk))


@page
def cadence_snooze(request: AuthenticatedRequest, pk: int, kind: str) -> HttpResponse:
    return _snooze(request, _cadence(request, pk, kind))


def _snooze(request: AuthenticatedRequest, asked: Asked) -> HttpResponse:
    form = SnoozeForm(request.POST if request.method == "POST" else None, today=asked.today)
    if not form.is_valid():
        return _ask(request, "snooze", asked, form)
    until = form.cleaned_data["until"]
    services.snooze(
        actor=request.user,
        partner=asked.partner,
        kind=asked.kind,
        until=until,
        row_id=asked.row_id,
        today=asked.today,
    )
    messages.success(request, f"{asked.what}: until {format_date(until, 'l, F j')}.")
    return _answer(request, asked)


@page
def touch_skip(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    return _skip(request, _row(request, pk))


@page
def cadence_skip(request: AuthenticatedRequest, pk: int, kind: str) -> HttpResponse:
    return _skip(request, _cadence(request, pk, kind))


def _skip(request: AuthenticatedRequest, asked: Asked) -> HttpResponse:
    form = SkipForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(request, "skip", asked, form)
    services.skip(
        actor=request.user,
        partner=asked.partner,
        kind=asked.kind,
        reason=form.cleaned_data["reason"],
        row_id=asked.row_id,
        today=asked.today,
    )
    messages.success(request, f"Skipped: {asked.what}.")
    return _answer(request, asked)


def _ask(
    request: AuthenticatedRequest, act: str, asked: Asked, form: SnoozeForm | SkipForm
) -> HttpResponse:
    """The question as a page, or as the fragment that opens below the touch."""
    context = {
        "asked": asked,
        "form": form,
        "choices": snooze_choices(asked.today),
        "next": way_back(request),
    }
    template = f"touches/_{act}.html" if request.htmx else f"touches/{act}.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


def _answer(request: AuthenticatedRequest, asked: Asked) -> HttpResponse:
    """Back to the page that it came from; htmx loads the list on that page anew."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Trigger": "touch-changed"})
    return redirect(way_back(request) or asked.partner)

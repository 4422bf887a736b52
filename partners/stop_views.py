from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedRequest
from partners import stop_services as services
from partners.models import StopSource
from partners.stop_forms import LiftStopForm, StopForm
from partners.views import partner_to_decide_on, partner_to_work_with

page = require_http_methods(["GET", "HEAD", "POST"])


@page
def partner_stop(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """They asked us to stop: for everybody who works with them, as this must not wait."""
    partner = partner_to_work_with(request, pk)
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    form = StopForm(data, today=partner.owner.today(now))
    if form.is_valid():
        on, source = form.cleaned_data["on"], StopSource(form.cleaned_data["source"])
        if services.stop(actor=request.user, partner=partner, on=on, source=source, now=now):
            messages.success(request, f"Stopped: {partner.full_name} hears nothing from us.")
        return redirect(partner)
    context = {"form": form, "partner": partner}
    status = 422 if form.is_bound else 200
    return render(request, "partners/partner_stop.html", context, status=status)


@page
def partner_stop_lift(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """They want to hear from us again."""
    partner = partner_to_decide_on(request, pk)
    form = LiftStopForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if services.lift_stop(actor=request.user, partner=partner, reason=reason):
            messages.success(request, f"You may reach out to {partner.full_name} again.")
        return redirect(partner)
    context = {"form": form, "partner": partner}
    status = 422 if form.is_bound else 200
    return render(request, "partners/partner_stop_lift.html", context, status=status)

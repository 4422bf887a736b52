from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import access_to
from accounts.http import AuthenticatedRequest
from partners.views import partner_to_work_with
from touches import services
from touches.forms import StepForm
from touches.models import PlannedTouch


@require_http_methods(["GET", "HEAD", "POST"])
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


@require_POST
def step_done(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    visible = PlannedTouch.objects.visible_to(request.user).select_related("partner__owner")
    touch = get_object_or_404(visible, pk=pk)
    if not access_to(request.user, touch.partner.owner).works:
        raise PermissionDenied("You can look at this partner, and not change it.")
    if services.finish(actor=request.user, touch=touch, now=timezone.now()):
        messages.success(request, f"Done: {touch.what}.")
    return redirect(touch.partner)

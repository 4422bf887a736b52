from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedRequest
from partners.views import partner_to_decide_on
from tiers.classification import Tier
from tiers.forms import OverrideForm
from tiers.overrides import end_override, override, refusal


@require_http_methods(["GET", "HEAD", "POST"])
def tier_override(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    partner = partner_to_decide_on(request, pk)
    sentence = refusal(request.user, partner, partner.standing)
    if sentence:
        raise PermissionDenied(sentence)
    now = timezone.now()
    form = OverrideForm(request.POST or None, today=partner.owner.today(now))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            override(
                actor=request.user,
                partner=partner,
                tier=Tier(data["tier"]),
                reason=data["reason"],
                ends_on=data["ends_on"],
                now=now,
            )
        except ValidationError as error:
            # The tier changed while the form was open.
            raise PermissionDenied(error.messages[0]) from error
        messages.success(request, "Your tier is in force. The rules' tier stays on record.")
        return redirect(partner)
    status = 422 if form.is_bound else 200
    context = {"form": form, "partner": partner}
    return render(request, "tiers/tier_override.html", context, status=status)


@require_POST
def tier_override_end(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    partner = partner_to_decide_on(request, pk)
    end_override(actor=request.user, partner=partner, now=timezone.now())
    messages.success(request, "The tier of the rules is in force again.")
    return redirect(partner)

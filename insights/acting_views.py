from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedRequest
from insights.to_act_on import items_for


@require_safe
def to_act_on(request: AuthenticatedRequest) -> HttpResponse:
    """What waits in the branches of somebody who leads."""
    if not request.user.leads:
        raise Http404
    items = items_for(request.user, timezone.now())
    return render(request, "insights/to_act_on.html", {"items": items})

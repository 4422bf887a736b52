from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mailing.models import Delivery, Heartbeat

# Planning is asked for once a minute, and what is due leaves within seconds.
PLANNING = "plan_digests"
LONGEST_SILENCE = timedelta(minutes=5)
LONGEST_DELAY = timedelta(minutes=15)


@login_not_required
@require_safe
def background_health(request: HttpRequest) -> HttpResponse:
    """Answer "ok" while the background work is done in time, else 503 with what is late."""
    trouble = _trouble(timezone.now())
    return HttpResponse(
        trouble or "ok", status=503 if trouble else 200, content_type="text/plain; charset=utf-8"
    )


def _trouble(now: datetime) -> str:
    planned = Heartbeat.objects.filter(name=PLANNING, at__gt=now - LONGEST_SILENCE)
    if not planned.exists():
        return "Planning has not run for five minutes."
    late = Delivery.objects.overdue(now - LONGEST_DELAY)
    if late.exists():
        return "An e-mail is 15 minutes overdue."
    return ""

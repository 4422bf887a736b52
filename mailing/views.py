from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mailing.models import Delivery, Heartbeat, Pause

# Planning is asked for once a minute, and what is due leaves within seconds.
PLANNING = "plan_digests"
LONGEST_SILENCE = timedelta(minutes=5)
LONGEST_DELAY = timedelta(minutes=15)


@login_not_required
@require_safe
def background_health(request: HttpRequest) -> HttpResponse:
    """Answer "ok" while the background work is done in time, else 503 with what is late.

    A pause of mail is somebody's decision and no fault: it is told, with 200, and what waits
    because of it is not late.
    """
    paused = Pause.objects.open().exists()
    trouble = _trouble(timezone.now(), paused)
    well = "ok, and mail is paused" if paused else "ok"
    return HttpResponse(
        trouble or well, status=503 if trouble else 200, content_type="text/plain; charset=utf-8"
    )


def _trouble(now: datetime, paused: bool) -> str:
    planned = Heartbeat.objects.filter(name=PLANNING, at__gt=now - LONGEST_SILENCE)
    if not planned.exists():
        return "Planning has not run for five minutes."
    late = Delivery.objects.overdue(now - LONGEST_DELAY)
    if not paused and late.exists():
        return "An e-mail is 15 minutes overdue."
    return ""

"""Who is away, and who stands in: said by oneself, one's manager or an administrator."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.views.decorators.http import require_http_methods, require_POST

from accounts.absences import add_absence, end_absence
from accounts.access import absences_seen_by, leads
from accounts.forms import AbsenceForm
from accounts.http import AuthenticatedRequest
from accounts.models import Grant

PAST_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: AuthenticatedRequest) -> HttpResponse:
    """Those now, to come and past that this person may see; a form for a new one."""
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    form = AbsenceForm(data, user=request.user, today=request.user.today(now))
    if request.method == "POST" and form.is_valid():
        try:
            absence = add_absence(actor=request.user, now=now, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _said(absence))
            return redirect("absences")
    seen = Grant.objects.absences().filter(absences_seen_by(request.user))
    open_ones = list(seen.open_at(now))
    context = {
        "form": form,
        "current": [_row(request, one) for one in open_ones if one.starts_at <= now],
        "coming": [_row(request, one) for one in open_ones if one.starts_at > now],
        "past": [_row(request, one) for one in seen.over_at(now)[:PAST_SHOWN]],
    }
    status = 422 if form.is_bound else 200
    return render(request, "accounts/absences.html", context, status=status)


def _said(absence: Grant) -> str:
    days = f"{format_date(absence.first_day, 'F j')} to {format_date(absence.last_day, 'F j')}"
    return f"{absence.user} stands in for {absence.officer} from {days}."


def _row(request: AuthenticatedRequest, absence: Grant) -> dict[str, object]:
    return {"absence": absence, "may_end": _may_end(request, absence)}


def _may_end(request: AuthenticatedRequest, absence: Grant) -> bool:
    officer = absence.officer
    return officer is not None and (officer == request.user or leads(request.user, officer))


@require_POST
def absence_end(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """End an absence now, or take it back before it begins; a stand-in only looks."""
    seen = Grant.objects.absences().filter(absences_seen_by(request.user))
    absence = get_object_or_404(seen, pk=pk)
    if not _may_end(request, absence):
        raise PermissionDenied("Who is away, or who looks after them, ends an absence.")
    if end_absence(actor=request.user, absence=absence, now=timezone.now()):
        messages.success(request, f"{absence.user} no longer stands in for {absence.officer}.")
    return redirect("absences")

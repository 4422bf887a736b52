from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import access_to
from accounts.http import AuthenticatedRequest
from interactions import conduct_services as services
from interactions.conduct_forms import CloseConductForm
from interactions.models import Conduct, Interaction
from interactions.reading import conduct_was_read


def _note(request: AuthenticatedRequest, pk: int) -> Interaction:
    """An interaction with a note on conduct; a 404 for who may not know that there is one."""
    visible = Interaction.objects.visible_to(request.user).exclude(conduct=Conduct.NONE)
    note = get_object_or_404(visible.select_related("partner__owner", "conduct_closed_by"), pk=pk)
    if not access_to(request.user, note.partner.owner).sees_conduct:
        raise Http404
    return note


@require_http_methods(["GET", "HEAD", "POST"])
def conduct_close(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """After a talk: the note counts no more."""
    note = _note(request, pk)
    form = CloseConductForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _closed(request, note, form):
        return redirect(note.partner)
    conduct_was_read(actor=request.user, partners=[note.partner])
    context = {"form": form, "note": note, "may_close": note.conduct in services.CLOSABLE}
    status = 422 if form.is_bound else 200
    return render(request, "interactions/conduct_close.html", context, status=status)


def _closed(request: AuthenticatedRequest, note: Interaction, form: CloseConductForm) -> bool:
    reason = form.cleaned_data["reason"]
    try:
        services.close_conduct(
            actor=request.user, interaction=note, reason=reason, now=timezone.now()
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, "Closed. The note counts no more.")
    return True


@require_POST
def conduct_open(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """It was closed by mistake."""
    note = _note(request, pk)
    if services.open_conduct(actor=request.user, interaction=note):
        messages.success(request, "Open again. The note counts as before.")
    return redirect(note.partner)

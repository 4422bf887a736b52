from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedRequest
from accounts.models import Role, User
from digests import services
from digests.forms import DailyForm, MondayForm
from digests.kinds import WORDS
from digests.links import Act, LinkExpired, LinkUnknown, read_step, read_stop
from digests.mail_rows import mail_row, text_of
from digests.models import Subscription
from digests.services import NoLongerFits
from digests.wording import label_of
from mailing.models import Delivery
from mailing.pausing import pause_in_force, resume
from mailing.services import retry
from web.paging import page_number, page_of

page = require_http_methods(["GET", "HEAD", "POST"])

MAILS_SHOWN = timedelta(days=30)
MAILS_A_PAGE = 50


# --- links in a mail: no sign-in ----------------------------------------------------------


@login_not_required
@never_cache
@page
def step(request: HttpRequest, token: str, act: Act) -> HttpResponse:
    """One button for the one step that a mail offers; only pressing it changes anything."""
    try:
        asked = read_step(act, token)
    except LinkExpired:
        return _expired(request)
    except LinkUnknown:
        return _unknown(request)
    now, done = timezone.now(), request.method == "POST"
    try:
        if done:
            offer = services.take_step(act=act, step=asked, now=now)
        else:
            offer = services.offer_of(asked, now)
    except NoLongerFits as why:
        return render(request, "digests/step_gone.html", {"why": why}, status=409)
    context = {"offer": offer, "what": label_of(offer.due), "act": act, "done": done}
    return render(request, "digests/step.html", context)


@login_not_required
@never_cache
@csrf_exempt
@page
def digest_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the digest: by a mail program's one click (RFC 8058, no cookie), or by a button.

    The signature in the address says that it comes from the mail, so no form token is asked for.
    """
    try:
        user_id, kind = read_stop(token)
    except LinkExpired:
        return _expired(request)
    except LinkUnknown:
        return _unknown(request)
    user = User.objects.filter(pk=user_id).first()
    if user is None or kind not in WORDS:
        return _unknown(request)
    if request.method == "POST":
        services.stop(user=user, kind=kind, now=timezone.now())
    stopped = Subscription.objects.filter(user=user, kind=kind, stopped_at__isnull=False).exists()
    context = {"reader": user, "words": WORDS[kind], "stopped": stopped}
    return render(request, "digests/stop.html", context)


def _expired(request: HttpRequest) -> HttpResponse:
    return render(request, "digests/link_expired.html", status=410)


def _unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "digests/link_unknown.html", status=404)


# --- one's own pages ----------------------------------------------------------------------


@page
def digest_settings(request: AuthenticatedRequest) -> HttpResponse:
    """Whether and when each kind of digest comes: the daily one, and a manager's Monday pack."""
    user = request.user
    rows = {row.kind: row for row in Subscription.objects.filter(user=user)}
    kinds = [DailyForm, MondayForm] if user.has_role(Role.MANAGER) else [DailyForm]
    data = request.POST if request.method == "POST" else None
    parts = [kind(data, row=rows.get(kind.kind) or Subscription()) for kind in kinds]
    if all(part.is_valid() for part in parts):
        for part in parts:
            if part.has_changed():
                services.subscribe(
                    user=user, kind=part.kind, now=timezone.now(), **part.cleaned_data
                )
        messages.success(request, "Saved.")
        return redirect("digest_settings")
    context = {"daily": parts[0], "monday": parts[1] if len(parts) > 1 else None}
    return render(request, "digests/settings.html", context, status=200 if data is None else 422)


@require_safe
def mails(request: AuthenticatedRequest) -> HttpResponse:
    """The mails of the last 30 days: one's own, and for an administrator everybody's."""
    administers = request.user.has_role(Role.ADMINISTRATOR)
    everybody = administers and "mine" not in request.GET
    rows = _lately(request).select_related("user")
    if not everybody:
        rows = rows.filter(user=request.user)
    found = page_of(rows, page_number(request.GET.get("page")), MAILS_A_PAGE)
    context = {
        "page": found,
        "rows": [mail_row(row, request.user, administers) for row in found.rows],
        "administers": administers,
        "everybody": everybody,
        "pause": pause_in_force() if administers else None,
    }
    return render(request, "digests/mails.html", context)


@require_POST
def mail_resume(request: AuthenticatedRequest) -> HttpResponse:
    """Let mail leave again that a restore has paused."""
    if not request.user.has_role(Role.ADMINISTRATOR):
        raise PermissionDenied("Ask an administrator to send mail again.")
    if resume(actor=request.user, now=timezone.now()):
        messages.success(request, "Mail leaves again.")
    else:
        messages.info(request, "Mail is not paused.")
    return redirect("mails")


@require_safe
def mail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """What a digest said, where mails are laid into a folder: for its recipient alone."""
    delivery = get_object_or_404(_lately(request), pk=pk, user=request.user)
    row = mail_row(delivery, request.user, administers=False)
    return render(request, "digests/mail.html", {"row": row, "text": text_of(row)})


@require_POST
def mail_again(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Let a mail that failed, or perhaps left, or was too late be sent again."""
    administers = request.user.has_role(Role.ADMINISTRATOR)
    row = get_object_or_404(_lately(request), pk=pk)
    if not administers and row.user_id != request.user.pk:
        raise Http404
    if not administers:
        raise PermissionDenied("Ask an administrator to send this mail again.")
    if retry(actor=request.user, delivery=row, now=timezone.now()):
        messages.success(request, "It will be sent again in a moment.")
    else:
        messages.info(request, "This mail needs no sending again.")
    return redirect("mails")


def _lately(request: AuthenticatedRequest) -> QuerySet[Delivery]:
    return Delivery.objects.filter(due_at__gte=timezone.now() - MAILS_SHOWN)

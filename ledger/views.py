"""The ledger as officers and those who work for them see it. Compliance has its desk besides."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access_to
from accounts.http import AuthenticatedRequest
from files.http import download
from files.models import StoredFile
from ledger import services
from ledger.entries import read, shares
from ledger.filters import LedgerFilter
from ledger.forms import (
    LineForm,
    NewLineForm,
    ReversalForm,
    detached,
    draft_form,
    officers_to_enter_for,
)
from ledger.known import statement_in_force
from ledger.listing import row_of, rows_of, sums_in_words
from ledger.models import Draft, Line
from partners.models import Partner
from web.paging import page_number, page_of, row_keys

page_of_form = require_http_methods(["GET", "HEAD", "POST"])

ROWS_A_PAGE = 25
OPEN_DRAFTS = 25


@require_safe
def ledger(request: AuthenticatedRequest) -> HttpResponse:
    """The lines that this person sees, newest first; what is being written stands on top."""
    found = LedgerFilter(request.GET, user=request.user)
    page = page_of(found.lines.for_list(), page_number(request.GET.get("page")), ROWS_A_PAGE)
    drafts = Draft.objects.workable_by(request.user).open().for_list()
    context = {
        "filter": found,
        "page": page,
        "rows": rows_of(page.rows),
        "sums": sums_in_words(page.rows),
        "drafts": [_draft_row(draft) for draft in drafts[:OPEN_DRAFTS]],
    }
    return render(request, "ledger/ledger.html", context)


def _draft_row(draft: Draft) -> dict[str, Any]:
    """A draft, with whether it is compliance alone that it waits for."""
    released = draft.released_checks
    levels = {one["level"] for one in draft.findings if one["code"] not in released}
    waits = "hold" in levels and "block" not in levels
    return {"draft": draft, "entry": read(draft.said), "waits": waits}


@page_of_form
def ledger_new(request: AuthenticatedRequest) -> HttpResponse:
    """Begin a line; `partner` names whom it is with."""
    now, user = timezone.now(), request.user
    if request.method != "POST":
        asked = row_keys(request.GET.getlist("partner"))[:1]
        start = {"partners": asked, "statement": statement_in_force(now).number}
        return _form_page(request, NewLineForm(user=user, today=user.today(now), initial=start))
    form = NewLineForm(request.POST, request.FILES, user=user, today=user.today(now))
    if not form.is_valid():
        return _form_page(request, form)
    draft = services.start_draft(
        actor=user,
        officer=form.cleaned_data["officer"],
        source=f"form:{form.cleaned_data['key']}",
        said=form.said,
        now=now,
    )
    # Who came back to this page by the browser's button may have changed what it says.
    services.save_draft(
        actor=user, draft=draft, said=form.said, uploads=form.cleaned_data["receipts"], now=now
    )
    if "enter" in request.POST:
        return _entered(request, draft, now)
    return _kept(request, draft)


@page_of_form
def ledger_draft(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Go on with a line that is being written, and keep it as a draft."""
    draft = _open_draft(request, pk)
    if isinstance(draft, HttpResponse):
        return draft
    now = timezone.now()
    if request.method != "POST":
        return _form_page(request, draft_form(request.user, draft, statement_in_force(now)), draft)
    refused = _saved(request, draft, now)
    return refused or _kept(request, draft)


@require_POST
def ledger_enter(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Keep what the form says, and enter it in the ledger unless a check holds it back."""
    draft = _open_draft(request, pk)
    if isinstance(draft, HttpResponse):
        return draft
    now = timezone.now()
    return _saved(request, draft, now) or _entered(request, draft, now)


@require_POST
def ledger_discard(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    draft = _open_draft(request, pk)
    if isinstance(draft, HttpResponse):
        return draft
    if services.discard(actor=request.user, draft=draft, now=timezone.now()):
        messages.success(request, "The draft is given up. Nothing was entered.")
    return redirect("ledger")


def _open_draft(request: AuthenticatedRequest, pk: int) -> Draft | HttpResponse:
    """A draft to work on; the way to its line, or to the list, where it is over."""
    visible = Draft.objects.visible_to(request.user).select_related("officer")
    draft: Draft = get_object_or_404(visible, pk=pk)
    if draft.entered_at:
        return redirect(draft.line)
    if draft.discarded_at:
        messages.info(request, "This draft was given up.")
        return redirect("ledger")
    if not access_to(request.user, draft.officer).works:
        raise PermissionDenied("You can look at the ledger, and not write in it.")
    return draft


def _saved(request: AuthenticatedRequest, draft: Draft, now: datetime) -> HttpResponse | None:
    """Keep the form in the draft; the page again where something of it cannot be read."""
    form = LineForm(request.POST, request.FILES, user=request.user, draft=draft)
    if not form.is_valid():
        return _form_page(request, form, draft)
    services.save_draft(
        actor=request.user,
        draft=draft,
        said=form.said,
        uploads=form.cleaned_data["receipts"],
        detached=detached(request.POST.getlist("take_off")),
        now=now,
    )
    return None


def _kept(request: AuthenticatedRequest, draft: Draft) -> HttpResponse:
    messages.success(request, "Kept as a draft. Nothing is entered yet.")
    return redirect("ledger_draft", draft.pk)


def _entered(request: AuthenticatedRequest, draft: Draft, now: datetime) -> HttpResponse:
    try:
        line = services.enter(actor=request.user, draft=draft, now=now)
    except services.HeldBack:
        draft.refresh_from_db()
        form = draft_form(request.user, draft, statement_in_force(now))
        return _form_page(request, form, draft, status=422)
    waits = " Compliance looks at it." if line.findings else ""
    messages.success(request, f"Entered in the ledger.{waits}")
    return redirect(line)


def _form_page(
    request: AuthenticatedRequest, form: LineForm, draft: Draft | None = None, status: int = 0
) -> HttpResponse:
    workable = Partner.objects.workable_by(request.user).select_related("company")
    chosen = row_keys(form["partners"].value() or [])
    now = timezone.now()
    released = draft.released_checks if draft else set()
    context = {
        "form": form,
        "draft": draft,
        "chosen": workable.filter(pk__in=chosen),
        "others": workable.active().to_choose_from(chosen),
        "statement": statement_in_force(now),
        "receipts": draft.files.defer("content") if draft else [],
        "findings": _findings(draft, released) if draft else [],
        "a_head": _a_head(draft) if draft else None,
        "one_officer": not draft and len(officers_to_enter_for(request.user)[:2]) == 1,
    }
    return render(
        request,
        "ledger/line_form.html",
        context,
        status=status or (422 if form.is_bound else 200),
    )


def _findings(draft: Draft, released: set[str]) -> list[dict[str, Any]]:
    """What the checks said when somebody last tried to enter it, and what may pass by now."""
    return [
        one | {"released": one["level"] == "hold" and one["code"] in released}
        for one in draft.findings
    ]


def _a_head(draft: Draft) -> dict[str, Any] | None:
    entry = read(draft.said)
    if entry.market_value is None or not entry.attendees:
        return None
    return {"value": shares(entry.market_value, entry.attendees)[0], "heads": entry.attendees}


@require_safe
def ledger_line(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """All that the ledger holds of one line."""
    visible = Line.objects.visible_to(request.user).for_list()
    related = ("statement", "reverses", "draft")
    line = get_object_or_404(visible.select_related(*related, "officer", "entered_by"), pk=pk)
    context = {
        "line": line,
        "row": row_of(line),
        "reversal": Line.objects.filter(reverses=line).select_related("entered_by").first(),
        "receipts": line.files.defer("content"),
        "releases": line.draft.releases.select_related("released_by") if line.draft else [],
        "may_reverse": access_to(request.user, line.officer).works and not line.reverses_id,
    }
    return render(request, "ledger/line.html", context)


@page_of_form
def ledger_reverse(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take a line back by a new one, with a reason."""
    visible = Line.objects.visible_to(request.user).for_list()
    line = get_object_or_404(visible, pk=pk)
    if not access_to(request.user, line.officer).works:
        raise PermissionDenied("You can look at the ledger, and not write in it.")
    if line.reverses_id:
        raise PermissionDenied("This line takes another one back. Enter what is right anew.")
    form = ReversalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        services.reverse(actor=request.user, line=line, reason=reason, now=timezone.now())
        messages.success(request, "The line is taken back. Both stay in the ledger.")
        return redirect(line)
    context = {"form": form, "line": line, "row": row_of(line)}
    status = 422 if form.is_bound else 200
    return render(request, "ledger/reverse.html", context, status=status)


@require_safe
def ledger_file(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """A receipt, for who sees the line or the draft that it belongs to."""
    user = request.user
    file = get_object_or_404(StoredFile, pk=pk)
    of_a_line = Line.objects.visible_to(user).filter(files=file)
    if not (of_a_line.exists() or Draft.objects.visible_to(user).filter(files=file).exists()):
        raise Http404
    return download(file)

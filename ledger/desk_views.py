from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedRequest
from ledger import desk_services, exports, holds
from ledger.desk import codes_held, desk, said_in_words
from ledger.desk_access import compliance_only
from ledger.desk_forms import (
    AnswerForm,
    DayForm,
    ExportForm,
    HoldForm,
    ReasonForm,
    ReleaseForm,
)
from ledger.desk_neutrality import report
from ledger.desk_rules import current_rules
from ledger.models import Draft, Hold, Line
from ledger.neutrality import LEAST_RECIPIENTS
from web.paging import page_number, page_of

page = require_http_methods(["GET", "HEAD", "POST"])

HOLDS_A_PAGE = 50
# Lines on one printable page; a file has no such end.
MOST_PRINTED = 500
CHANGED = "It was changed meanwhile, and nothing is released. Read what it says now."


@require_safe
@compliance_only
def ledger_desk(request: AuthenticatedRequest) -> HttpResponse:
    """What waits for compliance, in four trays."""
    found = desk(request.GET.get("show", ""), page_number(request.GET.get("page")))
    rules, _ = current_rules()
    context = {"desk": found, "page": found.page, "rules": rules}
    if found.open_tray.name == "held":
        words = said_in_words(found.page.rows)
        context["drafts"] = [(draft, words[draft.pk]) for draft in found.page.rows]
    return render(request, "ledger/desk/desk.html", context)


@page
@compliance_only
def ledger_answer(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """A line with everything about it; approve it, or ask about it."""
    line = get_object_or_404(exports.loaded(Line.objects.all()), pk=pk)
    form = AnswerForm(request.POST if request.method == "POST" else None, line=line)
    if form.is_valid():
        desk_services.answer(actor=request.user, line=line, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "Your answer is written down.")
        return redirect("ledger_desk")
    context = {
        "line": line,
        "facts": [(label, value) for label, value in exports.facts(line, request.user) if value],
        "form": form,
        "holds": holds.holds_of(line),
        "may_answer": desk_services.stands_apart(request.user, line),
        "own": desk_services.OWN,
    }
    status = 422 if form.is_bound else 200
    return render(request, "ledger/desk/answer.html", context, status=status)


@page
@compliance_only
def ledger_release(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """A draft that a check holds back; let it pass with a reason."""
    loaded = Draft.objects.select_related("officer", "made_by", "line")
    draft = get_object_or_404(loaded.prefetch_related("releases__released_by"), pk=pk)
    codes = codes_held(draft)
    form = ReleaseForm(
        request.POST if request.method == "POST" else None,
        codes=codes,
        initial={"seen": desk_services.state_of(draft)},
    )
    if request.method == "POST" and not codes:
        messages.info(request, "Nothing holds it back any more.")
        return redirect("ledger_desk")
    if form.is_valid():
        if not desk_services.release(
            actor=request.user, draft=draft, now=timezone.now(), **form.cleaned_data
        ):
            messages.warning(request, CHANGED)
            return redirect("ledger_release", draft.pk)
        messages.success(request, f"Released. {draft.officer.name} can enter it now.")
        return redirect("ledger_desk")
    context = {
        "draft": draft,
        "facts": said_in_words([draft])[draft.pk],
        "form": form if codes else None,
        "may_release": desk_services.stands_apart(request.user, draft),
        "own": desk_services.OWN,
    }
    status = 422 if form.is_bound else 200
    return render(request, "ledger/desk/release.html", context, status=status)


@require_safe
@compliance_only
def ledger_neutrality(request: AuthenticatedRequest) -> HttpResponse:
    """For each officer: does what was given go along with what was referred?"""
    today = request.user.today(timezone.now())
    form = DayForm(request.GET if "until" in request.GET else {"until": today})
    until = form.cleaned_data["until"] if form.is_valid() else None
    context = {
        "form": form,
        "until": until,
        "rows": report(until) if until else [],
        "least": LEAST_RECIPIENTS,
    }
    status = 422 if form.errors else 200
    return render(request, "ledger/desk/neutrality.html", context, status=status)


@require_safe
def ledger_print(request: AuthenticatedRequest) -> HttpResponse:
    """The lines that one sees, with everything about them, to be printed or taken as a file."""
    form = ExportForm(request.GET, visible=Line.objects.visible_to(request.user))
    found = exports.loaded(form.lines()) if form.is_valid() else Line.objects.none()
    shown = page_of(found, page_number(request.GET.get("page")), MOST_PRINTED)
    lines = [(line, exports.facts(line, request.user)) for line in shown.rows]
    context = {"form": form, "lines": lines, "page": shown, "now": timezone.now()}
    status = 422 if form.errors else 200
    return render(request, "ledger/desk/print.html", context, status=status)


@require_POST
def ledger_export(request: AuthenticatedRequest) -> HttpResponse:
    """The same lines as a CSV file; what the filters cannot mean comes back as the page."""
    form = ExportForm(request.POST, visible=Line.objects.visible_to(request.user))
    if not form.is_valid():
        context = {"form": form, "lines": [], "now": timezone.now()}
        return render(request, "ledger/desk/print.html", context, status=422)
    return exports.export(
        form.lines(), actor=request.user, filters=form.asked(), now=timezone.now()
    )


@page
@compliance_only
def ledger_holds(request: AuthenticatedRequest) -> HttpResponse:
    """Legal holds, open and lifted, and the form that places one."""
    asked = {name: request.GET.get(name, "") for name in ["recipient", "line", "officer"]}
    form = HoldForm(request.POST if request.method == "POST" else None, initial=asked)
    if form.is_valid():
        holds.place(actor=request.user, now=timezone.now(), **form.named())
        messages.success(request, "The hold is placed: nothing that it names is purged.")
        return redirect("ledger_holds")
    rows = Hold.objects.select_related("line", "officer", "placed_by", "lifted_by")
    ordered = rows.order_by("lifted_at", "-placed_at", "-pk")
    shown = page_of(ordered, page_number(request.GET.get("page")), HOLDS_A_PAGE)
    context = {"form": form, "page": shown, "rows": holds.in_words(shown.rows)}
    status = 422 if form.is_bound else 200
    return render(request, "ledger/desk/holds.html", context, status=status)


@page
@compliance_only
def ledger_hold_lift(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    hold = get_object_or_404(Hold.objects.select_related("line", "officer", "placed_by"), pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        holds.lift(actor=request.user, hold=hold, reason=reason, now=timezone.now())
        messages.success(request, "The hold is lifted.")
        return redirect("ledger_holds")
    context = {"row": holds.in_words([hold])[0], "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "ledger/desk/hold_lift.html", context, status=status)

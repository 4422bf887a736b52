from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import time_format
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedRequest
from insights.asked import report_for
from insights.board import Board, Links
from insights.book import load
from insights.counting import report_of
from insights.forms import FiguresForm
from insights.officer_board import OfficerBoard
from insights.report import Report
from interactions.reading import conduct_was_read
from partners.models import Partner


@require_safe
def branch_figures(request: AuthenticatedRequest) -> HttpResponse:
    """A branch before its Monday meeting: who moved, whom to help, where the effort went."""
    if not request.user.leads:
        raise Http404
    now = timezone.now()
    form = FiguresForm(request.GET, user=request.user, today=request.user.today(now))
    scope = form.scope()
    if form.person:
        return redirect(_officer_address(form, form.person.pk))
    report = report_for(form, scope, now)
    branch = form.one_branch
    board = Board(report, form.sees_conduct)
    _note_conduct(request, board)
    context = {
        "heading": branch.name if branch else "All your branches",
        "board": board,
        "many_owners": True,
        **_frame(request, form, report),
    }
    return render(request, "insights/branch.html", context)


@require_safe
def officer_figures(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One officer's figures beside the branch's, for a talk between two; or one's own."""
    now = timezone.now()
    form = FiguresForm(request.GET, user=request.user, today=request.user.today(now), officer=pk)
    scope = form.scope()
    book = load(scope, now)
    report = report_of(book)
    beside = report_for(form, replace(scope, officer=None), now) if form.chosen_branches else None
    board = OfficerBoard(report, form.sees_conduct, book, beside)
    _note_conduct(request, board)
    context = {
        "heading": "Your figures" if form.person == request.user else form.person,
        "board": board,
        "many_owners": False,
        **_frame(request, form, report),
    }
    return render(request, "insights/officer.html", context)


def _note_conduct(request: AuthenticatedRequest, board: Board) -> None:
    if request.method == "GET":
        told_of = [Partner(pk=key) for key in sorted(board.told_of)]
        conduct_was_read(actor=request.user, partners=told_of)


def _frame(request: AuthenticatedRequest, form: FiguresForm, report: Report) -> dict[str, object]:
    """What stands above the figures: whose they are, of when, and what can be chosen."""
    own = reverse("officer_figures", args=[request.user.pk])
    leads = bool(form.branches)
    narrow = [] if leads else ["branch", "officer"]
    counted_at = report.counted_at.astimezone(request.user.zone)
    return {
        "form": form,
        "fields": [field for field in form.visible_fields() if field.name not in narrow],
        "action": reverse("branch_figures") if leads else own,
        "report": report,
        "links": Links(form.query),
        "counted_at": time_format(counted_at, "g:i a"),
        "count_now": f"{request.path}{form.query_with(fresh='1')}",
        "today_href": f"{request.path}{form.query_with(as_of='')}",
        "officer_query": form.query_with(branch="", officer=""),
        "back": f"{reverse('branch_figures')}{form.query_with(officer='')}",
    }


def _officer_address(form: FiguresForm, pk: int) -> str:
    query = form.query_with(branch="", officer="")
    return f"{reverse('officer_figures', args=[pk])}{query}"

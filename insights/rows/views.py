from dataclasses import replace
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedRequest
from insights.asked import report_for
from insights.book import load
from insights.counting import report_of
from insights.counting.tiers import at_risk
from insights.forms import FiguresForm
from insights.report import Report
from insights.rows.exports import export, table_of_rows
from insights.rows.lines import PartnerLine, lines_of
from insights.rows.opened import OpenedSet, open_set, tells_conduct
from insights.scope import Scope
from insights.sets import sets_of
from insights.tables import TABLES, table_of
from insights.titles import title_of
from interactions.reading import conduct_was_read
from partners.models import PartnerType
from web.paging import Page, page_number

ROWS_A_PAGE = 25
# Tables of which a stored report holds the first rows alone.
LISTS = {"movers", "at_risk", "freed", "waiting"}
# First words of the sets of the period; the others are of its last day, of a month, or of a year.
OF_THE_PERIOD = {"move", "effort", "pull", "lost", "contact", "thanks", "freed"}


@require_http_methods(["GET", "HEAD", "POST"])
def figure_rows(request: AuthenticatedRequest, name: str) -> HttpResponse:
    """The very rows that a figure counts; a POST answers with all of them as a file."""
    now = timezone.now()
    form = FiguresForm(request.GET, user=request.user, today=request.user.today(now))
    opened = _opened(request, name, form, now)
    if request.method == "POST":
        table = table_of_rows(opened, request.user)
        return export(table, name=name, form=form, actor=request.user)
    number = page_number(request.GET.get("page"))
    start = (number - 1) * ROWS_A_PAGE
    keys = opened.keys[start : start + ROWS_A_PAGE]
    lines = lines_of(opened, keys, request.user)
    context = {
        "opened": opened,
        "form": form,
        "lines": lines,
        "page": Page([], number, len(opened.keys) > start + ROWS_A_PAGE),
        "may_export": not tells_conduct(name),
        "many_owners": request.user.sees_others and not form.person,
        "whose": _whose(form, name),
        "back": _back(form),
    }
    if request.method == "GET":
        of_partners = [line for line in lines if isinstance(line, PartnerLine)]
        told = [line for line in of_partners if line.tells_conduct or tells_conduct(name)]
        conduct_was_read(actor=request.user, partners=[line.partner for line in told])
    return render(request, "insights/rows.html", context)


def _opened(
    request: AuthenticatedRequest, name: str, form: FiguresForm, now: datetime
) -> OpenedSet:
    """The set of this name; 404 where there is none, or where it is not theirs to see."""
    scope = form.scope()
    # Who is flagged over conduct is for those who may see it, and in no file.
    if tells_conduct(name) and (request.method == "POST" or not form.sees_conduct):
        raise Http404
    try:
        title_of(name)  # before the book is read, which takes a while
        return open_set(name, load(scope, now), request.user)
    except KeyError as error:
        raise Http404 from error


def _whose(form: FiguresForm, name: str) -> str:
    """Such as "Riverside · Builder · 90 days to Nov 24, 2026"; the period where it matters."""
    whose = form.person or form.one_branch or "All your branches"
    kind = PartnerType(form.partner_type).label if form.partner_type else ""
    day = f"{form.end:%b} {form.end.day}, {form.end.year}"
    of_period = name.partition(":")[0] in OF_THE_PERIOD
    until = f"{form.period_days} days to {day}" if of_period else day
    return " · ".join(part for part in (str(whose), kind, until) if part)


def _back(form: FiguresForm) -> str:
    """The page of figures that leads here."""
    if form.person is None:
        return f"{reverse('branch_figures')}{form.query}"
    query = form.query_with(branch="", officer="")
    return f"{reverse('officer_figures', args=[form.person.pk])}{query}"


@require_POST
def figure_table(request: AuthenticatedRequest, name: str) -> HttpResponse:
    """One table of a page of figures as a file, for the same query."""
    if name not in TABLES:
        raise Http404
    now = timezone.now()
    form = FiguresForm(request.GET, user=request.user, today=request.user.today(now))
    scope = form.scope()
    report = _whole(scope, now) if name in LISTS else report_for(form, scope, now)
    return export(table_of(name, report), name=name, form=form, actor=request.user)


def _whole(scope: Scope, now: datetime) -> Report:
    """Counted now, with all partners of the lists that a page shows the first of."""
    book = load(scope, now)
    return replace(report_of(book), at_risk=at_risk(book, sets_of(book)))

from collections.abc import Iterator

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access_to
from accounts.http import AuthenticatedRequest
from audit.models import Event
from audit.services import record as record_event
from interactions.models import Referral
from pages.record import Reader, about_partner, about_referral, lines_of, newest
from pages.record_forms import RecordForm
from partners.models import Partner
from web.csv import csv_answer
from web.paging import page_number, page_of

LINES_A_PAGE = 50
# In one file; whoever needs more asks for the days before.
MOST_LINES = 50_000
SLICE = 1000
HEAD = ["Number", "At", "Who", "What happened", "Address"]


def _form(request: AuthenticatedRequest) -> RecordForm:
    if not request.user.sees_record:
        raise Http404
    return RecordForm(request.GET, user=request.user)


@require_safe
def record(request: AuthenticatedRequest) -> HttpResponse:
    """Everything that anybody did, the newest first; for administrators and compliance."""
    form = _form(request)
    events = form.narrowed(newest(Event.objects.all()))
    page = page_of(events, page_number(request.GET.get("page")), LINES_A_PAGE)
    context = {
        "form": form,
        "page": page,
        "lines": lines_of(page.rows, Reader.of_list(request.user)),
        "most_lines": MOST_LINES,
    }
    return render(request, "pages/record.html", context, status=422 if form.errors else 200)


@require_POST
def record_export(request: AuthenticatedRequest) -> HttpResponse:
    """The same lines as a file, for the query of the address. Recorded."""
    form = _form(request)
    events = form.narrowed(newest(Event.objects.all()))
    today = request.user.today(timezone.now())
    with transaction.atomic():
        rows = list(_rows(list(events.values_list("pk", flat=True)[:MOST_LINES]), request))
        record_event(
            actor=request.user,
            action="record.exported",
            target=request.user,
            rows=len(rows),
            narrowed=sorted(name for name in form.fields if request.GET.get(name)),
        )
    return csv_answer(f"record-{today}", HEAD, rows)


def _rows(keys: list[int], request: AuthenticatedRequest) -> Iterator[list[object]]:
    reader = Reader.of_list(request.user)
    for start in range(0, len(keys), SLICE):
        for line in lines_of(
            newest(Event.objects.filter(pk__in=keys[start : start + SLICE])), reader
        ):
            at = line.at.astimezone(request.user.zone).isoformat(timespec="seconds")
            yield [line.number, at, line.who, line.sentence, line.url]


@require_safe
def record_of_partner(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """What was done to a partner and their referrals, for whoever sees them."""
    visible = Partner.objects.visible_to(request.user).select_related("owner")
    partner = get_object_or_404(visible, pk=pk)
    sees_private = access_to(request.user, partner.owner).sees_conduct
    events = about_partner(partner, sees_private=sees_private)
    reader = Reader(names_partners=True, sees_private=sees_private, links=False)
    page = page_of(events, page_number(request.GET.get("page")), LINES_A_PAGE)
    context = {"partner": partner, "page": page, "lines": lines_of(page.rows, reader)}
    return render(request, "pages/record_of_partner.html", context)


@require_safe
def record_of_referral(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """What was done to a referral, for whoever sees it."""
    referral = get_object_or_404(Referral.objects.visible_to(request.user), pk=pk)
    page = page_of(about_referral(referral), page_number(request.GET.get("page")), LINES_A_PAGE)
    lines = lines_of(page.rows, Reader(names_partners=True, links=False))
    context = {"referral": referral, "page": page, "lines": lines}
    return render(request, "pages/record_of_referral.html", context)

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access_to, decided_by
from accounts.http import AuthenticatedRequest
from interactions.models import Referral
from pages import quick_log as quick
from pages.due_lines import lines_of_partner
from pages.filters import PartnerFilter
from pages.forms import MOST_PARTNERS, OptionsForm, PrefillForm, QuickLogForm
from pages.officers import choices_of, chosen
from pages.referrals import ReferralFilter, grouped
from pages.rows import for_list, row_for
from pages.timeline import timeline
from pages.today import build
from pages.verdict import verdict_panel
from partners.models import Partner
from web.back import way_back
from web.paging import page_number, page_of, row_keys

ROWS_A_PAGE = 25
OPTIONS = 8


@require_safe
def today(request: AuthenticatedRequest) -> HttpResponse:
    """Whom to reach today and why; `officer` names whose day it is."""
    choices = choices_of(request.user)
    choice = chosen(request.user, choices, request.GET.get("officer"))
    day = build(
        request.user,
        choice,
        timezone.now(),
        back=request.get_full_path(),
        show_all=request.GET.get("show") == "all",
    )
    return render(request, "pages/today.html", {"day": day, "choices": choices})


@require_safe
def partners(request: AuthenticatedRequest) -> HttpResponse:
    """The partners whom this person sees; the address bar holds the whole view."""
    today = request.user.today(timezone.now())
    visible = for_list(Partner.objects.visible_to(request.user))
    found = PartnerFilter(request.GET, queryset=visible, user=request.user, today=today)
    page = page_of(found.qs, page_number(request.GET.get("page")), ROWS_A_PAGE)
    context = {
        "filter": found,
        "page": page,
        "rows": [row_for(request.user, partner, today) for partner in page.rows],
        "today": today,
        "many_owners": request.user.sees_others,
    }
    return render(request, "pages/partners.html", context)


@require_safe
def partner(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One partner: who they are, the verdict and why, the way so far."""
    loaded = Partner.objects.visible_to(request.user).select_related(
        "owner", "company", "standing__override__made_by"
    )
    found = get_object_or_404(loaded.prefetch_related("tags"), pk=pk)
    # The panel reads the signals on the same day as the tier was judged: the owner's.
    today = found.owner.today(timezone.now())
    access = access_to(request.user, found.owner)
    context = {
        "partner": found,
        "access": access,
        "verdict": verdict_panel(request.user, found, today),
        "timeline": timeline(found, access, page_number(request.GET.get("show"))),
        "lines": lines_of_partner(found, today, request.get_full_path()),
        "referrals": Referral.objects.filter(partner=found).newest_first()[:20],
        "today": today,
    }
    return render(request, "pages/partner.html", context)


@require_safe
def partner_options(request: AuthenticatedRequest) -> HttpResponse:
    """Partners to choose from as one types: a fragment of options."""
    form = OptionsForm(request.GET)
    workable = Partner.objects.workable_by(request.user).active()
    found = workable.search(form.cleaned_data["q"]) if form.is_valid() else workable.none()
    found = found.select_related("company")[:OPTIONS]
    return render(request, "pages/_partner_options.html", {"partners": found})


@require_http_methods(["GET", "HEAD", "POST"])
def quick_log(request: AuthenticatedRequest) -> HttpResponse:
    """Log a call or a lunch: a page, or the same form as a fragment in a dialog."""
    now = timezone.now()
    if request.method == "POST":
        form = QuickLogForm(request.POST, user=request.user, now=now)
        if form.is_valid():
            return _logged(request, quick.save(form, actor=request.user, now=now))
    else:
        prefill = PrefillForm(request.GET, today=request.user.today(now)).filled
        prefill["partners"] = request.GET.getlist("partner")[:MOST_PARTNERS]
        form = QuickLogForm(user=request.user, now=now, initial=prefill)
    return _log_form(request, form)


def _log_form(request: AuthenticatedRequest, form: QuickLogForm) -> HttpResponse:
    workable = Partner.objects.workable_by(request.user).active().select_related("company")
    chosen = row_keys(form["partners"].value() or [])[:MOST_PARTNERS]
    context = {
        "form": form,
        "kinds": quick.KIND_CHOICES,
        "chosen": workable.filter(pk__in=chosen),
        "others": [] if request.htmx else workable.to_choose_from(chosen),
        "next": way_back(request),
        "more_is_told": quick.tells_more(form),
        "may_note_conduct": workable.filter(decided_by(request.user)).exists(),
    }
    template = "pages/_log_form.html" if request.htmx else "pages/quick_log.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


def _logged(request: AuthenticatedRequest, results: list[quick.Result]) -> HttpResponse:
    if request.htmx:
        response = render(request, "pages/_logged.html", {"results": results})
        response["HX-Trigger"] = "interaction-logged"
        return response
    for result in results:
        moved = f" {result.before.title()} → {result.sentence}" if result.moved else ""
        messages.success(request, f"Logged with {result.partner.full_name}.{moved}")
    one = results[0].partner if len(results) == 1 else "partners"
    return redirect(way_back(request) or one)


@require_safe
def referrals(request: AuthenticatedRequest) -> HttpResponse:
    """Referrals by stage; those that nobody has contacted stand on top."""
    visible = Referral.objects.visible_to(request.user).select_related("partner__owner")
    found = ReferralFilter(request.GET, queryset=visible.newest_first(), user=request.user)
    page = page_of(found.qs, page_number(request.GET.get("page")), ROWS_A_PAGE * 2)
    context = {
        "filter": found,
        "page": page,
        "groups": grouped(page.rows),
        "today": request.user.today(timezone.now()),
    }
    return render(request, "pages/referrals.html", context)

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access_to, decided_by, leads, owners_seen_by
from accounts.http import AuthenticatedRequest
from accounts.models import User
from interactions.models import Referral
from interactions.reading import conduct_was_read
from pages import focus as focus_page
from pages import quick_log as quick
from pages.due_lines import lines_of_partner
from pages.filters import PartnerFilter
from pages.forms import (
    FIRST_DAY,
    MOST_PARTNERS,
    DropForm,
    OptionsForm,
    PinForm,
    PrefillForm,
    QuickLogForm,
    ThenForm,
)
from pages.officers import choices_of, chosen, starts_at_the_desk
from pages.referrals import ReferralFilter, grouped
from pages.rows import for_list, row_for
from pages.timeline import timeline
from pages.today import build
from pages.verdict import verdict_panel
from pages.verdict_then import verdict_then
from partners.models import Partner
from touches import focus_list
from touches.models import FocusPlace
from web.back import way_back
from web.paging import page_number, page_of, row_keys

page_of_form = require_http_methods(["GET", "HEAD", "POST"])

ROWS_A_PAGE = 25
OPTIONS = 8


@require_safe
def today(request: AuthenticatedRequest) -> HttpResponse:
    """Whom to reach today and why; `officer` names whose day it is."""
    choices = choices_of(request.user)
    choice = chosen(request.user, choices, request.GET.get("officer"))
    if starts_at_the_desk(request.user, choice):
        return redirect("ledger_desk")
    day = build(
        request.user,
        choice,
        timezone.now(),
        back=request.get_full_path(),
        show_all=request.GET.get("show") == "all",
    )
    if request.method == "GET":
        told_of = [move.partner for move in day.moves if move.tells_conduct]
        conduct_was_read(actor=request.user, partners=told_of)
    return render(request, "pages/today.html", {"day": day, "choices": choices})


@require_safe
def partners(request: AuthenticatedRequest) -> HttpResponse:
    """The partners whom this person sees; the address bar holds the whole view."""
    today = request.user.today(timezone.now())
    visible = for_list(Partner.objects.visible_to(request.user))
    found = PartnerFilter(request.GET, queryset=visible, user=request.user, today=today)
    page = page_of(found.qs, page_number(request.GET.get("page")), ROWS_A_PAGE)
    rows = [row_for(request.user, partner, today) for partner in page.rows]
    if request.method == "GET":
        told_of = [row.partner for row in rows if row.tells_conduct]
        conduct_was_read(actor=request.user, partners=told_of)
    context = {
        "filter": found,
        "page": page,
        "rows": rows,
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
        "may_hand_over": leads(request.user, found.owner),
        "verdict": verdict_panel(request.user, found, today),
        "timeline": timeline(
            found, request.user, access, page_number(request.GET.get("show")), today
        ),
        "lines": lines_of_partner(found, today, request.get_full_path()),
        "referrals": Referral.objects.filter(partner=found).newest_first()[:20],
        "today": today,
    }
    if request.method == "GET" and _tell_conduct(context["verdict"], context["timeline"]):
        conduct_was_read(actor=request.user, partners=[found])
    return render(request, "pages/partner.html", context)


def _tell_conduct(*parts: Any) -> bool:
    """Whether a page with these parts tells the reader of conduct; None is an empty part."""
    return any(part.tells_conduct for part in parts if part)


@require_safe
def partner_then(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """A partner's tier as it was at the end of a past day, and why."""
    visible = Partner.objects.visible_to(request.user).select_related("owner", "company")
    found = get_object_or_404(visible, pk=pk)
    today = found.owner.today(timezone.now())
    form = ThenForm(request.GET if "day" in request.GET else None, today=today)
    context: dict[str, Any] = {"partner": found, "form": form, "today": today}
    if form.is_valid():
        day = form.cleaned_data["day"]
        month = timedelta(days=30)
        context |= {
            "day": day,
            "then": verdict_then(request.user, found, day),
            "earlier": max(day - month, FIRST_DAY),
            "later": min(day + month, today),
        }
        if request.method == "GET" and _tell_conduct(context["then"]):
            conduct_was_read(actor=request.user, partners=[found])
    return render(request, "pages/partner_then.html", context, status=422 if form.errors else 200)


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


def _logged(request: AuthenticatedRequest, logged: quick.Logged) -> HttpResponse:
    results = logged.results
    if request.htmx:
        response = render(request, "pages/_logged.html", {"logged": logged, "results": results})
        response["HX-Trigger"] = "interaction-logged"
        return response
    for result in results:
        moved = f" {result.before.title()} → {result.sentence}" if result.moved else ""
        messages.success(request, f"Logged with {result.partner.full_name}.{moved}")
    if logged.draft:
        # Not its page at once: what is said here of tiers would stand on the ledger's form.
        messages.info(request, "A ledger line has begun. Finish it under Gratitude, Ledger.")
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


@require_safe
def focus(request: AuthenticatedRequest) -> HttpResponse:
    """The partners to give most of the week to; `officer` names whose list it is."""
    choices = choices_of(request.user, owners_seen_by)
    choice = chosen(request.user, choices, request.GET.get("officer"))
    page = focus_page.build(request.user, choice, timezone.now())
    return render(request, "pages/focus.html", {"focus": page, "choices": choices})


def _officer_to_work_for(request: AuthenticatedRequest, pk: int) -> User:
    """An officer, for a person who may log and plan for them; 404 for strangers."""
    officer = get_object_or_404(User.objects.filter(owners_seen_by(request.user)), pk=pk)
    if not access_to(request.user, officer).works:
        raise PermissionDenied("You can look at this list, and not change it.")
    return officer


def _to_the_list(officer: User) -> HttpResponse:
    return redirect(f"{reverse('focus')}?officer={officer.pk}")


@require_POST
def focus_choose(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Choose an empty list now, without waiting for Monday."""
    officer = _officer_to_work_for(request, pk)
    now = timezone.now()
    if focus_list.choose_for(actor=request.user, officer=officer, now=now):
        messages.success(request, "This week’s list is chosen.")
    elif not focus_list.places_now(officer, officer.today(now)).exists():
        messages.info(request, "Nobody could be chosen: the list is for Cultivation partners.")
    return _to_the_list(officer)


@page_of_form
def focus_pin(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Put a partner on the list, with a reason."""
    officer = _officer_to_work_for(request, pk)
    now = timezone.now()
    theirs = Partner.objects.active().filter(owner=officer)
    form = PinForm(
        request.POST if request.method == "POST" else None,
        partners=theirs,
        initial={"partner": request.GET.get("partner")},
    )
    if form.is_valid() and _pinned(request, officer, form, now):
        return _to_the_list(officer)
    asked = row_keys([form["partner"].value()])
    today = officer.today(now)
    context = {
        "form": form,
        "officer": officer,
        "is_full": focus_list.is_full(officer, today),
        "chosen": theirs.filter(pk__in=asked),
        "others": focus_list.pinnable(officer, today).to_choose_from(asked),
        "options_url": reverse("focus_options", args=[officer.pk]),
    }
    return render(request, "pages/focus_pin.html", context, status=422 if form.is_bound else 200)


def _pinned(request: AuthenticatedRequest, officer: User, form: PinForm, now: datetime) -> bool:
    """Pin what the form says; False, with the sentence in the form, where that is refused."""
    said = form.cleaned_data
    try:
        pinned = focus_list.pin(actor=request.user, officer=officer, now=now, **said)
    except ValidationError as error:
        form.add_error("partner", error)
        return False
    if pinned:
        messages.success(request, f"{said['partner'].full_name} stays on the focus list.")
    return True


@require_safe
def focus_options(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Partners to pin, as one types: a fragment of options."""
    officer = _officer_to_work_for(request, pk)
    form = OptionsForm(request.GET)
    partners = focus_list.pinnable(officer, officer.today(timezone.now()))
    found = partners.search(form.cleaned_data["q"]) if form.is_valid() else partners.none()
    found = found.select_related("company")[:OPTIONS]
    return render(request, "pages/_partner_options.html", {"partners": found})


@page_of_form
def focus_drop(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take a partner off the list, with a reason."""
    visible = FocusPlace.objects.visible_to(request.user)
    place = get_object_or_404(visible.select_related("partner", "week__officer"), pk=pk)
    officer = _officer_to_work_for(request, place.week.officer_id)
    form = DropForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data["reason"]
        if focus_list.drop(actor=request.user, place=place, reason=said, now=timezone.now()):
            messages.success(request, f"{place.partner.full_name} is off the focus list.")
        return _to_the_list(officer)
    context = {"form": form, "place": place, "officer": officer}
    return render(request, "pages/focus_drop.html", context, status=422 if form.is_bound else 200)

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import leads, led_by
from accounts.http import AuthenticatedRequest
from accounts.models import User
from pages.handover_forms import HandOverForm, WhoForm
from pages.handover_preview import GROUPS, preview
from partners.handover import hand_over, take_back
from partners.models import Handover, Partner
from web.paging import page_number, page_of, row_keys

ROWS_A_PAGE = 25


def _only_leaders(request: AuthenticatedRequest) -> None:
    if not request.user.leads:
        raise PermissionDenied("A branch manager or an administrator hands partners over.")


@require_safe
def handovers(request: AuthenticatedRequest) -> HttpResponse:
    """Who gave partners to whom, the newest first."""
    _only_leaders(request)
    visible = Handover.objects.visible_to(request.user).for_list()
    page = page_of(visible, page_number(request.GET.get("page")), ROWS_A_PAGE)
    return render(request, "pages/handovers.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def handover_new(request: AuthenticatedRequest) -> HttpResponse:
    """Choose two people; see what goes; hand over. The address says who and which partners."""
    _only_leaders(request)
    who = WhoForm(request.GET if "to" in request.GET else None, user=request.user)
    only = row_keys(request.GET.getlist("partner"))
    if not who.is_valid():
        _check_people(request)
        who.initial = {"from": request.GET.get("from")}
        context = {
            "form": who,
            "only": Partner.objects.visible_to(request.user).filter(pk__in=only),
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "pages/handover_who.html", context, status=status)
    form = HandOverForm(request.POST if request.method == "POST" else None)
    now = timezone.now()
    if form.is_valid() and (made := _made(request, who, form, now)):
        return redirect(made)
    return _preview(request, who, form, only, now)


def _check_people(request: AuthenticatedRequest) -> None:
    """People whom one does not lead do not exist here."""
    named = set(row_keys(request.GET.getlist("from") + request.GET.getlist("to")))
    if User.objects.filter(led_by(request.user), pk__in=named).count() < len(named):
        raise Http404


def _made(
    request: AuthenticatedRequest, who: WhoForm, form: HandOverForm, now: datetime
) -> Handover | None:
    """Hand over what is ticked; None, with the sentence in the form, where that is refused."""
    try:
        made = hand_over(
            actor=request.user,
            from_owner=who.cleaned_data["from"],
            to_owner=who.cleaned_data["to"],
            partner_ids=form.ticked,
            now=now,
            **form.cleaned_data,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return None
    messages.success(request, f"{_partners(made.partners.count())} went to {made.to_owner}.")
    return made


def _preview(
    request: AuthenticatedRequest,
    who: WhoForm,
    form: HandOverForm,
    only: list[int],
    now: datetime,
) -> HttpResponse:
    ticked = set(form.ticked)
    from_owner, to_owner = who.cleaned_data["from"], who.cleaned_data["to"]
    context = {
        "form": form,
        "from_owner": from_owner,
        "to_owner": to_owner,
        "groups": GROUPS,
        "only": only,
        "today": request.user.today(now),
        "preview": preview(
            from_owner,
            to_owner,
            only=only,
            is_ticked=(lambda pk, _: pk in ticked) if form.is_bound else who.is_ticked,
            now=now,
        ),
    }
    status = 422 if form.is_bound else 200
    return render(request, "pages/handover_new.html", context, status=status)


def _partners(count: int) -> str:
    return "1 partner" if count == 1 else f"{count} partners"


@require_safe
def handover(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One hand-over: which partners, where they are now, and the way back."""
    found = _visible(request, pk)
    given = found.partners.visible_to(request.user).select_related("owner", "company")
    partners = list(given.defer("notes", "phone_mobile", "phone_work"))
    context: dict[str, Any] = {
        "handover": found,
        "partners": partners,
        "unseen": found.how_many - len(partners),
        "back": sum(partner.owner_id == found.to_owner_id for partner in partners),
        "leads_both": _leads_both(request, found),
    }
    return render(request, "pages/handover.html", context)


@require_POST
def handover_back(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Give back to the old owner whoever still is with the new one."""
    found = _visible(request, pk)
    if not _leads_both(request, found):
        raise PermissionDenied("Who leads both people takes it back.")
    try:
        moved, left = take_back(actor=request.user, handover=found, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(found)
    if not moved:
        messages.info(request, "This was taken back already.")
        return redirect(found)
    kept = f" {_partners(left)} stayed where somebody gave them since." if left else ""
    messages.success(request, f"{_partners(moved)} went back to {found.from_owner}.{kept}")
    return redirect(found)


def _visible(request: AuthenticatedRequest, pk: int) -> Any:
    return get_object_or_404(Handover.objects.visible_to(request.user).for_list(), pk=pk)


def _leads_both(request: AuthenticatedRequest, found: Handover) -> bool:
    return leads(request.user, found.from_owner) and leads(request.user, found.to_owner)

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import access_to
from accounts.http import AuthenticatedRequest
from partners import services
from partners.forms import ArchiveForm, PartnerForm
from partners.models import Partner

page = require_http_methods(["GET", "HEAD", "POST"])


def partner_to_work_with(request: AuthenticatedRequest, pk: int) -> Partner:
    """The partner, for a person who may log and plan; 404 for strangers, 403 for who only looks."""
    partner = _visible(request, pk)
    if not access_to(request.user, partner.owner).works:
        raise PermissionDenied("You can look at this partner, and not change it.")
    return partner


def partner_to_decide_on(request: AuthenticatedRequest, pk: int) -> Partner:
    """The partner, for its owner and their manager; 404 for strangers, 403 for who only looks."""
    partner = _visible(request, pk)
    if not access_to(request.user, partner.owner).decides:
        raise PermissionDenied("The owner and their manager decide this.")
    return partner


def _visible(request: AuthenticatedRequest, pk: int) -> Partner:
    partners = Partner.objects.visible_to(request.user).select_related("owner", "company")
    return get_object_or_404(partners, pk=pk)


@page
def partner_new(request: AuthenticatedRequest) -> HttpResponse:
    return _partner_form(request, Partner(owner=request.user), "Add a partner")


@page
def partner_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    partner = partner_to_work_with(request, pk)
    return _partner_form(request, partner, f"Edit {partner.full_name}")


def _partner_form(request: AuthenticatedRequest, partner: Partner, title: str) -> HttpResponse:
    now = timezone.now()
    form = PartnerForm(
        request.POST or None, instance=partner, user=request.user, today=request.user.today(now)
    )
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data.get("key"):
            form.instance.key = form.cleaned_data["key"].hex
        saved = services.save_partner(
            actor=request.user,
            partner=form.instance,
            company=form.cleaned_data["company_name"],
            tags=form.cleaned_data["tag_names"],
            changed=form.changed_data,
            now=now,
        )
        messages.success(request, f"Saved {saved.full_name}.")
        return redirect(saved)
    status = 422 if form.is_bound else 200
    context = {"form": form, "title": title}
    return render(request, "partners/partner_form.html", context, status=status)


@page
def partner_archive(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    partner = partner_to_decide_on(request, pk)
    form = ArchiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        services.archive(actor=request.user, partner=partner, reason=reason, now=timezone.now())
        messages.success(request, f"Archived {partner.full_name}. Nothing was deleted.")
        return redirect("partners")
    status = 422 if form.is_bound else 200
    context = {"form": form, "partner": partner}
    return render(request, "partners/partner_archive.html", context, status=status)


@require_POST
def partner_restore(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    partner = partner_to_decide_on(request, pk)
    services.restore(actor=request.user, partner=partner)
    messages.success(request, f"{partner.full_name} is back in the book.")
    return redirect(partner)

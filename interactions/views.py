from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access_to
from accounts.http import AuthenticatedRequest
from interactions import services
from interactions.contacts import BorrowerContact, contact_of
from interactions.erasure import may_hold_contact
from interactions.forms import (
    InteractionForm,
    MoveForm,
    ReferralForm,
    ReferralFormWithoutContact,
)
from interactions.models import Conduct, Interaction, Referral, Stage
from interactions.reading import conduct_was_read, contact_was_read
from partners.models import Partner
from web.back import way_back
from web.paging import row_keys

page = require_http_methods(["GET", "HEAD", "POST"])


def _interaction(request: AuthenticatedRequest, pk: int) -> Interaction:
    visible = Interaction.objects.visible_to(request.user)
    interaction = get_object_or_404(visible.select_related("partner__owner"), pk=pk)
    if not access_to(request.user, interaction.partner.owner).works:
        raise PermissionDenied("You can look at this partner, and not change it.")
    return interaction


@page
def interaction_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    interaction = _interaction(request, pk)
    owner = interaction.partner.owner
    access = access_to(request.user, owner)
    form = InteractionForm(
        request.POST or None,
        instance=interaction,
        today=owner.today(timezone.now()),
        access=access,
    )
    if request.method == "POST" and form.is_valid():
        services.change_interaction(
            actor=request.user, interaction=form.instance, changed=form.changed_data
        )
        messages.success(request, "Corrected.")
        return redirect(interaction.partner)
    status = 422 if form.is_bound else 200
    context = {
        "form": form,
        "interaction": interaction,
        "may_remove": access.decides,
        "has_conduct_note": access.sees_conduct and form["conduct"].initial != Conduct.NONE,
    }
    if request.method == "GET" and context["has_conduct_note"]:
        conduct_was_read(actor=request.user, partners=[interaction.partner])
    return render(request, "interactions/interaction_form.html", context, status=status)


@require_POST
def interaction_remove(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    interaction = _interaction(request, pk)
    if not access_to(request.user, interaction.partner.owner).decides:
        raise PermissionDenied("Ask the owner of this partner to remove it.")
    services.remove_interaction(actor=request.user, interaction=interaction)
    messages.success(request, f"Removed: {interaction.get_kind_display().lower()}.")
    return redirect(interaction.partner)


def _referral(request: AuthenticatedRequest, pk: int) -> Referral:
    visible = Referral.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("partner__owner"), pk=pk)


def _referral_to_work_on(request: AuthenticatedRequest, pk: int) -> Referral:
    referral = _referral(request, pk)
    if not access_to(request.user, referral.partner.owner).works:
        raise PermissionDenied("You can look at this referral, and not change it.")
    return referral


@page
def referral_new(request: AuthenticatedRequest) -> HttpResponse:
    now = timezone.now()
    partners = Partner.objects.workable_by(request.user).active().select_related("owner")
    form = ReferralForm(
        request.POST or None,
        now=now,
        partners=partners,
        initial={"received_at": timezone.localtime(now), "partner": request.GET.get("partner")},
    )
    if request.method == "POST" and form.is_valid():
        form.instance.key = form.cleaned_data["key"]
        referral = services.add_referral(actor=request.user, referral=form.instance)
        messages.success(request, f"Added {referral.borrower}.")
        return redirect(referral)
    return _referral_form(request, form, "Add a referral")


@page
def referral_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    referral = _referral_to_work_on(request, pk)
    contact = contact_of(referral)
    shows_contact = contact.is_readable and may_hold_contact(referral)
    form = (ReferralForm if shows_contact else ReferralFormWithoutContact)(
        request.POST or None,
        instance=referral,
        now=timezone.now(),
        partners=Partner.objects.none(),
    )
    if request.method == "POST" and form.is_valid():
        services.change_referral(
            actor=request.user, referral=form.instance, changed=form.changed_data
        )
        messages.success(request, "Saved.")
        return redirect(referral)
    if shows_contact:
        _note_reading(request, referral, contact)
    return _referral_form(request, form, f"Edit {referral.borrower}")


def _referral_form(request: AuthenticatedRequest, form: ReferralForm, title: str) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "title": title}
    if "partner" in form.fields:
        chosen = row_keys([form["partner"].value()])
        partners = Partner.objects.workable_by(request.user).active()
        context["chosen"] = partners.filter(pk__in=chosen)
        context["others"] = partners.to_choose_from(chosen)
    status = 422 if form.is_bound else 200
    return render(request, "interactions/referral_form.html", context, status=status)


@require_safe
def referral(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One referral: the borrower's contact, the way that it went, and the next stage."""
    found = _referral(request, pk)
    works = access_to(request.user, found.partner.owner).works
    return _referral_page(request, found, works)


@require_POST
def referral_move(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    found = _referral_to_work_on(request, pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _referral_page(request, found, works=True, form=form)
    moved = services.move_referral(
        actor=request.user,
        referral=found,
        stage=Stage(form.cleaned_data["stage"]),
        lost_reason=form.cleaned_data["lost_reason"],
        at=timezone.now(),
    )
    if moved:
        messages.success(request, f"{found.borrower}: {found.get_stage_display().lower()}.")
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Trigger": "touch-changed"})
    return redirect(way_back(request) or found)


def _referral_page(
    request: AuthenticatedRequest, found: Referral, works: bool, form: MoveForm | None = None
) -> HttpResponse:
    """With the borrower's contact in full, so that this is recorded."""
    contact = contact_of(found)
    usual = MoveForm(initial={"stage": found.stage, "lost_reason": found.lost_reason})
    context = {
        "referral": found,
        "contact": contact,
        "moves": found.moves.select_related("moved_by"),
        "form": form or usual,
        "next_stages": found.next_stages if works else [],
        "works": works,
    }
    _note_reading(request, found, contact)
    return render(request, "interactions/referral.html", context, status=422 if form else 200)


def _note_reading(
    request: AuthenticatedRequest, referral: Referral, contact: BorrowerContact
) -> None:
    """Of a HEAD only the headers leave."""
    if contact.says_something and request.method != "HEAD":
        contact_was_read(actor=request.user, referral=referral)

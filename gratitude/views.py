from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedRequest
from gratitude import services
from gratitude.access import host_for, may_change
from gratitude.forms import EventForm, EventsForm, GuestsForm, LogForm
from gratitude.guests import GROUNDS, guests_of
from gratitude.models import Event, Invitation
from gratitude.offers import said_of_event
from ledger.models import Ground
from ledger.services import start_draft
from partners.models import Partner
from web.paging import page_number, page_of, row_keys

page = require_http_methods(["GET", "HEAD", "POST"])

ROWS_A_PAGE = 25
PARTNERS_A_PAGE = 50
# As many as one form takes; a whole office is one action, however large.
MOST_AT_ONCE = 200
MOST_OF_AN_OFFICE = 1000


@require_safe
def events(request: AuthenticatedRequest) -> HttpResponse:
    """What comes, then what was; the address holds the filters."""
    user = request.user
    today = user.today(timezone.now())
    form = EventsForm(request.GET, user=user)
    rows = Event.objects.visible_to(user).for_list().coming_first(today)
    rows = form.narrowed(rows, today) if form.is_valid() else rows.none()
    found = page_of(rows, page_number(request.GET.get("page")), ROWS_A_PAGE)
    context = {
        "form": form,
        "page": found,
        "coming": [event for event in found.rows if event.day >= today],
        "past": [event for event in found.rows if event.day < today],
        "today": today,
    }
    return render(request, "gratitude/events.html", context)


@page
def event_new(request: AuthenticatedRequest) -> HttpResponse:
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    form = EventForm(data, user=request.user, today=request.user.today(now))
    if form.is_valid():
        form.instance.key = form.cleaned_data["key"]
        added = services.add_event(
            actor=request.user, event=form.instance, colleagues=form.cleaned_data["colleagues"]
        )
        messages.success(request, f"{added.name} is planned. Now choose whom to invite.")
        return redirect(added)
    status = 422 if form.is_bound else 200
    return render(request, "gratitude/event_form.html", {"form": form}, status=status)


@page
def event_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    found = _event_to_change(request, pk)
    data = request.POST if request.method == "POST" else None
    today = request.user.today(timezone.now())
    form = EventForm(data, instance=found, user=request.user, today=today)
    if form.is_valid() and _changed(request, form):
        messages.success(request, "Saved.")
        return redirect(found)
    status = 422 if form.is_bound else 200
    context = {"form": form, "event": Event.objects.get(pk=pk)}
    return render(request, "gratitude/event_form.html", context, status=status)


def _changed(request: AuthenticatedRequest, form: EventForm) -> bool:
    """Write the form; False, with the sentence in it, where that is refused."""
    try:
        services.change_event(
            actor=request.user,
            event=form.instance,
            colleagues=form.cleaned_data["colleagues"],
            changed=form.changed_data,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@require_safe
def event(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One event: its facts, who is invited, who came."""
    return _event_page(request, _event(request, pk))


def _event_page(
    request: AuthenticatedRequest, found: Event, form: LogForm | None = None, error: str = ""
) -> HttpResponse:
    """The page; `form` and `error` say what was refused, and `came` of the form stays ticked."""
    user = request.user
    today = found.officer.today(timezone.now())
    guests = guests_of(found, user)
    ticked = row_keys(request.POST.getlist("came"))
    context: dict[str, Any] = {
        "event": found,
        "guests": guests,
        "ticked": ticked if error else [line.invitation.pk for line in guests.lines if line.came],
        "ground": GROUNDS[Ground(found.invited)],
        "today": today,
        "was": found.day <= today,
        "may_change": may_change(user, found),
        "host": host_for(user, found),
        "form": form or LogForm(day=found.day, today=today, initial={"minutes": guests.minutes}),
        "error": error,
    }
    return render(request, "gratitude/event.html", context, status=422 if error else 200)


@page
def event_invite(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Choose whom to invite, among partners with whom one works; the address narrows them."""
    found = _event_to_host(request, pk)
    form = GuestsForm(request.GET, user=request.user)
    workable = Partner.objects.workable_by(request.user).active()
    error = ""
    if request.method == "POST":
        if keys := _keys_to_invite(request, workable):
            return _invite(request, found, keys)
        error = "Tick at least one partner."
    narrowed = form.narrowed(workable) if form.is_valid() else workable.none()
    free = narrowed.not_left_in_peace().exclude(invitations__event=found)
    shown = free.select_related("company", "owner").defer("notes", "phone_mobile", "phone_work")
    context = {
        "event": found,
        "form": form,
        "page": page_of(shown, page_number(request.GET.get("page")), PARTNERS_A_PAGE),
        "in_peace": narrowed.left_in_peace().count(),
        "company": form.cleaned_data.get("company") if form.is_valid() else None,
        "many_owners": request.user.sees_others,
        "error": error,
    }
    return render(request, "gratitude/event_invite.html", context, status=422 if error else 200)


def _keys_to_invite(request: AuthenticatedRequest, workable: Any) -> list[int]:
    """Of the partners who are ticked, or of everybody of the company that the form names."""
    companies = row_keys(request.POST.getlist("company"))
    if not companies:
        return row_keys(request.POST.getlist("partner"))[:MOST_AT_ONCE]
    office = workable.filter(company=companies[0]).not_left_in_peace().order_by("pk")
    return list(office.values_list("pk", flat=True)[:MOST_OF_AN_OFFICE])


def _invite(request: AuthenticatedRequest, found: Event, keys: list[int]) -> HttpResponse:
    try:
        asked = services.invite(actor=request.user, event=found, partner_ids=keys)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(found)
    for sentence in asked.refused:
        messages.warning(request, sentence)
    if asked.invited:
        messages.success(request, f"{_partners(asked.invited)} on the list.")
    elif not asked.refused:
        messages.info(request, "They are on the list already.")
    return redirect(found)


@page
def event_walk_in(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Add partners who came without having been invited."""
    found = _event_to_host(request, pk)
    workable = Partner.objects.workable_by(request.user).active()
    keys = row_keys(request.POST.getlist("partner"))[:MOST_AT_ONCE]
    error = "Choose who came." if request.method == "POST" and not keys else ""
    if keys:
        today = found.officer.today(timezone.now())
        try:
            services.add_walk_ins(actor=request.user, event=found, partner_ids=keys, today=today)
        except ValidationError as refused:
            error = refused.messages[0]
        else:
            messages.success(request, "Added as having come.")
            return redirect(found)
    context = {
        "event": found,
        "chosen": workable.filter(pk__in=keys),
        "others": workable.exclude(invitations__event=found).to_choose_from(keys),
        "error": error,
    }
    return render(request, "gratitude/event_walk_in.html", context, status=422 if error else 200)


@require_POST
def event_came(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Save who came, among the guests whom the page showed."""
    found = _event_to_host(request, pk)
    now = timezone.now()
    try:
        _note_who_came(request, found, now)
    except ValidationError as error:
        return _event_page(request, found, error=error.messages[0])
    messages.success(request, "Saved who came.")
    return redirect(found)


@require_POST
def event_log(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Save who came, and log an interaction for everybody who did."""
    found = _event_to_host(request, pk)
    now = timezone.now()
    today = found.officer.today(now)
    form = LogForm(request.POST, day=found.day, today=today)
    if not form.is_valid():
        said = [text for texts in form.errors.values() for text in texts]
        return _event_page(request, found, form=form, error=str(said[0]))
    try:
        _note_who_came(request, found, now)
        logged = services.log_who_came(
            actor=request.user,
            event=found,
            minutes=form.cleaned_data["minutes"],
            today=today,
            now=now,
        )
    except ValidationError as error:
        return _event_page(request, found, form=form, error=error.messages[0])
    if logged:
        messages.success(request, f"Logged for {_partners(len(logged))}.")
    else:
        messages.info(request, "Nobody was left to log: tick who came first.")
    return redirect(found)


def _note_who_came(request: AuthenticatedRequest, found: Event, now: datetime) -> None:
    services.note_who_came(
        actor=request.user,
        event=found,
        shown=row_keys(request.POST.getlist("guest")),
        came=row_keys(request.POST.getlist("came")),
        today=found.officer.today(now),
    )


@require_POST
def event_ledger(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Begin the ledger line of an event, for the host for whom one works, or go on with it."""
    found = _event(request, pk)
    host = host_for(request.user, found)
    if host is None:
        raise PermissionDenied("You can look at this event, and not change it.")
    now = timezone.now()
    if found.cancelled_at or found.day > found.officer.today(now):
        messages.error(request, "There is nothing to enter before an event has been.")
        return redirect(found)
    draft = start_draft(
        actor=request.user,
        officer=host,
        source=found.source,
        said=said_of_event(found, request.user),
        now=now,
    )
    return redirect(draft.line if draft.entered_at else draft)


@require_POST
def event_take_off(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take somebody off the list; the address names their invitation."""
    visible = Invitation.objects.visible_to(request.user).filter(
        event__in=Event.objects.visible_to(request.user).values("pk")
    )
    invitation = get_object_or_404(visible.select_related("partner__owner", "event"), pk=pk)
    if not Invitation.objects.workable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied("You can look at this guest, and not change it.")
    try:
        services.take_off(actor=request.user, invitation=invitation)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"{invitation.partner.full_name} is off the list.")
    return redirect(invitation.event)


@require_POST
def event_cancel(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    found = _event_to_change(request, pk)
    try:
        services.cancel_event(actor=request.user, event=found, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "Cancelled. Tell your guests; nothing goes out from here.")
    return redirect(found)


@require_POST
def event_back(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take back that it was cancelled."""
    found = _event_to_change(request, pk)
    services.bring_back(actor=request.user, event=found)
    messages.success(request, f"{found.name} takes place after all.")
    return redirect(found)


def _event(request: AuthenticatedRequest, pk: int) -> Event:
    visible = Event.objects.visible_to(request.user).select_related("officer")
    return get_object_or_404(visible.prefetch_related("colleagues"), pk=pk)


def _event_to_change(request: AuthenticatedRequest, pk: int) -> Event:
    found = _event(request, pk)
    if not may_change(request.user, found):
        raise PermissionDenied(f"This is {found.officer}’s event: they can change it.")
    return found


def _event_to_host(request: AuthenticatedRequest, pk: int) -> Event:
    found = _event(request, pk)
    if host_for(request.user, found) is None:
        raise PermissionDenied("You can look at this event, and not change it.")
    return found


def _partners(count: int) -> str:
    return "1 partner" if count == 1 else f"{count} partners"

import ipaddress
from dataclasses import dataclass
from datetime import date, datetime

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access_to
from accounts.http import AuthenticatedRequest
from accounts.models import Role, User
from partners.models import Partner
from partners.views import partner_to_work_with
from touches import feed_address, services
from touches.agenda import anniversaries_of
from touches.cadences import Playbook
from touches.feed import calendar_of
from touches.forms import PlaybookForm, SkipForm, SnoozeForm, StepForm, snooze_choices
from touches.kinds import KINDS, TouchKind
from touches.models import CalendarFeed, PlannedTouch, PlaybookVersion
from touches.occasions import touch_named
from touches.playbook import BY_HAND, OCCASION_KINDS, latest_snooze
from touches.playbook_words import in_words
from web.back import way_back
from web.limits import Limit, LimitUnknown

page = require_http_methods(["GET", "HEAD", "POST"])

# Two people may work through the same day.
NOTHING_TO_DO = "Nothing had to be changed: somebody was quicker, or it stood so already."

DONE_BY_LOGGING = frozenset(TouchKind) - BY_HAND


@page
def step_new(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Plan a next step with a partner."""
    partner = partner_to_work_with(request, pk)
    if partner.archived_at:
        raise PermissionDenied("This partner is archived. Bring them back first.")
    form = StepForm(request.POST or None, today=partner.owner.today(timezone.now()))
    if request.method == "POST" and form.is_valid():
        services.plan(actor=request.user, partners=[partner], **form.cleaned_data)
        messages.success(request, "Planned.")
        return redirect(partner)
    status = 422 if form.is_bound else 200
    context = {"form": form, "partner": partner}
    return render(request, "touches/step_form.html", context, status=status)


@dataclass(frozen=True)
class Asked:
    """A touch that somebody finishes, snoozes or skips: a row, or what a cadence asks for."""

    partner: Partner
    kind: TouchKind
    today: date
    row: PlannedTouch | None = None

    @property
    def what(self) -> str:
        return (self.row and self.row.what) or KINDS[self.kind].label

    @property
    def row_id(self) -> int | None:
        return self.row.pk if self.row else None

    @property
    def latest(self) -> date | None:
        """Until when it can be put off; None where nothing but the reader's own plans ends it."""
        if self.row is None or self.kind not in OCCASION_KINDS:
            return None
        touch = touch_named(anniversaries_of(self.partner), self.kind, self.row.occurrence)
        return latest_snooze(touch) if touch else None

    def address(self, act: str) -> str:
        """Where this touch is snoozed or skipped."""
        if self.row:
            return reverse(f"touch_{act}", args=[self.row.pk])
        return reverse(f"cadence_{act}", args=[self.partner.pk, self.kind])

    @property
    def snooze_url(self) -> str:
        return self.address("snooze")

    @property
    def skip_url(self) -> str:
        return self.address("skip")


def _row(request: AuthenticatedRequest, pk: int) -> Asked:
    visible = PlannedTouch.objects.visible_to(request.user).select_related("partner__owner")
    row = get_object_or_404(visible, pk=pk)
    if not access_to(request.user, row.partner.owner).works:
        raise PermissionDenied("You can look at this partner, and not change it.")
    today = row.partner.owner.today(timezone.now())
    return Asked(row.partner, TouchKind(row.kind), today, row)


def _cadence(request: AuthenticatedRequest, pk: int, kind: str) -> Asked:
    if kind not in DONE_BY_LOGGING:
        raise Http404
    partner = partner_to_work_with(request, pk)
    if partner.archived_at:
        raise PermissionDenied("This partner is archived. Bring them back first.")
    return Asked(partner, TouchKind(kind), partner.owner.today(timezone.now()))


@require_POST
def touch_done(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Finish a next step, or an occasion that nobody logs a contact for."""
    asked = _row(request, pk)
    if asked.row is None or asked.kind not in BY_HAND:
        raise PermissionDenied("Log the contact, and this is done by itself.")
    if services.finish(actor=request.user, touch=asked.row, now=timezone.now()):
        messages.success(request, f"Done: {asked.what}.")
    else:
        messages.info(request, NOTHING_TO_DO)
    return _answer(request, asked)


@page
def touch_snooze(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    return _snooze(request, _row(request, pk))


@page
def cadence_snooze(request: AuthenticatedRequest, pk: int, kind: str) -> HttpResponse:
    return _snooze(request, _cadence(request, pk, kind))


def _snooze(request: AuthenticatedRequest, asked: Asked) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = SnoozeForm(data, today=asked.today, latest=asked.latest)
    if not form.is_valid():
        return _ask(request, "snooze", asked, form)
    until = form.cleaned_data["until"]
    snoozed = services.snooze(
        actor=request.user,
        partner=asked.partner,
        kind=asked.kind,
        until=until,
        row_id=asked.row_id,
        today=asked.today,
    )
    if snoozed:
        messages.success(request, f"{asked.what}: until {format_date(until, 'l, F j')}.")
    else:
        messages.info(request, NOTHING_TO_DO)
    return _answer(request, asked)


@page
def touch_skip(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    return _skip(request, _row(request, pk))


@page
def cadence_skip(request: AuthenticatedRequest, pk: int, kind: str) -> HttpResponse:
    return _skip(request, _cadence(request, pk, kind))


def _skip(request: AuthenticatedRequest, asked: Asked) -> HttpResponse:
    form = SkipForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(request, "skip", asked, form)
    skipped = services.skip(
        actor=request.user,
        partner=asked.partner,
        kind=asked.kind,
        reason=form.cleaned_data["reason"],
        row_id=asked.row_id,
        today=asked.today,
    )
    if skipped:
        messages.success(request, f"Skipped: {asked.what}.")
    else:
        messages.info(request, NOTHING_TO_DO)
    return _answer(request, asked)


def _ask(
    request: AuthenticatedRequest, act: str, asked: Asked, form: SnoozeForm | SkipForm
) -> HttpResponse:
    """The question as a page, or as the fragment that opens below the touch."""
    fragment = f"touches/_{act}.html"
    context = {
        "title": act.capitalize(),
        "fragment": fragment,
        "asked": asked,
        "form": form,
        "choices": snooze_choices(asked.today, asked.latest),
        "next": way_back(request),
    }
    template = fragment if request.htmx else "touches/act.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


def _answer(request: AuthenticatedRequest, asked: Asked) -> HttpResponse:
    """Back to the page that it came from; htmx loads the list on that page anew."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Trigger": "touch-changed"})
    return redirect(way_back(request) or asked.partner)


@require_safe
def playbook(request: AuthenticatedRequest) -> HttpResponse:
    """The play-book in words, for everybody."""
    newest = PlaybookVersion.objects.select_related("published_by").newest()
    context = {
        "parts": in_words(Playbook.from_dict(newest.rules) if newest else Playbook()),
        "version": newest,
        "may_edit": request.user.has_role(Role.ADMINISTRATOR),
    }
    return render(request, "touches/playbook.html", context)


@page
def playbook_edit(request: AuthenticatedRequest) -> HttpResponse:
    _check_administers(request.user)
    current = PlaybookVersion.objects.playbook()
    form = PlaybookForm(request.POST if request.method == "POST" else None, playbook=current)
    if form.is_valid():
        return _publish(request, form.playbook())
    context = {"form": form, "is_default": current == Playbook()}
    status = 422 if form.is_bound else 200
    return render(request, "touches/playbook_edit.html", context, status=status)


@require_POST
def playbook_restore(request: AuthenticatedRequest) -> HttpResponse:
    """Let the guide's own play-book hold again."""
    _check_administers(request.user)
    return _publish(request, Playbook())


def _check_administers(user: User) -> None:
    if not user.has_role(Role.ADMINISTRATOR):
        raise PermissionDenied("Only an administrator changes the play-book.")


def _publish(request: AuthenticatedRequest, playbook: Playbook) -> HttpResponse:
    if playbook == PlaybookVersion.objects.playbook():
        messages.info(request, "Nothing was changed.")
    else:
        services.publish_playbook(actor=request.user, playbook=playbook, now=timezone.now())
        messages.success(request, "Published. From now on touches are planned by it.")
    return redirect("playbook")


# How often one address may be read, and one client may ask for addresses that do not exist.
READS = Limit("calendar-reads", amount=60, seconds=60 * 60)
MISSES = Limit("calendar-misses", amount=300, seconds=60 * 60)


@require_safe
def calendar(request: AuthenticatedRequest) -> HttpResponse:
    """Whether this person has a calendar address, since when, and how to use it."""
    return _calendar_page(request)


@require_POST
def calendar_make(request: AuthenticatedRequest) -> HttpResponse:
    """Make a new address and show it in this answer alone: it is kept nowhere."""
    secret = feed_address.make(user=request.user, now=timezone.now())
    path = reverse("calendar_feed", args=[secret])
    return _calendar_page(request, address=f"{settings.SITE_URL}{path}")


@require_POST
def calendar_revoke(request: AuthenticatedRequest) -> HttpResponse:
    if feed_address.revoke(user=request.user):
        messages.success(request, "Your calendar address works no more.")
    return redirect("calendar")


def _calendar_page(request: AuthenticatedRequest, address: str = "") -> HttpResponse:
    feed = CalendarFeed.objects.filter(user=request.user).first()
    return render(request, "touches/calendar.html", {"feed": feed, "address": address})


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar that the secret opens, for a program that cannot sign in.

    It reads no session and sets no cookie. A wrong secret, an old one and that of a person who left
    get the same answer.
    """
    try:
        answer = _calendar_answer(_network(request), secret, timezone.now())
    except LimitUnknown:
        answer = _plain("Try again in a minute.", 503, wait=60)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _calendar_answer(network: str, secret: str, now: datetime) -> HttpResponse:
    # Counted before it is looked up, and taken back for a right one: of many at once none slips by.
    if not MISSES.take(network, now):
        return _plain("Too many wrong addresses.", 429, wait=MISSES.wait(now))
    feed = feed_address.feed_at(secret)
    if feed is None:
        return _plain("There is no such calendar.", 404)
    MISSES.give_back(network, now)
    if not READS.take(feed.secret_hash, now):
        return _plain("This calendar was read too often.", 429, wait=READS.wait(now))
    feed_address.note_read(feed, now)
    calendar = calendar_of(feed.user, now)
    return HttpResponse(calendar, content_type="text/calendar; charset=utf-8")


def _plain(text: str, status: int, wait: int = 0) -> HttpResponse:
    headers = {"Retry-After": str(wait)} if wait else {}
    return HttpResponse(text, content_type="text/plain", status=status, headers=headers)


def _network(request: HttpRequest) -> str:
    """Who asks: an IPv4 address, or an IPv6 network, as one host has very many addresses there."""
    client = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    if isinstance(client, ipaddress.IPv6Address):
        # A server that listens on both sees IPv4 so; all of IPv4 would be one network.
        client = client.ipv4_mapped or client
    if client.version == 4:
        return str(client)
    return str(ipaddress.ip_network((client, 64), strict=False))

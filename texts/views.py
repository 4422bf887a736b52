from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access_to
from accounts.http import AuthenticatedRequest
from accounts.models import Branch, User
from partners.models import Partner
from policies.access import branches_read_by, may_change
from texts import services
from texts.filling import PLACEHOLDERS
from texts.forms import TeamTextForm, WordsForm
from texts.occasions import OCCASIONS, PROGRAMS, Occasion, Program
from texts.originals import Place, Text
from texts.overview import PLACES, groups, log_address, message_address, preview, tabs, way_out
from texts.silence import offered_occasions, opt_out
from web.paging import row_keys

page = require_http_methods(["GET", "HEAD", "POST"])

COMPANY = "company"


@require_safe
def texts(request: AuthenticatedRequest) -> HttpResponse:
    """The starting texts as they hold for the company or a branch, and whose wording each is."""
    user = request.user
    asked = request.GET.get("branch", "")
    branch = _branch(user, asked) if asked else _own_branch(user)
    context = {
        "groups": groups(branch),
        "branch": branch,
        "branches": branches_read_by(user),
        "may_change": may_change(user, branch.pk if branch else None),
    }
    return render(request, "texts/texts.html", context)


def _own_branch(user: User) -> Branch | None:
    if may_change(user, None):
        return None
    return branches_read_by(user).filter(pk=user.branch_id or 0).first()


def _branch(user: User, asked: str) -> Branch | None:
    """The branch of an address, of those that they read; None is the company."""
    if asked in {"", COMPANY}:
        return None
    key = next(iter(row_keys([asked])), 0)
    return get_object_or_404(branches_read_by(user), pk=key)


def _place_to_change(
    request: AuthenticatedRequest, name: str, asked: str
) -> tuple[Place, Branch | None]:
    if name not in PLACES:
        raise Http404("There is no such text.")
    branch = _branch(request.user, asked)
    if not may_change(request.user, branch.pk if branch else None):
        raise PermissionDenied("You can read this text; its manager words it.")
    return PLACES[name], branch


@page
def text_edit(request: AuthenticatedRequest, name: str) -> HttpResponse:
    """Word a text anew, and see it filled with an example."""
    asked = request.GET.get("branch", "")
    place, branch = _place_to_change(request, name, asked)
    text = services.text_in_force(place, branch.pk if branch else None)
    form = TeamTextForm(
        request.POST if request.method == "POST" else None,
        program=place.program,
        initial={"subject": text.subject, "body": text.body},
    )
    if form.is_valid():
        services.change_text(
            actor=request.user, place=place, branch=branch, text=form.text, now=timezone.now()
        )
        messages.success(request, f"Saved: {OCCASIONS[place.occasion].lower()}.")
        return redirect(_list_address(branch))
    line = next(line for group in groups(branch) for line in group.lines if line.name == name)
    context = {
        "form": form,
        "line": line,
        "branch": branch,
        "preview": preview(text),
        "occasion": OCCASIONS[place.occasion],
        "placeholders": [(f"{{{name}}}", what) for name, what in PLACEHOLDERS.items()],
        "back": _list_address(branch),
    }
    return render(request, "texts/text_edit.html", context, status=422 if form.is_bound else 200)


@require_POST
def text_original(request: AuthenticatedRequest, name: str) -> HttpResponse:
    """Let go of the own wording, so that the one above it holds again."""
    place, branch = _place_to_change(request, name, request.POST.get("branch", ""))
    if services.back_to_original(actor=request.user, place=place, branch=branch):
        messages.success(request, f"{OCCASIONS[place.occasion]}: the earlier wording is back.")
    return redirect(_list_address(branch))


def _list_address(branch: Branch | None) -> str:
    return f"{reverse('texts')}?branch={branch.pk if branch else COMPANY}"


@page
def message(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """A message to a partner, to be read, changed and opened in one's own program."""
    visible = Partner.objects.visible_to(request.user)
    loaded = visible.select_related("owner", "company", "standing__override")
    partner = get_object_or_404(loaded, pk=pk)
    if not access_to(request.user, partner.owner).works:
        raise PermissionDenied("You can look at this partner, and not write to them.")
    today = partner.owner.today(timezone.now())
    offered = offered_occasions(partner, today)
    occasion = _chosen(request.GET.get("occasion"), OCCASIONS, next(iter(offered), Occasion.COFFEE))
    program = _chosen(request.GET.get("program"), PROGRAMS, _open_program(partner))
    context: dict[str, Any] = {
        "partner": partner,
        "occasion": occasion,
        "program": program,
        "occasion_name": OCCASIONS[occasion],
        "occasions": list(tabs(partner, offered, program)),
        "programs": [
            (code, name, message_address(partner, occasion, code))
            for code, name in PROGRAMS.items()
        ],
        "log": log_address(partner, occasion, program),
    }
    try:
        filled = services.filled_text(
            user=request.user, partner=partner, occasion=occasion, program=program, today=today
        )
    except services.NotOffered as said:
        context["silence"] = str(said)
        return render(request, "texts/message.html", context)
    sent = request.POST if request.method == "POST" else None
    initial = {"subject": filled.subject, "body": filled.body}
    return _message_page(request, context, WordsForm(sent, initial=initial, program=program))


def _message_page(
    request: AuthenticatedRequest, context: dict[str, Any], form: WordsForm
) -> HttpResponse:
    """A text that is objected to comes with the sentences and without links."""
    if form.is_bound:
        words = form.text if form.is_valid() else None
    else:
        words = Text(form.initial["subject"], form.initial["body"])
    context["form"] = form
    if words:
        context["way"] = way_out(context["partner"], context["program"], words)
        context["has_gap"] = "(say here" in words.body
    return render(request, "texts/message.html", context, status=200 if words else 422)


def _chosen(asked: str | None, known: dict[str, str], usual: str) -> str:
    return asked if asked in known else usual


def _open_program(partner: Partner) -> str:
    """The first in which something can be opened now; e-mail where none is."""
    if partner.email and not opt_out(partner, Program.EMAIL):
        return Program.EMAIL
    if partner.phone_mobile and not opt_out(partner, Program.TEXT):
        return Program.TEXT
    return Program.TEXT if partner.no_emails and not partner.no_texts else Program.EMAIL

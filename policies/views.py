from datetime import date, datetime, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedRequest
from accounts.models import Branch, User
from policies import services
from policies.access import branches_read_by, may_change
from policies.forms import DraftForm, StartForm
from policies.models import PolicyDraft
from policies.overview import overview, what_changes
from policies.results import movers, result_of
from policies.words import parts_of
from tiers.models import PolicyVersion
from tiers.policy import Policy
from tiers.policy_words import changes
from tiers.services import follow_company
from tiers.verdict import Tier
from web.paging import page_number, page_of, row_keys

page = require_http_methods(["GET", "HEAD", "POST"])

MOVERS_A_PAGE = 25
COMPANY = "company"


@require_safe
def policies(request: AuthenticatedRequest) -> HttpResponse:
    """The policy of one's branch or of the company in words, and its versions."""
    user = request.user
    branches = list(branches_read_by(user))
    branch = _asked_branch(request.GET.get("branch", ""), user, branches)
    found = overview(user, branch, user.today(timezone.now()))
    return render(request, "policies/policies.html", {"found": found, "branches": branches})


def _asked_branch(text: str, user: User, branches: list[Branch]) -> Branch | None:
    """The branch of the address; without one, one's own. None is the company."""
    if text == COMPANY:
        return None
    by_key = {branch.pk: branch for branch in branches}
    if text:
        return by_key.get(_branch_key(text)) or _no_such_branch()
    return None if may_change(user, None) else by_key.get(user.branch_id or 0)


def _branch_key(text: str) -> int:
    return next(iter(row_keys([text])), 0)


def _no_such_branch() -> Branch:
    raise Http404("There is no such branch.")


@require_safe
def policy_version(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One version in words, whether it holds or not, and what it changed."""
    readable = Q(branch=None) | Q(branch__in=branches_read_by(request.user))
    versions = PolicyVersion.objects.select_related("branch", "published_by")
    version = get_object_or_404(versions.filter(readable), pk=pk)
    context = {
        "version": version,
        "parts": parts_of(version.policy) if version.rules is not None else [],
        "changes": what_changes(version, PolicyVersion.objects.history()),
        "back": _overview_address(version.branch_id),
    }
    return render(request, "policies/policy_version.html", context)


@require_POST
def policy_draft_new(request: AuthenticatedRequest) -> HttpResponse:
    """Begin a draft with the numbers in force; the open one is opened again."""
    branch = _branch_to_change(request, request.POST.get("branch", ""))
    now = timezone.now()
    policies = PolicyVersion.objects.in_force(request.user.today(now))
    draft = services.start_draft(
        actor=request.user,
        branch=branch,
        policy=policies.of(branch.pk if branch else None).policy,
        now=now,
    )
    return redirect("policy_draft", draft.pk)


@page
def policy_draft(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Change the numbers of a draft; the button says whether they are tried at once."""
    draft = _own_draft(request, pk)
    now = timezone.now()
    form = DraftForm(request.POST if request.method == "POST" else None, policy=draft.policy)
    if form.is_valid():
        services.save_draft(actor=request.user, draft=draft, policy=form.policy(), now=now)
        if "try" in request.POST:
            services.start_trial(actor=request.user, draft=draft, now=now)
            return redirect("policy_trial", draft.pk)
        messages.success(request, "Saved. Nothing is judged by it until you publish it.")
        return redirect("policy_draft", draft.pk)
    context = {
        "draft": draft,
        "form": form,
        "changes": _changes(request.user, draft),
        "back": _overview_address(draft.branch_id),
    }
    status = 422 if form.is_bound else 200
    return render(request, "policies/policy_draft.html", context, status=status)


@require_POST
def policy_guide(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Put the guide's own numbers into a draft."""
    draft = _own_draft(request, pk)
    now = timezone.now()
    services.save_draft(actor=request.user, draft=draft, policy=Policy(), now=now)
    messages.success(request, "The draft holds the guide’s own numbers again.")
    return redirect("policy_draft", draft.pk)


@require_POST
def policy_try(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    draft = _own_draft(request, pk)
    services.start_trial(actor=request.user, draft=draft, now=timezone.now())
    return redirect("policy_trial", draft.pk)


@require_safe
def policy_trial(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Whom the draft would move; while it is tried, how far that came (htmx asks again)."""
    draft = _own_draft(request, pk)
    trial = draft.trials.newest()
    context = {"draft": draft, "trial": trial}
    if trial and trial.finished_at:
        moves = trial.moves.disclosed_to(request.user).for_list()
        way = request.GET.get("way", "")
        from_tier, _, tier = way.partition("-")
        if {from_tier, tier} <= set(Tier):
            moves = moves.filter(from_tier=from_tier, tier=tier)
        shown = page_of(moves, page_number(request.GET.get("page")), MOVERS_A_PAGE)
        context |= {
            "result": result_of(trial, draft, request.user),
            "movers": movers(shown.rows, request.user, timezone.now()),
            "page": shown,
            "way": way,
        }
    template = "policies/_trial.html" if request.htmx else "policies/policy_trial.html"
    return render(request, template, context)


@page
def policy_publish(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Say from which day a draft holds, with what it changes before one's eyes."""
    now = timezone.now()
    if request.method == "POST" and _just_published(request.user, pk, now):
        return redirect("policies")
    draft = _own_draft(request, pk)
    form = StartForm(
        request.POST if request.method == "POST" else None, today=request.user.today(now)
    )
    if form.is_valid():
        version = services.publish_draft(
            actor=request.user, draft=draft, now=now, **form.cleaned_data
        )
        if version:
            messages.success(request, _published(version, request.user.today(now)))
        return redirect(_overview_address(draft.branch_id))
    trial = draft.trials.newest()
    context = {
        "draft": draft,
        "form": form,
        "changes": _changes(request.user, draft),
        "result": result_of(trial, draft, request.user) if trial and trial.finished_at else None,
    }
    status = 422 if form.is_bound else 200
    return render(request, "policies/policy_publish.html", context, status=status)


@require_POST
def policy_discard(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    draft = _own_draft(request, pk)
    services.discard_draft(actor=request.user, draft=draft)
    messages.success(request, "The draft is gone. Nothing else has changed.")
    return redirect(_overview_address(draft.branch_id))


@page
def policy_follow(request: AuthenticatedRequest) -> HttpResponse:
    """Let a branch follow the company's policy again."""
    branch = _branch_to_change(request, request.GET.get("branch", ""))
    if branch is None:
        raise Http404("The company follows nobody.")
    user, now = request.user, timezone.now()
    today = user.today(now)
    form = StartForm(request.POST if request.method == "POST" else None, today=today)
    found = overview(user, branch, today)
    if not found.may_follow:
        messages.info(request, f"{branch} follows the company’s policy already.")
        return redirect(_overview_address(branch.pk))
    if form.is_valid():
        version = follow_company(actor=user, branch=branch, now=now, **form.cleaned_data)
        messages.success(request, _published(version, today))
        return redirect(_overview_address(branch.pk))
    context = {
        "branch": branch,
        "form": form,
        "changes": _changes_by_following(found.version, today),
        "back": _overview_address(branch.pk),
    }
    status = 422 if form.is_bound else 200
    return render(request, "policies/policy_follow.html", context, status=status)


def _own_draft(request: AuthenticatedRequest, pk: int) -> PolicyDraft:
    drafts = PolicyDraft.objects.of(request.user).select_related("branch", "made_by")
    return get_object_or_404(drafts, pk=pk)


def _just_published(user: User, pk: int, now: datetime) -> bool:
    """Whether this is the second of two clicks: the draft is gone, and they published it."""
    lately = PolicyVersion.objects.filter(
        published_by=user, published_at__gt=now - timedelta(minutes=2)
    )
    return not PolicyDraft.objects.filter(pk=pk).exists() and lately.exists()


def _branch_to_change(request: AuthenticatedRequest, text: str) -> Branch | None:
    """The branch that a form names, blank for the company, where this person changes policies."""
    branch = branches_read_by(request.user).filter(pk=_branch_key(text)).first() if text else None
    if text and branch is None:
        _no_such_branch()
    if not may_change(request.user, branch.pk if branch else None):
        raise PermissionDenied(
            "A manager changes the policy of their branch, an administrator the company’s."
        )
    return branch


def _overview_address(branch_id: int | None) -> str:
    return f"{reverse('policies')}?branch={branch_id or COMPANY}"


def _changes(user: User, draft: PolicyDraft) -> list[str]:
    """How the draft differs from what is in force."""
    policies = PolicyVersion.objects.in_force(user.today(timezone.now()))
    return changes(policies.of(draft.branch_id).policy, draft.policy)


def _changes_by_following(version: PolicyVersion, today: date) -> list[str]:
    company = PolicyVersion.objects.in_force(today).company
    return changes(version.policy, company.policy)


def _published(version: PolicyVersion, today: date) -> str:
    if version.starts_on <= today:
        return "Published. Everybody is judged by it within minutes."
    return f"Published. It holds from {format_date(version.starts_on, 'F j, Y')}."

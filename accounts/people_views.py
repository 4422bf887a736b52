"""People, their roles and branches: administrators change them, managers look at their own."""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services
from accounts.access import led_by
from accounts.belongings import belongings_of
from accounts.forms import BranchForm, GrantForm, NewPersonForm, PeopleFilter, PersonForm
from accounts.http import AuthenticatedRequest
from accounts.mail_kinds import INVITATION
from accounts.middleware import SECOND_FACTORS
from accounts.models import Branch, Grant, Role, User
from mailing.models import Delivery
from web.paging import page_number, page_of

PEOPLE_A_PAGE = 50

page = require_http_methods(["GET", "HEAD", "POST"])


def _must_lead(request: AuthenticatedRequest) -> None:
    if not request.user.leads:
        raise Http404


def _must_administer(request: AuthenticatedRequest) -> None:
    """Who leads sees these pages and may hear why a change is refused; others find nothing."""
    _must_lead(request)
    if not request.user.has_role(Role.ADMINISTRATOR):
        raise PermissionDenied("An administrator changes people, roles and branches.")


def _person(request: AuthenticatedRequest, pk: int) -> User:
    """A person whom this one looks after; 404 for strangers."""
    _must_lead(request)
    led = User.objects.filter(led_by(request.user)).select_related("branch")
    return get_object_or_404(led, pk=pk)


def _person_to_change(request: AuthenticatedRequest, pk: int) -> User:
    person = _person(request, pk)
    _must_administer(request)
    return person


# --- people ---------------------------------------------------------------------------------


@require_safe
def people(request: AuthenticatedRequest) -> HttpResponse:
    """Who works here: an administrator sees everybody, a manager their branch."""
    _must_lead(request)
    form = PeopleFilter(request.GET)
    form.is_valid()
    led = User.objects.filter(led_by(request.user))
    found = _filtered(led, form)
    context = {
        "form": form,
        "page": page_of(found, page_number(request.GET.get("page")), PEOPLE_A_PAGE),
        "administers": request.user.has_role(Role.ADMINISTRATOR),
        "state": form.cleaned_data.get("state") or "active",
    }
    return render(request, "accounts/people.html", context)


def _filtered(people: QuerySet[User], form: PeopleFilter) -> QuerySet[User]:
    asked = form.cleaned_data
    state = asked.get("state") or "active"
    if state != "all":
        people = people.filter(is_active=state == "active")
    if asked.get("branch"):
        people = people.filter(branch=asked["branch"])
    return people.search(asked.get("q", "")).for_list()  # type: ignore[attr-defined]


@page
def person_new(request: AuthenticatedRequest) -> HttpResponse:
    """Add a person and invite them."""
    _must_administer(request)
    form = NewPersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            person = services.add_person(
                actor=request.user, invited_at=timezone.now(), **form.values
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"An invitation is on its way to {person.email}.")
            return redirect(person)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/person_new.html", {"form": form}, status=status)


@page
def person(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One person: who they are, their roles, their sign-in, and what is in their hands."""
    found = _person(request, pk)
    if request.method != "POST":
        return _person_page(request, found)
    _must_administer(request)
    form = PersonForm(request.POST, instance=User.objects.get(pk=pk))
    if form.is_valid():
        try:
            changed = services.change_person(
                actor=request.user, person=found, values=form.cleaned_data, now=timezone.now()
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Saved." if changed else "Nothing had to be changed.")
            return redirect(found)
    return _person_page(request, found, form=form)


def _person_page(
    request: AuthenticatedRequest,
    person: User,
    *,
    form: PersonForm | None = None,
    grant_form: GrantForm | None = None,
) -> HttpResponse:
    """The whole page; 422 where one of its forms was refused."""
    refused = form or grant_form
    context = {
        "person": person,
        "administers": request.user.has_role(Role.ADMINISTRATOR),
        "is_self": person.pk == request.user.pk,
        "form": form or PersonForm(instance=person),
        "grant_form": grant_form or GrantForm(person=person),
        "grants": person.grants.standing(),
        "absences": person.helper_grants.absences().open_at(timezone.now()),
        "second_factor": is_mfa_enabled(person, SECOND_FACTORS),
        "invitation": _last_invitation(person),
        "belongings": belongings_of(person),
    }
    return render(request, "accounts/person.html", context, status=422 if refused else 200)


def _last_invitation(person: User) -> Delivery | None:
    sent = Delivery.objects.filter(user=person, kind=INVITATION)
    return sent.order_by("-planned_at", "-id").first()


@require_POST
def person_invite(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    found = _person_to_change(request, pk)
    if services.invite(actor=request.user, person=found, now=timezone.now()):
        messages.success(request, f"An invitation is on its way to {found.email}.")
    elif found.has_usable_password():
        messages.info(request, f"{found} has a password. “Forgot your password?” gives a new one.")
    elif not found.is_active:
        messages.error(request, f"{found} has left. Let them in again first.")
    else:
        messages.info(request, "One is on its way already. Try again in a minute.")
    return redirect(found)


@page
def person_deactivate(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Ask first what is to become of what is theirs, then let the person in no more."""
    found = _person_to_change(request, pk)
    if request.method != "POST":
        context = {"person": found, "belongings": belongings_of(found)}
        return render(request, "accounts/person_deactivate.html", context)
    try:
        if services.deactivate(actor=request.user, person=found, now=timezone.now()):
            messages.success(request, f"{found} is signed out and cannot sign in any more.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(found)


@require_POST
def person_activate(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    found = _person_to_change(request, pk)
    if services.activate(actor=request.user, person=found, now=timezone.now()):
        messages.success(request, f"{found} is back. An invitation is on its way to {found.email}.")
    return redirect(found)


# --- roles ----------------------------------------------------------------------------------


@require_POST
def grant_add(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    found = _person_to_change(request, pk)
    form = GrantForm(request.POST, person=found)
    if form.is_valid():
        try:
            grant = services.give_grant(actor=request.user, person=found, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{found} is now: {grant}.")
            return redirect(found)
    return _person_page(request, found, grant_form=form)


@require_POST
def grant_remove(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    _must_lead(request)
    led = Grant.objects.standing().filter(user__in=User.objects.filter(led_by(request.user)))
    grant = get_object_or_404(led.select_related("user", "branch", "officer"), pk=pk)
    _must_administer(request)
    try:
        if services.take_grant(actor=request.user, grant=grant):
            messages.success(request, f"{grant.user} is no longer: {grant}.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(grant.user)


# --- branches -------------------------------------------------------------------------------


@require_safe
def branches(request: AuthenticatedRequest) -> HttpResponse:
    _must_administer(request)
    active = Count("people", filter=Q(people__is_active=True))
    context = {"branches": Branch.objects.annotate(active=active).order_by("name")}
    return render(request, "accounts/branches.html", context)


@page
def branch_new(request: AuthenticatedRequest) -> HttpResponse:
    _must_administer(request)
    return _branch_form(request, None)


@page
def branch_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    _must_administer(request)
    return _branch_form(request, get_object_or_404(Branch, pk=pk))


def _branch_form(request: AuthenticatedRequest, branch: Branch | None) -> HttpResponse:
    form = BranchForm(request.POST if request.method == "POST" else None, instance=branch)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            if branch:
                services.rename_branch(actor=request.user, branch=branch, name=name)
            else:
                services.add_branch(actor=request.user, name=name)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Saved.")
            return redirect("branches")
    status = 422 if form.is_bound else 200
    return render(
        request, "accounts/branch_form.html", {"form": form, "branch": branch}, status=status
    )

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.utils import timezone

from accounts.models import User
from audit.services import record_refusal
from web.limits import Limit, LimitUnknown

logger = logging.getLogger(__name__)

# Recovery codes stand in for one of these, and are none by themselves.
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
ALWAYS_OPEN = {"account_logout", "account_reauthenticate", "healthz", "background_health"}

REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
# What the number of an address means, by the beginning of its route.
OBJECTS = {
    "partners": "partners.partner",
    "referrals": "interactions.referral",
    "people": "accounts.user",
}
# A reload is the same refusal; and whoever tries all numbers must not fill the record.
ONCE_A_MINUTE = Limit("refused-address", 1, 60)
OF_A_PERSON = Limit("refusals", 60, 60)


class RequireSecondFactor:
    """Send managers and up to the set-up of a second factor until they have one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if settings.DEMO or not request.user.is_authenticated:
            return None
        name = (request.resolver_match.url_name or "") if request.resolver_match else ""
        if name in ALWAYS_OPEN or name.startswith("mfa_"):
            return None
        if not request.user.needs_second_factor or is_mfa_enabled(request.user, SECOND_FACTORS):
            return None
        return redirect("mfa_index")


class UserTimeZone:
    """Show every time in the zone of the person who looks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(request.user.zone):
            return self.get_response(request)


class RecordRefusals:
    """Write down when a view did not let a signed-in person in: "access.refused" in the record.

    Once a minute for each person and address, and at most 60 times a minute for each person.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in REFUSED and request.user.is_authenticated:
            match = getattr(request, "refusable", None)
            if match and _is_worth_a_line(request, response.status_code):
                _record(request, match, response.status_code)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> None:
        """Note the address, as the last of all: a form whose token is old does not come here.

        Not those that answer before the sign-in, whose parts are secrets; and a view without a
        name is Django's own for what is nowhere.
        """
        match = request.resolver_match
        if match and match.url_name and getattr(view, "login_required", True):
            request.refusable = match  # type: ignore[attr-defined]


def _is_worth_a_line(request: HttpRequest, status: int) -> bool:
    now, person = timezone.now(), str(request.user.pk)
    address = f"{person} {request.method} {request.get_full_path()} {status}"
    try:
        return ONCE_A_MINUTE.take(address, now) and OF_A_PERSON.take(person, now)
    except LimitUnknown:
        return True


def _record(request: HttpRequest, match: ResolverMatch, status: int) -> None:
    """Whatever the database says: the page has its answer already."""
    if not isinstance(request.user, User):
        return
    key = match.kwargs.get("pk")
    kind = OBJECTS.get(match.route.split("/")[0]) if key is not None else None
    try:
        record_refusal(
            actor=request.user,
            view=match.view_name,
            target_type=kind or "page",
            target_id=str(key) if kind else match.view_name,
            method=request.method or "",
            status=status,
            number=str(key or ""),
        )
    except DatabaseError:
        logger.exception("A refused access could not be recorded.")

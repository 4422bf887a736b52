"""Managers and up reach nothing but the set-up of a second factor until they have one."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from accounts.middleware import RequireSecondFactor
from tests.cast import with_second_factor

pytestmark = pytest.mark.django_db

OPEN = [
    "account_logout",
    "account_reauthenticate",
    "healthz",
    "background_health",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
]
CLOSED = ["profile", "partners", "quick_log", "account_change_password", "admin:index"]


def decision(user, name):
    """Where the middleware sends this person on the way to a page; None lets them pass."""
    request = RequestFactory().get(reverse(name))
    request.user = user
    request.resolver_match = resolve(request.path)
    middleware = RequireSecondFactor(lambda request: HttpResponse())
    response = middleware.process_view(request, None, (), {})
    return response and response.url


@pytest.mark.parametrize("name", ["mona", "ada", "carl"])
def test_manager_and_up_are_sent_to_the_set_up(cast, name):
    assert {decision(cast[name], page) for page in OPEN} == {None}
    assert {decision(cast[name], page) for page in CLOSED} == {"/account/2fa/"}


@pytest.mark.parametrize("name", ["alice", "andy"])
def test_others_need_none(cast, name):
    assert {decision(cast[name], page) for page in OPEN + CLOSED} == {None}


def test_second_factor_opens_every_page(mona):
    with_second_factor(mona)
    assert {decision(mona, page) for page in OPEN + CLOSED} == {None}


def test_demo_needs_none(mona, settings):
    settings.DEMO = True
    assert {decision(mona, page) for page in CLOSED} == {None}


def test_recovery_codes_alone_are_no_second_factor(mona):
    mona.authenticator_set.create(type="recovery_codes", data={})
    assert decision(mona, "partners") == "/account/2fa/"


def test_page_is_refused_in_the_whole_stack(client, mona):
    """By any method, and for htmx by a redirect of the whole page."""
    client.force_login(mona)
    for method in [client.get, client.post, client.put, client.delete]:
        response = method(reverse("profile"))
        assert (response.status_code, response.url) == (302, "/account/2fa/")
    fragment = client.get(reverse("profile"), headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"] == "/account/2fa/"


def test_change_of_a_profile_is_refused_without_it(client, mona):
    client.force_login(mona)
    client.post(reverse("profile"), {"name": "Changed", "time_zone": "America/Chicago"})
    mona.refresh_from_db()
    assert mona.name == "Mona Miller"


def test_forms_need_their_token(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    client.post(reverse("profile"), {"name": "Changed", "time_zone": "America/Chicago"})
    alice.refresh_from_db()
    assert alice.name == "Alice Abbott"

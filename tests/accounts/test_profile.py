"""One's own name and time zone, and the zone that every page is shown in."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.middleware import UserTimeZone
from audit.models import Event

pytestmark = pytest.mark.django_db


def test_profile_shows_what_is_saved(sign_in, alice):
    form = sign_in(alice).get(reverse("profile")).context["form"]
    assert form.initial == {
        "name": "Alice Abbott",
        "time_zone": "America/New_York",
        "weekly_minutes": 600,
    }


def test_profile_is_saved_and_recorded(sign_in, alice):
    client = sign_in(alice)
    response = client.post(
        reverse("profile"),
        {"name": "Alice Ames", "time_zone": "America/New_York", "weekly_minutes": "600"},
    )
    assert (response.status_code, response.url) == (302, reverse("profile"))
    alice.refresh_from_db()
    assert (alice.name, alice.time_zone) == ("Alice Ames", "America/New_York")
    event = Event.objects.get(action="user.changed")
    assert (event.actor, event.fields, event.detail) == (alice, ["name"], {})


def test_a_name_is_one_line(sign_in, alice):
    data = {"name": "Alice\r\n Ames", "time_zone": "America/New_York", "weekly_minutes": "600"}
    sign_in(alice).post(reverse("profile"), data)
    alice.refresh_from_db()
    assert alice.name == "Alice Ames"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "", "time_zone": "America/Chicago", "weekly_minutes": "600"},
        {"name": "x" * 121, "time_zone": "America/Chicago", "weekly_minutes": "600"},
        {"name": "Alice", "time_zone": "Mars/Base", "weekly_minutes": "600"},
        {"name": "Alice", "time_zone": "../../etc/passwd", "weekly_minutes": "600"},
        {"name": "Alice\x00", "time_zone": "America/Chicago", "weekly_minutes": "600"},
        {},
    ],
)
def test_nonsense_is_refused(sign_in, alice, wrong):
    response = sign_in(alice).post(reverse("profile"), wrong)
    assert response.status_code == 422
    assert response.context["form"].errors
    alice.refresh_from_db()
    assert (alice.name, alice.time_zone) == ("Alice Abbott", "America/New_York")
    assert not Event.objects.filter(action="user.changed").exists()


def test_profile_changes_nothing_else(sign_in, alice, lakeside):
    """A hand-built request with more fields than the form has."""
    sign_in(alice).post(
        reverse("profile"),
        {
            "name": "Alice",
            "time_zone": "America/Chicago",
            "weekly_minutes": "600",
            "email": "other@example.com",
            "branch": lakeside.pk,
            "is_active": "",
            "is_staff": "on",
        },
    )
    alice.refresh_from_db()
    assert (alice.email, alice.branch.name, alice.is_active, alice.is_staff) == (
        "alice@example.com",
        "Riverside",
        True,
        False,
    )


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Asia/Kathmandu"])
def test_pages_show_the_users_zone(alice, zone):
    alice.time_zone = zone
    request = RequestFactory().get("/")
    request.user = alice
    middleware = UserTimeZone(lambda request: HttpResponse(timezone.get_current_timezone_name()))
    assert middleware(request).content.decode() == zone
    assert timezone.get_current_timezone_name() == "America/New_York"

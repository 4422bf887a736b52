"""A partner's days are its owner's days, whoever looks and whoever logs."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine

from accounts.models import Role
from interactions.models import Interaction
from tests.factories import GrantFactory, InteractionFactory, PartnerFactory, UserFactory

pytestmark = pytest.mark.django_db

# Already the 16th in New York, still the 15th in Los Angeles and in Honolulu.
NIGHT = datetime(2026, 6, 16, 5, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _night():
    with time_machine.travel(NIGHT, tick=False):
        yield


def manager_in(time_zone, branch):
    mona = UserFactory(time_zone=time_zone, branch=branch)
    GrantFactory(user=mona, role=Role.MANAGER, branch=branch)
    return mona


def test_verdict_panel_counts_what_was_logged_on_the_owners_day(sign_in, alice, rita):
    InteractionFactory(partner=rita, day=date(2026, 6, 16))
    client = sign_in(manager_in("Pacific/Honolulu", alice.branch))
    page = client.get(f"/partners/{rita.pk}/").content.decode()
    assert "1 conversation in 90 days (3 at least), the last today (45 at most)." in page


def test_log_is_not_dated_ahead_of_the_owner(sign_in, riverside):
    west = PartnerFactory(owner=UserFactory(time_zone="America/Los_Angeles", branch=riverside))
    client = sign_in(manager_in("America/New_York", riverside))
    data = {"key": str(uuid4()), "partners": [west.pk], "kind": "call", "day": "2026-06-16"}
    client.post("/log/", data)
    assert list(Interaction.objects.values_list("day", flat=True)) == [date(2026, 6, 15)]
    west.standing.refresh_from_db()
    assert west.standing.last_conversation_on == date(2026, 6, 15)

"""A morning of Alice: Monday, June 15, 2026, 7:05 in New York."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from digests.daily import render
from digests.kinds import DAILY
from mailing.models import Delivery

TODAY = date(2026, 6, 15)
NOW = datetime(2026, 6, 15, 11, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def mail_for():
    """`mail_for(alice)`: what she would get now."""

    def mail_for(user, now=NOW):
        occurrence = user.today(now).isoformat()
        return render(Delivery(kind=DAILY, user=user, occurrence=occurrence), now)

    return mail_for

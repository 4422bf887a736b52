"""What is due for the partners of one owner, and in which order."""

from datetime import date, timedelta

import pytest
import time_machine

from tests.factories import InteractionFactory, PartnerFactory, PlannedTouchFactory
from touches.agenda import agenda

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel("2026-06-15 16:00+00:00", tick=False):
        yield


@pytest.mark.parametrize("count", [1, 30])
def test_agenda_takes_seven_queries_whatever_the_rows(alice, django_assert_num_queries, count):
    for _ in range(count):
        partner = PartnerFactory(owner=alice, created_on=TODAY - timedelta(days=300))
        InteractionFactory(partner=partner, day=TODAY - timedelta(days=100))
        PlannedTouchFactory(partner=partner)
    with django_assert_num_queries(7):
        entries = agenda(alice, TODAY)
        assert {str(entry.partner.owner) + str(entry.partner.company) for entry in entries}
    assert len(entries) == count

from datetime import timedelta

import pytest

from insights.book import load
from insights.counting import report_of
from insights.scope import scope_of
from interactions.models import Interaction
from tests.insights.books import NOW, TODAY, Book
from touches.effort import minutes_by_tier


@pytest.mark.django_db
def test_effort_of_an_owner_equals_the_line_on_today():
    """`touches.effort` counts in the database, `insights` by histories: the same minutes."""
    book = Book(6)
    for owner in book.people[:2]:
        Interaction.objects.filter(officer=owner).exclude(partner__owner=owner).delete()
        scope = scope_of(officer=owner.pk, end=TODAY)
        counted = report_of(load(scope, NOW)).effort.by_tier
        assert counted == minutes_by_tier(owner, TODAY - timedelta(days=89), TODAY)
        assert min(counted.values()) > 0

"""The figures against a second count that shares no code with them."""

from datetime import timedelta

import pytest

from insights.book import load
from insights.counting import report_of
from insights.scope import scope_of
from partners.models import PartnerType
from tests.insights.books import NOW, TODAY, Book
from tests.insights.naive import Naive

ENDS = [TODAY, TODAY - timedelta(days=40), TODAY - timedelta(days=200)]


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(2))
def test_a_report_equals_a_second_count(seed):
    book = Book(seed)
    near, far = (branch.pk for branch in book.branches)
    for end, days, asked in [
        *((end, 90, {"branches": [near]}) for end in ENDS),
        (TODAY, 365, {"branches": [near, far]}),
        (TODAY, 30, {"branches": [far], "partner_type": PartnerType.CPA}),
        (ENDS[1], 180, {"branches": [near], "officer": book.people[0].pk}),
        (TODAY, 90, {"officer": book.people[1].pk}),
        (TODAY, 90, {"officer": book.people[3].pk, "partner_type": PartnerType.REALTOR}),
    ]:
        counted = report_of(load(scope_of(end=end, days=days, **asked), NOW))
        told = Naive(NOW, end, days, **asked).report()
        for name in told.__dataclass_fields__:
            assert getattr(counted, name) == getattr(told, name), (name, end, asked)


@pytest.mark.django_db
def test_the_book_of_that_test_has_a_bit_of_everything():
    book = Book(0)
    scope = scope_of([branch.pk for branch in book.branches], end=TODAY)
    report = report_of(load(scope, NOW))
    silent = [name for name in report.__dataclass_fields__ if not getattr(report, name)]
    assert silent == []
    assert len([line for line in report.conversion if line.funded]) > 3
    assert len(report.movement.flows) > 8
    assert {line.audience for line in report.coverage if line.rate.n} == {
        "maintenance",
        "focus",
        "cultivation",
    }
    assert min(report.effort.by_tier.values()) > 0 < report.effort.unknown_touches
    contact, thanks = report.first_contact, report.thanks
    assert min(contact.contacted, contact.waiting, contact.undated) > 0
    assert min(thanks.rate.part, thanks.rate.n - thanks.rate.part) > 0
    assert min(report.exchange.both, report.exchange.only_received) > 0

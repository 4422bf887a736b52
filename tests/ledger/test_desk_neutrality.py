"""The neutrality report against the rows of the database."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from ledger.desk_neutrality import report
from ledger.neutrality import Reading, Share
from tests.factories import PartnerFactory, ReferralFactory
from tests.ledger.desk_rows import a_line, reversal

pytestmark = pytest.mark.django_db


@pytest.fixture
def ten(alice):
    return [PartnerFactory(owner=alice) for _ in range(10)]


def test_report_counts_twelve_months_without_what_was_reversed(alice, ten):
    today = alice.today(timezone.now())
    other = PartnerFactory(owner=alice)
    for number, partner in enumerate(ten):
        a_line(alice, partner, value=10 + number)
        ReferralFactory.create_batch(number, partner=partner)
    # None of these counts: reversed, received, too old, after the day, junk.
    reversal(a_line(alice, ten[0], other, value=900))
    a_line(alice, ten[0], value=900, way="received")
    a_line(alice, ten[0], value=900, day=today - timedelta(days=365))
    a_line(alice, ten[0], value=900, day=today + timedelta(days=1))
    ReferralFactory.create_batch(12, partner=ten[0], stage="junk")
    ReferralFactory(partner=other, day=today - timedelta(days=365))
    [row] = report(today)
    assert (row.officer, row.found.rho, row.found.reading) == (alice, 1, Reading.STRONG)
    assert (row.found.received, row.found.others) == (Share(9, 10), Share(0, 1))


def test_report_agrees_with_a_naive_count(alice, bob, ten):
    """Of two officers whose partners overlap: each by what that officer gave."""
    for number, partner in enumerate([*ten, *ten[:4]]):
        beside = [other for other in [ten[number % 3]] if other != partner]
        a_line(alice, partner, *beside, value=7 * (number % 5) + 2)
        ReferralFactory.create_batch((number * 7) % 4, partner=partner)
    a_line(bob, ten[5], value=30)
    rows = {row.officer: row.found for row in report(alice.today(timezone.now()))}

    given = {}
    for line in alice.ledger_lines.prefetch_related("recipients"):
        for one in line.recipients.all():
            given[one.partner_key] = given.get(one.partner_key, Decimal(0)) + one.value
    values = [given[partner.key] for partner in ten]
    counts = [partner.referrals.count() for partner in ten]
    ranks = [[_rank(value, column) for value in column] for column in [values, counts]]
    away = [[rank - 5.5 for rank in column] for column in ranks]
    spread = [sum(one * one for one in column) ** 0.5 for column in away]
    rho = sum(a * b for a, b in zip(*away, strict=True)) / (spread[0] * spread[1])

    assert rows[alice].rho == pytest.approx(rho)
    assert (rows[bob].recipients, rows[bob].reading) == (1, Reading.TOO_FEW)


def _rank(value, column):
    return 1 + sum(one < value for one in column) + (column.count(value) - 1) / 2


@pytest.mark.parametrize("officers", [1, 3])
def test_report_asks_four_queries(officers, alice, bob, charlie, django_assert_num_queries):
    for officer in [alice, bob, charlie][:officers]:
        a_line(officer, PartnerFactory(owner=officer))
    with django_assert_num_queries(4):
        rows = report(alice.today(timezone.now()))
    assert len(rows) == officers


def test_page_says_how_it_is_read_and_shows_no_tier(sign_in, alice, carl, ten):
    for partner in ten:
        a_line(alice, partner)
    text = sign_in(carl).get("/ledger/neutrality/").text
    for words in ["Alice Abbott", "Nothing to compare", "1.96", "2.576", "10 or more recipients"]:
        assert words in text
    for tier in ["Maintenance", "Cultivation", "Cease"]:
        assert tier not in text


def test_page_refuses_a_day_that_is_none(sign_in, carl):
    assert sign_in(carl).get("/ledger/neutrality/?until=soon").status_code == 422

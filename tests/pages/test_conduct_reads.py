"""Whoever reads of conduct is written down; whoever reads none of it, or a head alone, is not."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from audit.models import Event
from insights.board import Board
from tests.factories import InteractionFactory, PartnerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(alice):
    """The pages that tell of conduct with one of two partners of Alice."""
    today = alice.today(timezone.now())
    noted = PartnerFactory(owner=alice, last_name="Abel", created_on=today - timedelta(days=90))
    plain = PartnerFactory(owner=alice, last_name="Plain", created_on=today - timedelta(days=90))
    row = InteractionFactory(partner=noted, day=today - timedelta(days=5), conduct="abusive")
    other = InteractionFactory(partner=plain, day=today - timedelta(days=5))
    return {
        "noted": noted,
        "telling": [
            f"/partners/{noted.pk}/",
            f"/partners/{noted.pk}/then/?day={today}",
            f"/interactions/{row.pk}/edit/",
            "/partners/",
            "/partners/?tier=cease",
        ],
        "plain": [
            f"/partners/{plain.pk}/",
            f"/partners/{plain.pk}/then/?day={today}",
            f"/interactions/{other.pk}/edit/",
            "/branch/to-act-on/",
            "/partners/?q=Plain",
        ],
    }


def reads():
    rows = Event.objects.filter(action="conduct.read")
    return [(row.actor.name, row.target_type, row.target_id) for row in rows]


@pytest.mark.parametrize("who", ["alice", "mona"])
def test_each_page_that_tells_of_conduct_is_a_read(who, as_, cast, pages):
    client = as_(cast[who])
    for address in pages["telling"]:
        before = len(reads())
        assert client.head(address).status_code == 200, address
        assert len(reads()) == before, address
        assert client.get(address).status_code == 200, address
        line = (cast[who].name, "partners.partner", str(pages["noted"].pk))
        assert reads()[before:] == [line], address


def test_today_tells_who_was_judged_by_conduct_since_yesterday(as_, alice, andy, mona, pages):
    for person in [andy, mona, alice]:
        as_(person).get(f"/?officer={alice.pk}")
    noted = str(pages["noted"].pk)
    assert reads() == [(one.name, "partners.partner", noted) for one in (mona, alice)]


def test_pages_without_conduct_are_no_reads(as_, mona, pages):
    for address in pages["plain"]:
        assert as_(mona).get(address).status_code == 200, address
    assert reads() == []


@pytest.mark.parametrize("who", ["andy", "ada"])
def test_whom_a_page_does_not_tell_reads_nothing(who, as_, cast, pages):
    for address in pages["telling"]:
        as_(cast[who]).get(address)
    assert reads() == []


def test_rows_behind_a_figure_name_each_partner_who_is_told_of(as_, mona, pages):
    answer = as_(mona).get("/branch/rows/tier:cease/")
    assert "Abel" in answer.text
    assert [row[2] for row in reads()] == [str(pages["noted"].pk)]


def test_a_board_knows_of_whom_it_tells():
    """By the reason of a move, or by a flag; the tier that a person set tells of nothing."""
    moved = {"overridden": False, "reasons": ("X1a",), "flags": ()}
    movers = [
        SimpleNamespace(**{**moved, "partner_id": 1, "rule": "X1"}),
        SimpleNamespace(**{**moved, "partner_id": 2, "rule": "X1", "overridden": True}),
        SimpleNamespace(**{**moved, "partner_id": 3, "rule": "M"}),
    ]
    flags = {4: ("conduct_watch",), 5: ("one_sided",)}
    at_risk = [SimpleNamespace(partner_id=key, flags=codes) for key, codes in flags.items()]
    report = SimpleNamespace(movers=movers, at_risk=at_risk)
    assert Board(report, sees_conduct=True).told_of == {1, 4}
    assert Board(report, sees_conduct=False).told_of == set()

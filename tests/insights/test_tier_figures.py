"""Tiers, movement, coverage and what stands out, from plain values."""

from datetime import date

import pytest

from insights.counting import report_of
from insights.facts import Codes
from insights.report import AtRisk, Flagged, Flow, Freed, Mover, OfficerLine, Rate, TiersOn
from insights.sets import sets_of
from tests.insights.plain import (
    END,
    START,
    C,
    M,
    X,
    ago,
    book,
    held,
    history,
    partner,
    referral,
    touch,
)


def of_one(known, **fields):
    return book([partner(**fields)], {1: known})


@pytest.mark.parametrize(
    ("known", "fields", "flow"),
    [
        (history((900, C)), {}, ("cultivation", "cultivation")),
        (history((900, C), (5, M)), {}, ("cultivation", "maintenance")),
        (history((900, C), (90, M)), {}, ("maintenance", "maintenance")),
        (history((900, C), (89, M)), {}, ("cultivation", "maintenance")),
        (history((900, C), (0, M)), {}, ("cultivation", "maintenance")),
        (history((900, C), (-1, M)), {}, ("cultivation", "cultivation")),
        (history((89, C)), {}, ("new", "cultivation")),
        (history((900, C)), {"archived": 0}, ("cultivation", "archived")),
        (history((900, C)), {"archived": 89}, ("cultivation", "archived")),
        (history((900, C)), {"archived": -1}, ("cultivation", "cultivation")),
        (history((900, C)), {"archived": 90}, None),
        (history((50, C)), {"archived": 3}, None),
        (history(), {}, None),
        (history((900, C), overrides=[held(M, 30, -30)]), {}, ("cultivation", "maintenance")),
        (history((900, C), overrides=[held(M, 30, 1)]), {}, ("cultivation", "cultivation")),
        (history((900, C), overrides=[held(M, 120, 60)]), {}, ("maintenance", "cultivation")),
    ],
)
def test_movement_is_the_tier_at_the_start_by_that_at_the_end(known, fields, flow):
    movement = report_of(of_one(known, **fields)).movement
    assert movement.flows == ((Flow(*flow, 1),) if flow else ())


def test_promoted_counts_of_those_in_cultivation_at_the_start():
    """Who is new, archived or overridden then is told apart."""
    up, ended = history((900, C), (5, M)), history((900, C), (5, X))
    partners = [partner(pk) for pk in range(1, 6)] + [partner(6, archived=4)]
    known = {1: up, 2: ended, 3: history((5, M)), 4: history((900, M))}
    movement = report_of(book(partners, known)).movement
    assert (movement.promoted, movement.moved) == (Rate(1, 4), 2)


def test_a_mover_says_since_when_and_by_what():
    codes = {1: Codes("M", ("M1",), ()), 2: Codes("C", ("C1",), ("win_back",))}
    known = {
        1: history((900, C), (30, M), (20, C), (10, M)),
        2: history((900, C), overrides=[held(M, 4, -60)]),
    }
    movers = report_of(book([partner(1), partner(2)], known, codes=codes)).movers
    assert movers == (
        Mover(2, "Partner 2", "Officer 1", C, M, ago(4), True, "C", ("C1",), ("win_back",)),
        Mover(1, "Partner 1", "Officer 1", C, M, ago(10), False, "M", ("M1",), ()),
    )


def test_tiers_over_time_are_those_of_the_same_day_of_each_month():
    partners = [partner(1), partner(2, archived=40), partner(3)]
    known = {1: history((400, C), (60, M)), 3: history()}
    told = report_of(book(partners, known)).tiers_over_time
    assert [line.day for line in told[:2]] == [date(2025, 11, 24), date(2025, 12, 24)]
    assert [line.day for line in told[-2:]] == [date(2026, 10, 24), END]
    assert told[-4:] == (
        TiersOn(date(2026, 8, 24), 0, 2, 0),
        TiersOn(date(2026, 9, 24), 0, 2, 0),
        TiersOn(date(2026, 10, 24), 1, 0, 0),
        TiersOn(END, 1, 0, 0),
    )


@pytest.mark.parametrize(
    ("tier", "focus", "talked", "name"),
    [
        (M, False, 45, "covered:maintenance"),
        (M, False, 46, "uncovered:maintenance"),
        (M, True, 45, "covered:maintenance"),
        (C, True, 21, "covered:focus"),
        (C, True, 22, "uncovered:focus"),
        (C, False, 60, "covered:cultivation"),
        (C, False, 61, "uncovered:cultivation"),
        (C, False, None, "uncovered:cultivation"),
        (X, True, 1, None),
    ],
)
def test_coverage_has_the_limit_of_the_tier_in_force(tier, focus, talked, name):
    sets = sets_of(of_one(history((900, tier)), focus=focus, talked=talked))
    held_by = [key for key, rows in sets.items() if "covered" in key and rows.keys]
    assert held_by == ([name] if name else [])


def test_freed_are_the_weekly_minutes_before_cease():
    """The sets hold the touches too; who came back is not freed."""
    known = {1: history((900, C), (5, X)), 2: history((900, C), (9, X), (2, C))}
    before = {1: (touch(7, minutes=100), touch(8, minutes=80)), 2: (touch(9, 2),)}
    counted = book([partner(1), partner(2)], known, before_cease=before)
    assert report_of(counted).freed == (Freed(1, "Partner 1", "Officer 1", ago(5), 14.0),)
    assert sets_of(counted)["freed"].keys == (1,)


def test_flags_are_counted_by_the_tier_in_force():
    partners = [
        partner(1, flags=("slipping",)),
        partner(2, flags=("slipping", "win_back")),
        partner(3, archived=5, flags=("slipping",)),
    ]
    assert report_of(book(partners, {2: history((900, M))})).health == (
        Flagged(M, "slipping", 1),
        Flagged(M, "win_back", 1),
        Flagged(C, "slipping", 1),
    )


@pytest.mark.parametrize(
    ("override", "count"),
    [
        (held(M, 60, 1), 1),
        (held(M, 60, 0), 0),
        (held(M, 60, 30, ended=0), 0),
        (held(M, 60, 30, ended=-1), 1),
    ],
)
def test_an_override_is_past_its_date_until_somebody_ends_it(override, count):
    assert report_of(of_one(history((900, C), overrides=[override]))).overrides_past == count


def test_at_risk_are_the_urgent_and_then_the_long_silent():
    partners = [
        partner(1, flags=("slipping",), talked=200),
        partner(2, flags=("last_chance",), talked=20),
        partner(3, flags=("our_neglect", "slipping"), talked=5),
        partner(4, flags=("refers_but_silent",)),
        partner(5, flags=("last_chance",), talked=30),
        partner(6, flags=("last_chance",)),
        partner(7, flags=("win_back",)),
        partner(8, flags=("last_chance",)),
    ]
    report = report_of(book(partners, {8: history((900, X))}))
    assert [one.partner_id for one in report.at_risk] == [3, 6, 5, 2, 4, 1]
    assert report.at_risk[2] == AtRisk(5, "Partner 5", "Officer 1", C, ("last_chance",), ago(30))
    assert report.at_risk_total == 6


def test_a_report_names_twenty_five_at_risk_and_counts_all():
    report = report_of(book([partner(pk, flags=("slipping",)) for pk in range(1, 31)]))
    assert (len(report.at_risk), report.at_risk_total) == (25, 30)


def test_an_officer_has_their_own_touches_and_their_own_partners():
    partners = [partner(1, owner=1, talked=3), partner(2, owner=2), partner(3, owner=2, talked=99)]
    counted = book(
        partners,
        {2: history((900, C), (5, M)), 3: history((900, C), (80, X))},
        [touch(1, 1, minutes=20), touch(2, 2, minutes=7, officer=1), touch(3, 2, 3, 30, officer=2)],
        [referral(1, partner=2), referral(2, ("contacted", 5), partner=2)],
        officers=(1, 2),
    )
    first, second = report_of(counted).officers
    assert first == OfficerLine(
        officer_id=1,
        name="Officer 1",
        tiers=TiersOn(END, 0, 1, 0),
        effort=first.effort,
        covered=Rate(1, 1),
        promoted=Rate(0, 1),
        received=0,
        waiting=0,
        last_touch_on=None,
    )
    assert first.effort.by_tier == {M: 7, C: 20, X: 0}
    assert second.effort.by_tier == {M: 30, C: 0, X: 0}
    assert (second.tiers, second.covered) == (TiersOn(END, 1, 0, 1), Rate(0, 1))
    assert (second.promoted, second.received, second.waiting) == (Rate(1, 2), 2, 1)


def test_effort_goes_by_the_tier_of_the_day_of_the_touch():
    known = {1: history((900, C), (10, M)), 2: history((5, X))}
    touches = [touch(1, days=11, minutes=30), touch(2, days=10, minutes=8), touch(3, 2, days=6)]
    counted = book([partner(1), partner(2)], known, [*touches, touch(4, 2, days=5, minutes=1)])
    effort = report_of(counted).effort
    assert (effort.by_tier, effort.unknown_touches) == ({M: 8, C: 30, X: 1}, 1)
    assert sets_of(counted)["effort:unknown"].keys == (3,)


def test_an_empty_book_is_a_report_of_nothing():
    report = report_of(book())
    assert (report.start, report.end, report.partners) == (START, END, 0)
    assert [line.total for line in report.tiers_over_time] == [0] * 13
    assert (report.first_contact.median_hours, report.pull_through) == (None, Rate(0, 0))

"""What becomes of referrals and how quickly they are answered, from plain values."""

from datetime import date, timedelta

import pytest

from insights.counting import report_of
from insights.facts import PIPELINE
from insights.report import (
    Concentration,
    Conversion,
    Exchange,
    FirstContact,
    Lost,
    Rate,
    Thanks,
    Waiting,
)
from insights.sets import sets_of
from insights.span import conversion_months, days_over_time, is_open
from interactions import models
from tests.insights.plain import ago, book, partner, referral


def names_of(one, current=True, **more):
    """In which sets one referral is."""
    sets = sets_of(book([partner(1, current=current)], referrals=[one], **more))
    return {name for name, rows in sets.items() if rows.kind == "referrals" and rows.keys}


def test_the_stages_are_those_of_the_pipeline():
    assert list(PIPELINE) == [stage.value for stage in models.PIPELINE]


OCTOBER = {"received:2026-10", "received:365", "contact:made", "thanks:late", "largest:1"}
APPLICATION = {"reached:2026-10:application"}
PRE_APPROVED = APPLICATION | {"reached:2026-10:pre_approved"}


@pytest.mark.parametrize(
    ("steps", "names"),
    [
        ([("contacted", 39)], OCTOBER),
        ([("application", 39)], OCTOBER | APPLICATION),
        # Stages may be skipped.
        ([("under_contract", 39)], OCTOBER | PRE_APPROVED),
        ([("funded", 39)], OCTOBER | PRE_APPROVED | {"reached:2026-10:funded", "pull:funded"}),
        # What is taken back does not count.
        ([("pre_approved", 39), ("application", 38)], OCTOBER | APPLICATION),
        ([("funded", 39), ("contacted", 38)], OCTOBER),
        # Lost keeps how far it came.
        (
            [("pre_approved", 39), ("lost", 9, "not_ready")],
            OCTOBER | PRE_APPROVED | {"lost:not_ready", "pull:lost"},
        ),
        ([("contacted", 39), ("lost", 9, "not_ready")], OCTOBER | {"lost:not_ready"}),
        ([("application", 39), ("duplicate", 9)], set()),
        ([("junk", 39), ("application", 9)], OCTOBER | APPLICATION),
    ],
)
def test_a_referral_counts_by_how_far_it_came(steps, names):
    assert names_of(referral(1, *steps, days=40)) == names


@pytest.mark.parametrize(
    ("days", "name"), [(0, "pull:funded"), (89, "pull:funded"), (90, None), (200, None)]
)
def test_pull_through_goes_by_the_end_date(days, name):
    found = names_of(referral(1, ("funded", 360), ("processing", 300), ("funded", days), days=370))
    assert found & {"pull:funded", "pull:undated"} == ({name} if name else set())


@pytest.mark.parametrize(
    ("standing", "steps", "names"),
    [
        (("funded", ""), [("contacted", 39)], {"conversion:undated", "pull:undated"}),
        (("lost", "not_ready"), [], {"conversion:undated", "pull:undated"}),
        (("application", ""), [("contacted", 39)], {"conversion:undated"}),
        (("application", ""), [("application", 39)], {"received:2026-10", *APPLICATION}),
        (("received", ""), [], {"received:2026-10", "waiting"}),
        (("junk", ""), [("contacted", 39)], set()),
        # As of the past the moves alone count.
        (None, [("contacted", 39)], {"received:2026-10"}),
        (None, [], {"received:2026-10", "waiting"}),
    ],
)
def test_a_stage_without_a_date_is_left_out_and_said(standing, steps, names):
    found = names_of(referral(1, *steps, days=40, standing=standing))
    asked = ("received:2026", "reached", "conversion", "pull", "lost", "waiting")
    assert {name for name in found if name.startswith(asked)} == names


def test_conversion_tells_of_twelve_months_and_marks_the_young_ones():
    rows = [referral(1, ("funded", 20), days=330), referral(2, days=330), referral(3, days=400)]
    lines = report_of(book([partner()], referrals=rows)).conversion
    assert lines[0] == Conversion(date(2025, 12, 1), 2, 1, 1, 1, False)
    assert [line.received for line in lines[1:]] == [0] * 11
    assert [line.month.month for line in lines if line.is_open] == [7, 8, 9, 10, 11]


@pytest.mark.parametrize(
    ("end", "opened"), [(date(2026, 11, 27), True), (date(2026, 11, 28), False)]
)
def test_a_month_is_open_until_its_last_day_is_120_days_old(end, opened):
    assert end - date(2026, 7, 31) == timedelta(days=119 + (not opened))
    assert is_open(date(2026, 7, 1), end) is opened


def test_months_end_where_they_are_short():
    assert days_over_time(date(2026, 3, 31))[-3:] == (
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
    )
    assert days_over_time(date(2028, 2, 29))[0] == date(2027, 2, 28)
    assert conversion_months(date(2026, 3, 31))[0] == date(2025, 4, 1)


def test_reasons_are_told_by_how_often():
    rows = [
        referral(pk, ("lost", 9, reason))
        for pk, reason in enumerate(["not_ready", "withdrew", "withdrew", "offer_lost"])
    ]
    report = report_of(book([partner()], referrals=rows))
    assert report.lost == (Lost("withdrew", 2), Lost("not_ready", 1), Lost("offer_lost", 1))


def test_concentration_is_the_share_of_the_five_largest():
    """Of those who sent the same the first ones; what is older than a year is not told."""
    partners = [partner(pk) for pk in range(1, 8)]
    sizes = {1: 1, 2: 4, 3: 1, 4: 2, 5: 3, 6: 1, 7: 1}
    of_each = [pk for pk, size in sizes.items() for _ in range(size)]
    rows = [referral(place, partner=pk, days=365) for place, pk in enumerate(of_each)]
    rows += [referral(50, partner=7, days=366), referral(51, ("junk", 1), partner=7)]
    rows.append(referral(60, partner=5, received=False))
    told = report_of(book(partners, referrals=rows)).concentration
    assert isinstance(told, Concentration)
    assert told.rate == Rate(11, 13)
    assert [(one.partner_id, one.received, one.given) for one in told.largest] == [
        (2, 4, 0), (5, 3, 1), (4, 2, 0), (1, 1, 0), (3, 1, 0),
    ]  # fmt: skip


def test_exchange_stands_side_by_side():
    partners = [partner(pk) for pk in range(1, 5)]
    rows = [
        referral(1, partner=1),
        referral(2, partner=1, received=False),
        referral(3, partner=2),
        referral(4, partner=3, received=False),
        referral(5, partner=3, received=False, days=366),
        referral(6, ("duplicate", 1), partner=4, received=False),
    ]
    assert report_of(book(partners, referrals=rows)).exchange == Exchange(2, 2, 1, 1, 1)


def test_first_contact_is_the_median_of_hours():
    """A contact that was taken back is none; one before the receipt took no time."""
    rows = [
        referral(1, ("application", 9)),
        referral(2, ("received", 10), ("contacted", 8), ("funded", 1)),
        referral(3, ("contacted", 12)),
        referral(4, ("contacted", 9), ("received", 8)),
        referral(5, ("lost", 9, "other")),
        referral(6, ("junk", 9)),
        referral(7, ("contacted", 9), days=90),
    ]
    told = report_of(book([partner()], referrals=rows)).first_contact
    assert told == FirstContact(median_hours=24.0, contacted=3, waiting=1, undated=1)


FRIDAY = 18  # November 6, 2026, so many days before the end; Monday the 9th is a working day.


@pytest.mark.parametrize(
    ("received", "thanked", "current", "name"),
    [
        (FRIDAY, FRIDAY, True, "in_time"),
        (FRIDAY, FRIDAY - 3, True, "in_time"),
        (FRIDAY, FRIDAY - 4, True, "late"),
        (FRIDAY, FRIDAY + 1, True, "late"),
        # Veterans Day, the 11th, is no working day.
        (FRIDAY - 4, FRIDAY - 6, True, "in_time"),
        (FRIDAY - 4, FRIDAY - 7, True, "late"),
        (1, None, True, "not_due"),
        (1, 0, True, "in_time"),
        # At the end of a past day nothing can be made good any more.
        (1, None, False, "late"),
        (0, None, True, "not_due"),
        (0, None, False, "not_due"),
    ],
)
def test_thanks_come_by_the_end_of_the_next_working_day(received, thanked, current, name):
    days = {} if thanked is None else {1: (ago(thanked),)}
    found = names_of(referral(1, days=received), current, thanked_on=days)
    assert {one for one in found if one.startswith("thanks")} == {f"thanks:{name}"}


def test_thanks_are_a_rate_of_those_that_are_due():
    rows = [referral(1), referral(2, days=20), referral(3, days=0), referral(4, ("junk", 1))]
    told = report_of(book([partner()], referrals=rows, thanked_on={1: (ago(20),)})).thanks
    assert told == Thanks(Rate(1, 2), not_due=1)


def test_waiting_tells_of_each_partner_since_when():
    rows = [
        referral(1, partner=2, days=3),
        referral(2, partner=1, days=500),
        referral(3, partner=2, days=9),
        referral(4, partner=2, received=False),
        referral(5, ("contacted", 2)),
    ]
    report = report_of(book([partner(1), partner(2)], referrals=rows))
    assert report.waiting == (
        Waiting(1, "Partner 1", "Officer 1", 1, ago(500)),
        Waiting(2, "Partner 2", "Officer 1", 2, ago(9)),
    )

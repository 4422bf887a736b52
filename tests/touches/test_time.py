"""Planning over two years of clocks: six zones, leap days, missed ticks and doubled ones.

What must come is worked out here a second time, with the federal holidays typed from OPM's list.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
import time_machine

from partners.models import Partner
from partners.services import save_partner
from tests.factories import InteractionFactory, PartnerFactory, ReferralFactory, UserFactory
from tests.tiers.test_races import at_once
from tiers.services import reclassify
from touches.agenda import agenda, occasions_ahead, waiting_referrals
from touches.focus_list import choose_focus_weeks, places_now
from touches.kinds import TouchKind
from touches.models import FocusPlace, FocusWeek, PlannedTouch, PlanningDay
from touches.planning import plan_new_days
from touches.workdays import monday_of

pytestmark = pytest.mark.django_db

ZONES = [
    "America/New_York",
    "America/Phoenix",
    "Pacific/Honolulu",
    "America/Los_Angeles",
    "UTC",
    "Pacific/Guam",
]
DAY = timedelta(days=1)
CALL, CARD = TouchKind.CONGRATULATE, TouchKind.PREPARE
LONG_AGO = date(2020, 5, 5)

# Observed federal holidays, and those themselves that fall on a weekend are none to work on either.
HOLIDAYS = {
    date(2026, 12, 25),
    *(date(2027, month, day) for month, day in [
        (1, 1), (1, 18), (2, 15), (5, 31), (6, 18), (7, 5), (9, 6), (10, 11), (11, 11), (11, 25),
        (12, 24), (12, 31),
    ]),
    *(date(2028, month, day) for month, day in [
        (1, 17), (2, 21), (5, 29), (6, 19), (7, 4), (9, 4), (10, 9), (11, 10), (11, 23), (12, 25),
    ]),
    date(2029, 1, 1), date(2029, 1, 15),
}  # fmt: skip


def workday_until(day):
    while day.weekday() > 4 or day in HOLIDAYS:
        day -= DAY
    return day


def kept(month, day, year):
    return date(year, month, min(day, monthrange(year, month)[1]))


def friend(owner, **dates):
    """Known long enough to have no first touches."""
    partner = PartnerFactory(owner=owner, created_on=LONG_AGO, **dates)
    reclassify([partner.pk], as_of=owner.today(datetime.now(UTC)))
    return partner


def friends(owner):
    """Days at the edges: a leap day, New Year's, Christmas, a Saturday of a clock change."""
    leap = {"birth_month": 2, "birth_day": 29, "relationship_start": date(2016, 2, 29)}
    edges = {"birth_month": 1, "birth_day": 1, "relationship_start": date(2015, 12, 25)}
    return [
        friend(owner, **leap, business_start=date(2027, 1, 10)),
        friend(owner, **edges, business_start=date(2010, 3, 12)),
    ]


def occasions(partner):
    """Month, day and first year of each."""
    yield "birthday", partner.birth_month, partner.birth_day, 1
    for name, start in [
        ("anniversary", partner.relationship_start),
        ("business", partner.business_start),
    ]:
        yield name, start.month, start.day, start.year + 1


def expected(partner, first, last):
    """What ticks on all days from `first` to `last` must have planned: (kind, what for, day)."""
    for name, month, day, since in occasions(partner):
        for year in range(max(since, first.year), last.year + 2):
            on = kept(month, day, year)
            call, card = workday_until(on), on - 10 * DAY
            if on >= first and call <= last + 30 * DAY:
                yield str(CALL), f"{name} {year}", call
            if (card >= first or call > first) and card <= last + 30 * DAY:
                yield str(CARD), f"{name} {year}", max(card, first)


def planned(partner):
    rows = PlannedTouch.objects.filter(partner=partner).order_by("due_on", "kind")
    return list(rows.values_list("kind", "occurrence", "due_on"))


def by_day(rows):
    return sorted(rows, key=lambda row: (row[2], row[0], row[1]))


def ticks(luck, first, last):
    """Beat's ticks: doubled, late, and with outages of up to six days; the last day has one."""
    at = first
    while at < last:
        yield at
        if luck.random() < 0.3:
            yield at  # a second beat
        at += timedelta(minutes=luck.choice([5, 60 * 13, 60 * 47, 60 * 24 * 6]))
    yield last


def close_some(luck, owner):
    """People do and skip what is due, also on the day on which it was planned."""
    for row in PlannedTouch.objects.open():
        chance = luck.random()
        if chance < 0.1:
            row.done_at, row.done_by = datetime.now(UTC), owner
        elif chance < 0.2:
            row.skipped_on, row.skipped_by, row.skip_reason = row.due_on, owner, "Away"
        else:
            continue
        row.save()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_two_years_of_ticks_plan_each_occasion_once(seed):
    """Whatever is missed, doubled, done or skipped: once a kind and year, in every zone."""
    luck = Random(seed)
    first = datetime(2026, 12, 20, 12, 30, tzinfo=UTC)
    last = datetime(2028, 12, 31, 12, 30, tzinfo=UTC)
    with time_machine.travel(first, tick=False):
        partners = [one for zone in ZONES for one in friends(UserFactory(time_zone=zone))]
    ever = set()  # with their keys, as what was missed is taken away later, and must not come again
    for now in ticks(luck, first, last):
        assert plan_new_days(now=now, slices=100)
        names = ["partner_id", "kind", "occurrence", "due_on", "pk"]
        ever.update(PlannedTouch.objects.values_list(*names))
        close_some(luck, partners[0].owner)
    for partner in partners:
        days = partner.owner.today(first), partner.owner.today(last)
        rows = [tuple(row) for pk, *row, _ in ever if pk == partner.pk]
        assert by_day(rows) == by_day(expected(partner, *days))


def test_a_first_run_brings_nothing_of_past_years(alice):
    """Fifty years as partners: only what lies ahead, within the next thirty days."""
    with time_machine.travel("2027-06-09T12:00:00Z", tick=False):
        friend(alice, relationship_start=date(1977, 6, 20), birth_month=6, birth_day=8)
        rita = friend(alice, relationship_start=date(1977, 7, 31), business_start=date(2027, 6, 20))
        tom = friend(alice, relationship_start=date(1977, 6, 12), business_start=date(1999, 7, 19))
        plan_new_days(now=datetime.now(UTC), slices=9)
    # June 20 a year before, and its birthday of yesterday, are gone.
    assert planned(Partner.objects.get(birth_day=8)) == [
        ("prepare", "anniversary 2027", date(2027, 6, 10)),
        ("congratulate", "anniversary 2027", date(2027, 6, 17)),
    ]
    assert planned(rita) == []
    assert planned(tom) == [
        ("prepare", "anniversary 2027", date(2027, 6, 9)),
        ("congratulate", "anniversary 2027", date(2027, 6, 11)),
        ("prepare", "business 2027", date(2027, 7, 9)),
    ]


def test_on_a_weekend_the_call_of_the_friday_before_still_comes(alice):
    """Added on the Saturday before a birthday on Sunday: late, and better than not at all."""
    with time_machine.travel("2027-06-12T16:00:00Z", tick=False):
        rita = friend(alice, birth_month=6, birth_day=13)
    assert planned(rita) == [("congratulate", "birthday 2027", date(2027, 6, 11))]


def test_a_birthday_that_is_put_right_brings_no_second_call(alice):
    """The call was made on June 14; they say that it is on the 28th."""
    with time_machine.travel("2027-06-14T16:00:00Z", tick=False):
        rita = friend(alice, birth_month=6, birth_day=14)
        InteractionFactory(partner=rita)
        rita.birth_day = 28
        rita.save()
        plan_new_days(now=datetime.now(UTC), slices=9)
    assert planned(rita) == [
        ("congratulate", "birthday 2027", date(2027, 6, 14)),
        ("prepare", "birthday 2027", date(2027, 6, 18)),
    ]
    assert [str(row.kind) for row in PlannedTouch.objects.open()] == ["prepare"]


@pytest.mark.parametrize("zone", ZONES)
def test_first_touches_come_once(zone):
    """A partner met five minutes before midnight of the Sunday on which the clocks change."""
    luck = Random(zone)
    owner = UserFactory(time_zone=zone)
    met = datetime(2027, 3, 14, 23, 55, tzinfo=ZoneInfo(zone))
    partner = Partner(owner=owner, last_name="North", partner_type="cpa")
    with time_machine.travel(met, tick=False):
        save_partner(actor=owner, partner=partner, company="", tags=[], changed=[], now=met)
    for now in ticks(luck, met.astimezone(UTC), met.astimezone(UTC) + timedelta(days=130)):
        plan_new_days(now=now, slices=9)
    assert planned(partner) == [
        ("first_touch", "first", date(2027, 3, 16)),
        ("first_touch", "day 7", date(2027, 3, 21)),
        ("first_touch", "day 21", date(2027, 4, 4)),
        ("first_touch", "day 45", date(2027, 4, 28)),
        ("first_touch", "day 75", date(2027, 5, 28)),
        ("first_touch", "day 105", date(2027, 6, 27)),
    ]


CHANGES = [
    ("America/New_York", datetime(2027, 3, 13, 0, 0, tzinfo=UTC)),
    ("America/New_York", datetime(2027, 11, 6, 0, 0, tzinfo=UTC)),
    ("America/Los_Angeles", datetime(2027, 3, 13, 0, 0, tzinfo=UTC)),
    ("America/Los_Angeles", datetime(2027, 11, 6, 0, 0, tzinfo=UTC)),
    ("America/Phoenix", datetime(2027, 3, 13, 0, 0, tzinfo=UTC)),
    ("Pacific/Honolulu", datetime(2027, 11, 6, 0, 0, tzinfo=UTC)),
    ("Pacific/Guam", datetime(2027, 11, 6, 0, 0, tzinfo=UTC)),
    ("UTC", datetime(2028, 2, 28, 0, 0, tzinfo=UTC)),
    # Midnight itself is left out, and comes twice.
    ("America/Havana", datetime(2027, 3, 13, 0, 0, tzinfo=UTC)),
    ("America/Havana", datetime(2027, 11, 6, 0, 0, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2028, 2, 28, 0, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "start"), CHANGES)
def test_each_local_day_is_planned_once_and_when_it_begins(zone, start):
    """Ticks every ten minutes over three days around a change of the clock."""
    friend(UserFactory(time_zone=zone), birth_month=6, birth_day=1)
    seen = {}
    for minutes in range(0, 3 * 24 * 60, 10):
        now = start + timedelta(minutes=minutes)
        plan_new_days(now=now, slices=9)
        day = now.astimezone(ZoneInfo(zone)).date()
        seen.setdefault(day, now)
    runs = PlanningDay.objects.order_by("day").values_list("time_zone", "day", "finished_at")
    assert list(runs) == [(zone, day, began) for day, began in seen.items()]


@pytest.mark.parametrize("zone", ZONES)
def test_a_call_is_due_on_the_owners_day(zone):
    """Monday, March 15, 2027, the day after a change: at five past midnight and five to it."""
    owner = UserFactory(time_zone=zone)
    with time_machine.travel("2027-03-01T12:00:00Z", tick=False):
        friend(owner, birth_month=3, birth_day=15, no_mail=True)
        plan_new_days(now=datetime.now(UTC), slices=9)
    found = {}
    for day in range(8, 27):
        for hour, minute in [(0, 5), (23, 55)]:
            local = datetime(2027, 3, day, hour, minute, tzinfo=owner.zone)
            for entry in agenda(owner, owner.today(local.astimezone(UTC))):
                for due in entry.dues:
                    found.setdefault((str(due.kind), str(due.urgency)), []).append(day)
    assert found == {
        ("congratulate", "soon"): [12, 12, 13, 13, 14, 14],
        ("congratulate", "due"): [15, 15],
        ("congratulate", "overdue"): [day for day in range(16, 23) for _ in range(2)],
    }


def test_an_owner_who_moves_loses_no_day_and_gets_none_twice(alice):
    """From New York to Guam, where it is tomorrow, and on to Honolulu, where it is yesterday."""
    first = datetime(2027, 2, 20, 16, tzinfo=UTC)
    with time_machine.travel(first, tick=False):
        rita = friend(alice, birth_month=3, birth_day=31, relationship_start=date(2010, 3, 22))
    for day in range(45):
        alice.time_zone = ["America/New_York", "Pacific/Guam", "Pacific/Honolulu"][day // 3 % 3]
        alice.save()
        for hour in [0, 9, 14]:
            plan_new_days(now=first + timedelta(days=day, hours=hour), slices=9)
    assert planned(rita) == [
        ("prepare", "anniversary 2027", date(2027, 3, 12)),
        ("prepare", "birthday 2027", date(2027, 3, 21)),
        ("congratulate", "anniversary 2027", date(2027, 3, 22)),
        ("congratulate", "birthday 2027", date(2027, 3, 31)),
    ]


@pytest.mark.parametrize(
    ("today", "day", "call"),
    [
        (date(2027, 2, 20), date(2027, 2, 28), date(2027, 2, 26)),
        (date(2028, 2, 20), date(2028, 2, 29), date(2028, 2, 29)),
        (date(2028, 12, 25), date(2029, 2, 28), date(2029, 2, 28)),
    ],
)
def test_a_leap_day_is_kept_every_year(alice, today, day, call):
    with time_machine.travel(datetime(*today.timetuple()[:3], 17, tzinfo=UTC), tick=False):
        friend(alice, birth_month=2, birth_day=29)
        ((_, touch),) = occasions_ahead(alice, today, days=100)
    assert (touch.day, touch.due_on) == (day, call)


def test_an_outage_of_two_months_is_not_made_up_for(alice):
    """What passed meanwhile stays away; what still lies ahead comes, the card at once."""
    with time_machine.travel("2027-01-04T15:00:00Z", tick=False):
        rita = friend(
            alice,
            birth_month=2,
            birth_day=20,
            relationship_start=date(2010, 3, 9),
            business_start=date(2010, 3, 5),
        )
    plan_new_days(now=datetime(2027, 3, 5, 15, tzinfo=UTC), slices=9)
    assert planned(rita) == [
        ("congratulate", "business 2027", date(2027, 3, 5)),
        ("prepare", "anniversary 2027", date(2027, 3, 5)),
        ("congratulate", "anniversary 2027", date(2027, 3, 9)),
    ]


def test_a_call_in_the_evening_starts_the_clock_on_the_owners_day():
    """Logged at 20:00 in Honolulu, when it is tomorrow in UTC."""
    owner = UserFactory(time_zone="Pacific/Honolulu")
    at = datetime(2027, 3, 2, 6, tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        rita = friend(owner)
        InteractionFactory(partner=rita)
    found = agenda(owner, owner.today(at), soon_days=60)
    assert [due.due_on - date(2027, 3, 1) for due in found[0].dues] == [timedelta(days=42)]


def test_who_flies_west_is_not_asked_again(alice):
    """They called on Monday, March 15, in Guam; in Honolulu it is Sunday still."""
    alice.time_zone = "Pacific/Guam"
    alice.save()
    now = datetime(2027, 3, 14, 22, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        rita = friend(alice)
        InteractionFactory(partner=rita, day=date(2027, 1, 15))
        InteractionFactory(partner=rita, purpose="gratitude")
        waiting = ReferralFactory(partner=rita)
    alice.time_zone = "Pacific/Honolulu"
    alice.save()
    sunday = alice.today(now)
    assert (waiting.day, sunday) == (date(2027, 3, 15), date(2027, 3, 14))
    assert agenda(alice, sunday) == []
    assert list(waiting_referrals(alice, sunday)) == [waiting]
    ((due,),) = [entry.dues for entry in agenda(alice, sunday, soon_days=60)]
    assert (due.due_on, due.why) == (
        date(2027, 4, 26),
        "Every 42 days; the last one was today.",
    )


def test_a_referral_that_came_before_the_flight_still_asks_for_thanks(alice):
    alice.time_zone = "Pacific/Guam"
    alice.save()
    now = datetime(2027, 3, 14, 22, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        ReferralFactory(partner=friend(alice))
    alice.time_zone = "Pacific/Honolulu"
    alice.save()
    ((thanks, *_),) = [entry.dues for entry in agenda(alice, alice.today(now))]
    assert (str(thanks.kind), thanks.due_on) == ("thanks", date(2027, 3, 15))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_moment_plan_once(alice):
    now = datetime(2027, 6, 9, 15, tzinfo=UTC)
    with time_machine.travel(now - 90 * DAY, tick=False):
        partners = [friend(alice, birth_month=6, birth_day=20) for _ in range(20)]
    at_once(*[lambda: plan_new_days(now=now, slices=9)] * 4)
    assert [len(planned(partner)) for partner in partners] == [2] * 20


@pytest.mark.slow
def test_ten_months_of_ticks_choose_each_local_week_once():
    """Over both clock changes of 2027, whatever is missed or doubled: Monday to Sunday, no gap."""
    luck = Random(7)
    first = datetime(2027, 1, 30, 12, 30, tzinfo=UTC)
    last = datetime(2027, 11, 20, 12, 30, tzinfo=UTC)
    with time_machine.travel(first, tick=False):
        officers = [friend(UserFactory(time_zone=zone)).owner for zone in ZONES]
    seen = {officer: {} for officer in officers}
    for now in ticks(luck, first, last):
        choose_focus_weeks(now=now)
        for officer, weeks in seen.items():
            weeks.setdefault(monday_of(officer.today(now)), officer.today(now))
    for officer, weeks in seen.items():
        places = FocusPlace.objects.filter(week__officer=officer).order_by("starts_on")
        rows = places.values_list("week__starts_on", "starts_on", "ends_on")
        assert list(rows) == [(week, day, week + 6 * DAY) for week, day in weeks.items()]
        assert set(weeks) == {date(2027, 1, 25) + n * 7 * DAY for n in range(43)}


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("monday", [date(2027, 3, 15), date(2027, 11, 8)])
def test_a_week_is_chosen_when_monday_begins_for_its_officer(zone, monday):
    """The Mondays after the clock changes; ticks every twenty minutes."""
    officer = friend(UserFactory(time_zone=zone)).owner
    begins = datetime(*monday.timetuple()[:3], tzinfo=officer.zone).astimezone(UTC)
    for minutes in range(-60, 61, 20):
        choose_focus_weeks(now=begins + timedelta(minutes=minutes))
    weeks = FocusWeek.objects.order_by("starts_on").values_list("starts_on", "chosen_at")
    an_hour_before = begins - timedelta(hours=1)
    assert list(weeks) == [(monday - 7 * DAY, an_hour_before), (monday, begins)]


def test_an_officer_who_moves_back_over_midnight_keeps_the_list(alice):
    """Monday in Guam, then Sunday again in Honolulu: the old list, and the new one a day later."""
    friend(alice)
    alice.time_zone = "Pacific/Guam"
    alice.save()
    monday = datetime(2027, 3, 14, 14, 30, tzinfo=UTC)
    choose_focus_weeks(now=monday - 7 * DAY)
    choose_focus_weeks(now=monday)
    alice.time_zone = "Pacific/Honolulu"
    alice.save()
    listed = []
    for hours in [0, 12, 24]:
        now = monday + timedelta(hours=hours)
        choose_focus_weeks(now=now)
        listed.append(places_now(alice, alice.today(now)).get().week.starts_on)
    assert listed == [date(2027, 3, 8), date(2027, 3, 8), date(2027, 3, 15)]
    assert FocusWeek.objects.count() == 2

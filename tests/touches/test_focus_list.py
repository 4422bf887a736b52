"""The week's focus list: chosen once, kept, and changed by people with a reason."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from audit.models import Event
from partners.models import Partner
from partners.services import archive
from tests.factories import InteractionFactory, PartnerFactory, ReferralFactory
from tests.tiers.stories import anchor, steady
from tests.tiers.test_races import at_once
from tiers.classification import Tier
from tiers.overrides import override
from touches.agenda import agenda
from touches.focus_list import choose_focus_weeks, choose_for, drop, pin, places_now
from touches.models import FocusPlace, FocusWeek
from touches.tasks import choose_focus_task

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 6, 15)
SUNDAY = date(2026, 6, 21)
NOW = datetime(2026, 6, 15, 16, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOW, tick=False):
        yield


def later(days):
    return NOW + timedelta(days=days)


def names(officer, now=NOW):
    return [place.partner.first_name for place in places_now(officer, officer.today(now))]


def known(officer, name="Rita", **fields):
    return steady(owner=officer, first_name=name, **fields)


def many(officer, count):
    """New partners, who are quicker to make."""
    return [
        PartnerFactory(owner=officer, first_name=f"P{number:02}", synergy=5, created_on=MONDAY)
        for number in range(1, count + 1)
    ]


def moved(partner, tier, now=NOW):
    today = partner.owner.today(now)
    override(
        actor=partner.owner,
        partner=partner,
        tier=tier,
        reason="I know them",
        ends_on=today + timedelta(days=30),
        now=now,
    )


def pinned(officer, partner, now=NOW):
    return pin(actor=officer, officer=officer, partner=partner, reason="New office", now=now)


def dropped(officer, partner, now=NOW):
    place = FocusPlace.objects.get(partner=partner, dropped_at=None, ends_on__gte=now.date())
    return drop(actor=officer, place=place, reason="On leave", now=now)


def test_the_week_is_chosen_by_points_with_the_reasons(alice):
    known(alice, "Sam", synergy=4)
    known(alice, "Rita")
    PartnerFactory(owner=alice, first_name="Nina", created_on=MONDAY)
    ReferralFactory(partner=known(alice, "Bea"), day=MONDAY - timedelta(days=100))
    anchor(owner=alice, first_name="Mae")
    assert choose_focus_weeks(now=NOW) == 1
    week = FocusWeek.objects.get()
    assert (week.officer, week.starts_on, week.chosen_at) == (alice, MONDAY, NOW)
    rows = week.places.values_list("partner__first_name", "rank", "score", "reasons")
    assert list(rows) == [
        ("Sam", 1, 8, ["synergy_4"]),
        ("Bea", 2, 2, ["referred"]),
        ("Nina", 3, 1, ["too_new"]),
        ("Rita", 4, 0, ["waited"]),
    ]
    assert set(week.places.values_list("starts_on", "ends_on")) == {(MONDAY, SUNDAY)}
    event = Event.objects.get(action="focus.chosen")
    assert (event.actor, event.target_id, event.detail) == (None, str(week.pk), {"places": 4})


def test_only_active_cultivation_partners_whom_nobody_leaves_in_peace_are_chosen(alice):
    """By the tier in force: an override counts, either way."""
    known(alice, "Stop", do_not_contact_since=MONDAY)
    known(alice, "Away", stepping_away_since=MONDAY)
    archive(actor=alice, partner=known(alice, "Gone"), reason="Moved", now=NOW)
    moved(known(alice, "Ceased"), Tier.CEASE)
    moved(anchor(owner=alice, first_name="Raised"), Tier.CULTIVATION)
    known(alice, "Rita")
    choose_focus_weeks(now=NOW)
    assert sorted(names(alice)) == ["Raised", "Rita"]


def test_each_officer_has_a_list_of_their_own(alice, bob, andy, charlie):
    """Andy owns nobody, and Charlie has left."""
    for officer in [alice, bob, charlie]:
        known(officer, f"Of {officer.name.split()[0]}")
    charlie.is_active = False
    charlie.save()
    assert choose_focus_weeks(now=NOW) == 2
    assert (names(alice), names(bob)) == (["Of Alice"], ["Of Bob"])
    assert FocusWeek.objects.count() == 2


def test_a_second_run_and_a_logged_call_change_nothing(alice):
    partners = many(alice, 17)
    choose_focus_weeks(now=NOW)
    before = names(alice)
    assert len(before) == 15
    InteractionFactory(partner=partners[0], day=MONDAY)
    assert choose_focus_weeks(now=NOW) == 0
    choose_focus_task()
    assert choose_focus_weeks(now=later(6)) == 0
    assert names(alice, later(6)) == before


def test_a_week_that_was_missed_on_monday_is_chosen_when_somebody_comes(alice):
    known(alice)
    assert choose_focus_weeks(now=later(3)) == 1
    place = FocusPlace.objects.get()
    assert (place.starts_on, place.ends_on) == (MONDAY + timedelta(days=3), SUNDAY)
    assert place.week.starts_on == MONDAY


@pytest.mark.parametrize(
    ("zone", "begins"),
    [
        ("Pacific/Guam", "2026-06-21 14:00"),
        ("America/New_York", "2026-06-22 04:00"),
        ("Pacific/Honolulu", "2026-06-22 10:00"),
    ],
)
def test_the_week_begins_on_the_officers_own_monday(alice, zone, begins):
    alice.time_zone = zone
    alice.save()
    known(alice)
    choose_focus_weeks(now=NOW)
    monday = datetime.fromisoformat(f"{begins}+00:00")
    assert choose_focus_weeks(now=monday - timedelta(seconds=1)) == 0
    assert choose_focus_weeks(now=monday) == 1
    weeks = list(FocusWeek.objects.values_list("starts_on", flat=True))
    assert weeks == [MONDAY, MONDAY + WEEK]


@pytest.mark.parametrize("sunday", ["2026-03-08", "2026-11-01"])
def test_a_week_that_ends_with_a_change_of_clocks_is_one_week(alice, sunday):
    """23 or 25 hours long is its last day."""
    known(alice)
    last = date.fromisoformat(sunday)
    begin = datetime(last.year, last.month, last.day, tzinfo=alice.zone) - timedelta(days=6)
    chosen = [choose_focus_weeks(now=begin + timedelta(hours=hours)) for hours in range(24 * 7 + 3)]
    assert sum(chosen) == 2
    ends = FocusPlace.objects.order_by("starts_on").values_list("starts_on", "ends_on")
    assert ends.first() == (last - timedelta(days=6), last)


def test_who_moves_to_another_zone_has_one_list_a_week(alice):
    """From Guam's Monday back to Honolulu's Sunday, which has a list already."""
    known(alice)
    alice.time_zone = "Pacific/Guam"
    alice.save()
    monday = datetime(2026, 6, 21, 15, tzinfo=UTC)
    assert [choose_focus_weeks(now=NOW), choose_focus_weeks(now=monday)] == [1, 1]
    alice.time_zone = "Pacific/Honolulu"
    alice.save()
    assert choose_focus_weeks(now=monday + timedelta(hours=1)) == 0
    assert names(alice, monday) == ["Rita"]


def test_an_empty_week_is_chosen_by_hand_and_a_full_one_left_alone(alice):
    anchor(owner=alice)
    choose_focus_weeks(now=NOW)
    assert names(alice) == []
    known(alice, "Late")
    assert choose_focus_weeks(now=later(1)) == 0
    assert choose_for(actor=alice, officer=alice, now=later(1)) == 1
    assert choose_for(actor=alice, officer=alice, now=later(1)) == 0
    assert names(alice, later(1)) == ["Late"]
    assert Event.objects.filter(action="focus.chosen").last().actor == alice


def test_a_pinned_partner_stays_by_the_points_and_comes_again_next_week(alice):
    many(alice, 14)
    low = known(alice, "Low")
    choose_focus_weeks(now=NOW)
    assert pinned(alice, low)
    many(alice, 5)
    choose_focus_weeks(now=later(7))
    found = names(alice, later(7))
    assert (len(found), found[-1]) == (15, "Low")
    place = FocusPlace.objects.get(week__starts_on=MONDAY + WEEK, partner=low)
    assert (place.pinned_by, place.pin_reason, place.rank) == (alice, "New office", 15)


def test_a_pin_in_the_middle_of_the_week_stands_by_its_points(alice):
    first, last = known(alice, "First", synergy=5), known(alice, "Last")
    choose_focus_weeks(now=NOW)
    middle = known(alice, "Middle", synergy=2)
    assert pinned(alice, middle, later(2))
    assert names(alice, later(2)) == ["First", "Middle", "Last"]
    place = FocusPlace.objects.get(partner=middle)
    assert (place.starts_on, place.ends_on) == (MONDAY + timedelta(days=2), SUNDAY)
    ranks = FocusPlace.objects.values_list("partner", "rank").order_by("rank")
    assert list(ranks) == [(first.pk, 1), (middle.pk, 2), (last.pk, 3)]
    event = Event.objects.get(action="focus.pinned")
    assert (event.target_id, event.detail) == (str(middle.pk), {"reason_given": True})


def test_a_pin_before_anybody_chose_chooses_the_week_too(alice):
    many(alice, 20)
    low = known(alice, "Low")
    assert pinned(alice, low)
    assert names(alice) == [*[f"P{number:02}" for number in range(1, 15)], "Low"]
    assert choose_focus_weeks(now=NOW) == 0


def test_a_double_click_pins_once_and_drops_once(alice):
    rita = known(alice)
    assert [pinned(alice, rita), pinned(alice, rita)] == [True, False]
    place = FocusPlace.objects.get()
    both = [drop(actor=alice, place=place, reason="Away", now=NOW) for _ in range(2)]
    assert both == [True, False]
    actions = Event.objects.filter(action__startswith="focus.").values_list("action", flat=True)
    assert list(actions) == ["focus.chosen", "focus.pinned", "focus.dropped"]


def test_the_sixteenth_pin_is_refused_in_words(alice):
    partners = many(alice, 15)
    choose_focus_weeks(now=NOW)
    late = known(alice, "Late")
    with pytest.raises(ValidationError) as refused:
        pinned(alice, late)
    assert refused.value.messages == [
        "15 partners are on the list, which is the most. Drop one of them first."
    ]
    dropped(alice, partners[4])
    assert pinned(alice, late)
    assert names(alice)[-1] == "Late"
    ranks = places_now(alice, MONDAY).values_list("rank", flat=True)
    assert list(ranks) == list(range(1, 16))


def refused(officer, partner):
    with pytest.raises(ValidationError) as error:
        pinned(officer, partner)
    return error.value.messages


def test_a_pin_is_refused_for_whom_the_list_is_not(alice, bob):
    stop = known(alice, "Stop", last_name="S", do_not_contact_since=MONDAY)
    away = known(alice, "Away", last_name="A", stepping_away_since=MONDAY)
    gone = known(alice, "Gone", last_name="G")
    archive(actor=alice, partner=gone, reason="Moved", now=NOW)
    mae = anchor(owner=alice, first_name="Mae", last_name="M")
    strange = known(bob, "Bo", last_name="B")
    assert refused(alice, stop) == ["Stop S asked us to stop."]
    assert refused(alice, away) == [
        "We are stepping away from Away A. Close that first to work together again."
    ]
    assert refused(alice, gone) == ["Gone G is archived. Bring them back first."]
    assert refused(alice, mae) == ["Mae M is in Maintenance; the focus list is for Cultivation."]
    assert refused(alice, strange) == ["Bo B is not a partner of Alice Abbott."]
    assert not FocusWeek.objects.exists()


def test_who_was_dropped_rests_for_four_weeks_but_may_be_pinned(alice):
    rita = known(alice)
    choose_focus_weeks(now=NOW)
    assert dropped(alice, rita, later(1))
    place = FocusPlace.objects.get()
    assert (place.drop_reason, place.dropped_by, place.dropped_at) == ("On leave", alice, later(1))
    assert names(alice, later(1)) == []
    found = {}
    for week in range(1, 6):
        choose_focus_weeks(now=later(7 * week))
        found[week] = names(alice, later(7 * week))
    assert found == {1: [], 2: [], 3: [], 4: [], 5: ["Rita"]}
    dropped(alice, rita, later(35))
    assert pinned(alice, rita, later(36))
    choose_focus_weeks(now=later(42))
    assert names(alice, later(42)) == ["Rita"]


def test_a_drop_on_monday_holds_at_once_and_rests_for_exactly_four_weeks(alice):
    rita = known(alice)
    choose_focus_weeks(now=NOW)
    dropped(alice, rita)
    assert names(alice) == []
    choose_focus_weeks(now=later(21))
    assert names(alice, later(21)) == []
    choose_focus_weeks(now=later(28) - timedelta(hours=8))
    assert names(alice, later(28)) == ["Rita"]


def test_a_place_of_last_week_is_not_dropped_any_more(alice):
    known(alice)
    choose_focus_weeks(now=NOW)
    place = FocusPlace.objects.get()
    assert not drop(actor=alice, place=place, reason="Late", now=later(7))


def test_who_leaves_cultivation_stands_on_no_list_and_makes_room(alice):
    partners = many(alice, 15)
    choose_focus_weeks(now=NOW)
    moved(partners[2], Tier.MAINTENANCE)
    assert len(names(alice)) == 14
    assert pinned(alice, known(alice, "Late"))
    moved(partners[2], Tier.CULTIVATION, later(1))
    assert len(names(alice, later(1))) == 15
    assert "P03" not in names(alice, later(1))


def test_who_is_archived_or_handed_over_stands_on_no_list(alice, bob):
    gone, given = known(alice, "Gone"), known(alice, "Given")
    known(alice, "Rita")
    choose_focus_weeks(now=NOW)
    archive(actor=alice, partner=gone, reason="Moved", now=NOW)
    given.owner = bob
    given.save()
    assert (names(alice), names(bob)) == (["Rita"], [])


def test_who_comes_back_to_an_empty_list_takes_up_the_old_place(alice):
    rita, other = known(alice), known(alice, "Other")
    choose_focus_weeks(now=NOW)
    moved(rita, Tier.MAINTENANCE)
    pinned(alice, other)
    dropped(alice, other)
    moved(rita, Tier.CULTIVATION)
    assert names(alice) == []
    assert choose_for(actor=alice, officer=alice, now=NOW) == 1
    assert names(alice) == ["Rita"]


def test_today_shows_no_place_of_who_left_cultivation(alice):
    rita = known(alice)
    choose_focus_weeks(now=NOW)
    ranks = [(entry.focus_rank, entry.audience) for entry in agenda(alice, MONDAY)]
    assert ranks == [(1, "focus")]
    moved(rita, Tier.MAINTENANCE)
    assert {
        (entry.focus_rank, entry.audience) for entry in agenda(alice, MONDAY, soon_days=40)
    } == {(None, "maintenance")}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_whatever_people_do_the_list_stays_whole(alice, bob, seed):
    """At most fifteen, each once, by points, none who does not belong there."""
    dice = random.Random(seed)
    partners = many(alice, 19)
    for partner in partners:
        partner.synergy = dice.choice([None, 0, 1, 2, 3, 4, 5])
        partner.save()
    now = NOW
    for _ in range(60):
        now += timedelta(hours=dice.choice([0, 1, 20, 40]))
        live(dice, alice, bob, dice.choice(partners), now)
        places = list(places_now(alice, alice.today(now)))
        assert len(places) <= 15
        assert len({place.partner_id for place in places}) == len(places)
        scores = [place.score for place in places]
        assert scores == sorted(scores, reverse=True)
        for place in places:
            partner = Partner.objects.select_related("standing__override").get(pk=place.partner_id)
            assert partner.standing.tier_in_force(alice.today(now)) == Tier.CULTIVATION
            assert (partner.owner_id, partner.archived_at) == (alice.pk, None)


def live(dice, alice, bob, partner, now):
    """One thing that happens, whatever it is; refusals are part of life."""
    partner.refresh_from_db()
    act = dice.choice(["choose", "by_hand", "pin", "pin", "pin", "drop", "drop", "tier", "owner"])
    if act == "choose":
        choose_focus_weeks(now=now)
    elif act == "by_hand":
        choose_for(actor=alice, officer=alice, now=now)
    elif act == "pin":
        try_pin(alice, alice, partner, now)
    elif act == "drop":
        place = FocusPlace.objects.filter(partner=partner).last()
        _ = place and drop(actor=alice, place=place, reason="Away", now=now)
    elif act == "tier":
        moved(partner, dice.choice(list(Tier)), now)
    else:
        partner.owner = dice.choice([alice, alice, bob])
        partner.save()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_beats_and_a_person_at_once_choose_once(alice, bob):
    for officer in [alice, bob]:
        many(officer, 16)
    for week in range(3):
        now = later(7 * week)
        beats = [lambda now=now: choose_focus_weeks(now=now)] * 3
        by_hand = lambda now=now: choose_for(actor=alice, officer=alice, now=now)  # noqa: E731
        *chosen, _ = at_once(*beats, by_hand)
        assert sum(chosen) in {1, 2}
        assert FocusWeek.objects.count() == 2 * (week + 1)
        assert FocusPlace.objects.on(alice.today(now)).count() == 30


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_people_pin_the_fifteenth_at_once(alice, mona):
    for round_ in range(3):
        now = later(7 * round_)
        FocusPlace.objects.all().delete()
        FocusWeek.objects.all().delete()
        alice.partners.update(archived_at=NOW)
        many(alice, 14)
        choose_focus_weeks(now=now)
        works = [
            lambda actor=actor, partner=partner, now=now: try_pin(actor, alice, partner, now)
            for actor, partner in [(alice, known(alice, "A")), (mona, known(alice, "B"))]
        ]
        assert sorted(at_once(*works)) == [False, True]
        assert len(names(alice, now)) == 15


def try_pin(actor, officer, partner, now):
    try:
        return pin(actor=actor, officer=officer, partner=partner, reason="Mine", now=now)
    except ValidationError:
        return False

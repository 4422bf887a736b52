"""Minutes by the tier of the touch's day, against plain Python; and the line about a week."""

import random
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from interactions.models import Interaction
from tests.factories import InteractionFactory, PartnerFactory
from tiers.models import TierChange, TierOverride
from tiers.verdict import Tier
from touches.effort import EffortLine, effort_line, effort_this_week, in_hours, minutes_by_tier

MONDAY = date(2026, 6, 8)
TODAY = date(2026, 6, 12)
USUAL = {
    "call": 10, "text": 2, "email": 5, "note": 10, "social": 5, "video": 30, "coffee": 60,
    "lunch": 75, "meeting": 60, "brainstorm": 60, "event": 120, "class": 90, "open_house": 120,
}  # fmt: skip


def at(owner, day, hour=12):
    return datetime(day.year, day.month, day.day, hour, tzinfo=owner.zone)


def stands(partner, tier, rule="C", on=MONDAY - timedelta(days=90)):
    """The partner's whole record: one tier from that day on."""
    TierChange.objects.filter(partner=partner).delete()
    TierChange.objects.create(partner=partner, on=on, tier=tier, rule=rule)


def overrides(partner, tier, starts_on, ends_on, ended_at=None, by_manager=False):
    return TierOverride.objects.create(
        partner=partner,
        tier=tier,
        reason="Old friend",
        made_by=partner.owner,
        by_manager=by_manager,
        starts_on=starts_on,
        ends_on=ends_on,
        ended_at=ended_at,
        ended_by=partner.owner if ended_at else None,
    )


@pytest.mark.django_db
def test_minutes_count_for_the_tier_of_their_day(alice):
    partner = PartnerFactory(owner=alice)
    for day in [MONDAY, MONDAY + timedelta(days=2), TODAY]:
        InteractionFactory(partner=partner, day=day, kind="lunch")
    stands(partner, "cultivation")
    TierChange.objects.create(
        partner=partner, on=MONDAY + timedelta(days=2), tier="maintenance", rule="M"
    )
    assert minutes_by_tier(alice, MONDAY, TODAY) == {
        Tier.MAINTENANCE: 150,
        Tier.CULTIVATION: 75,
        Tier.CEASE: 0,
    }


@pytest.mark.django_db
def test_an_override_holds_from_its_first_day_through_its_last(alice):
    partner = PartnerFactory(owner=alice)
    for days in range(5):
        InteractionFactory(
            partner=partner,
            day=MONDAY + timedelta(days=days),
            minutes=[1, 10, 100, 300, 1000][days],
        )
    stands(partner, "maintenance", "M")
    overrides(partner, "cultivation", MONDAY + timedelta(days=1), MONDAY + timedelta(days=3))
    assert minutes_by_tier(alice, MONDAY, TODAY) == {
        Tier.MAINTENANCE: 1001,
        Tier.CULTIVATION: 410,
        Tier.CEASE: 0,
    }


@pytest.mark.django_db
def test_an_override_taken_back_does_not_hold_on_that_day(alice):
    """The day ends without it; late in the evening it is the next day by UTC already."""
    partner = PartnerFactory(owner=alice)
    for days in range(2):
        InteractionFactory(partner=partner, day=MONDAY + timedelta(days=days), minutes=10 + days)
    stands(partner, "maintenance", "M")
    ended_at = at(alice, MONDAY + timedelta(days=1), 22)
    overrides(partner, "cultivation", MONDAY, TODAY, ended_at)
    assert minutes_by_tier(alice, MONDAY, TODAY)[Tier.CULTIVATION] == 10


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rule", "by_manager", "counted"),
    [
        ("X2", False, "cultivation"),
        ("X1", False, "cease"),
        ("X1", True, "cultivation"),
        ("X4", False, "cease"),
        ("X4", True, "cease"),
    ],
)
def test_nobody_overrides_a_request_to_stop_and_conduct_only_a_manager(
    alice, rule, by_manager, counted
):
    partner = PartnerFactory(owner=alice)
    InteractionFactory(partner=partner, day=TODAY, minutes=20)
    stands(partner, "cease", rule)
    overrides(partner, "cultivation", MONDAY, TODAY, by_manager=by_manager)
    found = minutes_by_tier(alice, MONDAY, TODAY)
    assert {tier: minutes for tier, minutes in found.items() if minutes} == {counted: 20}


@pytest.mark.django_db
def test_only_ones_own_touches_of_these_days_count(alice, bob):
    """Not a colleague's, not what the partner started, not the service on a loan."""
    partner = PartnerFactory(owner=alice)
    InteractionFactory(partner=partner, day=TODAY, minutes=7)
    InteractionFactory(partner=partner, day=TODAY, minutes=11, officer=bob)
    InteractionFactory(partner=partner, day=TODAY, minutes=13, direction="in")
    InteractionFactory(partner=partner, day=TODAY, minutes=17, purpose="service")
    InteractionFactory(partner=partner, day=MONDAY - timedelta(days=1), minutes=19)
    InteractionFactory(partner=partner, day=TODAY + timedelta(days=1), minutes=23)
    stands(partner, "cultivation")
    assert sum(minutes_by_tier(alice, MONDAY, TODAY).values()) == 7


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(8))
def test_a_random_book_is_counted_as_in_plain_python(alice, bob, seed):
    dice = random.Random(seed)
    for _ in range(6):
        live_at_random(dice, PartnerFactory(owner=alice), officers=[alice, alice, bob])
    for _ in range(4):
        days = sorted(MONDAY + timedelta(days=dice.randint(-40, 10)) for _ in range(2))
        assert minutes_by_tier(alice, *days) == counted(alice, *days)


def live_at_random(dice, partner, officers):
    def day():
        return MONDAY + timedelta(days=dice.randint(-40, 10))

    Interaction.objects.bulk_create(
        Interaction(
            batch=uuid4(),
            partner=partner,
            day=day(),
            kind=dice.choice(list(USUAL)),
            purpose=dice.choice(["relationship", "gratitude", "service", "disengage"]),
            minutes=dice.choice([None, None, 0, 5, 45]),
            officer=(officer := dice.choice(officers)),
            logged_by=officer,
        )
        for _ in range(40)
    )
    TierChange.objects.filter(partner=partner).delete()
    TierChange.objects.bulk_create(
        TierChange(
            partner=partner,
            on=day(),
            tier=dice.choice(["maintenance", "cultivation", "cease"]),
            rule=dice.choice(["", "M", "C", "X1", "X2", "X4"]),
        )
        for _ in range(5)
    )
    starts = sorted({day() for _ in range(4)})
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        # As the service does: a new one ends the one before, though its last day had passed.
        ended_at = at(partner.owner, following, dice.randint(0, 23)) if following else None
        overrides(
            partner,
            dice.choice(["maintenance", "cultivation", "cease"]),
            start,
            start + timedelta(days=dice.randint(0, 15)),
            ended_at,
            dice.choice([True, False]),
        )


def counted(officer, first, last):
    found = {"maintenance": 0, "cultivation": 0, "cease": 0}
    changes = list(TierChange.objects.all())
    held = list(TierOverride.objects.all())
    for row in Interaction.objects.all():
        is_touch = row.direction == "out" and row.purpose in ("relationship", "gratitude")
        if row.officer_id != officer.pk or not is_touch or not first <= row.day <= last:
            continue
        tier = tier_on(row, changes, held, officer)
        if tier:
            found[tier] += USUAL[row.kind] if row.minutes is None else row.minutes
    return found


def tier_on(row, changes, held, officer):
    known = [c for c in changes if c.partner_id == row.partner_id and c.on <= row.day]
    if not known:
        return None
    change = max(known, key=lambda c: (c.on, c.pk))
    for one in held:
        ended_on = one.ended_at and one.ended_at.astimezone(officer.zone).date()
        holds = one.partner_id == row.partner_id and one.starts_on <= row.day <= one.ends_on
        if not holds or (ended_on and ended_on <= row.day):
            continue
        if change.rule == "X4" or (change.rule == "X1" and not one.by_manager):
            continue
        return one.tier
    return change.tier


@pytest.mark.django_db
def test_the_week_begins_on_monday(alice):
    partner = PartnerFactory(owner=alice)
    InteractionFactory(partner=partner, day=MONDAY - timedelta(days=1), minutes=500)
    InteractionFactory(partner=partner, day=MONDAY, minutes=60)
    stands(partner, "cultivation")
    assert effort_this_week(alice, TODAY) == EffortLine(
        "green",
        "This week: Cultivation 1 h of 1 h (100%). That is most of it, as the guide asks.",
    )
    assert effort_this_week(alice, MONDAY + timedelta(days=7)).level == "too_little"


@pytest.mark.django_db
def test_minutes_take_one_query(alice, django_assert_num_queries):
    for _ in range(3):
        stands(InteractionFactory(partner__owner=alice, day=TODAY).partner, "cultivation")
    with django_assert_num_queries(1):
        assert minutes_by_tier(alice, MONDAY, TODAY)[Tier.CULTIVATION] == 30


@pytest.mark.parametrize(
    ("maintenance", "cultivation", "cease", "level", "text"),
    [
        (0, 0, 0, "too_little", "This week: nothing logged yet, too little to compare."),
        (0, 59, 0, "too_little", "This week: 59 min logged so far, too little to compare."),
        (110, 190, 0, "green",
         "This week: Cultivation 3 h 10 min of 5 h (63%). That is most of it, as the guide asks."),
        (149, 151, 0, "green",
         "This week: Cultivation 2 h 31 min of 5 h (50%). That is most of it, as the guide asks."),
        (150, 150, 0, "amber",
         "This week: Cultivation 2 h 30 min of 5 h (50%). The guide asks for more than half."),
        (180, 120, 0, "amber",
         "This week: Cultivation 2 h of 5 h (40%). The guide asks for more than half."),
        (181, 119, 0, "red",
         "This week: Cultivation 1 h 59 min of 5 h (39%). The guide asks for most of it."),
        (85, 200, 15, "green",
         "This week: Cultivation 3 h 20 min of 5 h (66%). That is most of it, as the guide asks."),
        (80, 200, 20, "red",
         "This week: Cultivation 3 h 20 min of 5 h (66%). Cease had 6%, more than it should."),
    ],
)  # fmt: skip
def test_the_line_about_a_week(maintenance, cultivation, cease, level, text):
    minutes = {
        Tier.MAINTENANCE: maintenance,
        Tier.CULTIVATION: cultivation,
        Tier.CEASE: cease,
    }
    assert effort_line(minutes) == EffortLine(level, text)


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (59.6, "1 h"), (45, "45 min"), (190, "3 h 10 min")]
)
def test_minutes_in_words(minutes, words):
    assert in_hours(minutes) == words

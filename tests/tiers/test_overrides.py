"""Who may put which partner into another tier, for how long, and what is in force then."""

from datetime import date, timedelta
from itertools import product

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from audit.models import Event
from partners.models import Partner
from tests.factories import GrantFactory, InteractionFactory, PartnerFactory, UserFactory
from tests.tiers.stories import NOON, TODAY, steady
from tiers.classification import Tier
from tiers.models import TierOverride, TierStanding
from tiers.overrides import end_override, override, refusal
from tiers.querysets import in_force

pytestmark = pytest.mark.django_db

NOT_YOURS = "Only the owner and their manager can override a tier."
STOP = "They asked us to stop, and nobody overrides that."
CONDUCT = "Only your manager can override this tier."


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def partner(alice):
    return steady(owner=alice)


def put(actor, partner, tier=Tier.MAINTENANCE, days=90, now=NOON):
    ends_on = TODAY + timedelta(days=days)
    return override(
        actor=actor, partner=partner, tier=tier, reason="They host us.", ends_on=ends_on, now=now
    )


def tier_in_force(partner, day=TODAY):
    """The same answer by query and by the row's own method."""
    by_query = Partner.objects.filter(pk=partner.pk).values_list(in_force(day), flat=True).get()
    assert TierStanding.objects.get(partner=partner).tier_in_force(day) == by_query
    return by_query


@pytest.mark.parametrize(
    ("name", "plain", "conduct", "stop"),
    [
        ("alice", "", CONDUCT, STOP),
        ("bob", NOT_YOURS, NOT_YOURS, NOT_YOURS),
        ("andy", NOT_YOURS, NOT_YOURS, NOT_YOURS),
        ("mona", "", "", STOP),
        ("charlie", NOT_YOURS, NOT_YOURS, NOT_YOURS),
        ("lena", NOT_YOURS, NOT_YOURS, NOT_YOURS),
        ("ada", NOT_YOURS, NOT_YOURS, NOT_YOURS),
        ("carl", NOT_YOURS, NOT_YOURS, NOT_YOURS),
    ],
)
def test_refusal(cast, partner, name, plain, conduct, stop):
    standings = [TierStanding(rule=rule) for rule in ["C", "X1", "X4"]]
    found = [refusal(cast[name], partner, standing) for standing in standings]
    assert found == [plain, conduct, stop]


def test_override_is_in_force_through_its_last_day(alice, partner):
    made = put(alice, partner, days=10)
    assert (made.made_by, made.starts_on, made.reason) == (alice, TODAY, "They host us.")
    assert not made.by_manager
    days = [tier_in_force(partner, TODAY + timedelta(days=days)) for days in (0, 10, 11)]
    assert days == ["maintenance", "maintenance", "cultivation"]
    assert TierStanding.objects.get(partner=partner).tier == "cultivation"


@pytest.mark.parametrize("days", [-1, 0, 181])
def test_override_ends_within_180_days(alice, partner, days):
    with pytest.raises(ValidationError, match="within the next 180 days"):
        put(alice, partner, days=days)
    assert not TierOverride.objects.exists()


@pytest.mark.parametrize("days", [1, 180])
def test_override_may_last_180_days(alice, partner, days):
    assert put(alice, partner, days=days).ends_on == TODAY + timedelta(days=days)


def test_override_counts_its_days_in_the_owners_zone():
    """At 16:00 UTC the owner in Kiribati has the 16th: 180 days reach one day further."""
    owner = UserFactory(time_zone="Pacific/Kiritimati")
    made = put(owner, steady(owner=owner), days=181)
    assert made.starts_on == date(2026, 6, 16)


def test_new_override_ends_the_open_one(alice, mona, partner):
    first = put(alice, partner)
    second = put(mona, partner, tier=Tier.CEASE)
    first.refresh_from_db()
    assert (first.ended_at, first.ended_by) == (NOON, mona)
    assert list(TierOverride.objects.open()) == [second]
    assert second.by_manager
    assert tier_in_force(partner) == "cease"


def test_one_open_override_a_partner(alice, partner):
    made = put(alice, partner)
    made.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)


def test_ended_override_gives_the_computed_tier(alice, partner):
    put(alice, partner)
    end_override(actor=alice, partner=partner, now=NOON)
    end_override(actor=alice, partner=partner, now=NOON)
    assert tier_in_force(partner) == "cultivation"
    assert TierOverride.objects.get().ended_by == alice
    actions = Event.objects.filter(action__startswith="tier.").values_list("action", flat=True)
    assert list(actions) == ["tier.overridden", "tier.override_ended"]


def test_conduct_takes_an_officers_override_out_of_force(alice, partner):
    """Made before the incident; the manager alone brings it back."""
    put(alice, partner)
    row = InteractionFactory(partner=partner, conduct="abusive")
    assert tier_in_force(partner) == "cease"
    with pytest.raises(ValidationError, match=CONDUCT):
        put(alice, partner)
    row.delete()
    assert tier_in_force(partner) == "maintenance"


def test_manager_overrides_conduct_and_nobody_a_request_to_stop(mona, partner):
    InteractionFactory(partner=partner, conduct="abusive")
    put(mona, partner, tier=Tier.CULTIVATION)
    assert tier_in_force(partner) == "cultivation"
    partner.do_not_contact_since = TODAY
    partner.save()
    assert tier_in_force(partner) == "cease"
    with pytest.raises(ValidationError, match=STOP):
        put(mona, partner)


def test_manager_of_another_branch_is_no_manager_here(charlie, riverside):
    """Charlie manages Riverside and owns a partner of Lakeside with bad conduct."""
    GrantFactory(user=charlie, role="manager", branch=riverside)
    partner = steady(owner=charlie)
    InteractionFactory(partner=partner, conduct="abusive")
    with pytest.raises(ValidationError, match=CONDUCT):
        put(charlie, partner)


def test_person_without_a_branch_has_no_manager():
    """A manager's grant of no branch cannot exist; two blanks must not match either."""
    owner, other = UserFactory(branch=None), UserFactory(branch=None)
    assert refusal(other, PartnerFactory(owner=owner), TierStanding(rule="C")) == NOT_YOURS


def test_judging_keeps_the_override(alice, partner):
    made = put(alice, partner)
    InteractionFactory(partner=partner)
    assert TierStanding.objects.get(partner=partner).override == made


def test_in_force_equals_the_standings_own_answer(alice):
    """Every rule, every maker and every side of the end date."""
    cases = list(
        product(["C", "M", "X1", "X2", "X4", ""], [None, False, True], [-1, 0, 1], list(Tier))
    )
    for rule, by_manager, days, tier in cases:
        partner = Partner.objects.bulk_create([PartnerFactory.build(owner=alice)])[0]
        standing = a_standing(partner, rule)
        if by_manager is not None:
            standing.override = TierOverride.objects.create(
                partner=partner,
                tier=tier,
                reason="r",
                made_by=alice,
                by_manager=by_manager,
                starts_on=TODAY - timedelta(days=5),
                ends_on=TODAY + timedelta(days=days),
            )
            standing.save()
    rows = Partner.objects.annotate(now=in_force(TODAY)).select_related("standing__override")
    found = [(row.now, row.standing.tier_in_force(TODAY)) for row in rows.order_by("pk")]
    assert found == [(expected(*case),) * 2 for case in cases]


def a_standing(partner, rule):
    version = TierStanding._meta.get_field("policy").related_model.objects.current()
    return TierStanding.objects.create(
        partner=partner, tier=computed(rule), rule=rule, policy=version
    )


def computed(rule):
    return {"C": "cultivation", "M": "maintenance", "": "maintenance"}.get(rule, "cease")


def expected(rule, by_manager, days, tier):
    """The sentence of the product: X1 by a manager only, X4 by nobody, until the end."""
    if by_manager is None or days < 0 or rule == "X4" or (rule == "X1" and not by_manager):
        return computed(rule)
    return tier


def test_list_can_sort_and_filter_by_the_tier_in_force(alice, partner):
    put(alice, partner)
    steady(owner=alice)
    rows = Partner.objects.annotate(now=in_force(TODAY))
    assert rows.filter(now="maintenance").get() == partner

"""What waits for somebody who leads: rows of each sort, and nothing of others' branches."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from accounts.models import Role, User
from insights.to_act_on import items_for
from tests.factories import GrantFactory, InteractionFactory, PartnerFactory, ReferralFactory
from tiers.models import TierOverride, TierStanding

pytestmark = pytest.mark.django_db

# A Wednesday, noon in New York.
TODAY = date(2026, 6, 17)
NOW = datetime(2026, 6, 17, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def _at_work(cast):
    """Everybody came in, some time ago; who has partners was in touch with one yesterday."""
    long_ago = NOW - timedelta(days=100)
    User.objects.update(last_login=NOW, created_at=long_ago)
    for name in ["alice", "bob", "charlie"]:
        InteractionFactory(partner__owner=cast[name], day=TODAY - timedelta(days=1))


def told(user):
    items = items_for(user, NOW)
    return {item.key: (item.count, [row.detail for row in item.rows]) for item in items}


def names(user, key):
    (item,) = [item for item in items_for(user, NOW) if item.key == key]
    return [row.name for row in item.rows]


def test_where_nothing_waits_nothing_is_told(mona, ada):
    assert told(mona) == told(ada) == {}


@pytest.mark.parametrize(("day", "late"), [(15, True), (16, False), (12, True)])
def test_a_referral_is_told_when_a_working_day_has_passed(day, late, alice, mona):
    """That of Tuesday has time until tonight."""
    ReferralFactory(partner__owner=alice, day=date(2026, 6, day), borrower="Bo Borrower")
    assert ("waiting" in told(mona)) is late
    assert "Borrower" not in repr(items_for(mona, NOW))


def test_referrals_wait_by_partner_the_longest_first(alice, bob, mona):
    rita = PartnerFactory(owner=alice, first_name="Rita", last_name="Rowe")
    for ago in [5, 30]:
        ReferralFactory(partner=rita, day=TODAY - timedelta(days=ago))
    ReferralFactory(partner__owner=bob, day=TODAY - timedelta(days=220))
    ReferralFactory(partner__owner=bob, day=TODAY - timedelta(days=90), stage="contacted")
    details = ["1 referral since November 9, 2025, with Bob Barnes"]
    details += ["2 referrals since May 18, with Alice Abbott"]
    assert told(mona) == {"waiting": (3, details)}


def override(partner, ends_on, **fields):
    words = {"tier": "cultivation", "reason": "Old friend", "made_by": partner.owner}
    days = {"starts_on": date(2026, 5, 1), "ends_on": ends_on}
    return TierOverride.objects.create(partner=partner, by_manager=False, **words, **days, **fields)


def test_overrides_past_their_date_are_told_until_somebody_ends_them(alice, mona, ada):
    past = PartnerFactory(owner=alice, first_name="Pia", last_name="Past")
    override(past, date(2026, 6, 16))
    override(PartnerFactory(owner=alice), TODAY)
    override(PartnerFactory(owner=alice), date(2026, 6, 1), ended_at=NOW, ended_by=alice)
    gone = PartnerFactory(owner=alice, archived_at=NOW, archived_reason="moved")
    override(gone, date(2026, 6, 1))
    assert told(mona) == {"overrides": (1, ["Cultivation until June 16, set by Alice Abbott"])}
    assert names(mona, "overrides") == ["Pia Past"]
    assert items_for(ada, NOW)[0].rows[0].action == ""
    assert items_for(mona, NOW)[0].rows[0].action_url == f"/partners/{past.pk}/"


def test_labels_that_nothing_on_record_confirms_are_told(alice, mona):
    verdicts = {
        "Not Judged": ("maintenance", "", []),
        "Kept Alone": ("maintenance", "MS", ["insufficient_history"]),
        "Kept Rightly": ("maintenance", "MS", ["slipping"]),
        "Short History": ("cultivation", "C", ["insufficient_history"]),
    }
    for name, (tier, rule, flags) in verdicts.items():
        first, last = name.split()
        partner = PartnerFactory(owner=alice, first_name=first, last_name=last)
        found = TierStanding.objects.filter(partner=partner)
        found.update(tier=tier, rule=rule, flags=flags)
    assert told(mona) == {"labels": (2, ["Maintenance, with Alice Abbott"] * 2)}
    assert names(mona, "labels") == ["Kept Alone", "Not Judged"]


@pytest.mark.parametrize(("ago", "silent"), [(14, True), (13, False)])
def test_who_had_no_touch_for_fourteen_days_is_told(ago, silent, alice, mona):
    alice.interactions.update(day=TODAY - timedelta(days=ago))
    details = (1, [f"Last touch on June {17 - ago}"])
    assert told(mona) == ({"silent": details} if silent else {})


def test_who_is_away_is_new_or_has_no_partners_is_not_silent(alice, bob, andy, mona):
    for owner in [alice, bob]:
        owner.interactions.all().delete()
    assert names(mona, "silent") == ["Alice Abbott", "Bob Barnes"]
    assert told(mona)["silent"][1] == ["No touch yet"] * 2
    # The database's clock tells who is away.
    times = {"starts_at": NOW - timedelta(days=5000), "ends_at": NOW + timedelta(days=5000)}
    GrantFactory(user=bob, role=Role.STAND_IN, officer=alice, **times)
    User.objects.filter(pk=bob.pk).update(created_at=NOW - timedelta(days=13))
    assert told(mona) == {}


def test_partners_of_people_who_left_are_told_with_the_way_to_hand_them_over(alice, bob, mona):
    PartnerFactory(owner=bob)
    PartnerFactory(owner=bob, archived_at=NOW, archived_reason="moved")
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert told(mona) == {"left": (2, ["2 partners"])}
    assert items_for(mona, NOW)[0].more == 0
    assert items_for(mona, NOW)[0].rows[0].action_url == f"/handovers/new/?from={bob.pk}"


def test_who_never_signed_in_is_told_while_active(alice, bob, mona):
    User.objects.filter(pk__in=[alice.pk, bob.pk]).update(last_login=None)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert told(mona)["never"] == (1, ["Added on March 9"])
    assert names(mona, "never") == ["Alice Abbott"]


def test_others_branches_are_theirs_and_an_administrator_sees_all(mona, lena, ada, alice, charlie):
    for owner in [alice, charlie]:
        ReferralFactory(partner__owner=owner, day=date(2026, 6, 1))
        override(PartnerFactory(owner=owner), date(2026, 6, 1))
        owner.interactions.update(day=date(2026, 5, 1))
        User.objects.filter(pk=owner.pk).update(last_login=None)
    assert [told(user)["silent"][0] for user in [mona, lena, ada]] == [1, 1, 2]
    assert "Charlie" not in repr(items_for(mona, NOW))
    assert "Alice" not in repr(items_for(lena, NOW))
    assert len(items_for(ada, NOW)) == 4


def test_of_many_ten_are_named_and_the_rest_is_counted(alice, mona):
    for _ in range(12):
        override(PartnerFactory(owner=alice), date(2026, 6, 1))
    (item,) = items_for(mona, NOW)
    assert (item.count, len(item.rows), item.more) == (12, 10, 2)


# --- the page -------------------------------------------------------------------------------


def test_the_page_is_for_who_leads(sign_in, cast):
    url = "/branch/to-act-on/"
    found = {name: sign_in(user).get(url).status_code for name, user in cast.items()}
    leaders = dict.fromkeys(["mona", "lena", "ada"], 200)
    assert found == dict.fromkeys(cast, 404) | leaders


def test_the_page_says_what_waits_or_that_nothing_does(sign_in, mona, alice):
    client = sign_in(mona)
    assert "Nothing to act on" in client.get("/branch/to-act-on/").text
    override(PartnerFactory(owner=alice, last_name="<b>Bold</b>"), date(2026, 6, 1))
    page = client.get("/branch/to-act-on/").text
    assert "Rita &lt;b&gt;Bold&lt;/b&gt;" in page
    assert "End or renew" in page
    assert "Nothing to act on" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_as_many_queries_whatever_waits(
    rows, sign_in, mona, alice, django_assert_num_queries
):
    for _ in range(rows):
        ReferralFactory(partner__owner=alice, day=date(2026, 6, 1))
        override(PartnerFactory(owner=alice), date(2026, 6, 1))
    TierStanding.objects.update(rule="")
    User.objects.exclude(pk=mona.pk).update(last_login=None)
    client = sign_in(mona)
    with django_assert_num_queries(11):
        client.get("/branch/to-act-on/")

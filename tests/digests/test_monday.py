"""What the Monday pack says to a manager, and what it never says."""

import re
from datetime import date, timedelta

import pytest
from django.core import mail as django_mail

from accounts.models import Role
from digests.kinds import MONDAY
from digests.monday import render
from digests.services import plan_due, stop
from mailing.kinds import Suppressed
from mailing.models import Delivery, State
from mailing.services import deliver_one
from partners.models import Partner
from tests.digests.conftest import NOW, TODAY
from tests.digests.test_daily import Parsed
from tests.factories import (
    GrantFactory,
    InteractionFactory,
    PartnerFactory,
    ReferralFactory,
)
from tiers.models import TierChange, TierOverride, TierStanding

pytestmark = pytest.mark.django_db

SITE = "http://localhost:8000"
LONG_AGO = TODAY - timedelta(days=300)


def stands(owner, name, *course, flags=(), calls=(), conduct="none"):
    """A partner with a course of (days ago, tier, rule, reasons), and calls so many days ago."""
    first, last = name.split()
    partner = PartnerFactory(owner=owner, first_name=first, last_name=last, created_on=LONG_AGO)
    for ago in calls:
        words = {"note": "Angry about Bo Borrower", "conduct": conduct}
        InteractionFactory(partner=partner, day=TODAY - timedelta(days=ago), minutes=30, **words)
    TierChange.objects.filter(partner=partner).delete()
    before = ""
    for ago, tier, rule, reasons in course:
        TierChange.objects.create(
            partner=partner,
            on=TODAY - timedelta(days=ago),
            tier=tier,
            from_tier=before,
            rule=rule,
            reasons=reasons,
        )
        before = tier
    standing = {"tier": tier, "rule": rule, "reasons": reasons, "flags": list(flags)}
    TierStanding.objects.filter(partner=partner).update(**standing)
    return partner


UP = [(200, "cultivation", "C", ["C1"]), (3, "maintenance", "M", ["M1", "M2", "M3"])]
DOWN = [(200, "maintenance", "M", ["M1", "M2", "M3"]), (6, "cultivation", "C", ["C2"])]
STEADY = [(200, "maintenance", "M", ["M1", "M2", "M3"])]
OPEN = [(200, "cultivation", "C", ["C1"])]
ENDED = [(200, "cultivation", "C", ["C1"]), (2, "cease", "X1", ["X1a"])]


@pytest.fixture
def riverside_book(alice, bob, settings):
    """Somebody of each sort in Riverside; borrowers, conduct and notes that could show."""
    settings.SECRET_KEY = "k" * 50
    book = {
        "tess": stands(alice, "Tess Turner", *UP, calls=[5, 30]),
        "peter": stands(bob, "Peter Park", *DOWN, calls=[80]),
        "zora": stands(bob, "Zora Zane", *ENDED, calls=[2], conduct="abusive"),
        "nadia": stands(bob, "Nadia Novak", *STEADY, flags=["our_neglect", "conduct_watch"]),
        "omar": stands(alice, "Omar Ortiz", *STEADY, flags=["slipping"], calls=[70]),
        "grace": stands(alice, "Grace Green", *OPEN, calls=[1, 8]),
    }
    for number in range(4):
        stands(alice, f"Other Nr{number}", *OPEN, calls=[10 + number])
    for borrower in ["Bo Borrower", "Cora Client"]:
        ReferralFactory(partner=book["grace"], borrower=borrower, borrower_phone="+12025550143")
    return book


@pytest.fixture
def pack_for():
    """`pack_for(mona)`: what she would get now."""

    def pack_for(user, now=NOW):
        occurrence = user.today(now).isoformat()
        return render(Delivery(kind=MONDAY, user=user, occurrence=occurrence), now)

    return pack_for


def without_tokens(text):
    return re.sub(r"(/digest/\w+)/[^/\s]+/", r"\1/TOKEN/", text)


GOLDEN = """\
Monday, June 15

Before the meeting


Riverside
=========
1 moved up, 2 moved down, 2 to help, 2 referrals waiting.

WHO MOVED SINCE MONDAY, JUNE 8

* Peter Park (Bob Barnes)
  Down to Cultivation on June 9. Little follow-up so far.
  {site}/partners/{peter}/

* Tess Turner (Alice Abbott)
  Up to Maintenance on June 12. Steady, in touch, actively refers.
  {site}/partners/{tess}/

* Zora Zane (Bob Barnes)
  Down to Cease on June 13. Set by the owner and their manager.
  {site}/partners/{zora}/

WHOM TO HELP

* Nadia Novak (Bob Barnes)
  Maintenance: we went quiet. No conversation yet.
  {site}/partners/{nadia}/

* Omar Ortiz (Alice Abbott)
  Maintenance: slipping. Last conversation on April 6.
  {site}/partners/{omar}/

WAITING FOR A FIRST CALL

* Grace Green (Alice Abbott)
  2 referrals since June 15.
  {site}/partners/{grace}/

WHERE THE EFFORT GOES

Off course. In 90 days: Cultivation 4 h of 5 h 30 min (72%). Cease had 9%, more than it should.

WHO WAS REACHED IN TIME

* Maintenance, in 45 days: 1 of 3 (too few for a rate)
  2 to reach: {site}/branch/rows/uncovered:maintenance/?branch={branch}
* Other Cultivation, in 60 days: 5 of 6 (83%)
  1 to reach: {site}/branch/rows/uncovered:cultivation/?branch={branch}

All figures of Riverside: {site}/branch/?branch={branch}


--{space}
Another hour: {site}/account/digests/
Stop this weekly mail: {site}/digest/stop/TOKEN/
"""


def test_the_whole_pack(mona, riverside, riverside_book):
    plan_due(NOW)
    while deliver_one(clock=lambda: NOW):
        pass
    (message,) = [one for one in django_mail.outbox if "Monday" in one.subject]
    assert message.recipients() == ['"Mona Miller" <mona@example.com>']
    keys = {name: partner.pk for name, partner in riverside_book.items()}
    expected = GOLDEN.format(site=SITE, space=" ", branch=riverside.pk, **keys)
    assert without_tokens(message.body) == expected
    assert Delivery.objects.get(kind=MONDAY).state == State.SENT


def test_the_headers_say_how_to_stop_it(mona, riverside_book, pack_for):
    pack = pack_for(mona)
    assert pack.subject == "Monday pack: 1 moved up, 2 moved down, 2 to help, 2 referrals waiting"
    assert pack.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop_link = without_tokens(pack.headers["List-Unsubscribe"])
    assert stop_link == f"<{SITE}/digest/stop/TOKEN/>"


def test_the_html_says_the_same_with_the_same_links(mona, riverside_book, pack_for):
    pack = pack_for(mona)
    page = Parsed(pack.html)
    assert {url for url, _ in page.links} == set(re.findall(r"https?://\S+", pack.text))
    said = re.sub(r"https?://\S+", "", pack.text).splitlines()
    for line in said[: said.index("-- ")]:
        words = line.strip("*: ").removesuffix(" to reach").lower()
        for part in words.replace("(", ". ").replace(")", "").split(". "):
            assert part.strip(".= ") in page.text.lower().replace(" (", " ").replace(")", ""), line
    assert {"script", "img"}.isdisjoint(page.tags)
    assert "http" not in re.sub(r'href="[^"]*"', "", pack.html)


def test_nothing_of_borrowers_conduct_or_notes_is_in_it(mona, riverside_book, pack_for):
    """Though Mona may see conduct: mails go through servers and onto screens that others see."""
    pack = pack_for(mona)
    shown = f"{pack.subject}\n{pack.text}\n{Parsed(pack.html).text}"
    everything = re.sub(r"https?://[^\s\"]+", "", shown).lower()
    secret = ["borrower", "cora client", "bo ", "202", "555", "angry", "abus", "conduct", "gift"]
    secret += ["debt", "owe", "lunch", "attempt"]
    for word in secret:
        assert word not in everything, word


def test_an_override_is_told_instead_of_what_the_rules_say(mona, alice, pack_for):
    partner = stands(alice, "Olga Ott", (200, "cultivation", "C", ["C1"]))
    days = {"starts_on": TODAY - timedelta(days=2), "ends_on": TODAY + timedelta(days=30)}
    words = {"reason": "Bo Borrower said so", "made_by": alice, "by_manager": False}
    TierOverride.objects.create(partner=partner, tier="maintenance", **days, **words)
    text = pack_for(mona).text
    move = "Up to Maintenance on June 13. An override is in force."
    assert move in text
    assert "said so" not in text


MOVES = {8: False, 7: True, 0: True}  # days ago: Sunday, Monday a week ago, today


@pytest.mark.parametrize(("ago", "told"), MOVES.items())
def test_who_moved_since_the_monday_before_is_told(ago, told, mona, alice, pack_for):
    stands(alice, "Mia Moss", (200, "cultivation", "C", ["C1"]), (ago, "maintenance", "M", ["M1"]))
    assert ("Mia Moss" in pack_for(mona).text) is told


def test_of_two_branches_each_has_its_part(
    mona, charlie, riverside, lakeside, riverside_book, pack_for
):
    GrantFactory(user=mona, role=Role.MANAGER, branch=lakeside)
    carol = stands(charlie, "Carol Cole", *DOWN, flags=["win_back"])
    pack = pack_for(mona)
    assert pack.subject == "Monday pack: 1 moved up, 3 moved down, 2 to help, 2 referrals waiting"
    first, second = pack.text.split("\nRiverside\n=========\n")
    assert without_tokens(first) == TWO_BRANCHES.format(
        site=SITE, branch=lakeside.pk, carol=carol.pk
    )
    assert "Carol" not in second
    assert "Tess Turner" in second
    assert second.count("* ") == 7


TWO_BRANCHES = """\
Monday, June 15

Before the meeting


Lakeside
========
1 moved down.

WHO MOVED SINCE MONDAY, JUNE 8

* Carol Cole (Charlie Clark)
  Down to Cultivation on June 9. Little follow-up so far.
  {site}/partners/{carol}/

WHERE THE EFFORT GOES

In 90 days: nothing logged yet, too little to compare.

WHO WAS REACHED IN TIME

* Other Cultivation, in 60 days: 0 of 1 (too few for a rate)
  1 to reach: {site}/branch/rows/uncovered:cultivation/?branch={branch}

All figures of Lakeside: {site}/branch/?branch={branch}

"""


def test_much_of_everything_stays_short_and_says_where_the_rest_is(
    mona, alice, riverside, lakeside, charlie, pack_for
):
    for number in range(12):
        stands(alice, f"Down Nr{number:02}", *DOWN, flags=["last_chance"])
        waiting = stands(alice, f"Wait Nr{number:02}", *OPEN)
        ReferralFactory(partner=waiting, day=TODAY - timedelta(days=20 - number))
    text = pack_for(mona).text
    assert text.count("* Down") == 8
    assert text.count("* Wait") == 4
    assert f"And 8 more: {SITE}/branch/?branch={riverside.pk}\n" in text
    assert f"And 8 more: {SITE}/branch/rows/at_risk/?branch={riverside.pk}\n" in text
    assert f"And 8 more: {SITE}/branch/rows/waiting/?branch={riverside.pk}\n" in text
    GrantFactory(user=mona, role=Role.MANAGER, branch=lakeside)
    stands(charlie, "Carol Cole", *OPEN)
    del mona.held_grants
    assert pack_for(mona).text.count("* Down") == 4


def test_a_calm_week_says_so(mona, alice, pack_for):
    stands(alice, "Grace Green", *OPEN, calls=[3])
    pack = pack_for(mona)
    calm = "obody moved, nobody is at risk, no referral waits"
    assert pack.subject == f"Monday pack: n{calm}"
    assert f"\nN{calm}.\n" in pack.text
    assert "WHO MOVED" not in pack.text
    assert "In 90 days: 30 min logged so far, too little to compare." in pack.text


def test_names_can_do_no_harm(mona, alice, riverside, pack_for):
    riverside.name = "<b>River</b>\nside"
    riverside.save()
    alice.name = "<i>Alice</i>\u202e"
    alice.save()
    stands(alice, "Rita Rowe", *UP)
    odd = {"first_name": "<script>alert(1)</script>", "last_name": "Rowe\r\nBcc: x@y.z"}
    Partner.objects.update(**odd)
    pack = pack_for(mona)
    assert "* <script>alert(1)</script> Rowe Bcc: x@y.z (<i>Alice</i>)\n" in pack.text
    assert "\n<b>River</b> side\n" in pack.text
    assert {"script", "b", "i"}.isdisjoint(Parsed(pack.html).tags)


@pytest.mark.parametrize("partners", [1, 8])
def test_writing_one_takes_21_queries_whatever_the_book(
    partners, mona, alice, pack_for, django_assert_num_queries
):
    for number in range(partners):
        partner = stands(alice, f"Rita Nr{number}", *DOWN, flags=["slipping"], calls=[4])
        ReferralFactory(partner=partner)
    with django_assert_num_queries(21):
        pack_for(mona)


# --- whose, and none ------------------------------------------------------------------------


def planned():
    rows = Delivery.objects.filter(kind=MONDAY).order_by("user__name")
    return [(row.user.name, row.occurrence) for row in rows]


def test_it_is_planned_for_managers_of_branches_with_partners_alone(cast, alice, lena):
    PartnerFactory(owner=alice)
    plan_due(NOW)
    assert planned() == [("Mona Miller", "2026-06-15")]
    row = Delivery.objects.get(kind=MONDAY)
    assert row.expires_at.isoformat() == "2026-06-16T00:00:00+00:00"
    assert plan_due(NOW + timedelta(hours=12)) == []


@pytest.mark.parametrize("days", [1, 4, 6])
def test_it_is_planned_on_no_other_day(days, mona, rita):
    plan_due(NOW + timedelta(days=days))
    assert planned() == []


def test_the_daily_digest_of_a_manager_comes_beside_it(mona):
    PartnerFactory(owner=mona)
    plan_due(NOW)
    kinds = Delivery.objects.values_list("kind", flat=True)
    assert sorted(kinds) == ["daily_digest", "monday_pack"]


def test_who_leads_no_branch_any_more_gets_none(mona, rita, pack_for):
    mona.grants.all().delete()
    assert pack_for(mona) == Suppressed("There is no branch with partners to tell of.")


def test_who_leads_a_branch_without_active_partners_gets_none(mona, rita, pack_for):
    rita.archived_at, rita.archived_reason = NOW, "moved"
    rita.save()
    assert pack_for(mona) == Suppressed("There is no branch with partners to tell of.")


def test_others_branches_are_not_in_it(mona, lena, charlie, riverside_book, pack_for):
    stands(charlie, "Carol Cole", *DOWN)
    assert "Carol Cole" not in pack_for(mona).text
    assert "Tess" not in pack_for(lena).text
    assert "Carol Cole" in pack_for(lena).text


def test_who_stopped_it_gets_none_and_keeps_the_daily_one(mona, rita, pack_for):
    PartnerFactory(owner=mona)
    stop(user=mona, kind=MONDAY, now=NOW)
    assert pack_for(mona) == Suppressed("Switched off by its reader.")
    plan_due(NOW)
    assert planned() == []
    assert Delivery.objects.get(user=mona).kind == "daily_digest"


def test_who_was_deactivated_gets_none(mona, rita, pack_for):
    mona.is_active = False
    assert pack_for(mona) == Suppressed("This account is closed.")


def test_none_leaves_at_night(mona, rita, pack_for):
    night = NOW + timedelta(hours=14)
    assert isinstance(pack_for(mona, night), Suppressed)


def test_figures_that_were_counted_already_are_taken(mona, riverside, rita, pack_for, monkeypatch):
    asked = []
    monkeypatch.setattr("digests.monday.stored_report", lambda *key: asked.append(key))
    pack_for(mona)
    assert asked == [(riverside.pk, date(2026, 6, 15))]

"""Nobody reads the figures of others: pages, rows, tables, files, counts, in every combination.

Alice and Bob work at Riverside, which Mona manages; Charlie at Lakeside, which Lena manages. Andy
assists Alice, Ada administers, Carl is of compliance.
"""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from insights.book import load
from insights.counting import report_of
from insights.forms import FiguresForm
from insights.rows.lines import PartnerLine, TouchLine, lines_of
from insights.rows.opened import open_set
from insights.scope import scope_of
from insights.services import refresh_reports
from insights.sets import sets_of
from insights.tables import TABLES, table_of
from tests.factories import (
    FocusPlaceFactory,
    InteractionFactory,
    PartnerFactory,
    ReferralFactory,
)
from tiers.models import TierOverride
from tiers.services import replay

pytestmark = pytest.mark.django_db

PEOPLE = ["alice", "bob", "andy", "mona", "charlie", "lena", "ada", "carl"]
# Each name stands with one owner alone.
NAMES = {"alice": "Almond", "bob": "Birch", "charlie": "Cedar"}
BORROWERS = {"alice": "Anna Apple", "bob": "Bea Berry", "charlie": "Cleo Cherry"}
SECRETS = [*NAMES.values(), *BORROWERS.values()]
SEEN_BY = {
    "alice": {"alice"},
    "bob": {"bob"},
    "andy": set(),
    "mona": {"alice", "bob"},
    "charlie": {"charlie"},
    "lena": {"charlie"},
    "ada": {"alice", "bob", "charlie"},
    "carl": set(),
}


@pytest.fixture
def crowd(cast):
    """Each officer has partners in every tier, with touches and referrals that fill the sets."""
    today = timezone.localdate()
    ago = [today - timedelta(days=days) for days in range(250)]
    partners = [
        _partner(cast[who], f"{name} {number}", BORROWERS[who], ago, number)
        for who, name in NAMES.items()
        for number in range(2)
    ]
    replay([partner.pk for partner in partners], today=today)
    TierOverride.objects.bulk_create(_override(partner, ago) for partner in partners)
    refresh_reports(now=timezone.now(), seconds=60)
    return cast


def _partner(owner, name, borrower, ago, number):
    partner = PartnerFactory(owner=owner, last_name=name, created_on=ago[240])
    for days in [5, 20, 40, 130][number:]:
        InteractionFactory(partner=partner, day=ago[days], purpose="gratitude")
    for days, stage in [(4, "received"), (30, "funded"), (60, "lost"), (150, "application")]:
        lost = {"lost_reason": "withdrew"} if stage == "lost" else {}
        ReferralFactory(partner=partner, day=ago[days], borrower=borrower, stage=stage, **lost)
    ReferralFactory(partner=partner, day=ago[9], borrower=borrower, direction="given")
    if number == 1:
        conduct = {"conduct": "abusive" if owner.name.startswith("Bob") else "negative"}
        InteractionFactory(partner=partner, day=ago[10], **conduct)
    FocusPlaceFactory(partner=partner, rank=number + 1)
    return partner


def _override(partner, ago):
    """Past its date, and nobody ended it."""
    return TierOverride(
        partner=partner, tier="cultivation", reason="They know us", made_by=partner.owner,
        by_manager=False, starts_on=ago[60], ends_on=ago[30],
    )  # fmt: skip


def branch_sets(branch):
    today = timezone.localdate()
    return sets_of(load(scope_of([branch.pk], end=today), timezone.now()))


def told(answer):
    """Whose secrets the answer tells."""
    text = answer.content.decode()
    return {who for who in NAMES if re.search(rf"{NAMES[who]} \d", text) or BORROWERS[who] in text}


def test_the_sets_hold_rows_that_could_show(crowd, riverside):
    """What the other tests look for is there to be found."""
    filled = {name.split(":")[0] for name, rows in branch_sets(riverside).items() if rows.keys}
    expected = "tier move effort covered received reached pull lost given exchange largest"
    expected += " contact thanks flag overrides waiting"
    assert set(expected.split()) <= filled


def test_the_figures_of_another_branch_are_404(as_, crowd, riverside, lakeside):
    """The page, its rows, their file and its tables, asked with the branch of others."""
    allowed = {}
    for who in PEOPLE:
        client = as_(crowd[who])
        for branch in [riverside, lakeside]:
            query = f"?branch={branch.pk}"
            asked = [
                client.get(reverse("branch_figures") + query),
                client.get(reverse("figure_rows", args=["waiting"]) + query),
                client.post(reverse("figure_rows", args=["waiting"]) + query),
                client.post(reverse("figure_table", args=["at_risk"]) + query),
            ]
            found = {answer.status_code for answer in asked}
            assert len(found) == 1, (who, branch, found)
            if found == {200}:
                allowed.setdefault(who, set()).add(branch.name)
    both = {"Riverside", "Lakeside"}
    assert allowed == {"mona": {"Riverside"}, "lena": {"Lakeside"}, "ada": both}


def test_the_figures_of_another_officer_are_404(as_, crowd):
    allowed = {}
    for who in PEOPLE:
        client = as_(crowd[who])
        for whose in PEOPLE:
            officer = crowd[whose].pk
            asked = [
                client.get(reverse("officer_figures", args=[officer])),
                client.get(reverse("figure_rows", args=["at_risk"]), {"officer": officer}),
                client.post(f"{reverse('figure_table', args=['tiers'])}?officer={officer}"),
            ]
            found = {answer.status_code for answer in asked}
            assert len(found) == 1, (who, whose, found)
            if found == {200}:
                allowed.setdefault(who, set()).add(whose)
    riverside, lakeside = {"alice", "bob", "andy", "mona"}, {"charlie", "lena"}
    everybody_else = {who: {who} for who in ["alice", "bob", "andy", "charlie", "carl"]}
    assert allowed == everybody_else | {
        "mona": riverside,
        "lena": lakeside,
        "ada": riverside | lakeside | {"ada"},
    }


def test_no_rows_of_any_set_tell_of_others(crowd):
    """Every set of what each person's address without a query opens."""
    told_to = {}
    for who in PEOPLE:
        user, now = crowd[who], timezone.now()
        form = FiguresForm({}, user=user, today=user.today(now))
        book = load(form.scope(), now)
        owners = set()
        for name in sets_of(book):
            opened = open_set(name, book, user)
            lines = lines_of(opened, opened.keys, user)
            assert len(lines) == len(opened.keys), name
            owners |= {owner_of(line).name for line in lines}
        told_to[who] = {one for one in NAMES if crowd[one].name in owners}
    # Ada reads the first branch by name unless she asks for another.
    assert told_to == SEEN_BY | {"ada": {"charlie"}}


def owner_of(line):
    if isinstance(line, PartnerLine):
        return line.partner.owner
    return (line.touch if isinstance(line, TouchLine) else line.referral).partner.owner


@pytest.mark.parametrize("name", ["tier:cultivation", "effort:cultivation", "waiting"])
def test_a_page_of_rows_and_its_file_tell_of_ones_own_alone(as_, crowd, name):
    told_to = {}
    for who in PEOPLE:
        client = as_(crowd[who])
        page = client.get(reverse("figure_rows", args=[name]))
        file = client.post(reverse("figure_rows", args=[name])).content.decode()
        assert told(page) == {one for one in NAMES if f"{NAMES[one]} 0" in file}
        assert not any(borrower in file for borrower in BORROWERS.values())
        told_to[who] = told(page)
    assert told_to == SEEN_BY | {"ada": {"charlie"}}


def test_no_page_and_no_table_tells_of_others(as_, crowd):
    told_to = {who: set() for who in PEOPLE}
    for who in PEOPLE:
        client = as_(crowd[who])
        for query in ["", "?branch=all"]:
            told_to[who] |= told(client.get(reverse("branch_figures") + query, follow=True))
        told_to[who] |= told(client.get(reverse("officer_figures", args=[crowd[who].pk])))
        told_to[who] |= told(client.post(reverse("figure_table", args=["concentration"])))
        told_to[who] |= told(client.get(reverse("to_act_on")))
    assert told_to == SEEN_BY


def test_every_table_tells_of_ones_own_alone(crowd):
    told_to = {}
    for who in PEOPLE:
        user, now = crowd[who], timezone.now()
        form = FiguresForm({}, user=user, today=user.today(now))
        report = report_of(load(form.scope(), now))
        text = str([table_of(name, report) for name in TABLES])
        told_to[who] = {one for one in NAMES if f"{NAMES[one]} 0" in text}
        assert not any(borrower in text for borrower in BORROWERS.values())
    assert told_to == SEEN_BY | {"ada": {"charlie"}}


def test_counts_are_of_the_readers_own_branch_alone(as_, crowd, riverside, lakeside):
    """A number of others would tell as much as a name."""
    sizes = {"mona": 4, "lena": 2}
    for who, size in sizes.items():
        for query in [{}, {"fresh": "1"}]:
            report = as_(crowd[who]).get(reverse("branch_figures"), query).context["report"]
            assert report.partners == size
            assert len(report.officers) == len(SEEN_BY[who])
    everything = as_(crowd["ada"]).get(reverse("branch_figures"), {"branch": "all"})
    assert everything.context["report"].partners == 6


def test_what_a_hand_over_took_away_is_counted_and_not_shown(as_, crowd):
    """An officer's effort goes on counting; whose partner it is now decides who reads it."""
    alice, charlie = crowd["alice"], crowd["charlie"]
    moved = alice.partners.get(last_name="Almond 0")
    before = as_(alice).get(reverse("figure_rows", args=["effort:cultivation"])).context["opened"]
    alice.partners.filter(pk=moved.pk).update(owner=charlie)
    answer = as_(alice).get(reverse("figure_rows", args=["effort:cultivation"]))
    opened = answer.context["opened"]
    assert opened.hidden > 0
    assert len(opened.keys) + opened.hidden == len(before.keys)
    assert "Almond 0" not in answer.text
    assert "with partners whom somebody else looks after now" in answer.text


# --- conduct


TELLS = re.compile(r"(?i:abus|disrespect|negative|conduct)|\bX1")


def results(answer):
    return answer.content.decode().partition('id="results"')[2]


def test_conduct_stands_on_the_pages_of_those_who_may_see_it_alone(as_, crowd, riverside):
    flagged = next(name for name in branch_sets(riverside) if name.endswith("conduct_watch"))
    query = {"branch": riverside.pk}
    found = {}
    for who in ["mona", "ada"]:
        client = as_(crowd[who])
        page = client.get(reverse("branch_figures"), query)
        rows = client.get(reverse("figure_rows", args=[flagged]), query)
        moved = client.get(reverse("figure_rows", args=["tier:cease"]), query)
        found[who] = (bool(TELLS.search(results(page))), rows.status_code)
        assert "Birch 1" in moved.text
        assert ("set by the owner and their manager" in moved.text.lower()) == (who == "ada")
    assert found == {"mona": (True, 200), "ada": (False, 404)}


def test_no_file_tells_of_conduct_to_anybody(as_, crowd, riverside):
    sets = branch_sets(riverside)
    flagged = [name for name in sets if TELLS.search(name)]
    assert flagged
    mona = as_(crowd["mona"])
    for name in flagged:
        assert mona.post(reverse("figure_rows", args=[name])).status_code == 404
        assert "CSV" not in mona.get(reverse("figure_rows", args=[name])).text
    files = [mona.post(reverse("figure_table", args=[name])) for name in TABLES]
    files += [mona.post(reverse("figure_rows", args=[f"tier:{tier}"])) for tier in ["cease"]]
    assert "Birch 1" in files[-1].content.decode()
    for file in files:
        assert TELLS.search(file.content.decode()) is None


@pytest.mark.parametrize(
    "name",
    ["none", "tier:gold", "tier:cease:2020-01-01", "lost:theft", "flag:cease:tall", "move:a:b",
     "move:new", "largest:999999", "largest:x", "received:2026-13", "tier:", ":", "effort:cease:1"],
)  # fmt: skip
def test_an_unknown_set_is_404(as_, mona, name):
    assert as_(mona).get(reverse("figure_rows", args=[name])).status_code == 404
    assert as_(mona).post(reverse("figure_table", args=[name])).status_code == 404


@pytest.mark.parametrize("asked", ["branch", "officer"])
@pytest.mark.parametrize("key", ["999999", "x", "-1", "1e3", "9" * 30, "0"])
def test_a_branch_and_an_officer_that_nobody_has_are_404(as_, mona, asked, key):
    query = {asked: key}
    for address in [reverse("branch_figures"), reverse("figure_rows", args=["at_risk"])]:
        assert as_(mona).get(address, query).status_code == 404

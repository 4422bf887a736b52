"""Conduct in all its forms shows to the owner and their manager, and to nobody else.

Each page is read by both sides, with a partner where conduct would show.
"""

import re
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.utils import timezone

from interactions.models import Conduct, Interaction
from tests.factories import InteractionFactory, PartnerFactory, ReferralFactory
from tiers.classification import Tier
from tiers.labels import PRIVATE
from tiers.overrides import override

SEES = ["alice", "mona"]
SEES_NOT = ["andy", "ada"]
TELLS = re.compile(
    r"abus|disrespect|negative|conduct|incident|\bX1|noisy scene|only a person reopens", re.I
)


@pytest.fixture
def noted(alice):
    """Two partners of Alice: one ended over abuse, for all that she sends; one to be watched."""
    today = alice.today(timezone.now())
    ago = [today - timedelta(days=days) for days in range(400)]
    abuser = PartnerFactory(owner=alice, last_name="Abel", created_on=ago[399])
    for days in [10, 100, 190, 280, 20, 120]:
        ReferralFactory(partner=abuser, day=ago[days])
    watched = PartnerFactory(owner=alice, last_name="Winter", created_on=ago[399])
    InteractionFactory(partner=watched, day=ago[9])
    row = {"kind": "lunch", "note": "A noisy scene at the table"}
    abuse = InteractionFactory(partner=abuser, day=ago[5], conduct="abusive", **row)
    slight = InteractionFactory(partner=watched, day=ago[5], conduct="negative", **row)
    return SimpleNamespace(abuser=abuser, watched=watched, abuse=abuse, slight=slight, today=today)


def results(answer):
    """What a list shows; its filters offer every flag to everybody."""
    return answer.text.partition('id="results"')[2]


def told(text):
    return sorted({found.lower() for found in TELLS.findall(text)})


def test_the_two_have_conduct_that_could_show(noted):
    standing, other = noted.abuser.standing, noted.watched.standing
    assert (standing.tier, standing.rule, standing.reasons) == ("cease", "X1", ["X1a"])
    assert "high_producer_conduct" in standing.flags
    assert "conduct_watch" in other.flags


LISTS = ["", "?q=Abel", "?tier=cease", "?sort=-referrals", "?sort=contact", "?q=Winter"]
LISTS = [f"/partners/{query}" for query in LISTS]


@pytest.mark.parametrize("url", LISTS)
def test_the_list_tells_of_conduct_to_owner_and_manager_only(url, as_, cast, noted):
    for name in SEES:
        assert told(results(as_(cast[name]).get(url))), name
    for name in SEES_NOT:
        shown = results(as_(cast[name]).get(url))
        assert told(shown) == [], name
        assert "Abel" in shown or "Winter" in shown
    if "Winter" not in url:
        assert PRIVATE.capitalize() in shown


@pytest.mark.parametrize("flag", ["conduct_watch", "high_producer_conduct"])
def test_the_filters_about_conduct_find_for_owner_and_manager_only(flag, as_, cast, noted):
    expected = "Winter" if flag == "conduct_watch" else "Abel"
    for name in SEES:
        assert expected in results(as_(cast[name]).get(f"/partners/?flag={flag}"))
    for name in SEES_NOT:
        assert as_(cast[name]).get(f"/partners/?flag={flag}").context["rows"] == []


@pytest.mark.parametrize("query", ["abus", "noisy", "negative", "X1", "conduct"])
@pytest.mark.parametrize("url", ["/partners/", "/partners/options/", "/referrals/"])
def test_searches_do_not_look_into_conduct(url, query, as_, cast, noted):
    for name in [*SEES, *SEES_NOT]:
        shown = as_(cast[name]).get(f"{url}?q={query}&view=all").text
        assert "Abel" not in shown
        assert "Winter" not in shown


@pytest.mark.parametrize("who", ["abuser", "watched"])
@pytest.mark.parametrize("query", ["", "?show=300"])
def test_the_partner_page_tells_of_conduct_to_owner_and_manager_only(who, query, as_, cast, noted):
    partner = getattr(noted, who)
    word = "abus" if who == "abuser" else "negative"
    for name in SEES:
        text = main_of(as_(cast[name]).get(f"/partners/{partner.pk}/{query}"))
        assert {word, "conduct", "disrespect", "noisy scene"} - set(told(text)) <= {"conduct"}
    for name in SEES_NOT:
        text = main_of(as_(cast[name]).get(f"/partners/{partner.pk}/{query}"))
        assert told(text) == [], name
        assert partner.last_name in text


def main_of(answer):
    return answer.text.partition("<main")[2]


def test_two_rows_differ_in_nothing_for_who_may_not_see_conduct(as_, andy, noted):
    """A row with conduct and a note looks as one without either."""
    plain = InteractionFactory(partner=noted.watched, day=noted.slight.day, kind="lunch")
    timeline = as_(andy).get(f"/partners/{noted.watched.pk}/").context["timeline"].entries
    entries = {entry.rank[2]: entry for entry in timeline if entry.type == "interaction"}
    shown = [
        (entry.title, entry.meta, entry.note, entry.conduct)
        for entry in (entries[noted.slight.pk], entries[plain.pk])
    ]
    assert shown[0] == shown[1]


def test_the_edit_form_has_conduct_and_note_for_owner_and_manager_only(as_, cast, noted):
    plain = InteractionFactory(partner=noted.watched, day=noted.today, note="Nothing special")
    for row in [noted.slight, noted.abuse, plain]:
        url = f"/interactions/{row.pk}/edit/"
        for name in SEES:
            assert {"conduct", "note"} <= set(as_(cast[name]).get(url).context["form"].fields)
        answer = as_(cast["andy"]).get(url)
        assert not {"conduct", "note"} & set(answer.context["form"].fields)
        assert told(main_of(answer)) == []
        assert as_(cast["ada"]).get(url).status_code == 403


def test_an_assistant_cannot_write_conduct_or_its_note(as_, andy, noted):
    form = {"day": noted.today, "kind": "call", "direction": "out", "outcome": "connected"}
    form |= {"purpose": "relationship", "conduct": "none", "note": "All fine"}
    client = as_(andy)
    assert client.post(f"/interactions/{noted.abuse.pk}/edit/", form).status_code == 302
    noted.abuse.refresh_from_db()
    assert (noted.abuse.kind, noted.abuse.conduct) == ("call", "abusive")
    assert noted.abuse.note == "A noisy scene at the table"


def log_form(partner, **changes):
    form = {"key": uuid4(), "partners": [partner.pk], "kind": "call", "day": timezone.localdate()}
    return form | changes


@pytest.mark.parametrize("htmx", [True, False])
def test_a_log_answers_with_conduct_to_owner_and_manager_only(htmx, as_, cast, noted):
    headers = {"HX-Request": "true"} if htmx else {}
    for name in ["alice", "mona", "andy"]:
        # A move says why: from an override back to Cease it would tell.
        form = log_form(noted.abuser, kind="email")
        answer = as_(cast[name]).post("/log/", form, headers=headers, follow=True)
        text = answer.text if htmx else main_of(answer)
        assert bool(told(text)) == (name in SEES), name
        assert "Abel" in text


def test_only_who_sees_conduct_notes_it(as_, cast, noted, unchanged):
    client = as_(cast["andy"])
    assert "conduct" not in main_of(client.get("/log/")).lower()
    with unchanged():
        answer = client.post("/log/", log_form(noted.watched, conduct="abusive"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["conduct"] == [
        "Only the owner and their manager note conduct."
    ]
    for name in SEES:
        as_(cast[name]).post("/log/", log_form(noted.watched, conduct="negative"))
    assert Interaction.objects.filter(conduct=Conduct.NEGATIVE).count() == 3


def test_who_notes_conduct_of_several_sees_it_of_all(as_, andy, noted, unchanged):
    """Andy owns a partner too: their conduct is his to note, and Alice's partner's is not."""
    own = PartnerFactory(owner=andy)
    client, both = as_(andy), [own.pk, noted.watched.pk]
    assert "conduct" in main_of(client.get("/log/")).lower()
    with unchanged():
        answer = client.post("/log/", log_form(own, partners=both, conduct="negative"))
    assert answer.status_code == 422
    assert client.post("/log/", log_form(own, conduct="negative")).status_code == 302


def test_other_pages_of_the_partner_tell_nothing_of_conduct(as_, cast, noted):
    referral = noted.abuser.referrals.first()
    pages = ["/referrals/", f"/referrals/{referral.pk}/", "/partners/options/?q=Abel"]
    for name in [*SEES, *SEES_NOT]:
        for url in pages:
            assert told(main_of(as_(cast[name]).get(url))) == [], (name, url)
    for url in [f"/partners/{noted.abuser.pk}/edit/", f"/partners/{noted.abuser.pk}/steps/new/"]:
        assert told(main_of(as_(cast["andy"]).get(url))) == [], url


def test_who_overrides_conduct_is_a_manager(as_, cast, noted):
    url = f"/partners/{noted.abuser.pk}/override/"
    found = [as_(cast[name]).get(url).status_code for name in ["alice", "mona", "andy", "ada"]]
    assert found == [403, 200, 403, 403]


def test_why_conduct_was_overridden_is_told_to_owner_and_manager_only(as_, cast, noted):
    override(
        actor=cast["mona"],
        partner=noted.abuser,
        tier=Tier.CULTIVATION,
        reason="He apologized for the noisy scene",
        ends_on=noted.today + timedelta(days=30),
        now=timezone.now(),
    )
    url = f"/partners/{noted.abuser.pk}/"
    for name in SEES:
        assert "He apologized" in as_(cast[name]).get(url).text, name
    for name in SEES_NOT:
        page = as_(cast[name]).get(url).text
        assert "Mona" in page, name
        assert "apologized" not in page, name


def test_an_assistant_cannot_take_a_row_away(as_, andy, noted):
    answer = as_(andy).post(f"/interactions/{noted.abuse.pk}/remove/")
    assert answer.status_code == 403
    assert Interaction.objects.filter(pk=noted.abuse.pk).exists()

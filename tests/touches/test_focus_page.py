"""The focus list as people see it: whose, why, how much it asks for; pinned and dropped."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from tests.factories import FocusPlaceFactory, InteractionFactory, PartnerFactory
from tests.tiers.stories import anchor, steady
from touches.focus_list import choose_focus_weeks
from touches.models import FocusPlace

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 15, 16, tzinfo=UTC)
MONDAY = date(2026, 6, 15)
NEW = MONDAY - timedelta(days=30)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOW, tick=False):
        yield


def listed(*partners, **fields):
    places = [
        FocusPlaceFactory(partner=partner, rank=rank, **fields)
        for rank, partner in enumerate(partners, start=1)
    ]
    return places if len(places) > 1 else places[0]


def new(owner, name="Rita", **fields):
    return PartnerFactory(owner=owner, first_name=name, last_name="Rowe", created_on=NEW, **fields)


def rows(answer):
    return [row.partner.first_name for row in answer.context["focus"].rows]


@pytest.mark.parametrize("count", [1, 15])
def test_the_page_takes_a_fixed_number_of_queries(sign_in, alice, django_assert_num_queries, count):
    for number in range(count):
        partner = steady(owner=alice, company=None)
        listed(partner)
        InteractionFactory(partner=partner, day=MONDAY - timedelta(days=number))
    client = sign_in(alice)
    with django_assert_num_queries(15):
        assert len(rows(client.get("/focus/"))) == count


def test_each_row_says_why_it_is_there_and_what_comes_next(sign_in, alice, mona):
    rita = steady(owner=alice, first_name="Rita", last_name="Rowe", synergy=4)
    FocusPlaceFactory(
        partner=rita,
        reasons=["rising_star", "synergy_4", "referred"],
        pinned_by=mona,
        pin_reason="Moves offices",
    )
    page = sign_in(alice).get("/focus/")
    (row,) = page.context["focus"].rows
    assert row.reasons == "Rising star · synergy 4 · referred in the last year"
    assert row.last_touch_on == MONDAY - timedelta(days=30)
    assert row.due.label in page.text
    text = " ".join(page.text.split())
    assert "Rising star · synergy 4 · referred in the last year" in text
    assert "Pinned by Mona Miller: Moves offices" in text
    assert "Last touch 30 days ago" in text
    assert "1 of 15 places" in text


def test_whose_list_a_person_may_open(sign_in, cast):
    """Alice's: herself, her manager, her assistant, an administrator; nobody else."""
    alice = cast["alice"]
    listed(new(alice))
    found = {
        name: sign_in(user).get(f"/focus/?officer={alice.pk}").status_code
        for name, user in cast.items()
    }
    assert found == {
        "alice": 200, "mona": 200, "andy": 200, "ada": 200,
        "bob": 404, "charlie": 404, "lena": 404, "carl": 404,
    }  # fmt: skip


@pytest.mark.parametrize("asked", ["0", "x", "999999", "9" * 30, ""])
def test_an_officer_who_does_not_exist_is_404(sign_in, ada, asked):
    assert sign_in(ada).get(f"/focus/?officer={asked}").status_code == 404


def test_an_assistant_without_partners_sees_the_list_of_whom_they_assist(sign_in, andy, alice):
    listed(new(alice))
    page = sign_in(andy).get("/focus/")
    assert (page.context["focus"].officer, rows(page)) == (alice, ["Rita"])


def test_an_administrator_sees_the_list_and_no_buttons(sign_in, ada, alice):
    place = listed(new(alice))
    page = sign_in(ada).get(f"/focus/?officer={alice.pk}")
    assert rows(page) == ["Rita"]
    for address in [f"/focus/of/{alice.pk}/", f"/focus/{place.pk}/drop/"]:
        assert address not in page.text
    assert f"/focus/{place.pk}/drop/" in sign_in(alice).get("/focus/").text


def test_the_minutes_are_split_by_what_the_playbook_asks_for(sign_in, alice):
    """Focus 23.83 a week each, Maintenance 10.11, the rest 1.67, too new 6."""
    listed(steady(owner=alice), steady(owner=alice))
    steady(owner=alice)
    new(alice)
    anchor(owner=alice)
    steady(owner=alice, do_not_contact_since=MONDAY)
    steady(owner=alice, stepping_away_since=MONDAY)
    budget = sign_in(alice).get("/focus/").context["focus"].budget
    shares = [(share.name, share.partners, share.minutes) for share in budget.shares]
    assert shares == [
        ("Maintenance", 1, "10 min"),
        ("Focus list", 2, "48 min"),
        ("Other Cultivation", 1, "2 min"),
        ("Too new to judge", 1, "6 min"),
    ]
    assert (budget.asked, budget.planned, budget.over) == ("1 h 5 min", "10 h", "")


def test_more_than_the_budget_warns_in_words(sign_in, alice, mona):
    alice.weekly_minutes = 30
    alice.save()
    listed(steady(owner=alice), steady(owner=alice))
    own = " ".join(sign_in(alice).get("/focus/").text.split())
    assert "The play-book asks for 18 min a week more than you plan." in own
    assert "Each partner who leaves the list frees about 22 min." in own
    assert "Change your minutes" in own
    hers = " ".join(sign_in(mona).get(f"/focus/?officer={alice.pk}").text.split())
    assert "asks for 18 min a week more than Alice Abbott plans." in hers
    assert "Change your minutes" not in hers


def test_an_empty_list_is_chosen_by_a_button(sign_in, alice):
    steady(owner=alice, first_name="Rita")
    client = sign_in(alice)
    assert "This week’s list comes in a few minutes" in client.get("/focus/").text
    page = client.post(f"/focus/of/{alice.pk}/choose/", follow=True)
    assert (rows(page), page.redirect_chain) == (["Rita"], [(f"/focus/?officer={alice.pk}", 302)])
    assert [str(message) for message in page.context["messages"]] == ["This week’s list is chosen."]
    again = client.post(f"/focus/of/{alice.pk}/choose/", follow=True)
    assert list(again.context["messages"]) == []


def test_an_empty_list_of_an_officer_without_cultivation_says_so(sign_in, alice):
    anchor(owner=alice)
    choose_focus_weeks(now=NOW)
    client = sign_in(alice)
    assert "Nobody on the list this week" in client.get("/focus/").text
    page = client.post(f"/focus/of/{alice.pk}/choose/", follow=True)
    assert [str(message) for message in page.context["messages"]] == [
        "Nobody could be chosen: the list is for Cultivation partners."
    ]


def test_who_has_no_partners_finds_a_way_to_add_one(sign_in, bob):
    page = sign_in(bob).get("/focus/")
    assert "No partners, no list" in page.text
    assert "/partners/new/" in page.text


def test_a_partner_is_pinned_with_a_reason(sign_in, andy, alice):
    rita = new(alice)
    form = {"partner": rita.pk, "reason": "Moves offices"}
    page = sign_in(andy).post(f"/focus/of/{alice.pk}/pin/", form, follow=True)
    assert rows(page) == ["Rita"]
    place = FocusPlace.objects.get()
    assert (place.pinned_by, place.pin_reason) == (andy, "Moves offices")
    assert [str(message) for message in page.context["messages"]] == [
        "Rita Rowe stays on the focus list."
    ]


@pytest.mark.parametrize(
    ("form", "errors"),
    [
        ({"reason": "x"}, {"partner": ["Choose a partner."]}),
        ({"partner": "rita", "reason": " "}, {"reason": ["Say why, in a few words."]}),
        ({"partner": "rita", "reason": "x" * 201}, None),
        ({"partner": "mae", "reason": "x"},
         {"partner": ["Mae Moon is in Maintenance; the focus list is for Cultivation."]}),
        ({"partner": "bo", "reason": "x"}, None),
        ({"partner": "gone", "reason": "x"}, None),
        ({"partner": "9" * 30, "reason": "x"}, None),
    ],
)  # fmt: skip
def test_a_pin_is_refused_in_words(sign_in, alice, bob, form, errors):
    known = {
        "rita": new(alice).pk,
        "mae": anchor(owner=alice, first_name="Mae", last_name="Moon").pk,
        "bo": new(bob, "Bo").pk,
        "gone": new(alice, "Gone", archived_at=NOW).pk,
    }
    form = {**form, "partner": known.get(form.get("partner"), form.get("partner", ""))}
    answer = sign_in(alice).post(f"/focus/of/{alice.pk}/pin/", form)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert errors is None or answer.context["form"].errors == errors
    assert "Bo Rowe" not in answer.text
    assert not FocusPlace.objects.exists()


def test_the_sixteenth_pin_is_refused_in_the_form(sign_in, alice):
    listed(*[new(alice, f"P{number}") for number in range(15)])
    form = {"partner": new(alice, "Late").pk, "reason": "x"}
    answer = sign_in(alice).post(f"/focus/of/{alice.pk}/pin/", form)
    assert answer.status_code == 422
    assert "15 partners are on the list, which is the most." in answer.text
    assert FocusPlace.objects.count() == 15


def test_only_who_may_be_pinned_is_offered(sign_in, alice, bob):
    """With and without JavaScript: not who stands there, nor Maintenance, nor a colleague's."""
    listed(new(alice, "Listed"))
    anchor(owner=alice, first_name="Mae")
    new(bob, "Bo")
    new(alice, "Rita")
    new(alice, "Sam")
    client = sign_in(alice)
    plain = client.get(f"/focus/of/{alice.pk}/pin/")
    assert [one.first_name for one in plain.context["others"]] == ["Rita", "Sam"]
    options = client.get(f"/focus/of/{alice.pk}/options/?q=")
    assert [one.first_name for one in options.context["partners"]] == ["Rita", "Sam"]
    typed = client.get(f"/focus/of/{alice.pk}/options/?q=sa")
    assert [one.first_name for one in typed.context["partners"]] == ["Sam"]


def test_pin_beside_a_row_fills_in_the_form(sign_in, alice):
    rita = new(alice)
    page = sign_in(alice).get(f"/focus/of/{alice.pk}/pin/?partner={rita.pk}")
    assert list(page.context["chosen"]) == [rita]
    assert sign_in(alice).get(f"/focus/of/{alice.pk}/pin/?partner=x").status_code == 200


def test_a_partner_is_dropped_with_a_reason(sign_in, mona, alice):
    place = listed(new(alice))
    client, address = sign_in(mona), f"/focus/{place.pk}/drop/"
    assert client.post(address, {"reason": ""}).status_code == 422
    page = client.post(address, {"reason": "On leave"}, follow=True)
    assert rows(page) == []
    place.refresh_from_db()
    assert (place.dropped_by, place.drop_reason) == (mona, "On leave")
    again = client.post(address, {"reason": "On leave"}, follow=True)
    assert list(again.context["messages"]) == []


def test_a_place_of_a_partner_who_went_elsewhere_names_nobody(sign_in, alice, charlie):
    """Handed over to another branch: its old place is 404 for the old owner."""
    place = listed(new(alice))
    place.partner.owner = charlie
    place.partner.save()
    assert sign_in(alice).get(f"/focus/{place.pk}/drop/").status_code == 404
    assert sign_in(charlie).get(f"/focus/{place.pk}/drop/").status_code == 404


def test_conduct_stays_out_of_the_list(sign_in, andy, alice):
    """A manager's override keeps a partner of poor conduct in Cultivation; no row says so."""
    partner = new(alice)
    for days in [1, 2]:
        day = MONDAY - timedelta(days=days)
        InteractionFactory(partner=partner, day=day, conduct="negative")
    listed(partner)
    assert "conduct" not in sign_in(andy).get("/focus/").text.lower()

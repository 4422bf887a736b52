from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from interactions.models import Interaction
from ledger.models import Draft
from tests.factories import PartnerFactory
from touches.models import PlannedTouch

# What a log of one partner asks and writes, and of three: each kind of row in one statement.
QUERIES = {1: 27, 3: 27}


@pytest.fixture
def three(alice):
    return [
        PartnerFactory(owner=alice, first_name=name, last_name="Smith")
        for name in ["Ann", "Ben", "Cy"]
    ]


def steps():
    """What people planned; the first touches with a new partner stand beside them."""
    return PlannedTouch.objects.steps()


def log_form(with_whom, **changes):
    form = {"key": uuid4(), "partners": [partner.pk for partner in with_whom], "kind": "lunch"}
    return form | {"day": timezone.localdate()} | changes


def test_one_lunch_with_three_is_one_row_each_with_shared_minutes(as_, alice, three):
    answer = as_(alice).post("/log/", log_form(three, minutes=100, note="Rates"))
    assert (answer.status_code, answer.url) == (302, "/partners/")
    rows = Interaction.objects.order_by("pk")
    assert [row.partner for row in rows] == three
    assert [row.minutes for row in rows] == [34, 33, 33]
    assert {(row.kind, row.note, row.officer, row.logged_by) for row in rows} == {
        ("lunch", "Rates", alice, alice)
    }
    assert len({row.batch for row in rows}) == 1


def test_the_same_form_twice_logs_once(as_, alice, three):
    client = as_(alice)
    tomorrow = timezone.localdate() + timedelta(days=2)
    form = log_form(three, step_what="Call", step_on=tomorrow)
    client.post("/log/", form)
    client.post("/log/", form)
    assert (Interaction.objects.count(), steps().count()) == (3, 3)


def test_the_same_form_filled_in_anew_after_back_logs_again(as_, alice, three):
    client, key = as_(alice), uuid4()
    tomorrow = timezone.localdate() + timedelta(days=2)
    step = {"key": key, "step_what": "Call", "step_on": tomorrow}
    client.post("/log/", log_form(three[:1], **step))
    client.post("/log/", log_form(three[1:2], **step))
    assert [row.partner for row in Interaction.objects.order_by("pk")] == three[:2]
    assert {touch.partner for touch in steps()} == set(three[:2])


def test_what_they_started_is_connected_and_an_assistant_logs_for_the_officer(
    as_, alice, andy, three
):
    form = log_form(three[:1], kind="call", direction="in", purpose="ask", outcome="no_response")
    as_(andy).post("/log/", form)
    row = Interaction.objects.get()
    assert (row.direction, row.outcome, row.purpose) == ("in", "connected", "ask")
    assert (row.officer, row.logged_by) == (alice, andy)


def test_a_card_asks_for_no_answer(as_, alice, three):
    as_(alice).post("/log/", log_form(three[:1], kind="note"))
    assert Interaction.objects.get().outcome == "sent"


def day(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"partners": []}, "partners", "Choose at least one partner."),
        ({"partners": [999_999]}, "partners", "Choose partners from the list."),
        ({"kind": ""}, "kind", "Choose what it was."),
        ({"day": day(2)}, "day", "This day lies in the future."),
        ({"step_what": "Call"}, "step_on", "By which day?"),
        ({"step_on": day(2)}, "step_what", "What is the next step?"),
        ({"step_what": "Call", "step_on": day(-2)}, "step_on", "Choose today or a later day."),
        ({"purpose": "ask"}, "purpose", "Choose this only when they reached out."),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_what_is_missing_is_said_in_a_sentence(
    htmx, changes, field, sentence, as_, alice, three, unchanged
):
    headers = {"HX-Request": "true"} if htmx else {}
    client = as_(alice)
    with unchanged():
        answer = client.post("/log/", log_form(three, **changes), headers=headers)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {field: [sentence]}
    assert sentence in answer.text
    assert ("<html" in answer.text) is not htmx


def test_one_strangers_partner_refuses_the_whole_log(as_, alice, charlie, three, unchanged):
    theirs = PartnerFactory(owner=charlie, last_name="Hidden")
    client = as_(alice)
    with unchanged():
        answer = client.post("/log/", log_form([*three, theirs]))
    assert answer.context["form"].errors == {"partners": ["Choose partners from the list."]}
    assert "Hidden" not in answer.text


def test_a_fragment_and_a_page_stand_apart_in_the_cache(as_, alice, three):
    client = as_(alice)
    page, fragment = client.get("/log/"), client.get("/log/", headers={"HX-Request": "true"})
    assert ("<html" in page.text, "<html" in fragment.text) == (True, False)
    assert "HX-Request" in page["Vary"]
    assert "HX-Request" in fragment["Vary"]


def test_the_answer_to_htmx_shows_the_new_tiers(as_, alice, three):
    answer = as_(alice).post("/log/", log_form(three), headers={"HX-Request": "true"})
    assert answer["HX-Trigger"] == "interaction-logged"
    assert [result.partner for result in answer.context["results"]] == three
    for result in answer.context["results"]:
        assert result.sentence in answer.text


def test_a_log_takes_only_partners_who_are_not_archived(as_, alice, three, unchanged):
    client = as_(alice)
    client.post(f"/partners/{three[0].pk}/archive/", {"reason": "Moved away"})
    with unchanged():
        assert client.post("/log/", log_form(three)).status_code == 422


@pytest.mark.parametrize("many", [1, 3])
def test_a_log_takes_a_known_number_of_queries(many, as_, alice, three, django_assert_num_queries):
    client = as_(alice)
    client.get("/log/")
    with django_assert_num_queries(QUERIES[many]):
        client.post("/log/", log_form(three[:many]), headers={"HX-Request": "true"})


def filled(client, query):
    form = client.get(f"/log/?{query}").context["form"]
    names = ["kind", "purpose", "day", "was_review", "gave_value"]
    return {name: form[name].value() for name in names}


def test_an_address_fills_in_the_log(as_, alice, three):
    client = as_(alice)
    query = "kind=lunch&purpose=gratitude&was_review=on&gave_value=on&day=2026-03-02"
    assert filled(client, query) == {
        "kind": "lunch",
        "purpose": "gratitude",
        "day": date(2026, 3, 2),
        "was_review": True,
        "gave_value": True,
    }
    assert '<details class="more" open>' in client.get(f"/log/?{query}").text


@pytest.mark.parametrize(
    "query",
    [
        "kind=gift&purpose=bribe&day=soon&was_review=&gave_value=false",
        f"day={day(2)}&kind=%00",
        "day=1889-01-01&purpose=",
    ],
)
def test_what_does_not_fit_is_left_out(query, as_, alice, three):
    client = as_(alice)
    assert filled(client, query) == filled(client, "")


def test_a_review_and_value_given_are_ticked(as_, alice, three):
    form = log_form(three[:2], kind="meeting", was_review="on", gave_value="on")
    as_(alice).post("/log/", form)
    rows = Interaction.objects.values_list("was_review", "gave_value")
    assert list(rows) == [(True, True)] * 2


@pytest.mark.parametrize(
    ("back", "lands_on"),
    [("/?show=all", "/?show=all"), ("https://evil.example/", "/partners/"), ("", "/partners/")],
)
def test_a_log_leads_back_to_the_page_that_asked_for_it(back, lands_on, as_, alice, three):
    client = as_(alice)
    page = client.get("/log/", {"next": back})
    assert page.context["next"] == (back if back.startswith("/") else "")
    assert client.post("/log/", log_form(three, next=back)).url == lands_on


def test_a_lunch_that_cost_something_begins_its_ledger_line_once(as_, alice, three):
    client, form = as_(alice), log_form(three, cost="61.50")

    client.post("/log/", form)
    answer = client.post("/log/", form, headers={"HX-Request": "true"})

    draft = Draft.objects.get()
    row = Interaction.objects.first()
    assert (draft.officer, draft.source) == (alice, f"contact:{row.batch}")
    assert draft.said == {
        "kind": "meal",
        "day": row.day.isoformat(),
        "partners": [partner.pk for partner in three],
        "cost": "61.50",
    }
    assert f'href="{draft.get_absolute_url()}"' in answer.content.decode()
    assert "61.50" not in answer.content.decode()


def test_an_assistant_begins_the_ledger_line_of_the_officer(as_, andy, alice, three):
    as_(andy).post("/log/", log_form(three[:1], kind="class", cost="20"))

    draft = Draft.objects.get()
    assert (draft.officer, draft.made_by, draft.said["kind"]) == (alice, andy, "class")


@pytest.mark.parametrize(("kind", "cost"), [("call", "5"), ("lunch", "-1"), ("lunch", "x")])
def test_a_cost_that_does_not_fit_logs_nothing(as_, alice, three, kind, cost):
    answer = as_(alice).post("/log/", log_form(three, kind=kind, cost=cost))

    assert (answer.status_code, Interaction.objects.count()) == (422, 0)
    assert not Draft.objects.exists()


def test_a_log_that_cost_nothing_begins_no_ledger_line(as_, alice, three):
    as_(alice).post("/log/", log_form(three, cost="0"))
    as_(alice).post("/log/", log_form(three))

    assert not Draft.objects.exists()

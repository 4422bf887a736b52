"""The rows behind a figure, as a page and as a file."""

import csv
import io
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from audit.models import Event
from insights.book import load
from insights.rows.explanations import EXPLANATIONS, explanation_of
from insights.scope import scope_of
from insights.sets import sets_of
from insights.titles import TITLES
from tests.factories import (
    BranchFactory,
    GrantFactory,
    InteractionFactory,
    PartnerFactory,
    ReferralFactory,
    StageMoveFactory,
)
from tests.tiers.stories import NOON, TODAY, ago, anchor, steady
from tiers.models import TierOverride
from tiers.services import replay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOON, tick=False):
        yield


def rows(client, name, **query):
    return client.get(reverse("figure_rows", args=[name]), query)


def file(client, name, **query):
    address = reverse("figure_rows", args=[name])
    return read(client.post(f"{address}?{'&'.join(f'{k}={v}' for k, v in query.items())}"))


def read(answer):
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def names(answer):
    return [line.partner.last_name for line in answer.context["lines"]]


def test_partners_stand_by_name_with_their_tier_why_and_last_conversation(as_, mona, alice, bob):
    for owner, name in [(bob, "Young"), (alice, "Abel")]:
        partner = steady(owner=owner, last_name=name)
        replay([partner.pk], today=TODAY)
    answer = rows(as_(mona), "tier:cultivation")
    assert names(answer) == ["Abel", "Young"]
    line = answer.context["lines"][0]
    assert (line.tier, line.overridden) == ("cultivation", False)
    assert line.last_conversation_on == ago(30)
    assert line.why == "Little follow-up so far"
    assert "Cultivation <span" in answer.text.replace("\n", " ").replace("        ", "")
    assert "Alice Abbott" in answer.text


def test_as_of_a_past_day_rows_are_as_they_were_and_lead_to_that_day(as_, mona, alice):
    partner = anchor(owner=alice, last_name="Abel")
    replay([partner.pk], today=TODAY)
    client, day = as_(mona), ago(120)
    assert names(rows(client, "tier:maintenance")) == ["Abel"]
    then = rows(client, "tier:cultivation", as_of=day)
    assert names(then) == ["Abel"]
    assert f"/partners/{partner.pk}/then/?day={day}" in then.text
    assert then.context["lines"][0].last_conversation_on is None
    assert f"As of {day:%B} {day.day}, {day.year}:" in then.text
    assert names(rows(client, "tier:maintenance", as_of=day)) == []


def test_an_override_is_shown_as_set_by_a_person(as_, mona, alice):
    partner = steady(owner=alice)
    replay([partner.pk], today=TODAY)
    dates = {"starts_on": ago(5), "ends_on": TODAY + timedelta(days=5)}
    TierOverride.objects.create(
        partner=partner, tier="maintenance", reason="x", made_by=alice, by_manager=False, **dates
    )
    line = rows(as_(mona), "tier:maintenance").context["lines"][0]
    assert (line.overridden, line.since) == (True, ago(5))


def test_touches_stand_newest_first_with_the_usual_minutes_where_none_are_noted(as_, alice):
    partner = PartnerFactory(owner=alice, created_on=ago(100))
    for days, minutes in [(20, 7), (2, None)]:
        InteractionFactory(partner=partner, day=ago(days), minutes=minutes, kind="lunch")
    replay([partner.pk], today=ago(60))
    answer = rows(as_(alice), "effort:cultivation")
    found = [(line.touch.day, line.minutes) for line in answer.context["lines"]]
    assert found == [(ago(2), 75), (ago(20), 7)]
    assert "usual" in answer.text
    assert file(as_(alice), "effort:cultivation")[1:] == [
        [str(day), "Rita " + partner.last_name, "Lunch", str(minutes), "Cultivation",
         "Alice Abbott", f"http://localhost:8000/partners/{partner.pk}/"]
        for day, minutes in found
    ]  # fmt: skip


def test_referrals_show_the_stage_of_that_day_and_no_borrower_in_a_file(as_, alice):
    partner = PartnerFactory(owner=alice, last_name="Rowe")
    referral = ReferralFactory(
        partner=partner, day=ago(40), borrower="Ben Berry", stage="funded", move=None
    )
    for stage, days in [("received", 40), ("application", 30), ("funded", 3)]:
        StageMoveFactory(referral=referral, stage=stage, at=NOON - timedelta(days=days))
    client, month = as_(alice), f"received:{ago(40):%Y-%m}"
    found = {}
    for day in [TODAY, ago(10)]:
        answer = rows(client, month, as_of=day)
        line = answer.context["lines"][0]
        assert "Ben Berry" in answer.text
        found[day] = (line.stage, line.stands_since)
    assert found == {TODAY: ("funded", ago(3)), ago(10): ("application", ago(30))}
    head, row = file(client, month, as_of=ago(10))
    assert dict(zip(head, row, strict=True)) == {
        "Received": str(ago(40)),
        "Direction": "received",
        "Partner": "Rita Rowe",
        "Owner": "Alice Abbott",
        "Stage": "Application",
        "Since": str(ago(30)),
        "Lost reason": "",
        "Address": f"http://localhost:8000/referrals/{referral.pk}/",
    }


def test_a_page_shows_25_and_a_file_all(as_, alice):
    for number in range(27):
        PartnerFactory(owner=alice, last_name=f"Number {number:02}")
    client = as_(alice)
    first, second = rows(client, "tier:cultivation"), rows(client, "tier:cultivation", page=2)
    assert (len(names(first)), names(second)) == (25, ["Number 25", "Number 26"])
    assert first.context["opened"].keys == second.context["opened"].keys
    assert len(file(client, "tier:cultivation")) == 28
    assert names(rows(client, "tier:cultivation", page=9)) == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_rows_asks_the_same_however_many(
    as_, mona, alice, count, django_assert_num_queries
):
    for number in range(count):
        partner = steady(owner=alice, last_name=f"Number {number}")
        replay([partner.pk], today=TODAY)
    client = as_(mona)
    for query in [{}, {"as_of": ago(20)}]:
        rows(client, "tier:cultivation", **query)
    with django_assert_num_queries(14):
        rows(client, "tier:cultivation")


def test_formulas_in_names_do_no_harm_in_a_file(as_, alice):
    PartnerFactory(owner=alice, first_name="", last_name="=HYPERLINK(1)")
    assert file(as_(alice), "tier:cultivation")[1][0] == "'=HYPERLINK(1)"


def test_who_took_which_file_is_written_down(as_, mona, alice):
    PartnerFactory(owner=alice)
    file(as_(mona), "tier:cultivation")
    read(as_(mona).post(reverse("figure_table", args=["movement"])))
    found = Event.objects.filter(action="figures.exported").order_by("pk")
    assert [(e.actor, e.target_type, e.target_id, e.detail) for e in found] == [
        (mona, "accounts.branch", str(alice.branch_id),
         {"table": "tier:cultivation", "rows": 1, "until": str(TODAY)}),
        (mona, "accounts.branch", str(alice.branch_id),
         {"table": "movement", "rows": 1, "until": str(TODAY)}),
    ]  # fmt: skip


def test_a_file_is_named_for_what_is_in_it(as_, mona, alice):
    client = as_(mona)
    table = client.post(f"{reverse('figure_table', args=['at_risk'])}?officer={alice.pk}")
    assert table["Content-Disposition"] == (
        'attachment; filename="at-risk-alice-abbott-2026-06-15.csv"'
    )
    found = client.post(reverse("figure_rows", args=["uncovered:focus"]))
    assert found["Content-Disposition"] == (
        'attachment; filename="uncovered-focus-riverside-2026-06-15.csv"'
    )


def test_the_way_back_keeps_the_query(as_, mona, alice, riverside):
    client = as_(mona)
    answer = rows(client, "at_risk", days=30)
    assert answer.context["back"] == f"/branch/?branch={riverside.pk}&days=30"
    answer = rows(client, "at_risk", officer=alice.pk)
    assert answer.context["back"] == f"/branch/officers/{alice.pk}/"
    assert rows(as_(alice), "at_risk").context["back"] == f"/branch/officers/{alice.pk}/"


def test_every_set_has_a_title_and_an_explanation(alice):
    book = load(scope_of(officer=alice.pk, end=TODAY), NOON)
    unexplained = {name for name in sets_of(book) | TITLES if not explanation_of(name)}
    assert unexplained == set()
    assert all(text.endswith(".") for text in EXPLANATIONS.values())


def test_what_an_address_says_wrongly_is_said_and_the_default_counts(as_, mona):
    answer = rows(as_(mona), "at_risk", as_of=date(2030, 1, 1))
    assert answer.status_code == 200
    assert "Nobody knows that day yet: today is counted." in answer.text


def test_a_manager_of_two_branches_reads_both_at_once(as_, mona, alice, charlie, lakeside):
    GrantFactory(user=mona, role="manager", branch=lakeside)
    BranchFactory(name="Hillside")
    for owner, name in [(alice, "Abel"), (charlie, "Cole")]:
        PartnerFactory(owner=owner, last_name=name)
    client = as_(mona)
    found = {
        key: names(rows(client, "tier:cultivation", branch=key)) for key in ["", "all", lakeside.pk]
    }
    assert found == {"": ["Cole"], "all": ["Abel", "Cole"], lakeside.pk: ["Cole"]}

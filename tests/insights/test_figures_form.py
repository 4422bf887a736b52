"""Whose figures an address may ask for, and what holds where it makes no sense."""

from datetime import date

import pytest
from django.http import Http404

from insights.forms import FiguresForm
from insights.scope import Scope
from tests.factories import GrantFactory, PartnerFactory

TODAY = date(2026, 11, 24)


def asked(user, of=None, **said):
    form = FiguresForm(said, user=user, today=TODAY, officer=of)
    return form, form.scope()


def scope(branches, officer=None, partner_type="", start=date(2026, 8, 26), end=TODAY):
    return Scope(tuple(branches), officer, partner_type, start, end)


def test_a_manager_gets_their_branch_over_90_days_where_nothing_is_said(mona, riverside):
    form, counted = asked(mona)
    assert counted == scope([riverside.pk])
    assert (form.is_usual, form.is_past, form.sees_conduct) == (True, False, True)
    assert form.query == f"?branch={riverside.pk}"


def test_everything_that_can_be_said(mona, alice, riverside):
    form, counted = asked(mona, of=alice.pk, type="cpa", days="30", as_of="2026-03-01")
    assert counted == scope([riverside.pk], alice.pk, "cpa", date(2026, 1, 30), date(2026, 3, 1))
    assert (form.is_usual, form.is_past, form.sees_conduct) == (False, True, True)
    parts = f"branch={riverside.pk}&officer={alice.pk}&type=cpa&days=30&as_of=2026-03-01"
    assert form.query == f"?{parts}"
    assert form.query_with(as_of="", officer="") == f"?branch={riverside.pk}&type=cpa&days=30"


def test_an_address_asks_for_what_it_told(mona, alice, riverside):
    form, counted = asked(mona, of=alice.pk, days="180")
    said = dict(part.split("=") for part in form.query[1:].split("&"))
    assert asked(mona, **said)[1] == counted


def test_an_officer_has_their_own_figures_alone(alice, bob, riverside):
    form, counted = asked(alice)
    assert counted == scope([], alice.pk)
    assert form.sees_conduct
    for said in [{"officer": bob.pk}, {"branch": riverside.pk}, {"branch": "all"}]:
        with pytest.raises(Http404):
            asked(alice, **said)


@pytest.mark.parametrize(
    "said", [{"branch": "999999"}, {"branch": "x"}, {"officer": "999999"}, {"officer": "x"}]
)
def test_what_is_not_theirs_does_not_exist(mona, said):
    with pytest.raises(Http404):
        asked(mona, **said)


def test_a_branch_and_an_officer_of_others_do_not_exist(mona, charlie, lakeside):
    for said in [{"branch": str(lakeside.pk)}, {"officer": str(charlie.pk)}]:
        with pytest.raises(Http404):
            asked(mona, **said)


def test_all_branches_are_the_one_where_there_is_one(mona, riverside):
    form, counted = asked(mona, branch="all")
    assert counted == scope([riverside.pk])
    assert form["branch"].value() == str(riverside.pk)


def test_who_manages_two_branches_chooses_one_or_all(mona, alice, riverside, lakeside, charlie):
    GrantFactory(user=mona, role="manager", branch=lakeside)
    assert asked(mona)[1].branches == (lakeside.pk,)
    both = tuple(sorted([riverside.pk, lakeside.pk]))
    form, counted = asked(mona, branch="all")
    assert (counted.branches, form.is_usual, form.one_branch) == (both, False, None)
    # An officer whose branch nobody named is looked at in that branch.
    assert asked(mona, of=alice.pk)[1] == scope([riverside.pk], alice.pk)


def test_an_officer_of_another_branch_of_theirs_is_said_and_everybody_counted(
    mona, alice, riverside, lakeside
):
    GrantFactory(user=mona, role="manager", branch=lakeside)
    form, counted = asked(mona, branch=str(lakeside.pk), officer=str(alice.pk))
    assert counted == scope([lakeside.pk])
    assert form.errors == {"officer": ["Alice Abbott is of another branch: everybody is counted."]}
    assert form["officer"].value() == ""


def test_an_administrator_looks_at_any_branch_without_conduct(ada, lakeside, riverside):
    form, counted = asked(ada, branch=str(lakeside.pk))
    assert counted == scope([lakeside.pk])
    assert not form.sees_conduct
    assert asked(ada, of=ada.pk)[0].sees_conduct


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"days": "77"}, "days", "Choose one of the periods: 90 days are counted."),
        ({"type": "banker"}, "type", "There is no such type of partner: all are counted."),
        ({"as_of": "soon"}, "as_of", "Write the day as 2026-03-31: today is counted."),
        ({"as_of": "2026-11-25"}, "as_of", "Nobody knows that day yet: today is counted."),
        ({"as_of": "0001-01-01"}, "as_of", "Choose a day since 2000: today is counted."),
    ],
)
def test_nonsense_is_said_and_the_default_holds(mona, riverside, said, field, sentence):
    form, counted = asked(mona, **said)
    assert counted == scope([riverside.pk])
    assert form.errors == {field: [sentence]}
    assert form["days"].value() == "90"


def test_the_officers_to_choose_from_are_those_with_partners(mona, alice, bob, riverside):
    PartnerFactory(owner=alice)
    form, _ = asked(mona)
    assert form.fields["officer"].choices == [("", "Everybody"), (str(alice.pk), "Alice Abbott")]
    # One whom somebody looks at is among them.
    form, _ = asked(mona, of=bob.pk)
    assert [label for _, label in form.fields["officer"].choices] == [
        "Everybody",
        "Alice Abbott",
        "Bob Barnes",
    ]

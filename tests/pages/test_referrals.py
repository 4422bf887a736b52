from datetime import timedelta

import pytest
from django.utils import timezone

from interactions.models import StageMove
from tests.factories import PartnerFactory, ReferralFactory

QUERIES = 4


@pytest.fixture
def sent(alice):
    """Referrals of one partner, each at its stage."""
    partner = PartnerFactory(owner=alice, first_name="Rita", last_name="Rowe")
    today = alice.today(timezone.now())
    stages = {"Fay": "funded", "Lou": "lost", "Pam": "processing", "Ned": "received", "Col": ""}
    made = {}
    for days, (borrower, stage) in enumerate(stages.items()):
        reason = "paid_cash" if stage == "lost" else ""
        made[borrower] = ReferralFactory(
            partner=partner,
            borrower=borrower,
            stage=stage or "contacted",
            lost_reason=reason,
            day=today - timedelta(days=days),
        )
    return made


def lines(answer):
    return " ".join(
        line.referral.borrower for group in answer.context["groups"] for line in group.lines
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "Ned Col Pam"),
        ("view=open", "Ned Col Pam"),
        ("view=funded", "Fay"),
        ("view=lost", "Lou"),
        ("view=all", "Ned Col Pam Fay Lou"),
        ("q=pam+rowe", "Pam"),
        ("q=nobody", ""),
        ("view=given", ""),
        ("view=all&q=fay", "Fay"),
    ],
)
def test_they_stand_by_stage_those_that_wait_on_top(query, found, as_, alice, sent):
    assert lines(as_(alice).get(f"/referrals/?{query}")) == found


def test_what_we_gave_stands_apart(as_, alice, sent):
    partner = sent["Ned"].partner
    ReferralFactory(partner=partner, borrower="Gil", direction="given", stage="received")
    assert lines(as_(alice).get("/referrals/")) == "Ned Col Pam"
    assert lines(as_(alice).get("/referrals/?view=given")) == "Gil"
    assert "Gil" in lines(as_(alice).get("/referrals/?view=all"))


def test_who_waits_is_said(as_, alice, sent):
    page = as_(alice).get("/referrals/")
    waiting = [
        line.referral.borrower
        for group in page.context["groups"]
        for line in group.lines
        if line.waits
    ]
    assert waiting == ["Ned"]


@pytest.mark.parametrize("query", ["view=x", "owner=x", "q=%00"])
def test_an_address_that_does_not_fit_says_so(query, as_, alice, sent):
    page = as_(alice).get(f"/referrals/?{query}")
    assert "This address does not fit the list." in page.text
    assert "Rowe" not in page.text


def test_a_move_is_kept_with_its_day_and_its_person(as_, andy, alice, sent):
    ned = sent["Ned"]
    as_(andy).post(f"/referrals/{ned.pk}/move/", {"stage": "pre_approved"})
    as_(alice).post(f"/referrals/{ned.pk}/move/", {"stage": "contacted"})
    moves = list(ned.moves.values_list("stage", "moved_by__name"))
    assert moves[1:] == [("pre_approved", "Andy Archer"), ("contacted", "Alice Abbott")]


def test_the_same_move_twice_is_kept_once(as_, alice, sent):
    client = as_(alice)
    for _ in range(2):
        client.post(f"/referrals/{sent['Ned'].pk}/move/", {"stage": "contacted"})
    assert StageMove.objects.filter(referral=sent["Ned"], stage="contacted").count() == 1


def test_lost_needs_a_reason(as_, alice, sent, unchanged):
    client, url = as_(alice), f"/referrals/{sent['Ned'].pk}/move/"
    with unchanged():
        answer = client.post(url, {"stage": "lost"})
    assert answer.status_code == 422
    assert "Say why it was lost." in answer.text
    client.post(url, {"stage": "lost", "lost_reason": "withdrew"})
    sent["Ned"].refresh_from_db()
    assert (sent["Ned"].stage, sent["Ned"].lost_reason) == ("lost", "withdrew")


@pytest.mark.parametrize("rows", [1, 3, 60])
def test_the_list_takes_the_same_queries_whatever_its_rows(
    rows, as_, alice, django_assert_num_queries
):
    for _ in range(rows):
        ReferralFactory(partner=PartnerFactory(owner=alice))
    client = as_(alice)
    with django_assert_num_queries(QUERIES):
        client.get("/referrals/")

"""What the log may hold, and what the database decides about each row."""

from datetime import date
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from interactions.models import (
    Interaction,
    Kind,
    Purpose,
    Referral,
    ReferralDirection,
    Stage,
    default_outcome,
)
from tests.factories import InteractionFactory, PartnerFactory, ReferralFactory
from tests.tiers.counting import (
    is_ask,
    is_conversation,
    is_partner_started,
    is_referral,
    is_touch,
    is_unanswered,
)

pytestmark = pytest.mark.django_db


def refused(rows, **fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**fields)
    return True


def test_database_decides_what_each_row_is(rita):
    """Every direction, outcome and purpose that can be, against the words of the rules."""
    said = [("in", "connected"), *product(["out"], ["connected", "no_response", "sent"])]
    rows = Interaction.objects.bulk_create(
        Interaction(
            partner=rita,
            day="2026-06-01",
            kind=Kind.CALL,
            direction=direction,
            outcome=outcome,
            purpose=purpose,
            officer=rita.owner,
            logged_by=rita.owner,
        )
        for (direction, outcome), purpose in product(said, Purpose.values)
    )
    stored = Interaction.objects.order_by("pk").values()
    names = {
        "is_conversation": is_conversation,
        "is_touch": is_touch,
        "is_unanswered": is_unanswered,
        "is_partner_started": is_partner_started,
        "is_ask": is_ask,
    }
    assert len(rows) == len(stored) == 24
    for row in stored:
        assert {name: row[name] for name in names} == {
            name: rule(row) for name, rule in names.items()
        }


def test_database_decides_which_referrals_count():
    for direction, stage in product(ReferralDirection.values, Stage.values):
        reason = "other" if stage == "lost" else ""
        ReferralFactory(direction=direction, stage=stage, lost_reason=reason)
    rows = list(Referral.objects.values("direction", "stage", "is_counted"))
    assert len(rows) == 22
    assert [row["is_counted"] for row in rows] == [is_referral(row) for row in rows]


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "fax"},
        {"direction": "up"},
        {"outcome": "maybe"},
        {"purpose": "sale"},
        {"conduct": "rude"},
        {"direction": "in", "outcome": "no_response"},
        {"direction": "in", "outcome": "sent"},
        {"minutes": 1441},
    ],
)
def test_nonsense_in_the_log_is_refused(fields):
    row = InteractionFactory()
    assert refused(Interaction.objects.filter(pk=row.pk), **fields)


def test_batch_holds_a_partner_once(rita):
    row = InteractionFactory(partner=rita)
    with pytest.raises(IntegrityError), transaction.atomic():
        InteractionFactory(partner=rita, batch=row.batch)
    InteractionFactory(batch=row.batch)


def test_imported_key_is_taken_once_and_blank_is_no_key(rita):
    InteractionFactory(partner=rita)
    InteractionFactory(partner=rita, key="A-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        InteractionFactory(partner=rita, key="A-1")


@pytest.mark.parametrize(
    "fields",
    [
        {"direction": "sideways"},
        {"stage": "won"},
        {"stage": "lost"},
        {"stage": "lost", "lost_reason": "bored"},
        {"stage": "funded", "lost_reason": "other"},
        {"amount": 0},
        {"amount": -1},
    ],
)
def test_nonsense_in_a_referral_is_refused(fields):
    row = ReferralFactory()
    assert refused(Referral.objects.filter(pk=row.pk), **fields)


def test_person_who_logged_is_not_deleted(rita):
    InteractionFactory(partner=rita)
    with pytest.raises(ProtectedError):
        rita.owner.delete()


@pytest.mark.parametrize(
    ("kind", "direction", "outcome"),
    [
        ("note", "out", "sent"),
        ("social", "out", "sent"),
        ("social", "in", "connected"),
        ("call", "out", "connected"),
    ],
)
def test_default_outcome(kind, direction, outcome):
    assert default_outcome(kind, direction) == outcome


def test_texts_of_rows():
    partner = PartnerFactory(first_name="Rita", last_name="Rowe")
    row = InteractionFactory(partner=partner, day="2026-06-01")
    assert str(row) == "Call with Rita Rowe on 2026-06-01"


def test_who_waits_by_query_and_by_the_row(rita):
    for direction, stage in product(ReferralDirection, Stage):
        reason = "not_ready" if stage == Stage.LOST else ""
        ReferralFactory(partner=rita, direction=direction, stage=stage, lost_reason=reason)
    waiting = list(Referral.objects.waiting())
    assert waiting == [row for row in Referral.objects.all() if row.is_waiting]
    assert [(row.direction, row.stage) for row in waiting] == [("received", "received")]


@pytest.mark.parametrize(
    ("stage", "following"),
    [
        ("received", ["contacted", "application"]),
        ("processing", ["clear_to_close", "funded"]),
        ("clear_to_close", ["funded"]),
        ("funded", []),
        ("lost", []),
        ("junk", []),
    ],
)
def test_next_stages(stage, following):
    assert Referral(stage=stage).next_stages == following


def test_who_waits_stands_above_what_we_gave(sign_in, alice, rita):
    ReferralFactory(partner=rita, borrower="Ned", day=date(2026, 6, 1))
    ReferralFactory(partner=rita, borrower="Gil", day=date(2026, 6, 9), direction="given")
    page = sign_in(alice).get("/referrals/?view=all").content.decode()
    assert 0 < page.index(">Ned<") < page.index(">Gil<")

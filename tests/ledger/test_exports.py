"""The ledger as a file and on paper."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Event
from ledger import exports
from ledger.models import Approval, Line, Release
from tests.factories import PartnerFactory
from tests.ledger.desk_rows import OFTEN, a_draft, a_line, a_receipt, reversal

pytestmark = pytest.mark.django_db


def rows_of(answer):
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def told(alice, carl, rita):
    """A line with everything that an examiner asks for."""
    now = timezone.now()
    draft = a_draft(alice, entered_at=now)
    line = a_line(alice, rita, PartnerFactory(owner=alice), draft=draft, findings=[OFTEN])
    a_receipt(alice, line, name="mill.pdf")
    Approval.objects.create(
        line=line, answer="approved", note="A class", given_by=carl, given_at=now
    )
    Release.objects.create(
        draft=draft, check_code="raffle", reason="Open to all", released_by=carl, released_at=now
    )
    return line, reversal(line)


def test_a_file_has_a_row_for_each_recipient_with_everything(sign_in, carl, told):
    line, undone = told
    rows = rows_of(sign_in(carl).post("/ledger/export/"))
    assert [row["Line"] for row in rows] == [str(line.pk)] * 2 + [str(undone.pk)]
    first, last = rows[0], rows[-1]
    assert list(first) == exports.HEAD
    assert first["Recipient"] == "Rita Rowe"
    assert first["Recipient’s part of the value"] == "20.00"
    assert first["Statement"] == "1: Not for referrals."
    assert first["What the checks said"] == OFTEN["text"]
    assert first["Receipts"] == "mill.pdf"
    assert first["Answers"].startswith("Approved by Carl Cooper, ")
    assert first["Answers"].endswith(": A class")
    assert first["Released"].endswith(": Open to all")
    assert first["Reversed by line"] == str(undone.pk)
    assert (last["Reverses line"], last["Why reversed"]) == (str(line.pk), "Entered twice")
    event = Event.objects.get()
    assert (event.action, event.actor, event.detail) == (
        "ledger.exported",
        carl,
        {"rows": 3, "filters": {}},
    )


def test_paper_says_everything_too(sign_in, carl, told):
    text = sign_in(carl).get("/ledger/print/").text
    for words in [
        *("Rita Rowe", "Not for referrals.", OFTEN["text"], "mill.pdf", "A class", "Open to all"),
        *("Entered twice", "Lunch at the mill", "Talk about the spring market", "Alice Abbott"),
    ]:
        assert words in text, words
    assert not Event.objects.exists()


def test_filters_narrow_a_file(sign_in, alice, bob, carl, rita):
    today = alice.today(timezone.now())
    lines = {
        "rita": a_line(alice, rita, kind="gift"),
        "old": a_line(alice, day=today - timedelta(days=9), way="received"),
        "bob": a_line(bob, PartnerFactory(owner=bob, first_name="Zoë"), kind="ticket"),
    }
    client = sign_in(carl)
    cases = [
        ({"recipient": "rowe rita"}, {"rita"}),
        ({"recipient": "zoë"}, {"bob"}),
        ({"officer": bob.pk}, {"bob"}),
        ({"first": today}, {"rita", "bob"}),
        ({"last": today - timedelta(days=1)}, {"old"}),
        ({"way": "received"}, {"old"}),
        ({"kind": "gift", "way": "given"}, {"rita"}),
        ({}, {"rita", "old", "bob"}),
    ]
    for form, expected in cases:
        found = {int(row["Line"]) for row in rows_of(client.post("/ledger/export/", form))}
        assert found == {lines[name].pk for name in expected}, form
        shown = client.get("/ledger/print/", form).context["lines"]
        assert {line.pk for line, _ in shown} == found, form
    recorded = [event.detail["filters"] for event in Event.objects.order_by("id")]
    assert recorded[2:4] == [{"officer": str(bob.pk)}, {"first": today.isoformat()}]


@pytest.mark.parametrize("form", [{"officer": "0"}, {"kind": "bribe"}, {"first": "soon"}])
def test_filters_that_mean_nothing_take_nothing(form, sign_in, alice, carl, rita):
    a_line(alice, rita)
    client = sign_in(carl)
    assert client.post("/ledger/export/", form).status_code == 422
    answer = client.get("/ledger/print/", form)
    assert (answer.status_code, answer.context["lines"]) == (422, [])
    assert not Event.objects.exists()


def test_everybody_takes_what_they_see(sign_in, alice, bob, mona, lena, ada, rita):
    line = a_line(alice, rita)
    found = {}
    for person in [alice, bob, mona, lena, ada]:
        rows = rows_of(sign_in(person).post("/ledger/export/"))
        found[person.name] = [int(row["Line"]) for row in rows]
    sees = {"Alice Abbott", "Mona Miller", "Ada Adams"}
    assert found == {name: [line.pk] if name in sees else [] for name in found}


@pytest.mark.parametrize("count", [1, 3])
def test_a_file_asks_a_fixed_number_of_queries(count, alice, carl, rita, django_assert_num_queries):
    for _ in range(count):
        line = a_line(alice, rita, draft=a_draft(alice), findings=[OFTEN])
        a_receipt(alice, line)
    lines = Line.objects.all()
    # Five for the lines and what is theirs, one to record it.
    with django_assert_num_queries(6):
        exports.export(lines, actor=carl, filters={}, now=timezone.now())


def test_a_name_that_looks_like_a_formula_is_harmless(sign_in, alice, carl):
    a_line(alice, PartnerFactory(owner=alice, first_name="=HYPERLINK(1)", last_name="x"))
    [row] = rows_of(sign_in(carl).post("/ledger/export/"))
    assert row["Recipient"] == "'=HYPERLINK(1) x"

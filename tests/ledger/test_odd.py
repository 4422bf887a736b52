"""Odd days and signs, stale pages, the way back of a browser: nothing fails or slips."""

from uuid import uuid4

import pytest
from django.utils import timezone

from ledger import desk_services, services
from ledger.models import Approval, Draft, Line, Release, RulesVersion, Statement
from ledger.rules import Rules
from tests.ledger.desk_rows import RAFFLE, a_draft, a_line
from tests.ledger.lines import draft_of, line_of, said

pytestmark = pytest.mark.django_db


def new(alice, partners, **fields):
    return said(partners, officer=alice.pk, key=uuid4(), **fields)


@pytest.mark.parametrize("day", ["0001-01-02", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_refused(sign_in, alice, rita, day):
    answer = sign_in(alice).post("/ledger/new/", new(alice, [rita], day=day, enter="1"))
    assert answer.status_code == 422
    assert "Enter a day from 1990 to 2100." in answer.text
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("address", "status"),
    [("neutrality/?until=0001-01-01", 422), ("holds/?recipient=%00", 200)],
)
def test_odd_addresses_of_the_desk_are_answered(sign_in, carl, address, status):
    assert sign_in(carl).get(f"/ledger/{address}").status_code == status


def test_what_is_changed_on_the_way_back_is_what_is_entered(sign_in, alice, rita):
    client, form = sign_in(alice), new(alice, [rita])
    client.post("/ledger/new/", form | {"cost": "42"})
    client.post("/ledger/new/", form | {"cost": "420", "enter": "1"})
    assert Line.objects.get().cost == 420


def test_what_was_changed_since_it_was_read_is_not_released(sign_in, alice, carl):
    draft = a_draft(alice, findings=[RAFFLE], said={"description": "A pen"})
    client, url = sign_in(carl), f"/ledger/drafts/{draft.pk}/release/"
    seen = client.get(url).context["form"]["seen"].value()
    form = {"check_code": "raffle", "reason": "Only a pen", "seen": seen}
    now = timezone.now()
    services.save_draft(actor=alice, draft=draft, said={"description": "A car"}, now=now)

    answer = client.post(url, form, follow=True)

    assert "It was changed meanwhile" in answer.text
    assert "A car" in answer.text
    assert not Release.objects.exists()
    client.post(url, form | {"seen": answer.context["form"]["seen"].value()})
    assert Release.objects.get().draft == draft


@pytest.mark.parametrize("after", [1, 2**31 - 1, 10**30])
def test_a_number_that_nobody_published_is_not_followed(carl, after):
    now = timezone.now()
    rules = Rules().to_dict()
    assert desk_services.publish_rules(actor=carl, rules=rules, after=after, now=now) is None
    assert desk_services.publish_statement(actor=carl, text="x", after=after, now=now) is None
    assert not RulesVersion.objects.exists()
    assert not Statement.objects.exists()


def test_who_wrote_the_draft_of_a_line_does_not_answer_for_it(sign_in, alice, carl, rita):
    draft = draft_of(alice, [rita])
    Draft.objects.update(made_by=carl)
    line = services.enter(actor=alice, draft=draft, now=timezone.now())
    form = {"answer": "approved", "note": "Fine"}
    client = sign_in(carl)
    assert client.post(f"/ledger/lines/{line.pk}/answer/", form).status_code == 403
    assert not Approval.objects.exists()
    other = a_line(alice, rita)
    assert client.post(f"/ledger/lines/{other.pk}/answer/", form).status_code == 302


def test_amounts_that_were_taken_back_are_numbers_in_the_file(sign_in, alice, carl, rita):
    line = line_of(alice, [rita])
    services.reverse(actor=alice, line=line, reason="=1+1", now=timezone.now())
    written = sign_in(carl).post("/ledger/export/").content.decode()
    assert ",-40.00," in written
    assert "'-40.00" not in written
    assert "'=1+1" in written

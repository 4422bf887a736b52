"""The pages of the record: who reads which lines, in which words, and what the filters find."""

from datetime import UTC, datetime

import pytest
import time_machine

from accounts.models import Role
from audit.models import Event
from audit.services import record, record_each
from tests.factories import GrantFactory, PartnerFactory, ReferralFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 15, 16, tzinfo=UTC)  # noon in New York


@pytest.fixture
def told(alice, mona, bob, rita):
    """A day with one line of each sort, about Rita and her referral."""
    referral = ReferralFactory(partner=rita, borrower="Ben Borrower")
    with time_machine.travel(NOON, tick=False):
        record(actor=alice, action="partner.archived", target=rita, reason="Rita Rowe moved away")
        record(actor=alice, action="interaction.changed", target=rita, fields=["day", "conduct"])
        record(actor=mona, action="conduct.read", target=rita)
        record(actor=mona, action="stepaway.chosen", target=rita)
        record(actor=alice, action="referral.contact_read", target=referral)
        record(actor=mona, action="grant.added", target=bob, role="Assistant")
        record(actor=None, action="book.imported", target=alice)
    return referral


def sentences(answer):
    return [line.sentence for line in answer.context["lines"]]


def test_an_administrator_reads_each_line_as_a_sentence(as_, ada, told):
    answer = as_(ada).get("/record/")
    assert sentences(answer) == [
        "PartnerCRM imported a book for Alice Abbott",
        "Mona Miller gave Bob Barnes a role: Assistant",
        f"Alice Abbott read the borrower’s contact of referral {told.pk} of Rita Rowe",
        "Mona Miller worked on a private plan",
        "Mona Miller read a private note",
        "Alice Abbott corrected a contact with Rita Rowe",
        "Alice Abbott archived Rita Rowe: Rita Rowe moved away",
    ]
    assert "Ben Borrower" not in answer.text
    assert "Jun 15, 2026, 12:00" in answer.text


def test_compliance_reads_no_name_of_a_partner(as_, carl, told, rita):
    answer = as_(carl).get("/record/")
    assert sentences(answer)[-1] == f"Alice Abbott archived partner {rita.pk}"
    assert sentences(answer)[2] == (
        f"Alice Abbott read the borrower’s contact of referral {told.pk}"
    )
    assert "Rita" not in answer.text
    assert "Rowe" not in answer.text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 7),
        ("q=Mona", 3),
        ("q=mona+miller", 3),
        ("q=Rowe", 2),
        ("q=Barnes", 1),
        ("q=nobody", 0),
        ("person={mona}", 3),
        ("group=reads", 2),
        ("group=private", 2),
        ("group=people", 1),
        ("address=/partners/{rita}/", 2),
        ("address=https://crm.example.com/partners/{rita}/edit/", 2),
        ("address=/referrals/{referral}/", 1),
        ("address=/people/{bob}/", 1),
        ("first=2026-06-15&last=2026-06-15", 7),
        ("first=2026-06-16", 0),
        ("last=2026-06-14", 0),
        ("q=Mona&group=private&person={mona}", 2),
    ],
)
def test_filters(query, count, as_, ada, mona, bob, rita, told):
    keys = {"mona": mona.pk, "rita": rita.pk, "referral": told.pk, "bob": bob.pk}
    assert len(sentences(as_(ada).get(f"/record/?{query.format(**keys)}"))) == count


def test_compliance_finds_nothing_by_the_name_of_a_partner(as_, carl, told):
    assert sentences(as_(carl).get("/record/?q=Rowe")) == []


@pytest.mark.parametrize(
    "query",
    [
        "address=nonsense",
        "first=later",
        "group=x",
        "person=0",
        "last=9999-12-31",
        "first=0001-01-01",
    ],
)
def test_nonsense_in_the_address_bar_finds_nothing_and_says_so(query, as_, ada, told):
    answer = as_(ada).get(f"/record/?{query}")
    assert (answer.status_code, sentences(answer)) == (422, [])


@pytest.mark.parametrize("who", ["alice", "mona"])
def test_the_page_of_a_partner_tells_its_owner_and_their_manager_all(who, as_, cast, told, rita):
    answer = as_(cast[who]).get(f"/partners/{rita.pk}/record/")
    assert sentences(answer) == [
        f"Alice Abbott read the borrower’s contact of referral {told.pk} of Rita Rowe",
        "Mona Miller chose what to do about Rita Rowe",
        "Mona Miller read about conduct of Rita Rowe",
        "Alice Abbott corrected a contact with Rita Rowe (day, conduct)",
        "Alice Abbott archived Rita Rowe: Rita Rowe moved away",
    ]


@pytest.mark.parametrize("who", ["andy", "ada"])
def test_the_page_of_a_partner_tells_others_nothing_private(who, as_, cast, told, rita):
    answer = as_(cast[who]).get(f"/partners/{rita.pk}/record/")
    assert sentences(answer) == [
        f"Alice Abbott read the borrower’s contact of referral {told.pk} of Rita Rowe",
        "Alice Abbott corrected a contact with Rita Rowe",
        "Alice Abbott archived Rita Rowe: Rita Rowe moved away",
    ]
    assert "rivate" not in answer.text


@pytest.mark.parametrize("who", ["andy", "ada"])
def test_no_line_without_fields_tells_that_conduct_was_changed(who, as_, cast, alice, rita):
    for fields in [["day"], ["conduct"]]:
        record(actor=alice, action="interaction.changed", target=rita, fields=fields)
    said = sentences(as_(cast[who]).get(f"/partners/{rita.pk}/record/"))
    assert said == ["Alice Abbott corrected a contact with Rita Rowe"] * 2


def test_compliance_reads_no_tier(as_, ada, carl, alice, rita):
    record(actor=alice, action="tier.overridden", target=rita, tier="cultivation")
    assert sentences(as_(carl).get("/record/")) == [
        f"Alice Abbott set the tier of partner {rita.pk} by hand"
    ]
    assert "cultivation" in sentences(as_(ada).get("/record/"))[0]


def test_the_page_of_a_referral(as_, alice, told, rita):
    other = ReferralFactory(partner=rita)
    record(actor=alice, action="referral.added", target=other)
    answer = as_(alice).get(f"/referrals/{told.pk}/record/")
    assert sentences(answer) == [
        f"Alice Abbott read the borrower’s contact of referral {told.pk} of Rita Rowe"
    ]


def test_refused_access_is_a_sentence(as_, ada, bob, rita):
    as_(bob).get(f"/partners/{rita.pk}/then/")
    as_(bob).get("/people/")
    assert sentences(as_(ada).get("/record/?group=access")) == [
        "Bob Barnes was not let in: people",
        "Bob Barnes was not let in: partner then for Rita Rowe",
    ]


def test_an_export_holds_what_the_page_does_and_is_recorded(as_, carl, told, rita):
    answer = as_(carl).post("/record/export/?group=partners")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Number,At,Who,What happened,Address"
    assert [line.split(",")[3] for line in lines[1:]] == [
        f"Alice Abbott corrected a contact with partner {rita.pk}",
        f"Alice Abbott archived partner {rita.pk}",
    ]
    assert "2026-06-15T" in lines[1]
    row = Event.objects.latest("pk")
    assert (row.actor, row.action, row.detail) == (
        carl,
        "record.exported",
        {"rows": 2, "narrowed": ["group"]},
    )


@pytest.mark.parametrize("who", ["alice", "mona", "andy", "lena"])
def test_others_export_nothing(who, as_, cast, told):
    assert as_(cast[who]).post("/record/export/").status_code == 404
    assert not Event.objects.filter(action="record.exported").exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_however_long(
    number, as_, ada, alice, django_assert_num_queries
):
    partners = [PartnerFactory(owner=alice) for _ in range(number)]
    referrals = [ReferralFactory(partner=partner) for partner in partners]
    record_each(actor=alice, action="partner.archived", targets=partners)
    record_each(actor=alice, action="referral.added", targets=referrals)
    record_each(actor=None, action="user.added", targets=[alice, ada][:number])
    client = as_(ada)
    with django_assert_num_queries(9):
        assert len(sentences(client.get("/record/"))) >= 2 * number


def test_older_lines_stand_on_the_next_page(as_, ada, alice, rita):
    record_each(actor=alice, action="partner.changed", targets=[rita] * 51)
    client = as_(ada)
    assert [len(sentences(client.get(f"/record/?page={page}"))) for page in (1, 2)] == [50, 1]


def test_who_manages_and_administers_reads_the_list_like_any_administrator(as_, mona, told):
    GrantFactory(user=mona, role=Role.ADMINISTRATOR)
    said = sentences(as_(mona).get("/record/?person=" + str(mona.pk)))
    assert "Mona Miller read a private note" in said


def test_links_lead_to_the_record(as_, alice, ada, carl, told, rita):
    assert f"/partners/{rita.pk}/record/" in as_(alice).get(f"/partners/{rita.pk}/").text
    assert f"/referrals/{told.pk}/record/" in as_(alice).get(f"/referrals/{told.pk}/").text
    assert 'href="/record/"' in as_(carl).get("/partners/").text
    assert 'href="/record/"' in as_(ada).get("/branch/").text
    assert 'href="/record/"' not in as_(alice).get("/").text

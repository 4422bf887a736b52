"""Adding, changing, archiving: the row, what belongs to it, and the record."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from audit.models import Event
from partners.models import Company, Partner, Tag
from partners.services import archive, company_named, restore, save_partner, tags_named
from tests.factories import CompanyFactory, PartnerFactory, TagFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 16, 3, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def save(actor, partner, company="", tags=(), changed=()):
    return save_partner(
        actor=actor, partner=partner, company=company, tags=tags, changed=changed, now=NOW
    )


def events():
    rows = Event.objects.filter(target_type="partners.partner")
    return list(rows.values_list("actor__name", "action", "fields", "detail"))


def test_added_partner_is_made_judged_and_recorded(alice):
    new = PartnerFactory.build(owner=alice)
    partner = save(alice, new, "Keystone Realty", ["golf", "Chamber"], ["last_name"])
    assert partner.company.name == "Keystone Realty"
    assert {tag.name for tag in partner.tags.all()} == {"golf", "Chamber"}
    assert partner.standing.tier == "cultivation"
    assert events() == [("Alice Abbott", "partner.added", ["last_name"], {})]


def test_record_is_made_on_the_owners_day(alice):
    """At 03:30 UTC on the 16th it is the 15th in New York, and still in Honolulu."""
    west = UserFactory(time_zone="Asia/Tokyo")
    made = [save(alice, PartnerFactory.build(owner=owner)).created_on for owner in (alice, west)]
    assert made == [date(2026, 6, 15), date(2026, 6, 16)]


def test_change_keeps_the_day_on_which_the_record_was_made(alice):
    partner = PartnerFactory(owner=alice, created_on=date(2024, 2, 29))
    save(alice, partner, changed=["notes"])
    partner.refresh_from_db()
    assert partner.created_on == date(2024, 2, 29)
    assert events() == [("Alice Abbott", "partner.changed", ["notes"], {})]


def test_company_is_found_whatever_its_capitals():
    keystone = CompanyFactory(name="Keystone Realty")
    assert company_named("  KEYSTONE   realty ") == keystone
    assert company_named(" \t") is None
    assert Company.objects.count() == 1


def test_tags_are_found_whatever_their_capitals_and_made_once():
    golf = TagFactory(name="Golf")
    found = tags_named(["golf", "GOLF ", "new", " New", "", "  "])
    assert {tag.pk for tag in found} == set(Tag.objects.values_list("pk", flat=True))
    assert golf in found
    assert Tag.objects.count() == 2


def test_tags_are_replaced(alice, rita):
    save(alice, rita, tags=["one", "two"])
    save(alice, rita, tags=["two", "three"])
    assert {tag.name for tag in rita.tags.all()} == {"two", "three"}


def test_archive_and_restore(alice, rita):
    archive(actor=alice, partner=rita, reason="Retired", now=NOW)
    assert not Partner.objects.active().exists()
    rita.refresh_from_db()
    assert (rita.archived_at, rita.archived_reason) == (NOW, "Retired")
    restore(actor=alice, partner=rita)
    rita.refresh_from_db()
    assert (rita.archived_at, rita.archived_reason) == (None, "")
    assert events() == [
        ("Alice Abbott", "partner.archived", [], {"reason": "Retired"}),
        ("Alice Abbott", "partner.restored", [], {}),
    ]


def test_archiving_and_restoring_twice_does_it_once(alice, rita):
    for reason in ("Retired", "Moved"):
        archive(actor=alice, partner=rita, reason=reason, now=NOW)
    assert Partner.objects.get().archived_reason == "Retired"
    for _ in range(2):
        restore(actor=alice, partner=rita)
    assert [action for _, action, _, _ in events()] == ["partner.archived", "partner.restored"]


def test_nothing_is_kept_when_the_record_fails(alice, rita, monkeypatch):
    def fail(**detail):
        raise RuntimeError("no record")

    monkeypatch.setattr("partners.services.record", fail)
    with pytest.raises(RuntimeError):
        archive(actor=alice, partner=rita, reason="Retired", now=NOW)
    assert Partner.objects.active().get() == rita

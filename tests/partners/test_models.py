"""What a partner may be, on the database too."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from partners.models import Company, Partner, Tag
from tests.factories import (
    CompanyFactory,
    InteractionFactory,
    PartnerFactory,
    ReferralFactory,
    TagFactory,
)

pytestmark = pytest.mark.django_db


def refused(work):
    with pytest.raises(IntegrityError), transaction.atomic():
        work()
    return True


@pytest.mark.parametrize(
    "fields",
    [
        {"partner_type": "plumber"},
        {"partner_type": ""},
        {"synergy": 6},
        {"birth_month": 13, "birth_day": 1},
        {"birth_month": 0, "birth_day": 1},
        {"birth_month": 2, "birth_day": 32},
        {"birth_month": 2},
        {"birth_day": 2},
        {"birth_year": 1970},
    ],
)
def test_nonsense_is_refused_by_the_database(rita, fields):
    assert refused(lambda: Partner.objects.filter(pk=rita.pk).update(**fields))


@pytest.mark.parametrize(
    ("month", "day", "year", "exists"),
    [
        (2, 29, None, True),
        (2, 29, 1972, True),
        (2, 29, 1973, False),
        (2, 30, None, False),
        (4, 31, None, False),
        (4, 31, 1980, False),
        (12, 31, 1980, True),
    ],
)
def test_birthday_is_a_day_that_exists(alice, month, day, year, exists):
    partner = PartnerFactory.build(owner=alice, birth_month=month, birth_day=day, birth_year=year)
    if exists:
        return partner.full_clean()
    with pytest.raises(ValidationError, match="There is no such day"):
        partner.full_clean()


def test_birthday_shows_no_year():
    assert PartnerFactory.build(birth_month=2, birth_day=29, birth_year=1972).birthday == (
        "February 29"
    )
    assert PartnerFactory.build().birthday == ""


def test_key_is_made_and_unique(rita, alice):
    assert len(rita.key) == 32
    assert refused(lambda: PartnerFactory(owner=alice, key=rita.key))


@pytest.mark.parametrize("factory", [CompanyFactory, TagFactory])
def test_name_is_taken_once_whatever_its_capitals(factory):
    factory(name="Keystone Realty")
    assert refused(lambda: factory(name="KEYSTONE realty"))


def test_partner_with_facts_is_not_deleted(rita):
    for factory in [InteractionFactory, ReferralFactory]:
        row = factory(partner=rita)
        with pytest.raises(ProtectedError):
            rita.delete()
        row.delete()


def test_owner_and_company_stay_while_a_partner_names_them(rita):
    rita.company = CompanyFactory()
    rita.save()
    for named in [rita.owner, rita.company]:
        with pytest.raises(ProtectedError):
            named.delete()


def test_do_not_contact_is_a_day():
    assert PartnerFactory.build(do_not_contact_since=date(2026, 1, 1)).do_not_contact
    assert not PartnerFactory.build().do_not_contact


def test_opt_outs_are_named():
    partner = PartnerFactory.build(no_texts=True, no_mail=True)
    assert partner.opted_out_of == ["texts", "postal mail"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("row", ["Rowe"]),
        ("RITA keystone", ["Rowe"]),
        ("rita@", ["Rowe"]),
        ("rita nobody", []),
        ("", ["Ash", "Rowe"]),
        ("%", []),
        ("_", []),
        ("'; --", []),
    ],
)
def test_search_wants_every_word(alice, text, found):
    PartnerFactory(
        owner=alice,
        first_name="Rita",
        last_name="Rowe",
        email="rita@example.com",
        company=CompanyFactory(name="Keystone Realty"),
    )
    PartnerFactory(owner=alice, first_name="Al", last_name="Ash")
    assert [partner.last_name for partner in Partner.objects.search(text)] == found


def test_active_and_archived_part_the_partners(rita, alice):
    gone = PartnerFactory(owner=alice)
    Partner.objects.filter(pk=gone.pk).update(archived_at="2026-01-01T00:00Z")
    assert list(Partner.objects.active()) == [rita]
    assert list(Partner.objects.archived()) == [gone]


def test_names_of_companies_and_tags():
    assert (str(Company(name="Keystone")), str(Tag(name="golf"))) == ("Keystone", "golf")

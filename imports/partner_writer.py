"""Writes the rows of partners.csv: adds whom the book does not have, updates the others."""

from datetime import date
from typing import Any

from django.db.models.functions import Lower

from accounts.models import User
from imports.book import PARTNERS_FILE, PartnerRow
from imports.load import Held, Load
from partners.models import Company, Partner, StopSource
from partners.services import company_named

FIELD_OF_COLUMN = {
    "first_name": "first_name",
    "last_name": "last_name",
    "type": "partner_type",
    "email": "email",
    "phone": "phone_work",
    "relationship_start": "relationship_start",
    "synergy": "synergy",
}
BIRTHDAY = ("birth_month", "birth_day", "birth_year")
WRITTEN = [
    *FIELD_OF_COLUMN.values(),
    *BIRTHDAY,
    "company",
    "owner",
    "do_not_contact_since",
    "do_not_contact_source",
    "synergy_answers",
]


def save_partners(load: Load) -> None:
    """Add or update the partners of the book, in slices; the caller holds the locks and judges.

    A blank cell says unknown and clears what stood there, a column that is not in the file says
    nothing; a blank `do_not_contact` and a blank owner leave an existing partner as it is.
    """
    for rows in load.slices(load.book.partners(), PARTNERS_FILE):
        keys = [row.key for row in rows]
        known = {partner.key: partner for partner in Partner.objects.filter(key__in=keys)}
        companies = _companies({row.company for row in rows} - {""})
        added, changed = [], []
        for row in rows:
            partner = known.get(row.key)
            said = _said(row, load, companies)
            if partner is None:
                added.append(_new_partner(row, said, load))
            elif _update(partner, row, said, load):
                changed.append(partner)
            known.setdefault(row.key, partner or added[-1])
        Partner.objects.bulk_create(added)
        Partner.objects.bulk_update(changed, WRITTEN, batch_size=200)
        _remember(load, known, "partners_added", added)
        _remember(load, known, "partners_changed", changed)
        for row in rows:
            _hold(load, row, known[row.key])


def _said(row: PartnerRow, load: Load, companies: dict[str, int]) -> dict[str, Any]:
    """The fields that the row sets: those of the columns that the file has."""
    book = load.book
    said = {
        name: getattr(row, column)
        for column, name in FIELD_OF_COLUMN.items()
        if book.has(PARTNERS_FILE, column)
    }
    if book.has(PARTNERS_FILE, "company"):
        said["company_id"] = companies.get(row.company.lower())
    if book.has(PARTNERS_FILE, "birthday"):
        said |= zip(BIRTHDAY, row.birthday or (None, None, None), strict=True)
    owner = row.owner or book.owner
    if owner:
        said["owner_id"] = load.people.named(owner).pk
    return said


def _new_partner(row: PartnerRow, said: dict[str, Any], load: Load) -> Partner:
    today = load.people.by_id[said["owner_id"]].today(load.now)
    since = today if row.do_not_contact else None
    source = StopSource.IMPORT if row.do_not_contact else ""
    stop = {"do_not_contact_since": since, "do_not_contact_source": source}
    return Partner(key=row.key, created_on=today, **stop, **said)


def _update(partner: Partner, row: PartnerRow, said: dict[str, Any], load: Load) -> bool:
    """Bring a partner up to what the row says; False where it says nothing new."""
    owner = load.people.by_id[said.get("owner_id", partner.owner_id)]
    said |= _stop(partner, row, owner.today(load.now))
    changed = {name for name, value in said.items() if getattr(partner, name) != value}
    for name in changed:
        setattr(partner, name, said[name])
    if "synergy" in changed:
        # The answers told another score.
        partner.synergy_answers = None
    return bool(changed)


def _stop(partner: Partner, row: PartnerRow, today: date) -> dict[str, Any]:
    """Since when they want no contact.

    Only an explicit no takes back a yes, and only one that an import brought: what a partner
    asked of a person, a person alone takes back.
    """
    if row.do_not_contact and not partner.do_not_contact:
        return {"do_not_contact_since": today, "do_not_contact_source": StopSource.IMPORT}
    if row.do_not_contact is False and partner.do_not_contact_source == StopSource.IMPORT:
        return {"do_not_contact_since": None, "do_not_contact_source": ""}
    return {}


def _companies(names: set[str]) -> dict[str, int]:
    """The companies of these names in small letters; those that are missing are made."""
    wanted = {name.lower(): name for name in sorted(names)}
    found = _stored_companies(wanted)
    missing = [Company(name=name) for lower, name in wanted.items() if lower not in found]
    Company.objects.bulk_create(missing, ignore_conflicts=True)
    if missing:
        found |= _stored_companies(wanted)
    for lower in wanted.keys() - found.keys():
        # The database and Python do not agree on the small letters of every alphabet.
        company = company_named(wanted[lower])
        if company:
            found[lower] = company.pk
    return found


def _stored_companies(wanted: dict[str, str]) -> dict[str, int]:
    companies = Company.objects.alias(lower=Lower("name"))
    rows = companies.filter(lower__in=wanted.keys() | set(wanted.values()))
    return {name.lower(): pk for pk, name in rows.values_list("pk", "name")}


def _remember(load: Load, known: dict[str, Partner], what: str, partners: list[Partner]) -> None:
    for partner in partners:
        load.note(_owner(load, partner), what)
        load.touched.add(partner.pk)


def _hold(load: Load, row: PartnerRow, partner: Partner) -> None:
    owner = _owner(load, partner)
    load.held[row.key] = Held(partner.pk, owner)
    if row.tier:
        load.labels[owner.today(load.now)][partner.pk] = row.tier


def _owner(load: Load, partner: Partner) -> User:
    return load.people.by_id[partner.owner_id]

"""A line that every check lets pass; a test names only what it is about."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from ledger import services
from ledger.checks import Known, KnownRecipient
from ledger.entries import Entry

TODAY = date(2026, 6, 15)


def entry(**said):
    """A lunch for Rita today."""
    usual = {
        "kind": "meal",
        "day": TODAY,
        "description": "Lunch at the Harbor Grill",
        "payer": "company",
        "cost": Decimal(40),
        "market_value": Decimal(40),
        "attendees": 2,
        "person_present": "Alice Abbott",
        "purpose": "Market update",
        "discussed": "Inventory and rates",
        "ground": "all_local",
        "partners": (1,),
        "stated": True,
        "stated_name": "Alice Abbott",
        "statement": 1,
    }
    return Entry(**(usual | said))


def known(*recipients, **facts):
    return Known(**({"today": TODAY, "statement": 1, "recipients": recipients} | facts))


def rita_is(**facts):
    return known(KnownRecipient(name="Rita Rowe", share=Decimal(20), **facts))


def days_before(*numbers):
    return tuple(TODAY - timedelta(days=number) for number in numbers)


def said(partners, **fields):
    """What the form of such a line says."""
    usual = {
        "way": "given",
        "kind": "meal",
        "day": timezone.localdate().isoformat(),
        "description": "Lunch at the Harbor Grill",
        "payer": "company",
        "cost": "40.00",
        "attendees": len(partners) + 1,
        "person_present": "Alice Abbott",
        "purpose": "Market update",
        "discussed": "Inventory and rates",
        "ground": "all_local",
        "partners": [partner.pk for partner in partners],
        "stated": True,
        "stated_name": "Alice Abbott",
        "statement": 1,
    }
    return usual | fields


def draft_of(officer, partners, **fields):
    return services.start_draft(
        actor=officer,
        officer=officer,
        source="",
        said=said(partners, **fields),
        now=timezone.now(),
    )


def line_of(officer, partners, **fields):
    draft = draft_of(officer, partners, **fields)
    return services.enter(actor=officer, draft=draft, now=timezone.now())

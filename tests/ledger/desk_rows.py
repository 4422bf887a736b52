"""Rows of the ledger as the desk of compliance meets them."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from files.models import StoredFile
from ledger.models import Draft, Line, LineFile, Recipient, Statement

OFTEN = {"code": "often", "level": "warn", "text": "Rita Rowe had something four times."}
RAFFLE = {"code": "raffle", "level": "hold", "text": "It is a raffle among people who refer."}


def a_draft(officer, **fields):
    now = timezone.now()
    return Draft.objects.create(
        officer=officer,
        **{"made_by": officer, "made_at": now, "changed_at": now} | fields,
    )


def a_line(officer, *partners, value=40, day=None, **fields):
    """A lunch today, for these partners in equal parts."""
    now = timezone.now()
    text = {"text": "Not for referrals.", "published_at": now}
    statement, _ = Statement.objects.get_or_create(number=1, defaults=text)
    usual = {
        "entered_by": officer,
        "entered_at": now,
        "day": day or officer.today(now),
        "way": "given",
        "kind": "meal",
        "description": "Lunch at the mill",
        "payer": "company",
        "cost": value,
        "market_value": value,
        "attendees": len(partners) + 1,
        "purpose": "Talk about the spring market",
        "ground": "named_few",
        "statement": statement,
        "stated_name": officer.name,
        "stated_at": now,
    }
    line = Line.objects.create(officer=officer, **usual | fields)
    for partner in partners:
        Recipient.objects.create(
            line=line,
            partner_key=partner.key,
            name=partner.full_name,
            value=Decimal(value) / len(partners),
        )
    return line


def reversal(line, **fields):
    """The line that takes this one back."""
    usual = {
        "reverses": line,
        "reversal_reason": "Entered twice",
        "day": line.day,
        "value": -line.market_value,
    }
    return a_line(line.officer, **usual | fields)


def a_receipt(officer, *lines, name="receipt.pdf"):
    file = StoredFile.objects.create(
        name=name,
        media_type="application/pdf",
        size=4,
        sha256="0" * 64,
        content=b"%PDF",
        uploaded_by=officer,
        uploaded_at=timezone.now(),
    )
    for line in lines:
        LineFile.objects.create(line=line, file=file)
    return file


def years_old(officer, days=1):
    """A day that is five years and some days ago."""
    today = timezone.now().date()
    return today.replace(year=today.year - 5, day=min(today.day, 28)) - timedelta(days=days)

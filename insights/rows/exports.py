"""Figures and the rows behind them as files: who took which is written down."""

from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings
from django.http import HttpResponse
from django.utils.text import slugify

from accounts.models import User
from audit.services import record
from insights.forms import FiguresForm
from insights.rows.lines import Line, PartnerLine, ReferralLine, TouchLine, lines_of
from insights.rows.opened import OpenedSet
from insights.tables import Table
from interactions.models import Referral
from partners.models import Partner
from tiers.labels import TIER_NAMES
from tiers.services import in_slices
from tiers.verdict import Tier
from web.csv import csv_answer


def export(table: Table, *, name: str, form: FiguresForm, actor: User) -> HttpResponse:
    """The table as a download; recorded with its name and its size."""
    record(
        actor=actor,
        action="figures.exported",
        target=form.person or form.one_branch or actor,
        table=name,
        rows=len(table.rows),
        until=form.end.isoformat(),
    )
    return csv_answer(_file_name(name, form), table.head, table.rows)


def _file_name(name: str, form: FiguresForm) -> str:
    """Such as `movement-riverside-2026-11-24`."""
    whose = form.person or form.one_branch or "all branches"
    words = slugify(f"{name.replace(':', ' ').replace('_', ' ')} {whose}")
    return f"{words}-{form.end}"


def table_of_rows(opened: OpenedSet, user: User) -> Table:
    """All rows of a set. Borrowers are not named: each row has its address instead."""
    lines: Iterable[Line] = (
        line
        for keys in in_slices(opened.keys)
        for line in lines_of(opened, keys, user, for_file=True)
    )
    return Table(HEADS[opened.kind], list(_rows(lines)))


HEADS: dict[str, Sequence[str]] = {
    "partners": [
        *("Partner", "Type", "Company", "Tier", "Set by a person", "Since", "Why", "Owner"),
        *("Last conversation", "Address"),
    ],
    "touches": ["Day", "Partner", "Kind", "Minutes", "Tier on that day", "Officer", "Address"],
    "referrals": [
        *("Received", "Direction", "Partner", "Owner", "Stage", "Since", "Lost reason", "Address")
    ],
}


def _rows(lines: Iterable[Line]) -> Iterator[Sequence[object]]:
    for line in lines:
        if isinstance(line, PartnerLine):
            yield _partner(line)
        elif isinstance(line, TouchLine):
            yield _touch(line)
        else:
            yield _referral(line)


def _partner(line: PartnerLine) -> Sequence[object]:
    partner = line.partner
    return [
        partner.full_name,
        partner.get_partner_type_display(),
        partner.company and partner.company.name,
        _tier(line.tier) or "Archived",
        "yes" if line.overridden else "no",
        line.since,
        line.why,
        partner.owner.name,
        line.last_conversation_on,
        _address(partner),
    ]


def _touch(line: TouchLine) -> Sequence[object]:
    touch = line.touch
    return [
        touch.day,
        touch.partner.full_name,
        touch.get_kind_display(),
        line.minutes,
        _tier(line.tier),
        touch.officer.name,
        _address(touch.partner),
    ]


def _referral(line: ReferralLine) -> Sequence[object]:
    referral = line.referral
    return [
        referral.day,
        referral.direction,
        referral.partner.full_name,
        referral.partner.owner.name,
        line.stage.label,
        line.stands_since,
        line.lost_reason,
        _address(referral),
    ]


def _tier(tier: Tier | None) -> str:
    return TIER_NAMES[tier] if tier else ""


def _address(row: Partner | Referral) -> str:
    return f"{settings.SITE_URL}{row.get_absolute_url()}"

"""Legal holds: while one is open, nothing that it names is purged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from audit.services import record
from ledger.models import Hold, Line, Recipient

WHOLE = Q(line__isnull=True, officer__isnull=True, partner_key="")


def open_holds() -> QuerySet[Hold]:
    return Hold.objects.filter(lifted_at__isnull=True)


def held() -> Exists:
    """A condition on lines: an open hold names this one, its officer, a recipient, or all."""
    keys = Recipient.objects.filter(line=OuterRef(OuterRef("pk"))).exclude(partner_key="")
    names_it = (
        WHOLE
        | Q(line=OuterRef("pk"))
        | Q(officer=OuterRef("officer"))
        | Q(partner_key__in=keys.values("partner_key"))
    )
    return Exists(open_holds().filter(names_it))


def holds_of(line: Line) -> QuerySet[Hold]:
    """The open holds that name this line in one way or another."""
    keys = line.recipients.exclude(partner_key="").values("partner_key")
    names_it = WHOLE | Q(line=line) | Q(officer=line.officer_id) | Q(partner_key__in=keys)
    return open_holds().filter(names_it).select_related("placed_by")


def place(
    *,
    actor: User,
    reason: str,
    now: datetime,
    line: Line | None = None,
    officer: User | None = None,
    partner_key: str = "",
) -> Hold:
    """Hold one line, the lines of an officer or of a recipient, or with none of them all. Recorded.

    A second click finds the hold that the first one placed.
    """
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        hold, placed = Hold.objects.get_or_create(
            placed_by=actor,
            line=line,
            officer=officer,
            partner_key=partner_key,
            reason=reason,
            lifted_at=None,
            defaults={"placed_at": now},
        )
        if placed:
            record(actor=actor, action="ledger.hold_placed", target=hold)
    return hold


def lift(*, actor: User, hold: Hold, reason: str, now: datetime) -> bool:
    """End a hold with a reason. Recorded. False where it was lifted before."""
    with transaction.atomic():
        lifted = open_holds().filter(pk=hold.pk)
        if not lifted.update(lifted_at=now, lifted_by=actor, lift_reason=reason):
            return False
        record(actor=actor, action="ledger.hold_lifted", target=hold)
    return True


@dataclass(frozen=True)
class HoldRow:
    hold: Hold
    what: str


def in_words(rows: Sequence[Hold]) -> list[HoldRow]:
    """What each of them names; one query for the names of recipients."""
    keys = {hold.partner_key for hold in rows if hold.partner_key}
    names = Recipient.objects.filter(partner_key__in=keys).order_by("pk")
    by_key = {row.partner_key: row for row in names} if keys else {}
    return [HoldRow(hold, _what(hold, by_key)) for hold in rows]


def _what(hold: Hold, by_key: Mapping[str, Recipient]) -> str:
    if hold.line:
        return f"Line {hold.line.pk}: {hold.line}"
    if hold.officer:
        return f"All lines of {hold.officer.name}"
    if not hold.partner_key:
        return "The whole ledger"
    named = by_key.get(hold.partner_key)
    return f"All lines of the recipient {named.name if named else 'whose lines are gone'}"

"""Borrowers' phones and e-mail addresses are not kept for ever.

24 months after the last activity on a referral both are erased; the row stays for the figures.
Activity is the newest of: when it was received, logged, moved to a stage, edited. Who moves an
erased referral to a stage may enter a contact anew.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast

from audit.models import Event
from audit.services import record_each
from interactions.models import Referral, StageMove
from partners.models import Partner

KEPT_YEARS = 2
ERASED_AT_ONCE = 200


def quiet_since(now: datetime) -> datetime:
    """The moment 24 calendar months before `now` (aware): older activity keeps no contact.

    29 February is counted back to 28 February, so that nothing is erased a day too early.
    """
    year = now.year - KEPT_YEARS
    try:
        return now.replace(year=year)
    except ValueError:
        return now.replace(year=year, day=28)


def due_for_erasure(now: datetime) -> QuerySet[Referral]:
    """Referrals that hold a phone or an e-mail and have been quiet for 24 months."""
    moment = quiet_since(now)
    moves = StageMove.objects.filter(referral=OuterRef("pk"), at__gt=moment)
    edits = Event.objects.filter(
        target_type=Referral._meta.label_lower,
        target_id=Cast(OuterRef("pk"), CharField(max_length=40)),
        action="referral.changed",
        at__gt=moment,
    )
    old = Referral.objects.filter(received_at__lte=moment, logged_at__lte=moment)
    return old.with_contact().filter(~Exists(moves), ~Exists(edits)).order_by("pk")


def erase_contacts(*, now: datetime, at_once: int = ERASED_AT_ONCE) -> int:
    """Erase the contact of the next referrals that are due for it; answers how many.

    Locks their partners first, as whoever moves or edits a referral does, and asks again then: who
    came first has made it active. Writes the two sealed columns past the row's `save`, as no fact
    of a tier changes. Each is recorded as "referral.contact_erased".
    """
    found = list(due_for_erasure(now).values_list("pk", "partner_id")[:at_once])
    if not found:
        return 0
    with transaction.atomic():
        Partner.objects.locked([partner_id for _, partner_id in found])
        due = list(due_for_erasure(now).filter(pk__in=[pk for pk, _ in found]))
        rows = Referral.objects.filter(pk__in=[row.pk for row in due])
        rows.update(borrower_phone="", borrower_email="", contact_erased_at=now)
        record_each(
            actor=None,
            action="referral.contact_erased",
            targets=due,
            fields=["borrower_phone", "borrower_email"],
        )
    return len(due)


def may_hold_contact(referral: Referral) -> bool:
    """Whether a phone or an e-mail may be entered: not after an erasure, until it moves again."""
    erased_at = referral.contact_erased_at
    return erased_at is None or referral.moves.filter(at__gt=erased_at).exists()

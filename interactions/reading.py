"""Who read what few may read: a borrower's contact, and notes on conduct.

A line in the record for each time that a page showed it; never what was read.
"""

from collections.abc import Iterable

from accounts.models import User
from audit.services import record, record_each
from interactions.models import Referral
from partners.models import Partner


def contact_was_read(*, actor: User, referral: Referral) -> None:
    """A page shows this borrower's phone or e-mail to `actor`."""
    record(actor=actor, action="referral.contact_read", target=referral)


def conduct_was_read(*, actor: User, partners: Iterable[Partner]) -> None:
    """A page shows conduct of these partners to `actor`; nothing is recorded for none."""
    told_of = list(partners)
    if not told_of:
        return
    record_each(actor=actor, action="conduct.read", targets=told_of)

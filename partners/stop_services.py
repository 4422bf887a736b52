"""A partner asks us to stop, and takes it back: the one door to do-not-contact beside an import."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from audit.services import record
from partners.dispatch import asked_to_stop
from partners.models import Partner, StopSource

WRITTEN = ["do_not_contact_since", "do_not_contact_source"]


def stop(*, actor: User, partner: Partner, on: date, source: StopSource, now: datetime) -> bool:
    """Note that they asked us to stop, and how that reached us; False where they did before.

    In one transaction: locks the partner, writes day and source (the save judges the tier anew and
    silences everything), tells `asked_to_stop`, and records it.
    """
    with transaction.atomic():
        found = _locked(partner)
        if found.do_not_contact:
            return False
        found.do_not_contact_since, found.do_not_contact_source = on, source
        found.save(update_fields=WRITTEN)
        asked_to_stop.send(Partner, partner=found, actor=actor, now=now)
        detail = {"on": on.isoformat(), "source": str(source)}
        record(actor=actor, action="partner.stopped", target=found, **detail)
    return True


def lift_stop(*, actor: User, partner: Partner, reason: str) -> bool:
    """They want to hear from us again; False where nothing stops us. Recorded with the reason.

    Locks the partner; the save judges the tier anew.
    """
    with transaction.atomic():
        found = _locked(partner)
        if not found.do_not_contact:
            return False
        found.do_not_contact_since, found.do_not_contact_source = None, ""
        found.save(update_fields=WRITTEN)
        record(actor=actor, action="partner.stop_lifted", target=found, reason=reason)
    return True


def _locked(partner: Partner) -> Partner:
    Partner.objects.locked([partner.pk])
    found: Partner = Partner.objects.select_related("owner").get(pk=partner.pk)
    return found

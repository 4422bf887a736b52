"""Makes the seals: a link for each event that has none, in the order of their numbers."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from audit.models import Event, Seal
from audit.sealing import NOTHING_BEFORE, Deed, Link, keyring, mac_of, proof_of

SLICE = 500
# What a proof is made of, in the order of `Deed`.
SAID = ["at", "actor_id", "action", "target_type", "target_id", "fields", "detail"]


def seal_new(*, now: datetime) -> int:
    """Seal all events that have no seal, in slices of one transaction each; answers how many.

    With the newest key. Two at the same moment make the same numbers: the second one's slice fails
    by the primary key, and it leaves the rest to the first.
    """
    count = 0
    try:
        while made := _seal_slice(now):
            count += made
    except IntegrityError:
        # Either it was another sealer, or the next tick meets it again and `audit verify` tells.
        return count
    return count


def _seal_slice(now: datetime) -> int:
    # Looking costs SQLite nothing; the transaction below makes this its one writer.
    events = list(Event.objects.unsealed().values_list("pk", *SAID)[:SLICE])
    if not events:
        return 0
    key_id, key = next(iter(keyring(tuple(settings.AUDIT_KEYS)).items()))
    with transaction.atomic():
        last = Seal.objects.order_by("number").last()
        number, mac = (last.number, last.mac) if last else (0, NOTHING_BEFORE)
        seals = []
        for event_id, *said in events:
            number += 1
            link = Link(number, event_id, key_id, proof_of(key, Deed(*said)), now)
            mac = mac_of(key, link, mac)
            seals.append(Seal(**vars(link), mac=mac))
        Seal.objects.bulk_create(seals)
    return len(seals)

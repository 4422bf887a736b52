from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Lower

from accounts.models import User
from audit.services import record
from partners.models import Company, Partner, Tag, new_key


def save_partner(
    *,
    actor: User,
    partner: Partner,
    company: str,
    tags: Sequence[str],
    changed: Sequence[str],
    now: datetime,
) -> Partner:
    """Add or change a partner: the row, its company (made if new), its tags, the record.

    The save recomputes the tier, in the same transaction. `changed` names the changed fields. A
    double submit, by its key, gives the partner that it made. A change never moves a partner to
    another owner: see `handover`.
    """
    with transaction.atomic():
        added = partner.pk is None
        if added:
            # One after the other, so that the second of two clicks finds what the first one made.
            User.objects.select_for_update(no_key=True).get(pk=partner.owner_id)
            known = Partner.objects.filter(key=partner.key).first()
            if known and _is_same(known, partner):
                return known
            partner.key = new_key() if known else partner.key
            partner.created_on = partner.owner.today(now)
        else:
            _read_again(partner)
        partner.company = company_named(company)
        partner.save()
        partner.tags.set(tags_named(tags))
        action = "partner.added" if added else "partner.changed"
        record(actor=actor, action=action, target=partner, fields=changed)
    return partner


# What has a door of its own.
ELSEWHERE = ["owner", "archived_at", "archived_reason", "stepping_away_since"]
ELSEWHERE += ["do_not_contact_since", "do_not_contact_source"]


def _read_again(partner: Partner) -> None:
    """Keep what somebody decided about them since the form was read."""
    Partner.objects.locked([partner.pk])
    partner.refresh_from_db(fields=ELSEWHERE)


def _is_same(known: Partner, partner: Partner) -> bool:
    names = ("owner_id", "first_name", "last_name")
    return all(getattr(known, name) == getattr(partner, name) for name in names)


def archive(*, actor: User, partner: Partner, reason: str, now: datetime) -> None:
    """Take a partner out of every list, with a reason; nothing is deleted. Recorded.

    The first of two clicks counts: who is archived already keeps that day and reason.
    """
    with transaction.atomic():
        if not Partner.objects.active().locked([partner.pk]):
            return
        partner.archived_at = now
        partner.archived_reason = reason
        partner.save(update_fields=["archived_at", "archived_reason"])
        record(actor=actor, action="partner.archived", target=partner, reason=reason)


def restore(*, actor: User, partner: Partner) -> None:
    """Bring an archived partner back; the save judges the tier anew. Recorded."""
    with transaction.atomic():
        if not Partner.objects.archived().locked([partner.pk]):
            return
        partner.archived_at = None
        partner.archived_reason = ""
        partner.save(update_fields=["archived_at", "archived_reason"])
        record(actor=actor, action="partner.restored", target=partner)


def company_named(name: str) -> Company | None:
    """The company of this name, whatever its capitals; made if new; None for a blank name."""
    name = " ".join(name.split())
    if not name:
        return None
    found = Company.objects.filter(name__iexact=name).first()
    if found:
        return found
    # Somebody else may make it at this moment.
    return Company.objects.get_or_create(name__iexact=name, defaults={"name": name})[0]


def tags_named(names: Iterable[str]) -> list[Tag]:
    wanted = {" ".join(name.split()).lower(): " ".join(name.split()) for name in names}
    wanted.pop("", None)
    by_name = Tag.objects.alias(lower=Lower("name")).filter(lower__in=wanted)
    found: dict[str, Tag] = {tag.name.lower(): tag for tag in by_name}
    for lower, name in wanted.items():
        if lower not in found:
            found[lower], _ = Tag.objects.get_or_create(name__iexact=name, defaults={"name": name})
    return list(found.values())

"""Whose digest is due, who wants one, and the steps that a link in a mail may do."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import User
from audit.services import record
from digests.hours import evening_of, is_due
from digests.links import Act, Step
from digests.models import Subscription
from digests.readers import READERS
from mailing.models import Delivery
from mailing.services import plan_many
from partners.models import Partner
from touches import services as touches
from touches.agenda import agenda
from touches.models import PlannedTouch
from touches.playbook import Due

# Neither a digest of this local date nor one of the last twelve hours became due before this.
LOOK_BACK = timedelta(days=3)
SNOOZED_FOR = timedelta(days=7)


# --- planning -----------------------------------------------------------------------------


def plan_due(now: datetime, users: Iterable[User] | None = None) -> list[Delivery]:
    """Plan the digests that are due at `now`, of everybody or of these people; returns the rows.

    Asked again, by whomever and however often, it plans each person's local day once.
    """
    rows = due_digests(now, users)
    plan_many(rows)
    return rows


def due_digests(now: datetime, users: Iterable[User] | None = None) -> list[Delivery]:
    """The digests that are due at `now` and not planned yet, unsaved: two queries, and one a kind.

    The daily one stands before the pack of the same person.
    """
    wishes = {(row.kind, row.user_id): row for row in Subscription.objects.filter(kind__in=READERS)}
    planned = _planned_lately(now)
    return [
        _digest(kind, user, now)
        for kind in READERS
        for user in _readers(kind, users)
        if _wants_now(
            user,
            wishes.get((kind, user.pk)) or Subscription(kind=kind),
            now,
            planned.get((kind, user.pk), {}),
        )
    ]


def _readers(kind: str, users: Iterable[User] | None) -> Iterable[User]:
    readers = READERS[kind]()
    return readers if users is None else readers.filter(pk__in=[user.pk for user in users])


def _planned_lately(now: datetime) -> dict[tuple[str, int], dict[str, datetime]]:
    """By kind and person: the local dates of the newest digests, and when each was planned.

    Not when each is due, which moves with every new try; but no row is due before it is planned.
    """
    planned: defaultdict[tuple[str, int], dict[str, datetime]] = defaultdict(dict)
    rows = Delivery.objects.filter(kind__in=READERS, due_at__gt=now - LOOK_BACK).order_by()
    names = ["kind", "user_id", "occurrence", "planned_at"]
    for kind, user_id, occurrence, at in rows.values_list(*names):
        planned[kind, user_id][occurrence] = at
    return planned


def _wants_now(
    user: User, wish: Subscription, now: datetime, planned: Mapping[str, datetime]
) -> bool:
    return wish.stopped_at is None and is_due(
        now, user.zone, hour=wish.hour, weekdays=wish.weekdays, planned=planned
    )


def _digest(kind: str, user: User, now: datetime) -> Delivery:
    return Delivery(
        kind=kind,
        user=user,
        occurrence=user.today(now).isoformat(),
        due_at=now,
        expires_at=evening_of(now, user.zone),
        planned_at=now,
    )


# --- who wants one ------------------------------------------------------------------------


def subscribe(
    *, user: User, kind: str, hour: int, wanted: bool, now: datetime, on_weekends: bool = False
) -> None:
    """Keep when a person wants this kind of digest, or that they want none. Recorded."""
    with transaction.atomic():
        row, _ = Subscription.objects.get_or_create(user=user, kind=kind)
        row.hour, row.on_weekends = hour, on_weekends
        row.stopped_at = None if wanted else row.stopped_at or now
        row.save()
        record(
            actor=user,
            action="digest.changed",
            target=user,
            kind=kind,
            hour=hour,
            on_weekends=on_weekends,
            wanted=wanted,
        )


def stop(*, user: User, kind: str, now: datetime) -> None:
    """Send no more digests of this kind to this person; asked again, do nothing. Recorded."""
    with transaction.atomic():
        row, _ = Subscription.objects.get_or_create(user=user, kind=kind)
        going = Subscription.objects.filter(pk=row.pk, stopped_at__isnull=True)
        if going.update(stopped_at=now):
            record(actor=user, action="digest.stopped", target=user, kind=kind)


# --- steps from a mail --------------------------------------------------------------------


class NoLongerFits(Exception):
    """The step of a link does not fit any more; the message says why, in a sentence."""


@dataclass(frozen=True)
class Offer:
    """What a link would do now."""

    user: User
    partner: Partner
    due: Due
    today: date

    @property
    def until(self) -> date:
        """Until when a snooze puts it off."""
        return self.today + SNOOZED_FOR


def offer_of(step: Step, now: datetime) -> Offer:
    """What a link would do at `now`. Raises NoLongerFits.

    The person must be active and still own the partner, and the touch must still be due as it was
    in the mail.
    """
    user = User.objects.active().filter(pk=step.user_id).first()
    if user is None:
        raise NoLongerFits("This account is closed.")
    partner = Partner.objects.filter(pk=step.partner_id, owner=user).first()
    if partner is None:
        raise NoLongerFits("Somebody else looks after this partner now.")
    if partner.archived_at:
        raise NoLongerFits(f"{partner.full_name} is archived, so nothing is planned with them.")
    today = user.today(now)
    for entry in agenda(user, today, partner=partner):
        for due in entry.dues:
            if (due.kind, due.row_id, due.due_on) == (step.kind, step.row_id, step.due_on):
                return Offer(user, entry.partner, due, today)
    raise NoLongerFits("This is done, put off or changed already.")


def take_step(*, act: Act, step: Step, now: datetime) -> Offer:
    """Do the one step of a link, as its reader: finish the touch, or put it off for a week.

    Locks the partner first, so the second of two clicks finds that nothing is left to do. Raises
    NoLongerFits.
    """
    with transaction.atomic():
        Partner.objects.locked([step.partner_id])
        offer = offer_of(step, now)
        if not _do(act, offer, now):
            raise NoLongerFits("This is done, put off or changed already.")
    return offer


def _do(act: Act, offer: Offer, now: datetime) -> bool:
    user, partner, due = offer.user, offer.partner, offer.due
    if act == Act.DONE:
        if due.row_id is None:
            return False
        row = PlannedTouch.objects.get(pk=due.row_id)
        return touches.finish(actor=user, touch=row, now=now)
    return touches.snooze(
        actor=user,
        partner=partner,
        kind=due.kind,
        until=offer.until,
        row_id=due.row_id,
        today=offer.today,
    )

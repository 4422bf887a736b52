"""Who is away, and who works their list meanwhile: a grant from one moment to another."""

from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.access import access_to
from accounts.models import Grant, Role, User
from audit.services import record

LONGEST = timedelta(days=366)

OTHER_BRANCH = "Choose a colleague of the same branch; an administrator can name somebody else."
OWN_RIGHTS = "Nobody gives themselves the list of somebody else: another administrator can."


def add_absence(
    *, actor: User, officer: User, stand_in: User, first: date, last: date, now: datetime
) -> Grant:
    """Let `stand_in` work the list of `officer` from the first to the last day. Recorded.

    The days are the officer's. An absence that begins today begins at this moment. Raises
    ValidationError for people or days that do not fit, by the field of `AbsenceForm`.
    """
    _check_people(actor, officer, stand_in)
    _check_days(first, last, officer.today(now))
    starts_at = max(_begin_of(first, officer), now)
    ends_at = _begin_of(last + timedelta(days=1), officer)
    with transaction.atomic():
        # Two who say the same at once: the second waits, and then finds the overlap.
        User.objects.select_for_update(no_key=True).get(pk=officer.pk)
        pair = Grant.objects.filter(role=Role.STAND_IN, user=stand_in, officer=officer)
        if pair.overlapping(starts_at, ends_at).exists():
            raise ValidationError(
                {"stand_in": f"{stand_in} stands in for {officer} on some of these days already."}
            )
        # One that was taken back is said anew: the same pair and moment stand in one row.
        grant, _ = pair.update_or_create(
            starts_at=starts_at,
            defaults={"ends_at": ends_at},
            create_defaults={
                "user": stand_in,
                "officer": officer,
                "role": Role.STAND_IN,
                "ends_at": ends_at,
            },
        )
        _record(actor, "absence.added", grant)
    return grant


def _check_people(actor: User, officer: User, stand_in: User) -> None:
    if stand_in.pk == officer.pk:
        raise ValidationError({"stand_in": "Nobody stands in for themselves."})
    if not (officer.is_active and stand_in.is_active):
        raise ValidationError({"stand_in": "Choose somebody who still works here."})
    if actor.has_role(Role.ADMINISTRATOR):
        if stand_in.pk == actor.pk and not access_to(actor, officer).works:
            raise ValidationError({"stand_in": OWN_RIGHTS})
    elif officer.branch_id is None or officer.branch_id != stand_in.branch_id:
        raise ValidationError({"stand_in": OTHER_BRANCH})


def _check_days(first: date, last: date, today: date) -> None:
    if first < today:
        raise ValidationError({"first": "The first day is today or later."})
    if first - today > LONGEST:
        raise ValidationError({"first": "Say it at most a year ahead."})
    if last < first:
        raise ValidationError({"last": "The last day is not before the first one."})
    if last - first > LONGEST:
        raise ValidationError({"last": "An absence lasts a year at most."})


def _begin_of(day: date, officer: User) -> datetime:
    return datetime.combine(day, time.min, officer.zone)


def end_absence(*, actor: User, absence: Grant, now: datetime) -> bool:
    """End an absence at this moment, or take it back before it begins. Recorded.

    The stand-in loses the list at their next request. False where it was over already.
    """
    with transaction.atomic():
        locked = Grant.objects.absences().select_for_update(of=("self",)).get(pk=absence.pk)
        if locked.ends_at is None or locked.ends_at <= now or locked.is_cancelled:
            return False
        locked.ends_at = max(now, locked.starts_at or now)
        locked.save(update_fields=["ends_at"])
        _record(actor, "absence.ended", locked)
    return True


def _record(actor: User, action: str, absence: Grant) -> None:
    record(
        actor=actor,
        action=action,
        target=absence,
        officer=absence.officer_id,
        stand_in=absence.user_id,
        first=absence.first_day.isoformat(),
        last=absence.last_day.isoformat(),
    )

"""What changes a delivery, and nothing else does.

    pending -claim-> claimed -recipient accepted-> transmitting -250-> sent

Each change of a held delivery is one UPDATE whose WHERE names the lease and the state that it comes
from: whoever finds no row has lost the delivery to somebody else, and stops. Nothing here talks to
a mail server inside a transaction.
"""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import get_connection
from django.db import Error, InterfaceError, OperationalError, transaction
from django.db.models import Exists, F
from django.db.models.functions import Greatest

from audit.services import record
from mailing.answers import MOST_ATTEMPTS, Meaning, broken, clean, meaning_of, wait_after
from mailing.kinds import Suppressed, all_kinds, kind_of
from mailing.message import Letter, build
from mailing.models import ENDED, HELD, Delivery, Heartbeat, Pause, State
from mailing.querysets import DeliveryQuerySet

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

HEALED_AT_ONCE = 500
LONGEST_HEADLINE = 200  # Delivery.headline
# What a person may ask to be tried again, and for how long that is tried.
RETRYABLE = [State.FAILED, State.UNCERTAIN, State.EXPIRED]
RETRY_LIFETIME = timedelta(hours=4)
TRIED_OFTEN = f"It was tried {MOST_ATTEMPTS} times."


class LeaseLostError(Exception):
    """Somebody else has taken the delivery over."""


# --- planning -----------------------------------------------------------------------------


def plan(
    *,
    kind: str,
    user: "User",
    occurrence: str,
    due_at: datetime,
    expires_at: datetime,
    now: datetime,
    subject: str = "",
) -> None:
    """Plan one mail, once: asked again for the same kind, user, subject and occurrence, do nothing.

    It leaves at `due_at` or soon after, and not from `expires_at` on.
    """
    plan_many(
        [
            Delivery(
                kind=kind,
                user=user,
                subject=subject,
                occurrence=occurrence,
                due_at=due_at,
                expires_at=expires_at,
                planned_at=now,
            )
        ]
    )


def plan_many(rows: Iterable[Delivery]) -> None:
    """Plan these unsaved deliveries; those that exist already stay as they are.

    The unique constraint decides, so two planners at the same moment make one row.
    """
    Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def beat(name: str, now: datetime) -> None:
    """Write down that the background work `name` has just ended well."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


# --- sending ------------------------------------------------------------------------------


def deliver_due(*, clock: Clock, seconds: float) -> int:
    """Send what is due, one after the other, and begin none after `seconds`; answers how many.

    `clock` is asked for the time at each step. Leases are kept by it, so it must be the true time.
    """
    until = time.monotonic() + seconds
    count = 0
    while time.monotonic() < until and deliver_one(clock=clock):
        count += 1
    return count


def deliver_one(*, clock: Clock) -> bool:
    """Take the longest due delivery as far as it goes; False where none is due.

    Claims it, renders it with today's permissions, sends it, and writes down what became of it.
    """
    delivery = claim(now=clock())
    if delivery is None:
        return False
    try:
        letter = _write(delivery, clock())
        if letter is not None:
            _send(delivery, letter, clock)
    except LeaseLostError:
        logger.warning(
            "Delivery %s was taken over by somebody else, or mail is paused.", delivery.pk
        )
    return True


def claim(*, now: datetime) -> Delivery | None:
    """Take a lease on the longest due delivery that nobody else is taking at this moment.

    None while mail is paused.
    """
    if Pause.objects.open().exists():
        return None
    # Looking costs SQLite nothing; the transaction below would make this its one writer.
    if not Delivery.objects.to_send(now).exists():
        return None
    # Durable: what is claimed must be seen by everybody before anything leaves.
    with transaction.atomic(durable=True):
        delivery = Delivery.objects.to_send(now).select_for_update(skip_locked=True).first()
        if delivery is not None:
            delivery.state = State.CLAIMED
            delivery.lease = uuid4()
            delivery.lease_until = now + lease_time()
            delivery.attempts += 1
            delivery.save(update_fields=["state", "lease", "lease_until", "attempts"])
    return delivery


def lease_time() -> timedelta:
    return timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)


def _write(delivery: Delivery, now: datetime) -> Letter | None:
    """The letter as it leaves; None where there is none, and then the delivery has ended."""
    try:
        written = _render(delivery, now)
    except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
        # Not the mail's fault: the lease runs out, and somebody tries again.
        raise
    except Exception as problem:
        logger.exception("Delivery %s cannot be written.", delivery.pk)
        _end(delivery, State.FAILED, broken(problem), now)
        return None
    if isinstance(written, Suppressed):
        _end(delivery, State.SUPPRESSED, written.reason, now)
        return None
    delivery.message_id = written.extra_headers["Message-ID"]
    delivery.headline = clean(str(written.subject), LONGEST_HEADLINE)
    return written


def _render(delivery: Delivery, now: datetime) -> Letter | Suppressed:
    """Raises whatever a kind and its words can raise."""
    if not delivery.user.is_active:
        return Suppressed("The person is not active any more.")
    mail = kind_of(delivery.kind).render(delivery, now)
    if isinstance(mail, Suppressed):
        return mail
    letter = build(delivery, mail, delivery.user, now)
    # What no mail can hold comes to light here, and not when a server is waiting.
    letter.message().as_bytes()
    delivery.recipient = mail.to or delivery.user.email
    return letter


def _send(delivery: Delivery, letter: Letter, clock: Clock) -> None:
    letter.before_data = partial(_start_transmitting, delivery, clock)
    try:
        with get_connection() as connection:
            if not getattr(connection, "calls_before_data", False):
                letter.before_data()
            connection.send_messages([letter])
            # At once: the goodbye to the server may take as long as it likes.
            _end(delivery, State.SENT, "", clock())
    except (Error, SoftTimeLimitExceeded, LeaseLostError):
        # The database or the task gave up: the lease runs out, as if the worker had died.
        raise
    except Exception as problem:
        logger.info("Delivery %s was not sent.", delivery.pk, exc_info=True)
        _note(delivery, problem, clock())


def _start_transmitting(delivery: Delivery, clock: Clock) -> None:
    """From this commit on the message may have left."""
    _change(delivery, State.TRANSMITTING, lease_until=clock() + lease_time())


def _note(delivery: Delivery, problem: Exception, now: datetime) -> None:
    """Write down what an error of sending means for the delivery."""
    answer = meaning_of(problem, transmitting=delivery.state == State.TRANSMITTING)
    if answer.meaning is Meaning.UNKNOWN:
        _change(delivery, State.UNCERTAIN, reason=answer.reason)
    elif answer.meaning is Meaning.GIVE_UP:
        _end(delivery, State.FAILED, answer.reason, now)
    elif delivery.attempts >= MOST_ATTEMPTS:
        _end(delivery, State.FAILED, clean(f"{TRIED_OFTEN} {answer.reason}"), now)
    else:
        later = now + wait_after(delivery.attempts, lease_time())
        _change(delivery, State.PENDING, due_at=later, reason=answer.reason)


def _end(delivery: Delivery, state: State, reason: str, now: datetime) -> None:
    _change(delivery, state, reason=clean(reason), ended_at=now)


def _change(delivery: Delivery, state: State, **values: Any) -> None:
    """Change a held delivery; LeaseLostError where it is not held by this lease any more.

    So it ends too where mail was paused meanwhile: its lease runs out, and it waits.
    """
    if delivery.lease is None:
        raise LeaseLostError
    if state not in HELD:
        values |= {"lease": None, "lease_until": None}
    for name in ["message_id", "recipient", "headline"]:
        values.setdefault(name, getattr(delivery, name))
    mine = Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease, state=delivery.state)
    if state == State.TRANSMITTING:
        mine = mine.filter(~Exists(Pause.objects.open()))
    if not mine.update(state=state, **values):
        raise LeaseLostError
    delivery.state = state
    for name, value in values.items():
        setattr(delivery, name, value)


# --- healing ------------------------------------------------------------------------------


def heal(*, now: datetime) -> None:
    """Give back, or end, what hangs because its worker died; doubled or late it does no harm.

    In this order: what was claimed and never left waits again, or has failed after six attempts;
    what may have left is uncertain; what may be sent twice, once more; what is too late, expired.
    """
    rows = Delivery.objects.all()
    free = {"lease": None, "lease_until": None}
    claimed = rows.claimed_too_long(now)
    _move(claimed.filter(attempts__lt=MOST_ATTEMPTS), State.PENDING, **free)
    often = clean(f"{TRIED_OFTEN} Each time the worker stopped before it had left.")
    _move(claimed, State.FAILED, reason=often, ended_at=now, **free)
    silent = "The worker stopped while it was leaving."
    _move(rows.transmitting_too_long(now), State.UNCERTAIN, reason=silent, **free)
    twice = [kind.name for kind in all_kinds() if kind.resend_uncertain]
    _move(rows.to_send_again(twice, now), State.PENDING, sent_again=True)
    _move(rows.too_late(now), State.EXPIRED, ended_at=now)


def _move(rows: DeliveryQuerySet, state: State, **values: Any) -> None:
    """Move these rows to `state`, but for those that somebody else is changing right now."""
    # Looking first: see `claim`.
    if not rows.exists():
        return
    with transaction.atomic():
        free = rows.select_for_update(skip_locked=True).values_list("pk", flat=True)
        keys = list(free[:HEALED_AT_ONCE])
        Delivery.objects.filter(pk__in=keys).update(state=state, **values)


def retry(*, actor: "User", delivery: Delivery, now: datetime) -> bool:
    """Let a failed, uncertain or expired delivery leave once more; False where it is none of these.

    Six new attempts, the same Message-ID, and at least four more hours. Recorded as
    "delivery.retried". What it says is rendered anew, so a kind may still suppress it.
    """
    with transaction.atomic():
        over = Delivery.objects.filter(pk=delivery.pk, state__in=RETRYABLE)
        changed = over.update(
            state=State.PENDING,
            due_at=now,
            expires_at=Greatest(F("expires_at"), now + RETRY_LIFETIME),
            attempts=0,
            ended_at=None,
            reason="",
        )
        if changed:
            record(actor=actor, action="delivery.retried", target=delivery)
    return bool(changed)


def hold_back(*, reason: str, now: datetime) -> int:
    """Let nothing leave that was due by `now` and has not ended; answers how many.

    For a restored copy: what it holds may have left after it was made. Each is expired with this
    reason, so that an administrator can send it all the same.
    """
    due = Delivery.objects.exclude(state__in=ENDED).filter(due_at__lte=now)
    return due.update(
        state=State.EXPIRED, reason=clean(reason), ended_at=now, lease=None, lease_until=None
    )

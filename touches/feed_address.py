"""The secret address of a person's calendar: who has it reads the calendar without a sign-in."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from audit.services import record
from touches.models import CalendarFeed

# 192 bits from the system's random numbers.
SECRET_BYTES = 24
NOTED_EVERY = timedelta(hours=1)


def make(*, user: User, now: datetime) -> str:
    """Make a new secret and return it: only its hash is kept. The old address ends. Recorded."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        fresh = {"secret_hash": hash_of(secret), "made_at": now, "last_read_at": None}
        CalendarFeed.objects.update_or_create(user=user, defaults=fresh)
        record(actor=user, action="calendar.made", target=user)
    return secret


def revoke(*, user: User) -> bool:
    """End the address; False where there is none. Recorded."""
    with transaction.atomic():
        deleted, _ = CalendarFeed.objects.filter(user=user).delete()
        if deleted:
            record(actor=user, action="calendar.revoked", target=user)
    return bool(deleted)


def feed_at(secret: str) -> CalendarFeed | None:
    """The calendar that this secret opens; None for a wrong or old one, or a person who left."""
    feeds = CalendarFeed.objects.select_related("user").filter(user__is_active=True)
    return feeds.filter(secret_hash=hash_of(secret)).first()


def note_read(feed: CalendarFeed, now: datetime) -> None:
    """Keep when it was last read, to the hour: many readers at once need not all write."""
    if feed.last_read_at and now - feed.last_read_at < NOTED_EVERY:
        return
    unread = Q(last_read_at=None) | Q(last_read_at__lte=now - NOTED_EVERY)
    CalendarFeed.objects.filter(unread, pk=feed.pk, secret_hash=feed.secret_hash).update(
        last_read_at=now
    )


def hash_of(secret: str) -> str:
    """No salt and no slow hash, as nobody can guess so many random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()

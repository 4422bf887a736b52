"""What every kind of digest has in common when it leaves: why it may not, and how it is stopped."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from digests.hours import is_day
from digests.links import absolute, stop_url
from digests.models import Subscription
from mailing.kinds import Mail, Suppressed
from mailing.message import compose
from mailing.models import Delivery


def refusal(delivery: Delivery, now: datetime) -> Suppressed | None:
    """Why no digest may leave for this reader at `now`; None where it may."""
    user, kind = delivery.user, delivery.kind
    if not user.is_active:
        return Suppressed("This account is closed.")
    if Subscription.objects.filter(user=user, kind=kind, stopped_at__isnull=False).exists():
        return Suppressed("Switched off by its reader.")
    if not is_day(now, user.zone):
        return Suppressed("It is night for its reader. The next one comes in the morning.")
    newer = Delivery.objects.filter(kind=kind, user=user, occurrence__gt=delivery.occurrence)
    if newer.exists():
        return Suppressed("A newer digest has taken its place.")
    return None


def written(kind: str, user: User, *, subject: str, context: Mapping[str, Any]) -> Mail:
    """The mail of a kind of digest, with the ways to choose its hour and to stop it."""
    stop = stop_url(user.pk, kind)
    return compose(
        kind,
        subject=subject,
        context={**context, "settings_url": absolute("digest_settings"), "stop_url": stop},
        # One click in the mail program stops it: RFC 8058, which wants an https address alone.
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )

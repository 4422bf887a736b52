"""What the sign-in tells, written down: who came, who left, and which second factors there are."""

from typing import Any

from allauth.account.signals import user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver

from accounts.models import User
from audit.services import record


@receiver(user_logged_in)
def note_sign_in(user: User, **kwargs: Any) -> None:
    record(actor=user, action="access.signed_in", target=user)


@receiver(user_logged_out)
def note_sign_out(user: User | None, **kwargs: Any) -> None:
    if user is not None:
        record(actor=user, action="access.signed_out", target=user)


@receiver(user_login_failed)
def note_failed_sign_in(credentials: dict[str, Any], **kwargs: Any) -> None:
    """A wrong password for somebody who exists; the sign-in itself limits how often one tries."""
    user = User.objects.by_email(str(credentials.get("email") or "")).first()
    if user is not None:
        record(actor=None, action="access.sign_in_failed", target=user)


@receiver(authentication_failed)
def note_wrong_second_factor(user: User, **kwargs: Any) -> None:
    record(actor=user, action="access.second_factor_failed", target=user)


@receiver(authenticator_added)
@receiver(authenticator_reset)
def note_second_factor(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        record(actor=user, action="access.recovery_codes_made", target=user)
    else:
        record(
            actor=user,
            action="access.second_factor_added",
            target=user,
            factor=str(authenticator.type),
        )


@receiver(authenticator_removed)
def note_removed_second_factor(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    record(
        actor=user,
        action="access.second_factor_removed",
        target=user,
        factor=str(authenticator.type),
    )

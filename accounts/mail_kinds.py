"""The e-mails about somebody's own sign-in. Links are made when a mail leaves: no row holds one."""

from datetime import datetime, timedelta

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from accounts.models import User
from mailing.kinds import Mail, MailKind, register
from mailing.message import compose
from mailing.models import Delivery
from mailing.services import plan

PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a kind
SECURITY_NOTICE = "security_notice"

# Who asked for a link waits for it; who is told of a change should hear of it even late.
RESET_LIFETIME = timedelta(hours=1)
NOTICE_LIFETIME = timedelta(days=1)

# By allauth's name of the template.
CHANGES = {
    "account/email/password_changed": "Your PartnerCRM password was changed",
    "account/email/password_reset": "Your PartnerCRM password was changed",
    "account/email/password_set": "Your PartnerCRM password was changed",
    "mfa/email/totp_activated": "An authenticator app was added to your PartnerCRM account",
    "mfa/email/totp_deactivated": "The authenticator app was removed from your PartnerCRM account",
    "mfa/email/recovery_codes_generated": "New recovery codes were made for PartnerCRM",
    "mfa/email/webauthn_added": "A security key was added to your PartnerCRM account",
    "mfa/email/webauthn_removed": "A security key was removed from your PartnerCRM account",
}
OTHER_CHANGE = "Your PartnerCRM account was changed"


def plan_password_reset(*, user: User, now: datetime) -> None:
    """Plan the mail with the link for a new password: one a minute, however often it is asked."""
    plan(
        kind=PASSWORD_RESET,
        user=user,
        occurrence=now.isoformat(timespec="minutes"),
        due_at=now,
        expires_at=now + RESET_LIFETIME,
        now=now,
    )


def plan_security_notice(*, user: User, change: str, now: datetime) -> None:
    """Plan to tell a person what has changed about their sign-in; `change` is one of CHANGES."""
    plan(
        kind=SECURITY_NOTICE,
        user=user,
        subject=change,
        occurrence=now.isoformat(timespec="seconds"),
        due_at=now,
        expires_at=now + NOTICE_LIFETIME,
        now=now,
    )


def _password_reset(delivery: Delivery, now: datetime) -> Mail:
    user = delivery.user
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    place = {"uidb36": user_pk_to_url_str(user), "key": key}
    return compose(
        "password_reset",
        subject="Set a new password for PartnerCRM",
        context={"user": user, "path": reverse("account_reset_password_from_key", kwargs=place)},
        with_html=False,
    )


def _security_notice(delivery: Delivery, now: datetime) -> Mail:
    return compose(
        "security_notice",
        subject=CHANGES.get(delivery.subject, OTHER_CHANGE),
        context={
            "user": delivery.user,
            "at": delivery.planned_at,
            "path": reverse("account_reset_password"),
        },
        with_html=False,
    )


register(MailKind(PASSWORD_RESET, "New password", _password_reset))
register(MailKind(SECURITY_NOTICE, "Change of your sign-in", _security_notice))

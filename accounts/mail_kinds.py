"""The e-mails about somebody's own sign-in. Links are made when a mail leaves: no row holds one."""

from dataclasses import replace
from datetime import datetime, timedelta

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from mailing.answers import clean
from mailing.kinds import Mail, MailKind, Suppressed, register
from mailing.message import compose
from mailing.models import Delivery
from mailing.services import plan

PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a kind
INVITATION = "invitation"
SECURITY_NOTICE = "security_notice"
ADDRESS_NOTICE = "address_notice"

# Who asked for a link waits for it; who is told of a change should hear of it even late.
RESET_LIFETIME = timedelta(hours=1)
NOTICE_LIFETIME = timedelta(days=1)
# The link itself lasts as long, from the moment in which the mail leaves.
INVITATION_LIFETIME = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)

EMAIL_CHANGED = "account/email/email_changed"
# By allauth's name of the template.
CHANGES = {
    EMAIL_CHANGED: "Your PartnerCRM e-mail address was changed",
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


def plan_invitation(*, person: User, invited_by: User, now: datetime) -> None:
    """Plan the mail with the link by which a new person sets their first password."""
    plan(
        kind=INVITATION,
        user=person,
        subject=str(invited_by.pk),
        occurrence=now.isoformat(timespec="seconds"),
        due_at=now,
        expires_at=now + INVITATION_LIFETIME,
        now=now,
    )


def plan_email_changed(*, person: User, event: Event, now: datetime) -> None:
    """Plan to tell the address that a person had before; `event` is the record of the change."""
    plan(
        kind=ADDRESS_NOTICE,
        user=person,
        subject=str(event.pk),
        occurrence=now.isoformat(timespec="seconds"),
        due_at=now,
        expires_at=now + NOTICE_LIFETIME,
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
    return compose(
        "password_reset",
        subject="Set a new password for PartnerCRM",
        context={"user": user, "path": _way_to_a_password(user)},
        with_html=False,
    )


def _way_to_a_password(user: User) -> str:
    """It works once, as the password is part of what is signed, and for this address alone."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    place = {"uidb36": user_pk_to_url_str(user), "key": key}
    return reverse("account_reset_password_from_key", kwargs=place)


def _invitation(delivery: Delivery, now: datetime) -> Mail | Suppressed:
    user = delivery.user
    if user.has_usable_password():
        return Suppressed("They have set a password already.")
    inviter = User.objects.get(pk=int(delivery.subject))
    return compose(
        "invitation",
        subject=f"{clean(inviter.name)} invites you to PartnerCRM",
        context={
            "user": user,
            "inviter": inviter,
            "path": _way_to_a_password(user),
            "until": now + INVITATION_LIFETIME,
        },
        with_html=False,
    )


def _address_notice(delivery: Delivery, now: datetime) -> Mail:
    event = Event.objects.select_related("actor").get(pk=int(delivery.subject))
    mail = compose(
        "address_notice",
        subject=CHANGES[EMAIL_CHANGED],
        context={"user": delivery.user, "actor": event.actor, "at": delivery.planned_at},
        with_html=False,
    )
    return replace(mail, to=event.detail["before"])


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
register(MailKind(INVITATION, "Invitation", _invitation))
register(MailKind(SECURITY_NOTICE, "Change of your sign-in", _security_notice))
register(MailKind(ADDRESS_NOTICE, "Change of your e-mail address", _address_notice))

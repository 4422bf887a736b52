"""Who changes a sign-in: its owner is told, by a mail that no request sends."""

from datetime import UTC, datetime

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from django.core import mail
from django.utils import timezone

from accounts.mail_kinds import plan_security_notice
from mailing.models import Delivery
from mailing.services import deliver_due
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

NOTICE = """\
Hello Alice Abbott,

Your PartnerCRM password was changed on Tuesday, November 24, 2026 at 5:41 AM EST.

If that was you, there is nothing to do. If it was not, set a new password right away and tell
your administrator:

http://localhost:8000/account/password/reset/
"""


@time_machine.travel("2026-11-24 10:41:00Z", tick=False)
def test_a_changed_password_is_told(client, alice):
    client.force_login(alice)
    new = "battery horse staple"
    client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert mail.outbox == []
    deliver_due(clock=timezone.now, seconds=10)
    (message,) = mail.outbox
    assert message.subject == "Your PartnerCRM password was changed"
    assert (message.to, message.body) == (['"Alice Abbott" <alice@example.com>'], NOTICE)


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        ("mfa/email/totp_activated", "An authenticator app was added to your PartnerCRM account"),
        ("mfa/email/webauthn_removed", "A security key was removed from your PartnerCRM account"),
        ("mfa/email/of_the_future", "Your PartnerCRM account was changed"),
    ],
)
def test_a_changed_second_factor_is_told(alice, change, subject):
    get_mfa_adapter().send_notification_mail(change, alice, {"secret": "JBSWY3DPEHPK3PXP"})
    assert "JBSWY3DPEHPK3PXP" not in str(Delivery.objects.values().get())
    deliver_due(clock=timezone.now, seconds=10)
    assert mail.outbox[0].subject == subject


def test_two_changes_are_two_notices_and_one_told_twice_is_one(alice):
    now = datetime(2026, 11, 24, 10, 41, tzinfo=UTC)
    for change in ["mfa/email/totp_activated", "mfa/email/webauthn_added"] * 2:
        plan_security_notice(user=alice, change=change, now=now)
    assert Delivery.objects.count() == 2


def test_a_mail_that_has_no_kind_is_refused(alice):
    """Rather than sent while a person waits for their page."""
    with pytest.raises(NotImplementedError, match="account/email/login_code"):
        get_adapter().send_mail("account/email/login_code", alice.email, {})

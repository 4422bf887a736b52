from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.mail_kinds import plan_password_reset, plan_security_notice
from accounts.models import User
from audit.services import record


class AccountAdapter(DefaultAccountAdapter):
    """People are added by an administrator, and mails are planned: a request sends none."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: User, password: str) -> None:
        """Write the password alone: the rest of the row may be old by now, such as `is_active`.

        Changed, set or reset: each is recorded as "access.password_changed".
        """
        user.set_password(password)
        with transaction.atomic():
            user.save(update_fields=["password"])
            record(actor=user, action="access.password_changed", target=user, fields=["password"])

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        plan_password_reset(user=user, now=timezone.now())

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        plan_security_notice(user=user, change=template_prefix, now=timezone.now())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> NoReturn:
        """No other mail of allauth is in use; one that comes into use needs a kind of its own."""
        raise NotImplementedError(f"There is no kind of e-mail for {template_prefix}.")

"""What was to be said is left out once they ask us to stop, in the transaction that notes it."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts.models import User
from partners.dispatch import asked_to_stop
from partners.models import Partner
from stepaway.plan_services import stop_messages


@receiver(asked_to_stop)
def leave_out_messages(partner: Partner, actor: User, now: datetime, **kwargs: Any) -> None:
    stop_messages(actor=actor, partner=partner, now=now)

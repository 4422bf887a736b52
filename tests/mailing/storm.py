"""The Celery app of the storm tests: the real one with a kind of its own, and quicker ticks."""

from datetime import timedelta

import django

from partnercrm.celery import app

django.setup()

from mailing.kinds import Mail, MailKind, register  # noqa: E402

QUICKER = ["plan the digests", "send what is due", "give back what hangs"]

register(
    MailKind(
        "storm",
        "Storm",
        lambda delivery, now: Mail(f"Number {delivery.occurrence}", "Hold fast.\n"),
        resend_uncertain=True,
    )
)
for name in QUICKER:
    app.conf.beat_schedule[name]["schedule"] = timedelta(seconds=1)

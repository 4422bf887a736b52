from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from mailing.pausing import resume


class Command(BaseCommand):
    help = "Let mail leave again after a restore, as the button on the page Mails does."

    def handle(self, *args: Any, **options: Any) -> None:
        resumed = resume(actor=None, now=timezone.now())
        self.stdout.write("Mail leaves again." if resumed else "Mail is not paused.")

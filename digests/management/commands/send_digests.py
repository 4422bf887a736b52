import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from digests.services import due_digests, plan_due
from mailing.kinds import Suppressed, kind_of
from mailing.models import Delivery
from mailing.pausing import pause_in_force
from mailing.services import deliver_one

Clock = Callable[[], datetime]


class Command(BaseCommand):
    help = (
        "Plan the digests that are due and send every e-mail that waits, in this process: by hand "
        "what the background work does each minute. Safe beside it: each is sent once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as-of",
            metavar="DATETIME",
            help=(
                "as if it were that moment, such as 2026-06-15T07:00-04:00; to try things out, "
                "not beside running workers, whose leases follow the true time"
            ),
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say who would get what, and send nothing"
        )

    def handle(self, *args: Any, as_of: str | None, dry_run: bool, **options: Any) -> None:
        clock = clock_from(as_of)
        if dry_run:
            self.tell(clock())
        else:
            self.send(clock)

    def tell(self, now: datetime) -> None:
        """Print what `send` would do, and write nothing."""
        waiting = list(Delivery.objects.to_send(now).select_related("user"))
        rows = [*waiting, *due_digests(now)]
        for row in rows:
            self.stdout.write(f"{row.user.email} would get: {what_comes(row, now)}")
        self.conclude(len(rows))

    def send(self, clock: Clock) -> None:
        now = clock()
        if pause_in_force() is not None:
            self.stdout.write("Mail is paused: what is due waits until `resume_mail`.")
        plan_due(now)
        keys = list(Delivery.objects.to_send(now).values_list("pk", flat=True))
        while deliver_one(clock=clock):
            pass
        for row in Delivery.objects.filter(pk__in=keys).select_related("user").order_by("pk"):
            state = row.get_state_display().lower()
            self.stdout.write(f"{row.user.email}: {state} ({row.reason or row.headline})")
        self.conclude(len(keys))

    def conclude(self, count: int) -> None:
        if not count:
            self.stdout.write("Nothing is due.")


def what_comes(row: Delivery, now: datetime) -> str:
    """The subject, or why there is none."""
    try:
        mail = kind_of(row.kind).render(row, now)
    except Exception as problem:
        # Whatever it is: when it is sent, too, such a mail fails alone.
        return f"nothing (it cannot be written: {problem})"
    return f"nothing ({mail.reason})" if isinstance(mail, Suppressed) else mail.subject


def clock_from(as_of: str | None) -> Clock:
    """The true time, or one that goes on from `as_of`. Raises CommandError for nonsense."""
    if as_of is None:
        return timezone.now
    start, begun = _moment(as_of), time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - begun)


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        raise CommandError(
            f"{text!r} is no moment with a time zone. Write it like 2026-06-15T07:00-04:00."
        )
    return moment

from datetime import UTC, date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger.purge import latest_before, purge, purgeable


class Command(BaseCommand):
    help = "Care for the ledger of things of value."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        removing = commands.add_parser(
            "purge", help="remove lines older than five years that no legal hold names"
        )
        removing.add_argument(
            "--before",
            type=date.fromisoformat,
            metavar="DATE",
            help="only lines of days before this one, such as 2020-01-31",
        )
        removing.add_argument(
            "--dry-run", action="store_true", help="say how many would go, and remove nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        latest = latest_before(now.astimezone(UTC).date())
        before = options["before"] or latest
        if before > latest:
            raise CommandError(f"Lines are kept for five years: name {latest} or a day before it.")
        if options["dry_run"]:
            count = purgeable(before).count()
            self.stdout.write(f"{count} lines of days before {before} would go, and reversals.")
            return
        count = purge(before=before, now=now)
        self.stdout.write(f"{count} lines of days before {before} are gone.")

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from audit import append_only
from audit.verification import Report, verify


class Command(BaseCommand):
    help = (
        "Hold the record of who did what against its seals. Says what was changed, removed, put in "
        "or moved, and ends with 1 where anything was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        verifying = parts.add_parser("verify", help=self.help)
        verifying.add_argument(
            "--expect",
            metavar="NUMBER:CODE",
            type=head,
            help="the head that an earlier run printed: finds an end that was cut off since",
        )

    def handle(self, *args: Any, expect: tuple[int, str] | None = None, **options: Any) -> None:
        report = verify(now=timezone.now(), expected=expect)
        for name in append_only.missing_triggers(connection):
            report.add(
                f"The trigger {name} is missing: rows could be changed. `manage.py migrate` makes "
                "it anew."
            )
        self.tell(report)
        if report.troubles:
            raise CommandError(f"{len(report.troubles) + report.more} troubles. See above.")

    def tell(self, report: Report) -> None:
        for sentence in report.troubles:
            self.stdout.write(sentence)
        if report.more:
            self.stdout.write(f"And {report.more} more.")
        if not report.troubles:
            self.stdout.write(f"{report.events} events: all are as they were written.")
        if report.waiting:
            self.stdout.write(f"{report.waiting} of them are not sealed yet.")
        if report.head:
            self.stdout.write(f"Head: {report.head}")
            self.stdout.write("Keep it elsewhere: `audit verify --expect` finds an end cut off.")


def head(text: str) -> tuple[int, str]:
    """Parse what an earlier run printed."""
    number, _, code = text.strip().partition(":")
    if not (number.isascii() and number.isdigit() and code):
        raise ArgumentTypeError("Write it as it was printed, such as 1234:9f86d081…")
    return int(number), code.lower()

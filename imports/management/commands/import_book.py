from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import IntegrityError
from django.utils import timezone

from imports.reading import Problems
from imports.services import BookRefused, Imported, import_book


class Command(BaseCommand):
    help = (
        "Bring in a book: partners.csv and, where they are there, interactions.csv and "
        "referrals.csv of one folder. All or nothing. See docs/commands.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", help="the folder that holds the files")
        parser.add_argument(
            "--owner",
            metavar="EMAIL",
            default="",
            help="owns the partners for whom the file names nobody; made if new",
        )
        parser.add_argument(
            "--replay",
            action="store_true",
            help="rebuild the tier history of the book's partners from their facts",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["folder"])
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder. Name the folder that holds the files.")
        try:
            imported = import_book(
                folder,
                owner=_address(options["owner"]),
                rebuild=options["replay"],
                now=timezone.now(),
                tell=self.stderr.write,
            )
        except BookRefused as refused:
            raise CommandError(_report(refused.problems)) from refused
        except IntegrityError as error:
            raise CommandError(
                "Somebody else added rows with the same keys just now. Nothing was imported: "
                "run the command again."
            ) from error
        self.stdout.write(_summary(imported))


def _address(owner: str) -> str:
    """The e-mail address of --owner, or blank. Raises CommandError."""
    address = owner.strip().lower()
    try:
        if address:
            validate_email(address)
    except ValidationError as error:
        raise CommandError(f"{owner} is not an e-mail address.") from error
    return address


def _report(problems: Problems) -> str:
    """Every problem on a line of its own; beyond the first thousand their number."""
    things = "1 thing is wrong" if problems.count == 1 else f"{problems.count:,} things are wrong"
    lines = [f"Nothing was imported. {things}:", *map(str, problems.listed)]
    if problems.count > len(problems.listed):
        lines.append(f"and {problems.count - len(problems.listed):,} more.")
    return "\n".join(lines)


def _summary(imported: Imported) -> str:
    words = [
        f"{kind} {imported.counts[f'{kind}_added']:,} added, "
        f"{imported.counts[f'{kind}_changed']:,} changed"
        for kind in ("partners", "interactions", "referrals")
    ]
    return f"Imported: {'; '.join(words)}. Partners judged: {imported.judged:,}."

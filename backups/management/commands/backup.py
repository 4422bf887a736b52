from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backups.dumps import CannotCopy
from backups.services import back_up

WITHOUT_KEYS = (
    "The keys (BORROWER_KEYS, AUDIT_KEYS, SECRET_KEY) are not in it. Keep them elsewhere: without "
    "BORROWER_KEYS nobody can read the borrowers' phones and e-mail addresses again."
)


class Command(BaseCommand):
    help = "Write a backup of the whole database into one file, while people go on working."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            help="a new file, or a folder to put one in; var/backups without it",
        )

    def handle(self, *args: Any, file: Path | None, **options: Any) -> None:
        now = timezone.now()
        path = _place(file, now)
        try:
            manifest = back_up(path=path, now=now)
        except CannotCopy as error:
            raise CommandError(str(error)) from error
        except FileExistsError as error:
            raise CommandError(f"{path} is there already: name a new file.") from error
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{manifest.rows} rows of {len(manifest.counts)} tables: {path}")
        self.stdout.write(WITHOUT_KEYS)


def _place(file: Path | None, now: datetime) -> Path:
    folder = Path(settings.VAR_DIR) / "backups"
    if file is None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif file.is_dir():
        folder = file
    else:
        return file.absolute()
    return folder / f"partnercrm-{now.astimezone(UTC):%Y%m%d-%H%M%S}.tar"

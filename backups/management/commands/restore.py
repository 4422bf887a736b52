from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backups.archive import BadBackup
from backups.dumps import CannotCopy
from backups.services import NotEmpty, Restored, restore

WITHOUT_KEYS = (
    "The keys are not in a backup. Borrowers' contact opens only with the BORROWER_KEYS of then, "
    "and the record is proved only by the AUDIT_KEYS of then: `rotate_borrower_keys --check` and "
    "`audit verify` tell whether they fit."
)


class Command(BaseCommand):
    help = (
        "Put a backup in the place of this database. Stop web, worker and beat first. Everybody "
        "is signed out, and nothing is mailed until `resume_mail`."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="overwrite what is in the database now"
        )

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        """Ends with 1 where it was restored and the record does not fit its seals, too."""
        try:
            done = restore(path=file, replace=replace, now=timezone.now())
        except NotEmpty as error:
            raise CommandError(
                "There are people in this database. Make a backup of it, and then restore with "
                "--replace: everything in it is overwritten."
            ) from error
        except (BadBackup, CannotCopy) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        self._tell(done)
        if done.troubles:
            raise CommandError("It is restored, and the record does not fit its seals: see above.")

    def _tell(self, done: Restored) -> None:
        made = done.manifest
        self.stdout.write(
            f"Restored: {made.rows} rows of {len(made.counts)} tables, as of "
            f"{made.made_at:%Y-%m-%d %H:%M %Z}."
        )
        self.stdout.write(
            "Everybody is signed out. Mail is paused until an administrator presses "
            f'"Send mail again" on the page Mails, or `resume_mail`; {done.held_back} mails that '
            "may have left already are marked too late."
        )
        for sentence in done.troubles:
            self.stdout.write(sentence)
        self.stdout.write(WITHOUT_KEYS)

"""``manage.py lock``: renew requirements/ after a change of pyproject.toml's dependencies."""

from argparse import ArgumentParser
from subprocess import CalledProcessError
from typing import Any

from django.core.management import BaseCommand, CommandError

from partnercrm import lock


class Command(BaseCommand):
    help = "Renew requirements/ from pyproject.toml."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only tell whether it is needed")
        parser.add_argument("--upgrade", action="store_true", help="take the newest versions")

    def handle(self, *, check: bool, upgrade: bool, **options: Any) -> None:
        if not check:
            try:
                lock.renew(upgrade=upgrade)
            except CalledProcessError:
                raise CommandError("The dependencies could not be resolved.") from None
        elif stale := lock.stale():
            raise CommandError(
                f"{' and '.join(stale)} do not fit pyproject.toml: run `python3 manage.py lock`."
            )

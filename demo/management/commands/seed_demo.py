from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demo.people import DEMO_PASSWORD
from demo.services import BookIsNotEmpty, seed


class Command(BaseCommand):
    help = (
        "Fill an empty database with a book that looks real. The same seed gives the same book "
        "on the same day. Nobody has a password until you set one with changepassword."
    )
    # `up` alone asks for the public password, for the file that it has just made itself.
    stealth_options = ("known_password",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--officers", type=int, default=3, help="loan officers [3]")
        parser.add_argument("--partners", type=int, default=48, help="partners of each [48]")
        parser.add_argument("--seed", type=int, default=1, help="any number [1]")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["officers"] < 1 or options["partners"] < 1:
            raise CommandError("A demo needs at least one officer and one partner.")
        known_password = bool(options.get("known_password"))
        try:
            count = seed(
                officers=options["officers"],
                partners=options["partners"],
                seed=options["seed"],
                now=timezone.now(),
                known_password=known_password,
            )
        except BookIsNotEmpty as refusal:
            raise CommandError(str(refusal)) from refusal
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Wrote a demo of {options['officers']} officers, {count} partners.")
        if known_password:
            self.stdout.write(f"Everybody's password is {DEMO_PASSWORD}.")
        else:
            self.stdout.write(
                "Nobody has a password yet: set one with `manage.py changepassword EMAIL`."
            )

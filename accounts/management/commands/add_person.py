from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.models import GIVEN_ROLES, Role, User
from accounts.services import add_person


class Command(BaseCommand):
    help = "Add a person who signs in. They set their password by 'Forgot your password?'."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        roles = [role.value for role in GIVEN_ROLES]
        parser.add_argument("--role", choices=roles, default=Role.OFFICER.value)
        parser.add_argument("--branch", default="", help="made if it does not exist yet")
        parser.add_argument("--time-zone", default="", help="such as America/Chicago")
        parser.add_argument("--assists", metavar="EMAIL", help="the officer, for an assistant")

    def handle(self, *args: Any, **options: Any) -> None:
        officer = None
        if options["assists"]:
            officer = User.objects.by_email(options["assists"]).first()
            if officer is None:
                raise CommandError(f"Nobody has the e-mail address {options['assists']}.")
        try:
            user = add_person(
                actor=None,
                email=options["email"],
                name=options["name"],
                role=Role(options["role"]),
                time_zone=options["time_zone"],
                branch=options["branch"],
                officer=officer,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Added {user.name} <{user.email}>.")

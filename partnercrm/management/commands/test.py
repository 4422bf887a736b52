"""``manage.py test``: every check and test; with arguments, pytest alone with them."""

import sys
from typing import Any

from django.core.management import BaseCommand

from partnercrm import checks


class Command(BaseCommand):
    help = "Run every check and test; with arguments, pytest alone with them."

    def run_from_argv(self, argv: list[str]) -> None:
        """Hand the arguments on as they are: they are pytest's, not Django's."""
        try:
            sys.exit(self.run(argv[2:]))
        except KeyboardInterrupt:
            sys.exit(130)

    def run(self, arguments: list[str]) -> int:
        if arguments:
            return checks.pytest_alone(arguments)
        return 0 if checks.run_all(self.say) else 1

    def say(self, text: str) -> None:
        # pytest writes to the same place: nothing may wait in a buffer.
        self.stdout.write(text)
        self.stdout.flush()

    def handle(self, *args: Any, **options: Any) -> None:
        """For ``call_command("test")``, without arguments."""
        sys.exit(self.run([]))

"""What ``up`` says when the first page answers."""

import os
from collections.abc import Callable
from pathlib import Path

from django.contrib.auth import get_user_model

from demo.people import DEMO_PASSWORD, DEMO_SIGN_INS
from partnercrm import health

LOCAL = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - asked, not bound


class Welcome:
    """Looks at the web server between two ticks, and says once where it is."""

    def __init__(
        self, say: Callable[[str], object], host: str, port: int, *, logs: Path, demo: bool
    ) -> None:
        self.say = say
        self.host = LOCAL.get(host, host)
        self.port = port
        self.logs = logs
        self.demo = demo
        self.said = False

    def look(self) -> None:
        if not self.said and health.answers(self.host, self.port):
            self.said = True
            self.say(self.text())

    def text(self) -> str:
        lines = [f"\nPartnerCRM answers at {os.environ['SITE_URL']}/", ""]
        if self.demo:
            lines += demo_sign_ins()
        elif not get_user_model().objects.exists():
            lines.append(
                "Nobody can sign in yet: make the first administrator (docs/operations.md)."
            )
        return "\n".join([*lines, f"Logs: {self.logs}. Ctrl-C stops everything."])


def demo_sign_ins() -> list[str]:
    """One line a person of the demo book, and their password."""
    lines = [f"Sign in with the password {DEMO_PASSWORD} as"]
    lines += [f"  {email:22} {role}: {what}" for email, role, what in DEMO_SIGN_INS]
    return [*lines, ""]

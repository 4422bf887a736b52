import json
import platform
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from bench.book import Size, write_book
from bench.measure import Browser, Page, plain, table, times
from bench.server import WORKERS, running
from insights.services import refresh_reports

Found = TypeVar("Found")
SMALL = Size(partners=200, interactions=2000, officers=3)
# What the branch page may cost, in pages of the floor.
LIMIT = 8
WARM_UP = 8
FLOOR, BRANCH = "floor: session, user, one template", "branch: stored report"


class Command(BaseCommand):
    help = (
        "Measure the branch page against the least that a signed-in page can cost. Writes a book, "
        "counts its figures once, starts a web server of two processes on this computer, and asks "
        "both pages in turn as the manager."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partners", type=int, default=20_000)
        parser.add_argument("--interactions", type=int, default=200_000)
        parser.add_argument("--officers", type=int, default=20)
        parser.add_argument("--rounds", type=int, default=300, help="of the two pages")
        parser.add_argument("--small", action="store_true", help="a few seconds in all")
        parser.add_argument("--database", help="a PostgreSQL server, or sqlite")
        parser.add_argument("--json", metavar="FILE", default="", help="where to write the figures")

    def handle(self, *args: Any, **options: Any) -> None:
        size = SMALL
        if not options["small"]:
            size = Size(options["partners"], options["interactions"], options["officers"])
        rounds = 10 if options["small"] else options["rounds"]
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0)
        now = timezone.now()
        manager, written = _timed(lambda: write_book(size, now))
        _, counted = _timed(lambda: refresh_reports(now=now, seconds=600))
        pages = _measured(manager, rounds)
        facts = {
            "database": connection.vendor,
            "python": platform.python_version(),
            "processes": WORKERS,
            **asdict(size),
            "seconds_to_write": round(written, 2),
            "seconds_to_count": round(counted, 2),
        }
        self._tell(facts, pages, options["json"])

    def _tell(self, facts: dict[str, Any], pages: list[Page], file: str) -> None:
        for name, value in facts.items():
            self.stdout.write(f"{name.replace('_', ' '):<20}{value}")
        self.stdout.write(f"\n{table(pages)}\n")
        found = times(pages[1], pages[0], 50)
        self.stdout.write(f"The branch page takes {found:.1f} floors; the limit is {LIMIT}.")
        if file:
            text = json.dumps({**facts, "pages": plain(pages)}, indent=2)
            Path(file).write_text(f"{text}\n", encoding="utf-8")


def _measured(manager: User, rounds: int) -> list[Page]:
    """The floor and the branch page in turn; then, a few times each, what is counted anew."""
    figures = reverse("branch_figures")
    day = timezone.localdate() - timedelta(days=100)
    officer = User.objects.exclude(pk=manager.pk).order_by("pk")[0]
    others = {
        "branch: counted now": f"{figures}?fresh=1",
        "branch: as of 100 days ago": f"{figures}?as_of={day}",
        "one officer": reverse("officer_figures", args=[officer.pk]),
        "rows: partners at risk": reverse("figure_rows", args=["at_risk"]),
    }
    with running(str(Path(settings.STATIC_ROOT).parent / "gunicorn.log")) as port:
        browser = Browser(port, _signed_in(manager))
        pages = browser.measure(
            {FLOOR: reverse("floor"), BRANCH: figures}, rounds=rounds, warm_up=WARM_UP
        )
        pages += browser.measure(others, rounds=max(rounds // 60, 1), warm_up=0)
        browser.close()
    return pages


def _signed_in(user: User) -> str:
    """The cookie of a session past the password and the second factor."""
    totp = {"user": user, "type": Authenticator.Type.TOTP}
    Authenticator.objects.create(**totp, data={"secret": "JBSWY3DPEHPK3PXP"})
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def _timed(work: Callable[[], Found]) -> tuple[Found, float]:
    """What it gives, and the seconds that it took."""
    begun = time.perf_counter()
    return work(), time.perf_counter() - begun

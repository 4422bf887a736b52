"""``manage.py up``: everything that runs PartnerCRM on this machine, until Ctrl-C."""

import fcntl
import os
import socket
import sys
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError

from partnercrm import demo_file, embedded, processes, queue_server, static_files
from partnercrm.supervisor import Supervisor
from partnercrm.welcome import Welcome

FIRST_PORT = 8000
PORTS_TO_TRY = 50


class Command(BaseCommand):
    help = "Run web, worker, beat and queue on this machine, with the demo book on the first run."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument(
            "--port",
            type=int,
            help=f"port to listen on (else the first free from {FIRST_PORT})",
        )

    def handle(self, *, host: str, port: int | None, **options: Any) -> None:
        lock = hold_folder(settings.VAR_DIR / "up.lock")
        port = choose_port(host, port)
        os.environ.setdefault("SITE_URL", site_url(host, port))
        lock.write(os.environ["SITE_URL"])
        lock.flush()
        with Supervisor(os.environ, settings.VAR_DIR / "log", self.say) as supervisor:
            try:
                self.run(supervisor, host, port)
            except KeyboardInterrupt:
                self.say("\nStopping ...")
        self.say("Stopped.")

    def run(self, supervisor: Supervisor, host: str, port: int) -> None:
        """Start what is needed in order, tell the address when it answers, and stay."""
        self.start_queue(supervisor)
        self.prepare_database()
        if static_files.collect_if_changed():
            self.say("Collected the static files.")
        demo = uses_embedded_database() and demo_file.holds_demo(embedded.database_path())
        os.environ["DEMO"] = "true" if demo else "false"
        python = [sys.executable, "-m"]
        supervisor.start("worker", [*python, *processes.worker()])
        supervisor.start("beat", [*python, *processes.beat(str(settings.VAR_DIR / "beat"))])
        supervisor.start("web", [*python, *processes.web(f"{host}:{port}")])
        welcome = Welcome(self.say, host, port, logs=supervisor.logs, demo=demo)
        supervisor.watch(welcome.look)

    def start_queue(self, supervisor: Supervisor) -> None:
        if not os.environ.get("REDIS_URL"):
            place, data = embedded.socket_path(), settings.VAR_DIR / "queue"
            queue_server.make_folders(place, data)
            supervisor.start("queue", queue_server.command(place, data))
        queue_server.wait_for(settings.REDIS_URL)

    def prepare_database(self) -> None:
        path = embedded.database_path()
        if uses_embedded_database() and demo_file.may_be_made(path):
            self.say("Making the database with the demo book ...")
            demo_file.make(path, fill_demo)
            return
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as problem:
            raise CommandError(f"The database does not answer: {problem}") from problem

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def uses_embedded_database() -> bool:
    return not os.environ.get("DATABASE_URL")


def fill_demo() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    # What it tells, Welcome tells later, next to the address.
    call_command("seed_demo", known_password=True, stdout=StringIO())


def hold_folder(path: Path) -> IO[str]:
    """Hold the lock that one ``up`` a folder may have, until this process ends."""
    handle = open(path, "a+", encoding="utf-8")  # noqa: SIM115 - held by its handle
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.seek(0)
        raise CommandError(
            f"PartnerCRM already runs in this folder, at {handle.read() or 'its start'}: "
            "stop that one with Ctrl-C first."
        ) from None
    handle.truncate(0)
    return handle


def choose_port(host: str, port: int | None) -> int:
    """The port asked for, or the first free one; CommandError where there is none."""
    if port is not None:
        if not is_free(host, port):
            raise CommandError(f"Port {port} of {host} is taken: choose another with --port.")
        return port
    for candidate in range(FIRST_PORT, FIRST_PORT + PORTS_TO_TRY):
        if is_free(host, candidate):
            return candidate
    raise CommandError(f"No port of {host} from {FIRST_PORT} on is free: choose one with --port.")


def is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As the web server does: connections that a stopped one has left do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError):
            return False
    return True


def site_url(host: str, port: int) -> str:
    """The address to visit. A passkey is bound to a name, so this machine is called localhost."""
    if host in {"127.0.0.1", "0.0.0.0", "::1", "::"}:  # noqa: S104 - compared, not bound
        host = "localhost"
    return f"http://{host}:{port}"

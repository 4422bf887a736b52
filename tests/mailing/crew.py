"""Real processes for a test: the queue, a mail server, workers and beats. It kills only its own."""

import contextlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.db import connection

from partnercrm import queue_server
from partnercrm.supervisor import Process

SINK = Path(__file__).with_name("sink.py")


def database_url():
    """Where the rows of this test are."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    address = f"{database['HOST']}:{database['PORT']}"
    return f"postgres://{database['USER']}:{database['PASSWORD']}@{address}/{database['NAME']}"


def wait_until(fact, seconds):
    """Seconds until `fact()` held; it fails when that takes longer."""
    started = time.monotonic()
    while not fact():
        assert time.monotonic() - started < seconds, "not in time"
        time.sleep(0.1)
    return time.monotonic() - started


class Crew:
    def __init__(self, lease):
        # Short, as the address of a Unix socket must be.
        self.folder = Path(tempfile.mkdtemp(prefix="crew-"))
        self.processes = {}
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(settings.BASE_DIR),
            "DATABASE_URL": database_url(),
            "DELIVERY_LEASE_SECONDS": str(lease),
            "REDIS_URL": f"unix://{self.folder}/queue.sock",
        }

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes.values()):
            process.kill_and_wait()
        shutil.rmtree(self.folder)

    def start(self, name, command):
        process = Process(name, command, self.environment, self.folder / f"{name}.log")
        self.processes[name] = process
        process.start()

    def start_queue(self):
        data = self.folder / "queue"
        data.mkdir()
        self.start("queue", queue_server.command(self.folder / "queue.sock", data))
        queue_server.wait_for(self.environment["REDIS_URL"])

    def start_mail_server(self, drop, refuse, seconds):
        shares = [str(number) for number in (drop, refuse, seconds)]
        self.start("sink", [sys.executable, str(SINK), str(self.folder), *shares])
        port = self.folder / "port"
        wait_until(port.exists, 10)
        self.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{port.read_text()}"

    def send_from_here_too(self, settings):
        """Let this process send to the same mail server."""
        settings.EMAIL_BACKEND = "mailing.backends.SmtpBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = int((self.folder / "port").read_text())

    def start_celery(self, name, *options):
        celery = [sys.executable, "-m", "celery", "--app", "tests.mailing.storm"]
        self.start(name, [*celery, *options, "--loglevel", "info"])

    def start_worker(self, number):
        name = f"worker{number}"
        self.start_celery(name, "worker", "--concurrency", "1", "--hostname", f"{name}@crew")

    def start_beat(self, number):
        schedule = str(self.folder / f"schedule{number}")
        self.start_celery(f"beat{number}", "beat", "--schedule", schedule, "--pidfile", "")

    def kill(self, name):
        """kill -9 the process, or one process of a worker's pool, and start what is gone again."""
        process = self.processes[name]
        pool = children(process.child.pid) if name.startswith("worker") else []
        if pool and random.random() < 0.85:
            with contextlib.suppress(ProcessLookupError):
                os.kill(random.choice(pool), signal.SIGKILL)
            return
        process.child.kill()
        process.kill_and_wait()
        process.start()

    def hang_the_queue(self, seconds):
        """Let it answer nobody for a while: longer than workers and beats wait for it."""
        pid = self.processes["queue"].child.pid
        os.kill(pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(pid, signal.SIGCONT)

    def lose_the_queue(self):
        """kill -9 the queue, and all that it had written down is gone too."""
        self.processes["queue"].kill_and_wait()
        shutil.rmtree(self.folder / "queue")
        time.sleep(1)
        self.start_queue()

    def taken(self):
        """What the mail server has taken: recipient and Message-ID of each."""
        path = self.folder / "taken"
        lines = path.read_text().splitlines() if path.exists() else []
        return [(line["to"], line["id"]) for line in map(json.loads, lines)]


def children(pid):
    try:
        return [int(pid) for pid in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []

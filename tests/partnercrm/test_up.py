"""`manage.py up`, for real: its own folder, processes, page, and end."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.core.management import CommandError

from partnercrm.checks import OWN_VARIABLES
from partnercrm.management.commands import up

ROOT = Path(__file__).resolve().parents[2]
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "var", "tests", "docs", ".*_cache", "__pycache__"
)


class Clone:
    """A copy of the project in which `up` runs, with the packages of this environment."""

    def __init__(self, folder):
        self.folder = folder
        self.output = folder / "output"
        shutil.copytree(ROOT, folder, ignore=NOT_COPIED)
        kept = {name: value for name, value in os.environ.items() if name not in OWN_VARIABLES}
        # The packages are there: the copy need not make an environment of its own.
        self.environment = {**kept, "PARTNERCRM_ENVIRONMENT": str(folder)}
        self.process = None

    def up(self):
        # Each a port of its own: another test that starts at this moment would find the same one.
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = str(free.getsockname()[1])
        with open(self.output, "w") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(self.folder / "manage.py"), "up", "--port", port],
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        wait_until(lambda: "answers at" in self.output.read_text(), self.output, seconds=180)
        return self.output.read_text()

    def processes(self):
        """The ids of all processes that were started in this folder and live."""
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and os.readlink(entry / "cwd").startswith(str(self.folder)):
                    found.append(int(entry.name))
            except OSError:
                continue
        return found


def wait_until(condition, output, seconds):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, output.read_text()
        time.sleep(0.1)


@pytest.fixture
def clone(tmp_path, monkeypatch):
    # As deep as a path can be that no socket could have.
    made = Clone(tmp_path / ("a deep folder " * 8) / "clone")
    monkeypatch.chdir(made.folder)
    yield made
    monkeypatch.undo()
    if made.process and made.process.poll() is None:
        made.process.send_signal(signal.SIGTERM)
        made.process.wait(60)


@pytest.mark.slow
def test_up_runs_everything_and_leaves_nothing(clone):
    first = clone.up()
    address = re.search(r"answers at (\S+)", first).group(1)
    assert "demo book" in first
    assert "@" in first  # a sign-in
    with urlopen(f"{address}account/login/") as page:
        assert "csrfmiddlewaretoken" in page.read().decode()
    command = [sys.executable, "manage.py", "up"]
    again = subprocess.run(
        command, env=clone.environment, capture_output=True, text=True, check=False
    )
    assert again.returncode == 1
    assert "already runs in this folder" in again.stderr
    # Itself, queue, worker and its two, beat, web and its one; this test's own folder is the same.
    assert len(clone.processes()) - 1 >= 8
    clone.process.send_signal(signal.SIGINT)
    assert clone.process.wait(60) == 0
    assert clone.processes() == [os.getpid()]

    second = clone.up()
    assert "demo book" not in second
    assert "@" in second
    clone.process.kill()
    clone.process.wait()
    wait_until(lambda: clone.processes() == [os.getpid()], clone.output, seconds=60)


@pytest.mark.slow
def test_up_puts_no_demo_book_into_a_database_that_was_there(clone):
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"], env=clone.environment, check=True
    )
    said = clone.up()
    assert "demo book" not in said
    assert "@" not in said
    assert "Nobody can sign in yet" in said


def test_first_free_port_is_chosen(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(up, "FIRST_PORT", port)
        assert up.choose_port("127.0.0.1", None) > port
        with pytest.raises(CommandError, match=f"Port {port} of 127.0.0.1 is taken"):
            up.choose_port("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://localhost:8001"), ("crm.local", "http://crm.local:8001")],
)
def test_site_url_is_a_name_where_it_can_be(host, url):
    assert up.site_url(host, 8001) == url

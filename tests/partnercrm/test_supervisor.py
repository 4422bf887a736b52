"""Real processes, stopped in every way."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# A process with a child of its own. It notes its start and, asked to stop, its end.
NOTES = """
import os, signal, subprocess, sys, time
name, notes = sys.argv[1:]
def note(text):
    with open(notes, "a") as file:
        file.write(text + "\\n")
def stop(*_):
    note(f"{name} stopped")
    sys.exit()
signal.signal(signal.SIGTERM, signal.SIG_IGN if name == "deaf" else stop)
child = subprocess.Popen(["sleep", "60"])
note(f"{name} {os.getpid()} {child.pid}")
if name == "brief":
    sys.exit(3)
time.sleep(60)
"""

# A supervisor of such processes.
UP = """
import os, sys
from pathlib import Path
from partnercrm.supervisor import Supervisor
folder, *names = sys.argv[1:]
with Supervisor(os.environ, Path(folder), lambda text: print(text, flush=True)) as supervisor:
    try:
        for name in names:
            supervisor.start(name, [sys.executable, f"{folder}/notes.py", name, f"{folder}/notes"])
        supervisor.watch(lambda: None)
    except KeyboardInterrupt:
        print("stopping", flush=True)
"""


class Up:
    def __init__(self, folder, *names):
        self.folder = folder
        (folder / "notes.py").write_text(NOTES)
        self.process = subprocess.Popen(
            [sys.executable, "-c", UP, str(folder), *names],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def notes(self):
        path = self.folder / "notes"
        return path.read_text().splitlines() if path.exists() else []

    def started(self, count):
        """The ids of all processes, once ``count`` of them have noted their start."""
        wait_until(lambda: len(self.starts()) >= count)
        return [int(number) for line in self.starts() for number in line.split()[1:]]

    def starts(self):
        return [line for line in self.notes() if line.split()[1].isdigit()]

    def stops(self):
        return [line for line in self.notes() if line.endswith("stopped")]


def wait_until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)


def runs(pid):
    """Whether a process lives; one that nobody has asked about since its end does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def up(tmp_path):
    made = []

    def start(*names):
        made.append(Up(tmp_path, *names))
        return made[-1]

    yield start
    for one in made:
        one.process.kill()
        one.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_stops_everything_the_first_process_last(up, number):
    running = up("queue", "worker", "web")
    pids = running.started(3)
    running.process.send_signal(number)
    assert running.process.wait(60) == 0
    assert sorted(running.stops()[:2]) == ["web stopped", "worker stopped"]
    assert running.stops()[2:] == ["queue stopped"]
    assert [pid for pid in pids if runs(pid)] == []


def test_kill_of_the_supervisor_leaves_no_process(up):
    running = up("queue", "worker")
    pids = running.started(2)
    running.process.kill()
    parents = pids[::2]
    wait_until(lambda: not any(runs(pid) for pid in parents))
    for child in pids[
        1::2
    ]:  # of the kind that stays: gunicorn's and celery's own end by themselves
        os.kill(child, signal.SIGKILL)


def test_second_signal_kills_at_once_what_is_deaf(up):
    running = up("queue", "deaf")
    pids = running.started(2)
    running.process.send_signal(signal.SIGINT)
    assert running.process.stdout.readline() == "stopping\n"
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(60) == 128 + signal.SIGINT
    wait_until(lambda: not any(runs(pid) for pid in pids))


def test_ended_process_starts_again_after_a_pause_that_grows(up):
    running = up("queue", "brief")
    running.started(3)
    told = [running.process.stdout.readline().split(";")[0] for _ in range(2)]
    assert told == [
        "brief ended (exit code 3), starting it again in 1 s",
        "brief ended (exit code 3), starting it again in 2 s",
    ]
    # What each had started was not left beside the next.
    first, second = [line.split()[2] for line in running.starts() if line.startswith("brief")][:2]
    wait_until(lambda: not runs(first) and not runs(second))

"""Keep a few processes running, and leave none of them behind."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Self

PR_SET_PDEATHSIG = 1
TICK = 0.2  # seconds between two looks at the processes
GRACE = 8.0  # seconds from the request to stop to the kill
LONGEST_PAUSE = 30.0  # seconds between two starts of a process that keeps ending
STEADY = 60.0  # seconds after which an end counts as the first again
LARGEST_LOG = 5_000_000  # bytes; a log beyond it makes room at the next start

libc = ctypes.CDLL(None)


def die_with_parent(parent: int) -> None:
    """In a new child: be killed as soon as the parent ends, however it ends (Linux only)."""
    if hasattr(libc, "prctl"):
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # The parent may have died before the call.
    if os.getppid() != parent:
        os._exit(1)


class Process:
    """One command in a process group of its own, started again when it ends."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path
    ) -> None:
        self.name = name
        self.command = command
        self.environment = environment
        self.log = log
        self.child: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.start_after = 0.0
        self.pause = 0.0

    def start(self) -> None:
        parent = os.getpid()
        mode = "wb" if self.log.exists() and self.log.stat().st_size > LARGEST_LOG else "ab"
        with open(self.log, mode) as log:
            self.child = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A session of its own: Ctrl-C at the terminal reaches the supervisor alone.
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(parent),  # noqa: PLW1509 - there is one thread
            )
        self.started_at = time.monotonic()

    def has_ended(self) -> bool:
        return self.child is None or self.child.poll() is not None

    def plan_next_start(self) -> None:
        """Wait 1 s after the first end, then twice as long each time."""
        now = time.monotonic()
        if now - self.started_at > STEADY:
            self.pause = 0.0
        self.pause = min(max(1.0, self.pause * 2), LONGEST_PAUSE)
        self.start_after = now + self.pause

    def ask_to_stop(self) -> None:
        if self.child is not None and not self.has_ended():
            self.child.terminate()

    def kill(self) -> None:
        """Kill the whole group: the process and what it started. Waits for nothing."""
        if self.child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.child.pid, signal.SIGKILL)

    def kill_and_wait(self) -> None:
        self.kill()
        if self.child is not None:
            self.child.wait()


class Supervisor:
    """Starts processes in order and stops them in reverse. A context manager around their life.

    Inside it the first Ctrl-C (or TERM, or HUP) raises KeyboardInterrupt, and leaving the context
    stops every process. A second one kills them all at once and ends this process too.
    """

    def __init__(
        self, environment: Mapping[str, str], logs: Path, say: Callable[[str], object] = print
    ) -> None:
        self.environment = environment
        self.logs = logs
        self.say = say
        self.processes: list[Process] = []
        self.stopping = False

    def __enter__(self) -> Self:
        self.logs.mkdir(parents=True, exist_ok=True)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping = True
        self.stop()

    def on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self.stopping:
            # No waiting here: what was interrupted may hold the lock that a wait would need.
            for process in self.processes:
                process.kill()
            os._exit(128 + number)
        self.stopping = True
        raise KeyboardInterrupt

    def start(self, name: str, command: Sequence[str]) -> Process:
        process = Process(name, command, self.environment, self.logs / f"{name}.log")
        self.processes.append(process)
        process.start()
        return process

    def watch(self, each_tick: Callable[[], None]) -> None:
        """Start again what ends, until a signal comes; ``each_tick`` is called in between."""
        while True:
            for process in self.processes:
                self.look_at(process)
            each_tick()
            time.sleep(TICK)

    def look_at(self, process: Process) -> None:
        if not process.has_ended():
            return
        if process.child is not None:
            code = process.child.returncode
            # What the process had started must not go on beside its successor.
            process.kill()
            process.child = None
            process.plan_next_start()
            self.say(
                f"{process.name} ended (exit code {code}), starting it again in "
                f"{process.pause:.0f} s; see {process.log}"
            )
        elif time.monotonic() >= process.start_after:
            process.start()

    def stop(self) -> None:
        """Stop the last first; the first, on which the others lean, when they have ended."""
        leaning = self.processes[:0:-1]
        for process in leaning:
            process.ask_to_stop()
        self.wait_and_kill(leaning)
        for process in self.processes[:1]:
            process.ask_to_stop()
            self.wait_and_kill([process])

    def wait_and_kill(self, processes: Sequence[Process]) -> None:
        """Kill what has not ended within the grace, and what the others left in their groups."""
        deadline = time.monotonic() + GRACE
        while time.monotonic() < deadline and not all(one.has_ended() for one in processes):
            time.sleep(TICK / 4)
        for process in processes:
            process.kill_and_wait()

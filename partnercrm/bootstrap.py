"""Make the environment of the project, ``.venv``, and go on inside it.

Standard library only: ``manage.py`` loads this by its path with whatever Python 3.11 to 3.13 it
was started with, before any package is there.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

# "system" says that the packages are already there (the container); a folder, that this process
# has been sent into the environment of that folder.
ENVIRONMENT = "PARTNERCRM_ENVIRONMENT"
MAKES_ITS_ENVIRONMENT = {"up", "test"}

NO_NETWORK = re.compile(
    r"name resolution|dns error|name or service not known|network is unreachable|connection refused"
    r"|failed to establish|timed out|error trying to connect|no route to host",
    re.IGNORECASE,
)


def say(text: str) -> None:
    """Tell what goes on. On standard error, as standard output belongs to the command itself."""
    print(text, file=sys.stderr, flush=True)


class CannotBuild(Exception):
    """What is missing, in one sentence for the person at the keyboard."""


def enter(root: Path, arguments: list[str]) -> None:
    """Return where the packages are at hand; else make the environment and go on inside it.

    ``up`` and ``test`` bring the environment up to date with the lock first. Every other command
    is content with any environment that has Django.
    """
    if os.environ.get(ENVIRONMENT) in {"system", str(root)}:
        return
    inside = Path(sys.prefix).resolve() == (root / ".venv").resolve()
    if arguments[:1] not in [[name] for name in MAKES_ITS_ENVIRONMENT] and (
        inside or importlib.util.find_spec("django")
    ):
        return
    try:
        Environment(root).bring_up_to_date()
    except CannotBuild as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit("\nStopped. The next run makes the environment anew.")
    go_inside(root, arguments)


def go_inside(root: Path, arguments: list[str]) -> NoReturn:
    """Replace this process by the same command inside the environment."""
    python = str(root / ".venv" / "bin" / "python")
    os.environ[ENVIRONMENT] = str(root)
    # Set by some launchers on macOS; it would send the new Python back to the old environment.
    os.environ.pop("__PYVENV_LAUNCHER__", None)
    sys.stdout.flush()
    command = [python, str(root / "manage.py"), *arguments]
    os.execve(python, command, dict(os.environ))  # noqa: S606


class Environment:
    """The folder ``.venv`` and what was installed there."""

    def __init__(self, root: Path) -> None:
        self.folder = root / ".venv"
        self.python = self.folder / "bin" / "python"
        self.lock = root / "requirements" / "dev.txt"
        self.stamp = self.folder / "installed-lock"
        self.unfinished = self.folder / "unfinished"
        self.var = root / "var"
        self.log = self.var / "install.log"

    def bring_up_to_date(self) -> None:
        """Build or repair the environment, unless it holds the lock as it is now.

        Raises CannotBuild. Quick and without the network where nothing has changed.
        """
        if self.is_up_to_date():
            return
        with self.alone():
            # Another `up` or `test` may have built it while this one waited.
            if not self.is_up_to_date():
                self.build()

    def is_up_to_date(self) -> bool:
        try:
            return self.stamp.read_text(encoding="utf-8") == self.fingerprint()
        except OSError:
            return False

    def fingerprint(self) -> str:
        """What the environment was made of: the lock, and the Python behind ``.venv/bin/python``.

        Raises OSError where that Python is gone.
        """
        lock = hashlib.sha256(self.lock.read_bytes()).hexdigest()
        return f"{lock}\n{self.python.resolve(strict=True)}\n"

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the right to build. The kernel takes it back from a process that dies."""
        self.var.mkdir(mode=0o700, exist_ok=True)
        with open(self.var / "install.lock", "w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another command is making the environment; waiting for it.")
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def build(self) -> None:
        started = time.monotonic()
        say("Installing the packages of requirements/dev.txt into .venv ...")
        self.log.write_text("", encoding="utf-8")
        self.make_folder()
        self.stamp.unlink(missing_ok=True)
        # While this file stands, an installer may have been killed between two files of a package.
        self.unfinished.touch()
        self.install()
        self.unfinished.unlink()
        self.stamp.write_text(self.fingerprint(), encoding="utf-8")
        say(f"Installed in {time.monotonic() - started:.0f} s.")

    def make_folder(self) -> None:
        """Make ``.venv``, from nothing where it was left half-built or its Python is gone."""
        if not self.unfinished.exists() and self.runs([str(self.python), "-c", "import sys"]):
            return
        # Without pip, as Debian leaves ensurepip out of its python3 package.
        command = [sys.executable, "-m", "venv", "--clear", "--without-pip", str(self.folder)]
        if not self.runs(command):
            raise CannotBuild(
                "Python's venv module is missing or cannot write here: install it "
                f"(on Debian and Ubuntu: apt install python3-venv); see {self.log}."
            )

    def install(self) -> None:
        """Install the lock with uv (13 s), or with pip where uv cannot be had or fails (50 s)."""
        pip = self.pip()
        if self.install_uv(pip) and self.install_with_uv():
            return
        if not self.runs([*pip, "install", "--require-hashes", "--requirement", str(self.lock)]):
            raise CannotBuild(self.reason())

    def pip(self) -> list[str]:
        """The command of a pip that installs into ``.venv``."""
        options = ["--quiet", "--no-input", "--disable-pip-version-check", "--retries", "2"]
        outer = [sys.executable, "-m", "pip", "--python", str(self.python), *options]
        if self.runs([*outer, "--version"]):
            return outer
        if self.runs([str(self.python), "-m", "ensurepip"]):
            return [str(self.python), "-m", "pip", *options]
        raise CannotBuild(
            "pip is missing, or older than 22.3: install it "
            "(on Debian and Ubuntu: apt install python3-pip)."
        )

    def install_uv(self, pip: list[str]) -> bool:
        """Install uv alone, as the lock pins it."""
        pin = re.search(
            r"^uv==(?:.*\\\n)*.*\n", self.lock.read_text(encoding="utf-8"), re.MULTILINE
        )
        if pin is None:
            return False
        only_uv = self.folder / "uv.txt"
        only_uv.write_text(pin.group(), encoding="utf-8")
        return self.runs([*pip, "install", "--require-hashes", "--requirement", str(only_uv)])

    def install_with_uv(self) -> bool:
        uv = str(self.folder / "bin" / "uv")
        # The machine's certificates, as pip: a company's own index or proxy may need them.
        options = ["--quiet", "--require-hashes", "--system-certs", "--python", str(self.python)]
        return self.runs([uv, "pip", "sync", *options, str(self.lock)])

    def reason(self) -> str:
        if NO_NETWORK.search(self.log.read_text(encoding="utf-8", errors="replace")):
            return (
                "The packages could not be fetched: the first run, and each run after a change "
                f"of requirements/, needs a network with a Python package index; see {self.log}."
            )
        return f"The packages could not be installed; see {self.log}."

    def runs(self, command: list[str]) -> bool:
        """Whether a command ends well; what it says goes to the log."""
        with open(self.log, "ab") as log:
            log.write(f"$ {' '.join(command)}\n".encode())
            log.flush()
            try:
                done = subprocess.run(
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False
                )
            except OSError as problem:
                log.write(f"{problem}\n".encode())
                return False
        return done.returncode == 0

"""The checks and test runs of ``manage.py test``: what they are, and how they are run."""

import base64
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AT_ONCE = 2

POSTGRES = "postgres://postgres@127.0.0.1:5432/partnercrm"
REDIS = "redis://127.0.0.1:6379"

# A service that only a server has, or more time than a quick run should take.
LEFT_OUT = ("postgres", "redis", "browser", "slow")

# The application's own variables: whoever runs the checks may have set them for something else.
OWN_VARIABLES = {
    *(
        "ALLOWED_HOSTS",
        "AUDIT_KEYS",
        "BORROWER_KEYS",
        "DATABASE_URL",
        "DEBUG",
        "DEFAULT_FROM_EMAIL",
        "DEMO",
    ),
    *(
        "DELIVERY_LEASE_SECONDS",
        "EMAIL_URL",
        "REDIS_URL",
        "SECRET_KEY",
        "SITE_URL",
        "TIME_ZONE",
        "TRUSTED_PROXY_COUNT",
    ),
}


@dataclass(frozen=True)
class Check:
    """One command of the plan; ``environment`` holds what it adds to that of this process."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)

    def full_environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in OWN_VARIABLES}
        return {**kept, **self.environment}


def everything_is_wanted(environment: Mapping[str, str]) -> bool:
    """Whether nothing may be left out: on the build server, or when asked for."""
    values = (environment.get("CI", ""), environment.get("TEST_EVERYTHING", ""))
    return any(value.lower() in {"1", "true", "yes"} for value in values)


def static_checks() -> list[Check]:
    """What looks at the code and runs no test."""
    python = [sys.executable, "-m"]
    django = [sys.executable, "manage.py"]
    return [
        Check("mypy", [*python, "mypy", "."]),
        Check("ruff check", [*python, "ruff", "check", "."]),
        Check("ruff format", [*python, "ruff", "format", "--check", "."]),
        Check("import-linter", [str(Path(sys.executable).parent / "lint-imports")]),
        Check("djlint format", [*python, "djlint", "templates", "--check"]),
        Check("djlint lint", [*python, "djlint", "templates", "--lint"]),
        Check("migrations", [*django, "makemigrations", "--check"], scratch_database()),
        Check(
            "check --deploy",
            [*django, "check", "--deploy", "--fail-level", "WARNING"],
            production(),
        ),
        Check("lock is fresh", [*django, "lock", "--check"]),
        Check("pip check", [*python, "uv", "pip", "check", "--python", sys.executable]),
    ]


def scratch_database() -> dict[str, str]:
    """Not the usual file: looking at its migrations would make it, and `up` wants to do that."""
    return {"DATABASE_URL": "sqlite:///:memory:"}


def production() -> dict[str, str]:
    """An environment such as a server has, with keys that protect nothing."""
    return {
        "ALLOWED_HOSTS": "crm.example.com",
        "AUDIT_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
        "BORROWER_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
        "DATABASE_URL": "postgres://partnercrm:secret@db.example.com/partnercrm",
        "EMAIL_URL": "smtp+tls://crm:secret@mail.example.com:587",
        "REDIS_URL": "redis://queue.example.com:6379",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "SITE_URL": "https://crm.example.com",
    }


def test_runs(environment: Mapping[str, str]) -> list[Check]:
    """The suite on SQLite without what is left out; or all of it, and again on PostgreSQL."""
    pytest = [sys.executable, "-m", "pytest", "--numprocesses", str(AT_ONCE)]
    if not everything_is_wanted(environment):
        unmarked = " and ".join(f"not {marker}" for marker in LEFT_OUT)
        return [Check("pytest", [*pytest, "-m", unmarked])]
    services = {"TEST_EVERYTHING": "1", "TEST_REDIS_URL": environment.get("TEST_REDIS_URL", REDIS)}
    postgres = {"DATABASE_URL": environment.get("TEST_POSTGRES_URL", POSTGRES)}
    return [
        # What is marked postgres needs its locks, and comes in the second run.
        Check("pytest on SQLite", [*pytest, "-m", "not postgres"], services),
        Check("pytest on PostgreSQL", pytest, {**services, **postgres}),
    ]


def pytest_alone(arguments: Sequence[str]) -> int:
    """Run pytest with these arguments and this environment as it is."""
    return subprocess.call([sys.executable, "-m", "pytest", *arguments], cwd=ROOT)


def run_all(say: Callable[[str], object]) -> bool:
    """Run the whole plan and tell about it; True when all is well.

    A tool's output is shown in full when it fails; pytest speaks for itself.
    """
    started = time.monotonic()
    checks, runs = static_checks(), test_runs(os.environ)
    failed = run_static(checks, say)
    for run in runs:
        say(f"\n{run.name}")
        if subprocess.call(run.command, cwd=ROOT, env=run.full_environment()):
            failed.append(run.name)
    say("")
    for name in failed:
        say(f"failed: {name}")
    say(last_line(len(checks) + len(runs), len(failed), time.monotonic() - started))
    return not failed


def run_static(checks: Sequence[Check], say: Callable[[str], object]) -> list[str]:
    """Run checks two at a time; answers the names of those that failed."""
    failed = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for check, (code, output, seconds) in zip(checks, pool.map(run, checks), strict=True):
            say(f"{'ok    ' if code == 0 else 'FAILED'} {check.name} ({seconds:.1f} s)")
            if code != 0:
                say(output)
                failed.append(check.name)
    return failed


def run(check: Check) -> tuple[int, str, float]:
    """The exit code, the output and the seconds of one check."""
    started = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env=check.full_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return done.returncode, done.stdout, time.monotonic() - started


def last_line(checks: int, failed: int, seconds: float) -> str:
    verdict = f"{failed} of {checks} checks failed" if failed else f"All {checks} checks passed"
    if everything_is_wanted(os.environ):
        left_out = "nothing"
    else:
        left_out = f"tests marked {', '.join(LEFT_OUT)} (TEST_EVERYTHING=1 runs them too)"
    return f"{verdict} in {seconds:.0f} s. Left out: {left_out}."

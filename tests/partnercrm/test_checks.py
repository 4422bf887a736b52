"""What `manage.py test` plans, for whom, and what it says at its end."""

import re
import sys
from pathlib import Path

import pytest

from partnercrm import checks
from partnercrm.checks import Check

ROOT = Path(__file__).resolve().parents[2]


def test_quick_run_leaves_out_what_needs_a_server_or_time():
    (run,) = checks.test_runs({})
    expression = "not postgres and not redis and not browser and not slow"
    assert run.command[-2:] == ["-m", expression]
    assert run.environment == {}


@pytest.mark.parametrize("name", ["CI", "TEST_EVERYTHING"])
def test_full_run_leaves_nothing_out_on_either_database(name):
    sqlite, postgres = checks.test_runs({name: "true"})
    assert sqlite.command[-2:] == ["-m", "not postgres"]
    assert "-m" not in postgres.command[3:]
    assert "DATABASE_URL" not in sqlite.environment
    assert postgres.environment == {
        "TEST_EVERYTHING": "1",
        "TEST_REDIS_URL": "redis://127.0.0.1:6379",
        "DATABASE_URL": "postgres://postgres@127.0.0.1:5432/partnercrm",
    }


def test_full_run_uses_the_servers_it_is_given():
    urls = {"TEST_POSTGRES_URL": "postgres://x/y", "TEST_REDIS_URL": "redis://z"}
    _, postgres = checks.test_runs({"CI": "1", **urls})
    assert postgres.environment["DATABASE_URL"] == "postgres://x/y"
    assert postgres.environment["TEST_REDIS_URL"] == "redis://z"


def test_checks_do_not_see_the_settings_of_whoever_runs_them(monkeypatch):
    monkeypatch.setenv("DEBUG", "true")
    monkeypatch.setenv("TEST_DB_SUFFIX", "mine")
    environment = Check("x", [], {"SITE_URL": "https://x"}).full_environment()
    assert "DEBUG" not in environment
    assert (environment["TEST_DB_SUFFIX"], environment["SITE_URL"]) == ("mine", "https://x")


def test_every_variable_is_described_and_kept_from_the_checks():
    described = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    used = set(re.findall(r'"([A-Z]+(?:_[A-Z]+)*)"', settings_reads()))
    compose_only = {"POSTGRES_PASSWORD", "WEB_PORT", "MAIL_PORT", "WEB_CONCURRENCY"}
    assert described - compose_only == used == checks.OWN_VARIABLES


def settings_reads():
    """The calls in settings.py that read a variable."""
    text = (ROOT / "partnercrm" / "settings.py").read_text()
    readers = r"\b(?:env\.\w+|flag|count|host_names|secret|keys|database|email)"
    return "".join(re.findall(readers + r'\(\s*"[A-Z_]+"', text))


def test_failing_check_is_shown_in_full(monkeypatch):
    said = []
    bad = Check("bad", [sys.executable, "-c", "print('what is wrong'); raise SystemExit(1)"])
    good = Check("good", [sys.executable, "-c", "print('nothing to see')"])
    assert checks.run_static([bad, good], said.append) == ["bad"]
    assert [re.sub(r"[\d.]+ s", "1 s", line) for line in said] == [
        "FAILED bad (1 s)",
        "what is wrong\n",
        "ok     good (1 s)",
    ]


def test_last_line_names_what_was_left_out(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("TEST_EVERYTHING", raising=False)
    assert checks.last_line(11, 0, 48.2) == (
        "All 11 checks passed in 48 s. Left out: tests marked postgres, redis, browser, slow "
        "(TEST_EVERYTHING=1 runs them too)."
    )
    monkeypatch.setenv("TEST_EVERYTHING", "1")
    assert checks.last_line(12, 2, 99) == "2 of 12 checks failed in 99 s. Left out: nothing."

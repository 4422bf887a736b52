"""A limit is one limit, however many processes count."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache

from web.limits import Limit, LimitUnknown

NOW = datetime(2026, 7, 4, 20, 59, 30, tzinfo=UTC)
TWICE = Limit("tests", amount=2, seconds=3600)
SCRIPT = Path(__file__).parent / "takes.py"


def test_one_too_many_is_refused_and_each_name_counts_apart():
    assert [TWICE.take("a", NOW) for _ in range(3)] == [True, True, False]
    assert TWICE.take("b", NOW)


def test_the_next_stretch_begins_anew():
    for _ in range(3):
        TWICE.take("a", NOW)
    assert TWICE.wait(NOW) == 30
    assert not TWICE.take("a", NOW + timedelta(seconds=29))
    assert TWICE.take("a", NOW + timedelta(seconds=30))


def test_what_is_given_back_may_be_taken_again():
    for _ in range(5):
        assert TWICE.take("a", NOW)
        TWICE.give_back("a", NOW)
    assert [TWICE.take("a", NOW) for _ in range(3)] == [True, True, False]


def test_a_cache_that_loses_its_keys_says_nothing(monkeypatch):
    monkeypatch.setattr(cache, "add", lambda *args, **kwargs: True)
    with pytest.raises(LimitUnknown):
        TWICE.take("a", NOW)


@pytest.mark.redis
@pytest.mark.slow
def test_eight_processes_take_no_more_than_the_limit(redis_url):
    """Eight take 25 each at once: 60 are let through, not 200."""
    name = uuid4().hex
    command = [sys.executable, str(SCRIPT), redis_url, name, "60", "25"]
    env = {**os.environ, "PYTHONPATH": str(settings.BASE_DIR)}
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) for _ in range(8)
    ]
    taken = [int(process.communicate(timeout=60)[0]) for process in running]
    assert [process.returncode for process in running] == [0] * 8
    assert sum(taken) == 60

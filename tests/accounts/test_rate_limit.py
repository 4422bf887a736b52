"""The limit of sign-in is one limit, however many web processes there are."""

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

SCRIPT = Path(__file__).parent / "attempts.py"


def web_process(redis_url, email, count):
    name = str(connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), name, redis_url, email, str(count)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "PYTHONPATH": str(settings.BASE_DIR),
            "DJANGO_SETTINGS_MODULE": "partnercrm.settings",
        },
    )


@pytest.mark.redis
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_sign_in_limit_is_shared_by_processes(redis_url):
    """Two processes try 8 passwords each on one account at once: 5 are looked at, not 10."""
    email = f"{uuid4().hex}@example.com"
    processes = [web_process(redis_url, email, 8) for _ in range(2)]
    counts = [int(process.communicate(timeout=60)[0]) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert sum(counts) == 5

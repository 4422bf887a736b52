"""What all tests share: one database file a process, no server, quick passwords."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.db.backends.base.operations import BaseDatabaseOperations

from audit import append_only

pytest_plugins = ["tests.cast"]

execute_sql_flush = BaseDatabaseOperations.execute_sql_flush


def pytest_configure(config):
    # Whitenoise looks for this folder; the tests take static files from their sources.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    BaseDatabaseOperations.execute_sql_flush = _emptied_past_the_triggers


def _emptied_past_the_triggers(operations, statements):
    """Tests of several connections empty all tables; what follows makes the triggers anew."""
    append_only.remove(operations.connection)
    execute_sql_flush(operations, statements)


def pytest_collection_modifyitems(config, items):
    """Leave out what the database or the services of this run cannot do; pytest counts it."""
    missing = {"postgres"} if is_sqlite() else set()
    if not os.environ.get("TEST_REDIS_URL"):
        missing.add("redis")
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in missing)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def is_sqlite():
    return settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Give runs that go on at the same time databases of their own (TEST_DB_SUFFIX)."""
    suffix = os.environ.get("TEST_DB_SUFFIX")
    if suffix:
        test = connections["default"].settings_dict["TEST"]
        usual = test["NAME"] or f"test_{connections['default'].settings_dict['NAME']}"
        test["NAME"] = f"{usual}_{suffix}"


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture(scope="session")
def redis_url():
    """The server of tests marked redis."""
    return os.environ["TEST_REDIS_URL"]

"""Another web process, for the test of the shared limit: it tries wrong passwords and counts.

    python attempts.py DATABASE_NAME REDIS_URL EMAIL COUNT

prints how many attempts were looked at and not turned away.
"""

import sys

import django
from django.conf import settings
from django.test import Client


def main(database, redis_url, email, count):
    settings.DATABASES["default"]["NAME"] = database
    settings.CACHES["default"]["LOCATION"] = redis_url
    settings.ALLOWED_HOSTS.append("testserver")
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    django.setup()
    print(sum(looked_at(email, number) for number in range(int(count))))


def looked_at(email, number):
    response = Client().post(
        "/account/login/",
        {"login": email, "password": "wrong"},
        REMOTE_ADDR=f"10.9.{number // 250}.{number % 250}",
    )
    return "Too many" not in response.content.decode()


if __name__ == "__main__":
    main(*sys.argv[1:])

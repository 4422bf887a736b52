"""One of several processes that take from the same limit at once.

    python takes.py REDIS_URL NAME AMOUNT COUNT

prints how often it was let through.
"""

import sys
from datetime import UTC, datetime

from django.conf import settings

from web.limits import Limit

NOW = datetime(2026, 7, 4, 20, tzinfo=UTC)


def main(redis_url, name, amount, count):
    redis = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_url,
    }
    settings.configure(CACHES={"default": redis})
    limit = Limit("tests", amount=int(amount), seconds=3600)
    print(sum(limit.take(name, NOW) for _ in range(int(count))))


if __name__ == "__main__":
    main(*sys.argv[1:])

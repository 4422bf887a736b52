"""Limits that all processes share, however many there are: one atomic increment decides."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from redis.exceptions import RedisError


class LimitUnknown(Exception):
    """The shared cache does not answer, so nobody knows how often something was done."""


@dataclass(frozen=True)
class Limit:
    """So many times in each stretch of `seconds`, counted for each name apart.

    Stretches begin at fixed moments: across such a moment twice as many may come.
    """

    what: str
    amount: int
    seconds: int

    def take(self, name: str, now: datetime) -> bool:
        """Count one more; False where it is one too many. Raises LimitUnknown."""
        return self._count(name, now, 1) <= self.amount

    def give_back(self, name: str, now: datetime) -> None:
        """Take back what `take` counted at the same `now`. Raises LimitUnknown."""
        self._count(name, now, -1)

    def wait(self, now: datetime) -> int:
        """Seconds until the next stretch."""
        return self.seconds - int(now.timestamp()) % self.seconds

    def _count(self, name: str, now: datetime, step: int) -> int:
        # The number of the stretch stands in the key, so a count never outlives its time, not even
        # one that lost its expiry. The name may be a secret.
        stretch = int(now.timestamp()) // self.seconds
        hashed = hashlib.sha256(name.encode()).hexdigest()
        key = f"limit:{self.what}:{stretch}:{hashed}"
        try:
            cache.add(key, 0, timeout=self.seconds * 2)
            return cache.incr(key, step)
        except (RedisError, ValueError) as error:
            # ValueError: emptied between the two.
            raise LimitUnknown from error

"""Asks pages on connections that stay open, in turn, and says how long each took."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from math import ceil

from bench.pages import QUERIES

# Each process of the server gets some of them.
CONNECTIONS = 4


@dataclass(frozen=True)
class Asked:
    """One answer: what it took to the last byte."""

    milliseconds: float
    queries: int
    size: int


@dataclass(frozen=True)
class Page:
    """What all answers of one page took."""

    name: str
    answers: tuple[Asked, ...]

    def percentile(self, percent: int) -> float:
        """Milliseconds within which so many percent were answered."""
        times = sorted(asked.milliseconds for asked in self.answers)
        return times[max(ceil(len(times) * percent / 100), 1) - 1]

    @property
    def queries(self) -> int:
        return max(asked.queries for asked in self.answers)

    @property
    def kilobytes(self) -> float:
        return max(asked.size for asked in self.answers) / 1024


class Browser:
    """One signed-in person with some connections."""

    def __init__(self, port: int, cookies: str) -> None:
        self.headers = {"Cookie": cookies, "Accept": "text/html"}
        self.connections = [
            HTTPConnection("127.0.0.1", port, timeout=300) for _ in range(CONNECTIONS)
        ]

    def measure(self, pages: dict[str, str], *, rounds: int, warm_up: int) -> list[Page]:
        """Ask each address once a round, one after the other, so that all share the same noise."""
        found: dict[str, list[Asked]] = {name: [] for name in pages}
        for number in range(warm_up + rounds):
            connection = self.connections[number % CONNECTIONS]
            for name, address in pages.items():
                asked = self._ask(connection, address)
                if number >= warm_up:
                    found[name].append(asked)
        return [Page(name, tuple(answers)) for name, answers in found.items()]

    def close(self) -> None:
        for connection in self.connections:
            connection.close()

    def _ask(self, connection: HTTPConnection, address: str) -> Asked:
        """Raises RuntimeError for anything but the page itself."""
        begun = time.perf_counter()
        connection.request("GET", address, headers=self.headers)
        answer = connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - begun) * 1000
        if answer.status != 200:
            raise RuntimeError(f"{address} answered {answer.status}.")
        return Asked(took, int(answer.headers[QUERIES]), len(body))


def table(pages: Sequence[Page]) -> str:
    """The pages as lines of text; the first one is the measure of the others."""
    floor = pages[0]
    lines = [f"{'page':<38}{'queries':>8}{'kB':>8}{'p50 ms':>10}{'p95 ms':>10}{'floors':>9}"]
    lines += [
        f"{page.name:<38}{page.queries:>8}{page.kilobytes:>8.1f}{page.percentile(50):>10.1f}"
        f"{page.percentile(95):>10.1f}{times(page, floor, 50):>9.1f}"
        for page in pages
    ]
    return "\n".join(lines)


def times(page: Page, floor: Page, percent: int) -> float:
    """How many times as long as the floor the page took."""
    return page.percentile(percent) / floor.percentile(percent)


def plain(pages: Sequence[Page]) -> list[dict[str, float | int | str]]:
    """The same for a JSON file."""
    return [
        {
            "page": page.name,
            "answers": len(page.answers),
            "queries": page.queries,
            "kilobytes": round(page.kilobytes, 1),
            "p50_ms": round(page.percentile(50), 2),
            "p95_ms": round(page.percentile(95), 2),
            "floors_p50": round(times(page, pages[0], 50), 2),
            "floors_p95": round(times(page, pages[0], 95), 2),
        }
        for page in pages
    ]

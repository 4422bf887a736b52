"""Reads the whole record beside its seals and says in sentences what does not fit.

It holds a slice at a time, and the first `MOST` of what does not fit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q

from audit.misfits import BadEvent, BadLink, moment, of_events, of_links
from audit.models import Event, Seal
from audit.sealer import SAID
from audit.sealing import NOTHING_BEFORE, Deed, Link, keyring, mac_of, proof_of

SLICE = 2000
MOST = 200
# An event waits for the next tick of the sealer; longer than that, nobody seals.
SOON = timedelta(minutes=5)
# So far the clocks of two machines may differ, or a transaction may last.
ASTRAY = timedelta(hours=1)
UNREADABLE: list = [None, None, "?", "?", "?", [], {}]


@dataclass
class Report:
    events: int = 0
    waiting: int = 0
    head: str = ""
    troubles: list[str] = field(default_factory=list)
    more: int = 0

    def add(self, sentence: str) -> None:
        if len(self.troubles) < MOST:
            self.troubles.append(sentence)
        else:
            self.more += 1


def verify(*, now: datetime, expected: tuple[int, str] | None = None) -> Report:
    """Follow the chain from its first seal to its last; `expected` is a head of an earlier day."""
    walk = _Walk(expected)
    for seal, said in _sealed():
        walk.step(seal, said)
    return walk.end(now)


def _sealed() -> Iterator[tuple[Seal, list | None]]:
    """Each seal in the order of their numbers, with what its event says; None where it is gone."""
    last = None
    while True:
        rows = Seal.objects.order_by("number")
        seals = list((rows if last is None else rows.filter(number__gt=last))[:SLICE])
        if not seals:
            return
        said = _said([seal.event_id for seal in seals])
        for seal in seals:
            yield seal, said.get(seal.event_id)
        last = seals[-1].number


def _said(keys: list[int]) -> dict[int, list]:
    """What these events say, by their numbers."""
    events = Event.objects.filter(pk__in=keys).order_by().values_list("pk", *SAID)
    try:
        return {pk: rest for pk, *rest in events}
    except ValueError:
        # On SQLite somebody can write a time that no calendar has; it cannot even be read.
        if len(keys) == 1:
            return {keys[0]: UNREADABLE}
        return {pk: rest for key in keys for pk, rest in _said([key]).items()}


class _Walk:
    """One way along the chain: what stood before, and what did not fit."""

    def __init__(self, expected: tuple[int, str] | None) -> None:
        self.report = Report()
        self.keys = keyring(tuple(settings.AUDIT_KEYS))
        self.expected = expected
        self.number = 0
        self.stored = self.right = NOTHING_BEFORE
        self.newest: datetime | None = None
        self.unknown: dict[str, tuple[int, int]] = {}
        self.bad_events: list[BadEvent] = []
        self.bad_links: list[BadLink] = []

    def step(self, seal: Seal, said: list | None) -> None:
        gap = seal.number - self.number - 1
        if gap:
            self._name_gap(seal.number)
        key = self.keys.get(seal.key_id)
        if key is None:
            first, count = self.unknown.get(seal.key_id, (seal.number, 0))
            self.unknown[seal.key_id] = (first, count + 1)
            self.right = seal.mac
        else:
            self._check_link(seal, key, is_behind_gap=bool(gap))
        if said is None:
            when = moment(seal.sealed_at)
            self.report.add(f"Event {seal.event_id} was removed: it was sealed at {when}.")
        elif key is not None:
            self._check_event(seal, Deed(*said), key)
        if self.expected and self.expected[0] <= seal.number:
            self._check_expected(seal, *self.expected)
        self.number, self.stored = seal.number, seal.mac

    def _name_gap(self, number: int) -> None:
        first, last = self.number + 1, number - 1
        if first == last:
            self.report.add(f"Seal {first} was removed, if not its event too.")
        elif first < last:
            self.report.add(f"Seals {first} to {last} were removed, if not their events too.")
        else:
            self.report.add(f"There is a seal with the number {number}, which none can have.")

    def _check_link(self, seal: Seal, key: bytes, *, is_behind_gap: bool) -> None:
        """What stood before a gap's end is gone: that seal can be neither proved nor blamed."""
        link = Link(seal.number, seal.event_id, seal.key_id, seal.proof, seal.sealed_at)
        codes = [mac_of(key, link, previous) for previous in (self.stored, self.right)]
        if is_behind_gap or seal.mac in codes:
            self.right = seal.mac
            return
        self.right = codes[-1]
        if len(self.bad_links) < MOST:
            self.bad_links.append(BadLink(link, seal.mac, self.stored))
        else:
            self.report.more += 1

    def _check_event(self, seal: Seal, deed: Deed, key: bytes) -> None:
        proof = proof_of(key, deed)
        if proof == seal.proof:
            self._check_order(seal.event_id, deed.at)
        elif len(self.bad_events) < MOST:
            self.bad_events.append(BadEvent(seal.event_id, deed, seal.proof, proof))
        else:
            self.report.more += 1

    def _check_order(self, event_id: int, at: datetime) -> None:
        if self.newest and at < self.newest - ASTRAY:
            self.report.add(
                f"Event {event_id} says {moment(at)}, and was sealed behind events up to "
                f"{moment(self.newest)}: it was put in later, or a clock was wrong."
            )
        self.newest = max(self.newest or at, at)

    def _check_expected(self, seal: Seal, number: int, mac: str) -> None:
        self.expected = None
        if (seal.number, seal.mac) != (number, mac):
            self.report.add(
                f"Seal {number} is not the one that you kept: the record was cut off before it, "
                "or written anew."
            )

    def end(self, now: datetime) -> Report:
        report = self.report
        for sentence in [*of_events(self.bad_events), *of_links(self.bad_links, self.keys)]:
            report.add(sentence)
        for key_id, (first, count) in self.unknown.items():
            report.add(
                f"{count} seals from number {first} on were made with the key {key_id}, which is "
                "not among AUDIT_KEYS: nothing proves their events."
            )
        if self.expected:
            report.add(
                f"The record was cut off: you kept seal {self.expected[0]}, and the last one is "
                f"{self.number}."
            )
        report.head = f"{self.number}:{self.stored}" if self.number else ""
        _count_unsealed(report, now)
        return report


def _count_unsealed(report: Report, now: datetime) -> None:
    late = Q(at__lt=now - SOON) | Q(at__gt=now + SOON)
    unsealed = Event.objects.unsealed().order_by()
    found = unsealed.aggregate(
        all=Count("pk"), late=Count("pk", filter=late), first=Min("pk", filter=late)
    )
    report.events = Event.objects.count()
    report.waiting = found["all"]
    if found["late"]:
        report.add(
            f"{found['late']} events are not sealed, and should be for more than five minutes; the "
            f"first is event {found['first']}. Either the background work stands still, or they "
            "were put in, or their seals were removed."
        )

"""Brings a book of CSV files in: all of it, or nothing."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import User
from audit.services import record
from imports.book import INTERACTIONS_FILE, PARTNERS_FILE, REFERRALS_FILE, Book, Known
from imports.copies import Copies
from imports.interaction_writer import expect, find_copies, save_interactions
from imports.load import STEP, Held, Load, People
from imports.partner_writer import save_partners
from imports.reading import Problems
from imports.referral_writer import save_referrals
from partners.models import Partner
from tiers.services import in_slices, label, reclassify_now, replay
from touches.planning import plan_dates_now
from touches.services import settle


class BookRefused(Exception):
    """The files do not fit; nothing was written. `problems` says what is wrong and where."""

    def __init__(self, problems: Problems) -> None:
        super().__init__(f"{problems.count} problems")
        self.problems = problems


@dataclass(frozen=True)
class Imported:
    """What an import did: "partners_added", "referrals_changed" and the like, and judged tiers."""

    counts: Counter[str]
    judged: int


def import_book(
    folder: Path, *, owner: str, rebuild: bool, now: datetime, tell: Callable[[str], None]
) -> Imported:
    """Bring in the files of a folder. Raises BookRefused, and writes nothing, if any row is wrong.

    Checks all rows first. Then, in one transaction: locks the partners that are known in the order
    of their keys; makes people who are missing; adds and updates partners, interactions and
    referrals with their moves; notes the officers' own tiers; judges each partner that changed
    once, as of its owner's today (with `rebuild` the history of all partners of the book first),
    completes and plans their touches;
    records the counts for each owner. `owner` (an e-mail address, may be blank) owns the partners
    for whom the file names nobody. `tell` is given a sentence about the progress now and then.
    """
    book = Book(folder, owner, _known(now))
    copies = _checked(book, tell)
    with transaction.atomic():
        load = Load(book, People(), now, tell)
        known = _lock(load)
        save_partners(load)
        find_copies(copies, known)
        save_interactions(load, copies)
        save_referrals(load)
        if book.problems:
            # A file changed after it was checked.
            raise BookRefused(book.problems)
        judged = _judge(load, rebuild)
        _record(load)
    totals: Counter[str] = Counter()
    for (_, what), number in load.done.items():
        totals[what] += number
    return Imported(totals, judged)


def _known(now: datetime) -> Known:
    return Known(
        zone_of_person=dict(User.objects.values_list("email", "time_zone")),
        zone_of_partner=dict(Partner.objects.order_by().values_list("key", "owner__time_zone")),
        default_zone=settings.TIME_ZONE,
        now=now,
    )


def _checked(book: Book, tell: Callable[[str], None]) -> Copies:
    """Read every row once; returns what the file expects of interactions without a key."""
    copies = Copies()
    _count(book.partners(), PARTNERS_FILE, tell)
    for number, row in enumerate(book.interactions(), start=1):
        expect(copies, row)
        if number % STEP == 0:
            tell(f"Checked {number:,} rows of {INTERACTIONS_FILE}.")
    _count(book.referrals(), REFERRALS_FILE, tell)
    if book.problems:
        raise BookRefused(book.problems)
    return copies


def _count(rows: Iterable[object], file: str, tell: Callable[[str], None]) -> None:
    for number, _ in enumerate(rows, start=1):
        if number % STEP == 0:
            tell(f"Checked {number:,} rows of {file}.")


def _lock(load: Load) -> list[int]:
    """Lock the book's partners that are in the database, and hold them; returns their ids."""
    ids: list[int] = []
    for keys in in_slices(list(load.book.last_days)):
        ids += Partner.objects.filter(key__in=keys).order_by().values_list("pk", flat=True)
    ids.sort()
    for some in in_slices(ids):
        Partner.objects.locked(list(some))
        rows = Partner.objects.filter(pk__in=some).order_by()
        for pk, key, owner_id in rows.values_list("pk", "key", "owner_id"):
            load.held[key] = Held(pk, load.people.by_id[owner_id])
    return ids


def _judge(load: Load, rebuild: bool) -> int:
    """Note the officers' own tiers, then judge once; returns how many partners were judged."""
    for day, tiers in load.labels.items():
        for ids in in_slices(list(tiers)):
            label({partner_id: tiers[partner_id] for partner_id in ids}, on=day)
    days = _to_judge(load, rebuild)
    count, judged = sum(map(len, days.values())), 0
    for day, ids in sorted(days.items()):
        for part in in_slices(sorted(ids)):
            if rebuild:
                replay(part, today=day)
            else:
                reclassify_now(part, now=load.now)
            judged += len(part)
            _plan(part, load.now)
            load.tell(f"Judged {judged:,} of {count:,} partners.")
    return judged + _judge_left(load)


def _judge_left(load: Load) -> int:
    """Judge partners whom a fact left, and whom the book does not name; returns how many."""
    left = sorted(load.touched - {held.pk for held in load.held.values()})
    for part in in_slices(left):
        reclassify_now(part, now=load.now)
        _plan(part, load.now)
    return len(left)


def _plan(partner_ids: Sequence[int], now: datetime) -> None:
    """Match planned touches with the log that was written in bulk, and plan the dates ahead."""
    settle(partner_ids)
    plan_dates_now(partner_ids, now=now)


def _to_judge(load: Load, rebuild: bool) -> dict[date, list[int]]:
    """The active partners of the book that changed or were never judged, by their owner's today.

    The others are judged already, and importing the same files twice changes nothing.
    """
    days: defaultdict[date, list[int]] = defaultdict(list)
    owners = {held.pk: held.owner for held in load.held.values()}
    for ids in in_slices(sorted(owners)):
        active = Partner.objects.active().filter(pk__in=ids).order_by()
        for pk, tier in active.values_list("pk", "standing__tier"):
            if rebuild or tier is None or pk in load.touched:
                days[owners[pk].today(load.now)].append(pk)
    return days


def _record(load: Load) -> None:
    counts: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    for (owner_id, what), number in load.done.items():
        counts[owner_id][what] = number
    for owner_id, of_owner in counts.items():
        owner = load.people.by_id[owner_id]
        record(actor=None, action="book.imported", target=owner, **of_owner)

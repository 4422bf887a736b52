"""A book of files as plain rows: what each row means, and what does not fit between rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from phonenumber_field.phonenumber import PhoneNumber

from imports.columns import DATED_STAGES, INTERACTIONS, PARTNERS, REFERRALS, Column, shown
from imports.reading import Problems, Row, Table
from interactions.models import Stage

PARTNERS_FILE = "partners.csv"
INTERACTIONS_FILE = "interactions.csv"
REFERRALS_FILE = "referrals.csv"
COLUMNS: dict[str, tuple[Column, ...]] = {
    PARTNERS_FILE: PARTNERS,
    INTERACTIONS_FILE: INTERACTIONS,
    REFERRALS_FILE: REFERRALS,
}


StageDays = dict[Stage, date]


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """A row of partners.csv; None and blank mean unknown."""

    key: str
    last_name: str
    type: str
    first_name: str = ""
    company: str = ""
    email: str = ""
    phone: PhoneNumber | str = ""
    birthday: tuple[int, int, int | None] | None = None
    relationship_start: date | None = None
    synergy: int | None = None
    do_not_contact: bool | None = None
    tier: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class InteractionRow:
    """A row of interactions.csv; None means that the cell is blank or the column not there."""

    partner: str
    date: date
    kind: str
    direction: str | None = None
    outcome: str | None = None
    purpose: str | None = None
    conduct: str | None = None
    minutes: int | None = None
    note: str = ""
    key: str = ""
    officer: str | None = None


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """A row of referrals.csv; `dates` are the days of the stages that have one."""

    key: str
    partner: str
    direction: str
    date: date
    borrower: str
    stage: str | None = None
    amount: Decimal | None = None
    lost_reason: str = ""
    dates: StageDays = field(default_factory=dict)

    @property
    def stage_reached(self) -> str:
        """The stage that the file names, else the last one that it gives a date."""
        return self.stage or next(reversed(self.dates), Stage.RECEIVED)


@dataclass(frozen=True)
class Known:
    """What the database holds already: time zones of people by e-mail, of partners by key."""

    zone_of_person: Mapping[str, str]
    zone_of_partner: Mapping[str, str]
    default_zone: str
    now: datetime
    # The answers of `last_day`, which every row asks.
    days: dict[str, date] = field(default_factory=dict)

    def last_day(self, zone: str) -> date:
        """The last day that has begun for the owner, or by UTC, which many exports write."""
        if zone not in self.days:
            local = self.now.astimezone(ZoneInfo(zone)).date()
            self.days[zone] = max(local, self.now.astimezone(UTC).date())
        return self.days[zone]


class Book:
    """The files of one folder. Each method streams a file and adds what is wrong to `problems`.

    `partners` comes first: the others ask which partners there are.
    """

    def __init__(self, folder: Path, owner: str, known: Known) -> None:
        self.folder = folder
        # Owner of the partners for whom the file names none; may be blank.
        self.owner = owner
        self.known = known
        self.problems = Problems()
        self.last_days: dict[str, date] = {}
        self.tables: dict[str, Table] = {}

    def has(self, file: str, column: str) -> bool:
        """Tell whether a file, once it was begun, has this column."""
        return column in self.tables[file].present

    def partners(self) -> Iterator[PartnerRow]:
        lines: dict[str, int] = {}
        for table, row in self._rows(PARTNERS_FILE):
            key = row.values.get("key")
            _refuse_second(table, row, lines)
            last_day = self._last_day(table, row)
            if key:
                self.last_days[key] = last_day or date.max
            if last_day is None:
                sentence = "Nobody owns this partner. Fill in an owner, or give --owner."
                _refuse(table, row, "owner", sentence)
            else:
                _refuse_future(table, row, "relationship_start", last_day)
                _refuse_unborn(table, row, last_day)
            if row.good:
                yield PartnerRow(**row.values)

    def interactions(self) -> Iterator[InteractionRow]:
        lines: dict[str, int] = {}
        for table, row in self._rows(INTERACTIONS_FILE):
            _refuse_second(table, row, lines)
            last_day = self._last_day_of_fact(table, row)
            _refuse_future(table, row, "date", last_day)
            if row.good:
                yield InteractionRow(**row.values)

    def referrals(self) -> Iterator[ReferralRow]:
        lines: dict[str, int] = {}
        for table, row in self._rows(REFERRALS_FILE):
            _refuse_second(table, row, lines)
            last_day = self._last_day_of_fact(table, row)
            for column in ["date", *DATED_STAGES]:
                _refuse_future(table, row, column, last_day)
            found = _referral(table, row)
            if found:
                yield found

    def _rows(self, file: str) -> Iterator[tuple[Table, Row]]:
        path = self.folder / file
        table = self.tables[file] = Table(path, COLUMNS[file], self.problems)
        if file == PARTNERS_FILE or path.exists():
            yield from ((table, row) for row in table.rows())

    def _last_day(self, table: Table, row: Row) -> date | None:
        """The last day that has begun for the partner's owner; None where nobody is named."""
        owner = row.values.get("owner") or self.owner
        zone = self.known.zone_of_partner.get(row.values.get("key", ""))
        if owner or _is_bad(table, row, "owner"):
            zone = self.known.zone_of_person.get(owner, self.known.default_zone)
        return self.known.last_day(zone) if zone else None

    def _last_day_of_fact(self, table: Table, row: Row) -> date:
        """The last day for a fact's partner, who must be in the files or in the database."""
        key = row.values.get("partner")
        if not key:
            return date.max
        if key not in self.last_days:
            zone = self.known.zone_of_partner.get(key)
            if zone:
                self.last_days[key] = self.known.last_day(zone)
            elif not self.tables[PARTNERS_FILE].broken:
                sentence = f"No partner has the key {shown(key)}. Add it to {PARTNERS_FILE}."
                _refuse(table, row, "partner", sentence)
        return self.last_days.get(key, date.max)


def _is_bad(table: Table, row: Row, column: str) -> bool:
    """Tell whether the file has this column and the row's cell could not be read."""
    return column in table.present and column not in row.values


def _refuse(table: Table, row: Row, column: str, sentence: str) -> None:
    row.good = False
    table.complain(row.line, column, sentence)


def _refuse_second(table: Table, row: Row, lines: dict[str, int]) -> None:
    """A key names one row of a file."""
    key = row.values.get("key")
    if not key:
        return
    if key in lines:
        _refuse(table, row, "key", f"{key} stands on line {lines[key]} already.")
    lines.setdefault(key, row.line)


def _refuse_future(table: Table, row: Row, column: str, last_day: date) -> None:
    found = row.values.get(column)
    if found and found > last_day:
        _refuse(table, row, column, f"{found} is in the future. Write a day that has begun.")


def _refuse_unborn(table: Table, row: Row, last_day: date) -> None:
    month, day, year = row.values.get("birthday") or (1, 1, None)
    if year and date(year, month, day) > last_day:
        sentence = f"{date(year, month, day)} is in the future. Write a day that has begun."
        _refuse(table, row, "birthday", sentence)


def _referral(table: Table, row: Row) -> ReferralRow | None:
    """The row with the days of its stages; None where something in it is refused."""
    if not row.good:
        return None
    values: dict[str, Any] = dict(row.values)
    days = {stage: values.pop(name, None) for name, stage in DATED_STAGES.items()}
    found = ReferralRow(**values, dates={stage: day for stage, day in days.items() if day})
    lost = found.stage_reached == Stage.LOST
    if lost and not found.lost_reason:
        _refuse(table, row, "lost_reason", "A lost referral needs the reason why it was lost.")
    if found.lost_reason and not lost:
        _refuse(table, row, "lost_reason", "Only a lost referral has a reason. Leave it blank.")
    return found if row.good else None

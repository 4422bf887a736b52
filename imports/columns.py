"""What each column of a book's files holds: one cell in, its value or a sentence about it out.

Nothing here reads a file or asks the database. How long a text may be and which words a list knows
is taken from the models, so that one place rules.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

from accounts.models import User
from interactions.models import (
    MINUTES_IN_A_DAY,
    PIPELINE,
    Conduct,
    Direction,
    Interaction,
    Kind,
    LostReason,
    Outcome,
    Purpose,
    Referral,
    ReferralDirection,
    Stage,
)
from partners.models import Partner, PartnerType
from tiers.classification import Tier

EARLIEST = date(1900, 1, 1)
DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
BIRTHDAY = re.compile(r"(?:([0-9]{4})-)?([0-9]{2})-([0-9]{2})")
WHOLE = re.compile(r"[0-9]{1,6}")
AMOUNT = re.compile(r"\$?\s?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]{1,2})?")
# A leap year: 29 February is a birthday too.
ANY_YEAR = 2000
SHOWN = 40


class BadCell(Exception):
    """A cell that cannot be taken; the text is a sentence that says what to write instead."""


Parse = Callable[[str], Any]


@dataclass(frozen=True)
class Column:
    """One column: its name, how a cell is read, and what a blank cell means.

    A `needed` column must be in the file and no cell of it may be blank.
    """

    name: str
    parse: Parse
    needed: bool = False
    blank: Any = None


def shown(cell: str) -> str:
    """The beginning of a cell, fit for a message on a terminal."""
    text = "".join(letter if letter.isprintable() else "�" for letter in cell[: SHOWN + 1])
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


# How a cell is read


def one_line(model: type[Model], field: str) -> Parse:
    """A text without line breaks, as long as the model's field allows."""
    fits = text(model, field)
    return lambda cell: fits(" ".join(cell.split()))


def text(model: type[Model], field: str) -> Parse:
    limit: int = model._meta.get_field(field).max_length  # type: ignore[union-attr, assignment]

    def parse(cell: str) -> str:
        if len(cell) > limit:
            raise BadCell(f"This is longer than {limit:,} characters. Shorten it.")
        return cell.replace("\r\n", "\n")

    return parse


def choice(name: str, values: Sequence[str]) -> Parse:
    known = frozenset(values)

    def parse(cell: str) -> str:
        value = cell.lower()
        if value not in known:
            raise BadCell(f"{shown(cell)} is not {name}. Write one of {', '.join(values)}.")
        return value

    return parse


@lru_cache(maxsize=10_000)
def day(cell: str) -> date:
    parts = DATE.fullmatch(cell)
    try:
        found = date(*map(int, parts.groups())) if parts else None
    except ValueError:
        found = None
    if found is None:
        raise BadCell(f"{shown(cell)} is not a date. Write YYYY-MM-DD.")
    if found < EARLIEST:
        raise BadCell(f"{shown(cell)} is too long ago. Dates begin on {EARLIEST}.")
    return found


def birthday(cell: str) -> tuple[int, int, int | None]:
    """Month, day and, where the cell tells it, year."""
    parts = BIRTHDAY.fullmatch(cell)
    try:
        born = date(int(parts[1] or ANY_YEAR), int(parts[2]), int(parts[3])) if parts else None
    except ValueError:
        born = None
    if parts is None or born is None:
        raise BadCell(f"{shown(cell)} is not a birthday. Write MM-DD or YYYY-MM-DD.")
    if born < EARLIEST:
        raise BadCell(f"{shown(cell)} is too long ago. Dates begin on {EARLIEST}.")
    return born.month, born.day, born.year if parts[1] else None


def yes_or_no(cell: str) -> bool:
    answer = {"yes": True, "no": False}.get(cell.lower())
    if answer is None:
        raise BadCell(f"{shown(cell)} is neither yes nor no. Write yes or no, or leave it blank.")
    return answer


def whole(highest: int) -> Parse:
    def parse(cell: str) -> int:
        if not WHOLE.fullmatch(cell) or int(cell) > highest:
            raise BadCell(f"{shown(cell)} is not a whole number from 0 to {highest:,}.")
        return int(cell)

    return parse


def amount(cell: str) -> Decimal:
    """US dollars: 350000, 350000.00 or $350,000."""
    parts = AMOUNT.fullmatch(cell)
    if not parts:
        raise BadCell(f"{shown(cell)} is not an amount. Write dollars, such as 350000.")
    dollars = Decimal(parts[1].replace(",", "") + (parts[2] or ""))
    try:
        found: Decimal = Referral._meta.get_field("amount").clean(dollars, None)
    except ValidationError as error:
        raise BadCell(
            f"{shown(cell)} is out of range. Write an amount from $1 to $999,999,999.99."
        ) from error
    return found


def email(model: type[Model], field: str) -> Parse:
    fits = text(model, field)

    def parse(cell: str) -> str:
        try:
            validate_email(cell)
        except ValidationError as error:
            raise BadCell(f"{shown(cell)} is not an e-mail address.") from error
        address: str = fits(cell)
        return address

    return parse


def person(cell: str) -> str:
    """The e-mail address by which somebody signs in."""
    address: str = email(User, "email")(cell)
    return address.lower()


def phone(cell: str) -> PhoneNumber:
    try:
        number = PhoneNumber.from_string(cell, region="US")
    except NumberParseException:
        number = None
    if number is None or not number.is_valid():
        raise BadCell(f"{shown(cell)} is not a phone number. Write it as (202) 555-0123.")
    # As the database gives it back.
    return PhoneNumber.from_string(number.as_e164)


# The columns of the three files

PARTNERS = (
    Column("key", one_line(Partner, "key"), needed=True),
    Column("first_name", one_line(Partner, "first_name"), blank=""),
    Column("last_name", one_line(Partner, "last_name"), needed=True),
    Column("company", one_line(Partner._meta.get_field("company").related_model, "name"), blank=""),
    Column("type", choice("a type", PartnerType.values), needed=True),
    Column("email", email(Partner, "email"), blank=""),
    Column("phone", phone, blank=""),
    Column("birthday", birthday),
    Column("relationship_start", day),
    Column("synergy", whole(5)),
    Column("do_not_contact", yes_or_no),
    Column("tier", choice("a tier", [tier.value for tier in Tier])),
    Column("owner", person),
)

INTERACTIONS = (
    Column("partner", one_line(Partner, "key"), needed=True),
    Column("date", day, needed=True),
    Column("kind", choice("a kind", Kind.values), needed=True),
    Column("direction", choice("a direction", Direction.values)),
    Column("outcome", choice("an outcome", Outcome.values)),
    Column("purpose", choice("a purpose", Purpose.values)),
    Column("conduct", choice("a conduct", Conduct.values)),
    Column("minutes", whole(MINUTES_IN_A_DAY)),
    Column("note", text(Interaction, "note"), blank=""),
    Column("key", one_line(Interaction, "key"), blank=""),
    Column("officer", person),
)

# `received` has its date in the column `date`; junk and duplicate have none.
DATED_STAGES = {f"{stage}_on": stage for stage in [*PIPELINE[1:], Stage.LOST]}

REFERRALS = (
    Column("key", one_line(Referral, "key"), needed=True),
    Column("partner", one_line(Partner, "key"), needed=True),
    Column("direction", choice("a direction", ReferralDirection.values), needed=True),
    Column("date", day, needed=True),
    Column("borrower", one_line(Referral, "borrower"), needed=True),
    Column("stage", choice("a stage", Stage.values)),
    Column("amount", amount),
    Column("lost_reason", choice("a lost reason", LostReason.values), blank=""),
    *(Column(name, day) for name in DATED_STAGES),
)

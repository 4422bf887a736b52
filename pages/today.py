"""Today: whom to reach and why, as plain objects for the template."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils.timesince import timesince

from accounts.access import owners_worked_by
from accounts.models import Role, User
from interactions.models import Referral
from partners.models import Partner
from touches.workdays import working_day_from
from web.paging import row_keys
from web.templatetags.pages import days_ahead


@dataclass(frozen=True)
class Waiting:
    """A borrower whom nobody has contacted yet, and for how long."""

    referral: Referral
    words: str
    late: bool
    # A link that calls them; blank where no phone is known.
    call: str


@dataclass(frozen=True)
class Today:
    """The day of one officer."""

    officer: User
    date: date
    waiting: list[Waiting]


@dataclass(frozen=True)
class Choice:
    """An officer whose Today a person may open; `has_book` where active partners are theirs."""

    officer: User
    has_book: bool


def choices_of(user: User) -> list[Choice]:
    """Oneself, and the officers with active partners on whose behalf this person works."""
    book = Partner.objects.active().filter(owner=OuterRef("pk"))
    worked = User.objects.filter(owners_worked_by(user)).annotate(has_book=Exists(book))
    found = [Choice(officer, officer.has_book) for officer in worked.order_by("name", "pk")]
    return [choice for choice in found if choice.has_book or choice.officer == user]


def chosen(user: User, choices: list[Choice], asked: str | None) -> Choice:
    """The officer whom the address names, else oneself, else the first whom one assists.

    Raises Http404 for anybody else.
    """
    by_key = {choice.officer.pk: choice for choice in choices}
    if asked is None:
        return _usual(user, by_key)
    keys = row_keys([asked])
    if not keys or keys[0] not in by_key:
        raise Http404
    return by_key[keys[0]]


def _usual(user: User, by_key: dict[int, Choice]) -> Choice:
    own = by_key[user.pk]
    assisted = [grant.officer_id for grant in user.held_grants if grant.role == Role.ASSISTANT]
    others = [by_key[key] for key in assisted if key in by_key]
    return others[0] if others and not own.has_book else own


def build(officer: User, now: datetime) -> Today:
    day = officer.today(now)
    return Today(officer, day, list(_waiting(officer, day, now)))


def _waiting(officer: User, today: date, now: datetime) -> Iterator[Waiting]:
    rows = Referral.objects.filter(partner__owner=officer).waiting().order_by("received_at")
    for referral in rows.select_related("partner"):
        due_on = working_day_from(referral.day)
        phone = "".join(sign for sign in referral.borrower_phone if sign in "+0123456789")
        yield Waiting(
            referral=referral,
            words=f"Came in {_ago(referral.received_at, now)}; {_by(due_on, today)}.",
            late=due_on < today,
            call=f"tel:{phone}" if phone else "",
        )


def _ago(at: datetime, now: datetime) -> str:
    if now - at < timedelta(minutes=1):
        return "just now"
    return f"{timesince(at, now, depth=1)} ago"


def _by(due_on: date, today: date) -> str:
    words = days_ahead(due_on, today)
    return words if due_on < today else f"due {words}" if due_on == today else f"call by {words}"

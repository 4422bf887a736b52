"""Whose Today or focus list a person may open: their own, and those of other officers."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from accounts.access import owners_worked_by
from accounts.models import Role, User
from partners.models import Partner
from web.paging import row_keys


@dataclass(frozen=True)
class Choice:
    """An officer whose page a person may open; `has_book` where active partners are theirs."""

    officer: User
    has_book: bool


def choices_of(user: User, reach: Callable[[User], Q] = owners_worked_by) -> list[Choice]:
    """Oneself, and the officers with active partners whom this person reaches.

    Those on whose behalf they work, unless `reach` names others.
    """
    book = Partner.objects.active().filter(owner=OuterRef("pk"))
    reached = User.objects.filter(reach(user)).annotate(has_book=Exists(book))
    found = [Choice(officer, officer.has_book) for officer in reached.order_by("name", "pk")]
    return [choice for choice in found if choice.has_book or choice.officer == user]


def starts_at_the_desk(user: User, choice: Choice) -> bool:
    """Whether Today has nothing for them: of compliance alone, without partners of their own."""
    roles = {grant.role for grant in user.held_grants}
    return roles == {Role.COMPLIANCE} and choice == Choice(user, has_book=False)


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

"""The rows behind a figure: which ones, in the order in which a person reads them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from accounts.models import User
from insights.counting.tiers import at_risk
from insights.facts import Book, TouchFact
from insights.rows.explanations import explanation_of
from insights.sets import Rows, sets_of
from insights.titles import title_of
from interactions.models import LostReason
from partners.models import Partner
from tiers.disclosure import CONDUCT_FLAGS

# Sets that are missing where they hold nothing.
SOMETIMES_MISSING = {"move": "partners", "flag": "partners", "lost": "referrals"}


@dataclass(frozen=True)
class OpenedSet:
    """One set of a book, with its keys in the order of reading."""

    name: str
    kind: str
    keys: tuple[int, ...]
    # How many more there are with partners whom the reader does not see.
    hidden: int
    book: Book

    @cached_property
    def title(self) -> str:
        """In words; of one partner's referrals with their name."""
        words, _, key = self.name.partition(":")
        if words == "largest":
            return f"Referrals of {self.book.partners[int(key)].name} in 365 days"
        return title_of(self.name)

    @property
    def explanation(self) -> str:
        return explanation_of(self.name)


def tells_conduct(name: str) -> bool:
    """Whether to be in this set says something about conduct."""
    return name.startswith("flag:") and name.rpartition(":")[2] in CONDUCT_FLAGS


def open_set(name: str, book: Book, user: User) -> OpenedSet:
    """Choose the rows of a book. Raises KeyError where there is no such set."""
    sets = sets_of(book)
    # Not by "or": an empty set is false.
    rows = sets[name] if name in sets else _empty(name)
    seen = _seen(rows, book, user)
    order = ORDERS.get(name) or ORDERS[rows.kind]
    return OpenedSet(name, rows.kind, order(book, seen), len(rows.keys) - len(seen), book)


def _empty(name: str) -> Rows:
    kind, _, rest = name.partition(":")
    if kind == "lost" and rest not in LostReason.values:
        raise KeyError(name)
    return Rows(SOMETIMES_MISSING[kind], ())


def _seen(rows: Rows, book: Book, user: User) -> tuple[int, ...]:
    """An officer's touches may be with partners whom somebody else looks after now."""
    if rows.kind != "touches":
        return rows.keys
    touches = all_touches(book)
    others = {touches[key].partner_id for key in rows.keys} - book.partners.keys()
    visible = Partner.objects.visible_to(user).filter(pk__in=others).values_list("pk", flat=True)
    shown = book.partners.keys() | (set(visible) if others else set())
    return tuple(key for key in rows.keys if touches[key].partner_id in shown)


def all_touches(book: Book) -> dict[int, TouchFact]:
    """Those of the period, and those of the time before somebody went to Cease."""
    before = {touch.pk: touch for touches in book.before_cease.values() for touch in touches}
    return before | dict(book.touches)


# --- the order of reading


def _by_name(book: Book, keys: Sequence[int]) -> tuple[int, ...]:
    def place(key: int) -> tuple[str, str, int]:
        name = book.partners[key].name.casefold()
        return name.rpartition(" ")[2], name, key

    return tuple(sorted(keys, key=place))


def _newest_touch_first(book: Book, keys: Sequence[int]) -> tuple[int, ...]:
    touches = all_touches(book)
    return tuple(sorted(keys, key=lambda key: (touches[key].day, key), reverse=True))


def _newest_referral_first(book: Book, keys: Sequence[int]) -> tuple[int, ...]:
    return _oldest_referral_first(book, keys)[::-1]


def _oldest_referral_first(book: Book, keys: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted(keys, key=lambda key: (book.referrals[key].day, key)))


def _most_urgent_first(book: Book, keys: Sequence[int]) -> tuple[int, ...]:
    found = at_risk(book, {"at_risk": Rows("partners", tuple(keys))})
    return tuple(one.partner_id for one in found)


Order = Callable[[Book, Sequence[int]], tuple[int, ...]]
ORDERS: dict[str, Order] = {
    "partners": _by_name,
    "touches": _newest_touch_first,
    "referrals": _newest_referral_first,
    "at_risk": _most_urgent_first,
    "waiting": _oldest_referral_first,
    "contact:waiting": _oldest_referral_first,
}

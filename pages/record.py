"""Lines of the record for one reader: each event as a sentence, narrowed to what they may know."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from accounts.models import Branch, Role, User
from audit.models import Event
from interactions.models import Referral
from pages.record_words import is_private, open_fields, private_sentence, sentence
from partners.models import Partner

PARTNER, REFERRAL = "partners.partner", "interactions.referral"
USER, BRANCH, PAGE = "accounts.user", "accounts.branch", "page"
SYSTEM = "PartnerCRM"
# What people wrote themselves, which may name a partner or a borrower; and compliance sees no tier.
NOT_WITHOUT_NAMES = {"reason", "tier"}


@dataclass(frozen=True)
class Line:
    number: int
    at: datetime
    who: str
    sentence: str
    # Where the object stands; blank where it has no page, or none for this reader.
    url: str = ""


@dataclass(frozen=True)
class Reader:
    """Who reads, and what of it: names of partners, and private notes and plans."""

    names_partners: bool
    sees_private: bool = False
    # Not on the page of the object itself.
    links: bool = True

    @classmethod
    def of_list(cls, user: User) -> "Reader":
        """In the list of everything private notes name nobody, whoever reads."""
        return cls(names_partners=user.has_role(Role.ADMINISTRATOR))


def lines_of(events: Iterable[Event], reader: Reader) -> list[Line]:
    """In a query for each kind of object that has a name, however many events."""
    rows = list(events)
    names = _names(rows, reader)
    return [_line(row, reader, names) for row in rows]


def _line(event: Event, reader: Reader, names: Mapping[tuple[str, str], str]) -> Line:
    who = str(event.actor) if event.actor else SYSTEM
    number, at = event.pk, event.at
    if is_private(event.action) and not reader.sees_private:
        return Line(number, at, who, private_sentence(event.action, who))
    detail: dict[str, Any] = dict(event.detail)
    if not reader.names_partners:
        detail = {name: value for name, value in detail.items() if name not in NOT_WITHOUT_NAMES}
    what = names.get((event.target_type, event.target_id), "")
    said = sentence(
        event.action,
        who=who,
        what=what or _unnamed(event.target_type, event.target_id),
        fields=event.fields if reader.sees_private else open_fields(event.action, event.fields),
        detail=detail,
    )
    return Line(number, at, who, said, _url(event, reader) if what and reader.links else "")


def _unnamed(target_type: str, target_id: str) -> str:
    if target_type == PAGE:
        return ""
    try:
        name = str(apps.get_model(target_type)._meta.verbose_name)
    except (LookupError, ValueError):
        name = target_type
    return f"{name} {target_id}"


def _url(event: Event, reader: Reader) -> str:
    if event.target_type == PARTNER and reader.names_partners:
        return reverse("partner", args=[event.target_id])
    if event.target_type == REFERRAL and reader.names_partners:
        return reverse("referral", args=[event.target_id])
    return ""


def _names(events: Sequence[Event], reader: Reader) -> dict[tuple[str, str], str]:
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for event in events:
        if event.target_id.isascii() and event.target_id.isdigit() and len(event.target_id) < 19:
            wanted[event.target_type].add(int(event.target_id))
    naming = {USER: _named(User), BRANCH: _named(Branch)}
    if reader.names_partners:
        naming |= {PARTNER: _named(Partner), REFERRAL: _referrals}
    found: dict[tuple[str, str], str] = {}
    for kind, name in naming.items():
        if wanted[kind]:
            found |= {(kind, str(pk)): said for pk, said in name(wanted[kind]).items()}
    return found


def _named(model: type[Model]) -> Any:
    def names(keys: set[int]) -> dict[int, str]:
        return {pk: str(row) for pk, row in model._base_manager.in_bulk(keys).items()}

    return names


def _referrals(keys: set[int]) -> dict[int, str]:
    """By partner and number, never by borrower."""
    rows = Referral.objects.filter(pk__in=keys).only("partner").select_related("partner")
    return {row.pk: f"referral {row.pk} of {row.partner}" for row in rows.order_by()}


def about_partner(partner: Partner, *, sees_private: bool) -> QuerySet[Event]:
    """What was done to a partner and to their referrals, the newest first."""
    referrals = Referral.objects.filter(partner=partner).values_list("pk", flat=True)
    mine = Q(target_type=PARTNER, target_id=str(partner.pk))
    theirs = Q(target_type=REFERRAL, target_id__in=[str(key) for key in referrals])
    return newest(Event.objects.filter(mine | theirs), sees_private=sees_private)


def about_referral(referral: Referral) -> QuerySet[Event]:
    return newest(
        Event.objects.filter(target_type=REFERRAL, target_id=str(referral.pk)), sees_private=False
    )


def newest(events: QuerySet[Event], *, sees_private: bool = True) -> QuerySet[Event]:
    """The newest first; without private ones for those who may not know of whom they are."""
    rows = events.select_related("actor").order_by("-pk")
    return rows if sees_private else rows.exclude(private())


def private() -> Q:
    return Q(action__startswith="conduct.") | Q(action__startswith="stepaway.")

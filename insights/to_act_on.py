"""What waits for whoever leads: overrides past their date, labels that nobody confirmed, silence,
partners of people who left, referrals without a call, people who never came in.

Each with how many, why it matters, and where one acts on it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse

from accounts.access import access_to, led_by
from accounts.models import Grant, Role, User
from interactions.models import Referral
from partners.models import Partner
from tiers.labels import TIER_NAMES
from tiers.models import TierOverride
from tiers.verdict import Rule, Tier
from touches.playbook import in_words
from touches.workdays import working_days_after

SILENT_AFTER = timedelta(days=14)
# On the page; the rest stands behind a link, or is counted.
MOST_ROWS = 10


@dataclass(frozen=True)
class Row:
    """One partner or person: their page, what is to be known, and where one acts."""

    name: str
    url: str
    detail: str
    action: str = ""
    action_url: str = ""


@dataclass(frozen=True)
class Item:
    """One thing to act on; `sentence` says why, and what to do."""

    key: str
    title: str
    sentence: str
    count: int
    # The first of them, and how many rows there are beyond.
    rows: Sequence[Row]
    more: int
    # Where the whole list stands; blank where it stands nowhere else.
    all_url: str = ""
    all_words: str = ""


@dataclass(frozen=True)
class Reader:
    """Who looks, and when."""

    user: User
    now: datetime

    @property
    def today(self) -> date:
        return self.user.today(self.now)

    def leads(self, person: str = "") -> Q:
        return led_by(self.user, person)


def items_for(user: User, now: datetime) -> list[Item]:
    """Everything that waits in the branches of this person, the most urgent first."""
    reader = Reader(user, now)
    found = (ask(reader) for ask in QUESTIONS)
    return [item for item in found if item.count]


def _waiting(reader: Reader) -> Item:
    """By partner, who waits the longest first. Nothing of the borrowers is even loaded."""
    waiting = Referral.objects.waiting().filter(reader.leads("partner__owner"))
    names = ["partner_id", "partner__first_name", "partner__last_name", "partner__owner__name"]
    rows = [
        row
        for row in waiting.order_by("day", "id").values_list(*names, "day")
        if working_days_after(row[-1], 1) < reader.today
    ]
    counts = Counter(partner_id for partner_id, *_ in rows)
    first = {row[0]: row for row in reversed(rows)}
    longest = sorted(first.values(), key=lambda row: (row[-1], row[0]))
    return Item(
        key="waiting",
        title="Referrals waiting for a first call",
        sentence="Nobody has called these borrowers, and more than a working day has passed.",
        count=len(rows),
        rows=[
            Row(
                name=f"{first_name} {last_name}",
                url=reverse("partner", args=[pk]),
                detail=f"{_referrals(counts[pk])} since {_day(day, reader)}, with {owner}",
            )
            for pk, first_name, last_name, owner, day in longest[:MOST_ROWS]
        ],
        more=len(longest[MOST_ROWS:]),
        all_url=reverse("referrals"),
        all_words="All open referrals",
    )


def _referrals(count: int) -> str:
    return f"{count} referral{'' if count == 1 else 's'}"


def _people_who_left(reader: Reader) -> Item:
    book = Count("partners", filter=Q(partners__archived_at__isnull=True))
    left = User.objects.filter(reader.leads(), is_active=False).annotate(held=book)
    people = list(left.filter(held__gt=0).order_by("name", "pk"))
    return Item(
        key="left",
        title="Partners of people who left",
        sentence="Nobody looks after them. Hand them over to somebody who does.",
        count=sum(person.held for person in people),
        rows=[
            Row(
                name=person.name,
                url=reverse("person", args=[person.pk]),
                detail=f"{person.held} partner{'' if person.held == 1 else 's'}",
                action="Hand over",
                action_url=f"{reverse('handover_new')}?from={person.pk}",
            )
            for person in people[:MOST_ROWS]
        ],
        more=len(people[MOST_ROWS:]),
    )


def _overrides(reader: Reader) -> Item:
    past = (
        TierOverride.objects.open()
        .filter(reader.leads("partner__owner"), ends_on__lt=reader.today)
        .filter(partner__archived_at__isnull=True)
        .select_related("partner__owner", "made_by")
        .order_by("ends_on", "id")
    )
    overrides = list(past)
    return Item(
        key="overrides",
        title="Overrides past their date",
        sentence=(
            "The rules decide again since then. Their owner or manager ends each, or renews it."
        ),
        count=len(overrides),
        rows=[_override_row(reader, override) for override in overrides[:MOST_ROWS]],
        more=len(overrides[MOST_ROWS:]),
    )


def _override_row(reader: Reader, override: TierOverride) -> Row:
    partner = override.partner
    page = reverse("partner", args=[partner.pk])
    until = _day(override.ends_on, reader)
    decides = access_to(reader.user, partner.owner).decides
    return Row(
        name=partner.full_name,
        url=page,
        detail=f"{override.get_tier_display()} until {until}, set by {override.made_by}",
        action="End or renew" if decides else "",
        action_url=page if decides else "",
    )


def _silent_people(reader: Reader) -> Item:
    since = reader.today - SILENT_AFTER
    book = Partner.objects.active().filter(owner=OuterRef("pk"))
    away = Grant.objects.in_force().filter(officer=OuterRef("pk"), role=Role.STAND_IN)
    active = User.objects.active().filter(
        Exists(book), ~Exists(away), reader.leads(), created_at__lt=reader.now - SILENT_AFTER
    )
    touched = Max("interactions__day", filter=Q(interactions__is_touch=True))
    # Whoever never had a touch has no day to compare.
    quiet = active.annotate(touched_on=touched).filter(
        Q(touched_on__lte=since) | Q(touched_on__isnull=True)
    )
    people = list(quiet.order_by("name", "pk"))
    return Item(
        key="silent",
        title="People without a touch for 14 days",
        sentence="Either nothing was logged, or somebody needs help. Ask how they are.",
        count=len(people),
        rows=[
            Row(
                name=person.name,
                url=reverse("officer_figures", args=[person.pk]),
                detail=(
                    f"Last touch on {_day(person.touched_on, reader)}"
                    if person.touched_on
                    else "No touch yet"
                ),
            )
            for person in people[:MOST_ROWS]
        ],
        more=len(people[MOST_ROWS:]),
    )


def _labels(reader: Reader) -> Item:
    kept = Q(standing__rule=Rule.STAYS, flags__contains='"insufficient_history"')
    # As text, since SQLite cannot ask a JSON list what it contains.
    partners = (
        Partner.objects.active()
        .alias(flags=Cast("standing__flags", TextField()))
        .filter(reader.leads("owner"), Q(standing__rule="") | kept)
    )
    count = partners.count()
    named = partners.select_related("owner", "standing").order_by("last_name", "first_name", "pk")
    asked = urlencode({"tier": Tier.MAINTENANCE, "flag": "insufficient_history"})
    return Item(
        key="labels",
        title="Tiers by an imported label alone",
        sentence=(
            "Too little is on record to judge them. Log what you know, or talk them over with "
            "their owner."
        ),
        count=count,
        rows=[_label_row(partner) for partner in named[:MOST_ROWS]],
        more=max(count - MOST_ROWS, 0),
        all_url=f"{reverse('partners')}?{asked}",
        all_words="In the list of partners",
    )


def _label_row(partner: Partner) -> Row:
    return Row(
        name=partner.full_name,
        url=reverse("partner", args=[partner.pk]),
        detail=f"{TIER_NAMES[partner.standing.tier]}, with {partner.owner}",
    )


def _never_signed_in(reader: Reader) -> Item:
    people: QuerySet[User] = User.objects.active().filter(reader.leads(), last_login__isnull=True)
    rows = list(people.order_by("created_at", "pk"))
    return Item(
        key="never",
        title="People who never signed in",
        sentence=(
            "Their invitation may have been lost. An administrator sends it again from their page."
        ),
        count=len(rows),
        rows=[
            Row(
                name=person.name,
                url=reverse("person", args=[person.pk]),
                detail=f"Added on {_day(person.created_at.date(), reader)}",
            )
            for person in rows[:MOST_ROWS]
        ],
        more=len(rows[MOST_ROWS:]),
    )


def _day(day: date, reader: Reader) -> str:
    """Such as "June 3", or "June 3, 2025" of another year."""
    return in_words(day) if day.year == reader.today.year else f"{in_words(day)}, {day.year}"


QUESTIONS: Iterable[Callable[[Reader], Item]] = [
    _waiting,
    _people_who_left,
    _overrides,
    _silent_people,
    _labels,
    _never_signed_in,
]

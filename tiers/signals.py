"""The facts that a tier is judged by: one query that counts, and judges nothing.

Everything is counted in whole days back from `as_of`; what is dated later does not exist. What each
signal means stands in docs/tiers.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Count,
    DateField,
    Func,
    IntegerField,
    JSONField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, JSONArray, JSONObject

from interactions.models import Conduct, Interaction, Referral
from partners.models import Partner
from tiers.classification import Signals, Standing
from tiers.models import TierChange

# Days ago, both ends included.
QUARTERS = [(0, 90), (91, 181), (182, 272), (273, 363)]
LONG_AGO = date(1, 1, 1)
ITS_PARTNER = OuterRef("pk")


@dataclass(frozen=True)
class Subject:
    """A partner as the classifier sees one on a day."""

    partner_id: int
    signals: Signals
    standing: Standing
    # The first day of the standing tier; None where unknown or where none stands.
    standing_since: date | None
    # Of the owner: its policy judges.
    branch_id: int | None


class DaysBefore(Func):
    """Whole days from a date to `as_of`; null for null."""

    output_field = IntegerField()

    def __init__(self, as_of: date, day: Any) -> None:
        super().__init__(Value(as_of, output_field=DateField()), day)

    template = "(%(expressions)s)"
    arg_joiner = " - "

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(
            compiler,
            connection,
            template="CAST(julianday(%(expressions)s) AS INTEGER)",
            arg_joiner=") - julianday(",
            **extra,
        )


def with_signals(partners: QuerySet[Partner], as_of: date) -> QuerySet[Partner]:
    """Annotate what `subjects` reads: one JSON object for each relation, from one subquery each.

    One correlated subquery for each of the signals took ten times as long.
    """
    annotated: QuerySet[Partner] = partners.annotate(
        log_signals=_of_interactions(as_of),
        referral_signals=_of_referrals(as_of),
        streak_signals=_of_unanswered(as_of),
        contacts_since_tier=_since_tier(as_of),
        standing_then=_standing(as_of),
    )
    return annotated


def subjects(partners: QuerySet[Partner], as_of: date) -> Iterator[Subject]:
    """Each partner of the queryset with signals and standing tier, as of the end of that day."""
    annotated: QuerySet[Any] = with_signals(partners, as_of)
    rows = annotated.values(
        "pk",
        "partner_type",
        "do_not_contact_since",
        "synergy",
        "relationship_start",
        "created_on",
        "log_signals",
        "referral_signals",
        "streak_signals",
        "contacts_since_tier",
        "standing_then",
        "owner__branch",
    )
    for row in rows.iterator(chunk_size=1000):
        yield _subject(row, as_of)


def _subject(row: dict[str, Any], as_of: date) -> Subject:
    log = row["log_signals"] or NO_INTERACTIONS
    referrals = row["referral_signals"] or NO_REFERRALS
    first_facts = [log["first_interaction"], referrals["first_referral"]]
    tracked = [
        (as_of - row["created_on"]).days,
        *(days for days in first_facts if days is not None),
    ]
    start = row["relationship_start"]
    known = [*tracked, (as_of - start).days] if start and start <= as_of else tracked
    then = row["standing_then"] or {"tier": None, "rule": None, "since": None}
    since = date.fromisoformat(then["since"]) if then["since"] else None
    signals = Signals(
        partner_type=row["partner_type"],
        do_not_contact=row["do_not_contact_since"] is not None,
        synergy=row["synergy"],
        relationship_days=max(0, *known),
        tracked_days=max(0, *tracked),
        referral_quarters=sum(1 for held in referrals["quarters"] if held),
        partner_initiated_365=log["contacts_365"] + referrals["referrals_365"],
        partner_contacts_since_tier=row["contacts_since_tier"] or 0,
        **{name: log[name] for name in FROM_INTERACTIONS},
        **{name: referrals[name] for name in FROM_REFERRALS},
        **(row["streak_signals"] or NO_STREAK),
    )
    standing = Standing(then["tier"], then["rule"] or None, (as_of - since).days if since else None)
    return Subject(row["pk"], signals, standing, since, row["owner__branch"])


FROM_INTERACTIONS = [
    "days_since_conversation",
    "conversations_90",
    "conversations_180",
    "conversations_total",
    "touches_90",
    "touches_180",
    "touches_365",
    "asks_365",
    "negative_180",
    "disrespectful_180",
    "abusive_730",
    "incidents_total",
]
FROM_REFERRALS = ["days_since_referral", "referrals_365", "referrals_total"]
NO_INTERACTIONS: dict[str, Any] = {
    **dict.fromkeys([*FROM_INTERACTIONS, "contacts_365"], 0),
    "days_since_conversation": None,
    "first_interaction": None,
}
NO_REFERRALS: dict[str, Any] = {
    **dict.fromkeys(FROM_REFERRALS, 0),
    "days_since_referral": None,
    "first_referral": None,
    "quarters": [],
}
NO_STREAK = {"unanswered_attempts": 0, "unanswered_channels": 0, "unanswered_span_days": 0}


def _of_interactions(as_of: date) -> Subquery:
    conversation, touch = Q(is_conversation=True), Q(is_touch=True)
    # A note counts until the day on which it was closed: past days keep what they were judged by.
    noted = Q(conduct_closed_on__isnull=True) | Q(conduct_closed_on__gt=as_of)
    return _summary(
        Interaction.objects.filter(partner=ITS_PARTNER, day__lte=as_of),
        first_interaction=DaysBefore(as_of, Min("day")),
        days_since_conversation=DaysBefore(as_of, Max("day", filter=conversation)),
        conversations_90=_days(conversation & _within(as_of, 90)),
        conversations_180=_days(conversation & _within(as_of, 180)),
        conversations_total=_days(conversation),
        touches_90=_days(touch & _within(as_of, 90)),
        touches_180=_days(touch & _within(as_of, 180)),
        touches_365=_days(touch & _within(as_of, 365)),
        contacts_365=_rows(Q(is_partner_started=True) & _within(as_of, 365)),
        asks_365=_rows(Q(is_ask=True) & _within(as_of, 365)),
        negative_180=_rows(noted & Q(conduct=Conduct.NEGATIVE) & _within(as_of, 180)),
        disrespectful_180=_rows(noted & Q(conduct=Conduct.DISRESPECTFUL) & _within(as_of, 180)),
        abusive_730=_rows(Q(conduct=Conduct.ABUSIVE) & _within(as_of, 730)),
        incidents_total=_rows(noted & ~Q(conduct=Conduct.NONE)),
    )


def _of_referrals(as_of: date) -> Subquery:
    return _summary(
        _referrals(ITS_PARTNER, as_of),
        first_referral=DaysBefore(as_of, Min("day")),
        days_since_referral=DaysBefore(as_of, Max("day")),
        referrals_365=_rows(_within(as_of, 365)),
        referrals_total=Count("pk"),
        quarters=JSONArray(*(_rows(_within(as_of, last, first)) for first, last in QUARTERS)),
    )


def _of_unanswered(as_of: date) -> Subquery:
    """The attempts later than the last sign of life, a conversation or a referral."""
    its_partner = OuterRef(OuterRef("pk"))
    conversations = Interaction.objects.filter(
        partner=its_partner, is_conversation=True, day__lte=as_of
    )
    return _summary(
        Interaction.objects.filter(
            Q(day__gt=_latest(conversations)),
            Q(day__gt=_latest(_referrals(its_partner, as_of))),
            partner=ITS_PARTNER,
            is_unanswered=True,
            day__lte=as_of,
        ),
        unanswered_attempts=Count("day", distinct=True),
        unanswered_channels=Count("kind", distinct=True),
        unanswered_span_days=DaysBefore(as_of, Min("day")) - DaysBefore(as_of, Max("day")),
    )


def _since_tier(as_of: date) -> Subquery:
    """Contacts that the partner started after the day on which the standing tier began."""
    standing = TierChange.objects.as_of(as_of).filter(partner=OuterRef(OuterRef("pk")))
    contacts = Interaction.objects.filter(
        partner=ITS_PARTNER,
        is_partner_started=True,
        day__lte=as_of,
        day__gt=Subquery(standing.values("since")[:1]),
    )
    return Subquery(contacts.order_by().values("partner").annotate(n=Count("pk")).values("n"))


def _standing(as_of: date) -> Subquery:
    changes = TierChange.objects.as_of(as_of).filter(partner=ITS_PARTNER)
    return Subquery(
        changes.values(then=JSONObject(tier="tier", rule="rule", since="since"))[:1],
        output_field=JSONField(),
    )


def _referrals(partner: OuterRef, as_of: date) -> QuerySet[Referral]:
    return Referral.objects.filter(partner=partner, is_counted=True, day__lte=as_of)


def _latest(facts: QuerySet[Any]) -> Coalesce:
    latest = facts.order_by().values("partner").annotate(latest=Max("day")).values("latest")
    return Coalesce(Subquery(latest), Value(LONG_AGO), output_field=DateField())


def _summary(facts: QuerySet[Any], **counts: Any) -> Subquery:
    """One JSON object for the facts of one partner; null where there are none."""
    summary = facts.order_by().values("partner").annotate(summary=JSONObject(**counts))
    return Subquery(summary.values("summary"), output_field=JSONField())


def _within(as_of: date, last: int, first: int = 0) -> Q:
    """Between `first` and `last` days ago, both included."""
    return Q(day__range=(as_of - timedelta(days=last), as_of - timedelta(days=first)))


def _days(condition: Q) -> Count:
    return Count("day", distinct=True, filter=condition)


def _rows(condition: Q) -> Count:
    return Count("pk", filter=condition)

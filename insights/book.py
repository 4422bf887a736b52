"""Reads what the figures of a scope are counted from: in few queries, as light rows."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When

from accounts.models import Role, User
from insights.facts import (
    Book,
    Codes,
    Move,
    OfficerFact,
    PartnerFact,
    ReferralFact,
    TouchFact,
)
from insights.referrals import stood
from insights.scope import Scope
from insights.span import first_day
from interactions.models import (
    DEFAULT_MINUTES,
    Interaction,
    Purpose,
    Referral,
    ReferralDirection,
    Stage,
    StageMove,
)
from partners.models import Partner
from tiers.history import histories
from tiers.models import TierChange
from tiers.services import in_slices, judge
from tiers.timeline import History
from tiers.verdict import Tier
from touches.models import FocusPlace

# Of how long before a partner went to Cease the minutes are freed.
BEFORE_CEASE = timedelta(days=90)
# Looked up by plain strings, many thousand times.
USUAL_MINUTES = {str(kind): minutes for kind, minutes in DEFAULT_MINUTES.items()}

Partners = dict[int, PartnerFact]
Histories = Mapping[int, History]


def load(scope: Scope, now: datetime) -> Book:
    """All rows that the figures of a scope need, as they were at the end of its last day.

    Nine queries, however many partners; as of a past day its flags are judged too, in slices.
    """
    known = histories(_known(scope), codes=False)
    partners = _with_past_flags(_partners(scope, now), known, scope)
    touches, thanked_on = _touches(scope, partners)
    return Book(
        start=scope.start,
        end=scope.end,
        counted_at=now,
        partners=partners,
        histories=known,
        touches=touches,
        thanked_on=thanked_on,
        referrals=_referrals(scope, partners),
        officers=_officers(scope, partners),
        before_cease=_before_cease(_ceased(scope, partners, known)),
        codes=_codes(scope, partners, known),
    )


def _known(scope: Scope) -> QuerySet[Partner]:
    """The partners whose tiers are asked for: also others', where an officer's effort went."""
    if scope.officer is None:
        return scope.partners()
    touched = _in_period(scope).filter(scope.of_touches(), is_touch=True).order_by()
    return Partner.objects.filter(scope.of_partners() | Q(pk__in=touched.values("partner")))


def _in_period(scope: Scope) -> QuerySet[Interaction]:
    return Interaction.objects.filter(day__gt=scope.start, day__lte=scope.end)


# --- partners


def _partners(scope: Scope, now: datetime) -> Partners:
    conversations = Interaction.objects.filter(
        partner=OuterRef("pk"), is_conversation=True, day__lte=scope.end
    )
    rows = scope.partners().annotate(
        last_talk=Subquery(conversations.order_by("-day").values("day")[:1]),
        is_focus=Exists(FocusPlace.objects.on(scope.end).filter(partner=OuterRef("pk"))),
    )
    names = ["owner_id", "owner__name", "last_talk", "is_focus"]
    others = ["owner__time_zone", "archived_at", "standing__flags"]
    found = {}
    for (
        pk,
        first,
        last,
        owner_id,
        owner,
        last_talk,
        is_focus,
        zone,
        archived_at,
        flags,
    ) in rows.order_by("pk").values_list("pk", "first_name", "last_name", *names, *others):
        found[pk] = PartnerFact(
            pk=pk,
            name=f"{first} {last}".strip(),
            owner_id=owner_id,
            owner=owner,
            archived_on=archived_at.astimezone(ZoneInfo(zone)).date() if archived_at else None,
            is_current=scope.end >= now.astimezone(ZoneInfo(zone)).date(),
            last_conversation_on=last_talk,
            on_focus=is_focus,
            flags=tuple(flags or ()),
        )
    return found


def _with_past_flags(partners: Partners, known: Histories, scope: Scope) -> Partners:
    """What was flagged at the end, where that is a past day: a standing shows today's alone."""
    past = [partner for partner in partners.values() if not partner.is_current]
    in_book = [one.pk for one in past if one.pk in known and not one.is_archived_on(scope.end)]
    flags = {
        case.subject.partner_id: case.verdict.flags
        for keys in in_slices(in_book)
        for case in judge(keys, as_of=scope.end)
    }
    judged = {one.pk: one._replace(flags=flags.get(one.pk, ())) for one in past}
    return partners | judged


def _ceased(scope: Scope, partners: Partners, known: Histories) -> dict[int, date]:
    """The day on which they went to Cease in the period, of those who are in it at the end."""
    found = {}
    for pk, history in known.items():
        partner = partners.get(pk)
        if partner is None or partner.is_archived_on(scope.end):
            continue
        if history.tier_on(scope.end) == Tier.CEASE:
            entered = history.entered(Tier.CEASE, scope.start, scope.end)
            if entered is not None:
                found[pk] = entered
    return found


def _codes(scope: Scope, partners: Partners, known: Histories) -> dict[int, Codes]:
    """Why: the last change of each who stands in another tier than at the start."""
    changes = []
    for pk in partners:
        history = known.get(pk)
        if history is None or history.tier_on(scope.start) == history.tier_on(scope.end):
            continue
        if change := history.change_on(scope.end):
            changes.append(change.pk)
    rows = TierChange.objects.filter(pk__in=changes).order_by()
    return {
        partner_id: Codes(rule, tuple(reasons), tuple(flags))
        for partner_id, rule, reasons, flags in rows.values_list(
            "partner_id", "rule", "reasons", "flags"
        )
    }


# --- touches


def _touches(
    scope: Scope, partners: Partners
) -> tuple[dict[int, TouchFact], dict[int, tuple[date, ...]]]:
    """The touches whose minutes count, and on which days each partner was thanked."""
    thanks = Q(scope.of_partners("partner__"), purpose=Purpose.GRATITUDE)
    rows = _in_period(scope).filter(scope.of_touches() | thanks, is_touch=True)
    touches, thanked_on = {}, defaultdict(list)
    for touch, purpose in _touch_facts(rows):
        if scope.officer is None or touch.officer_id == scope.officer:
            touches[touch.pk] = touch
        if purpose == Purpose.GRATITUDE and touch.partner_id in partners:
            thanked_on[touch.partner_id].append(touch.day)
    return touches, {pk: tuple(days) for pk, days in thanked_on.items()}


def _touch_facts(rows: QuerySet[Interaction]) -> Iterator[tuple[TouchFact, str]]:
    names = ["pk", "partner_id", "officer_id", "day", "minutes", "kind", "purpose"]
    for pk, partner_id, officer_id, day, minutes, kind, purpose in rows.order_by().values_list(
        *names
    ):
        took = USUAL_MINUTES[kind] if minutes is None else minutes
        yield TouchFact(pk, partner_id, officer_id, day, took), purpose


def _before_cease(ceased: Mapping[int, date]) -> dict[int, tuple[TouchFact, ...]]:
    first = min(ceased.values(), default=date.max) - BEFORE_CEASE
    last = max(ceased.values(), default=date.min)
    rows = Interaction.objects.filter(
        partner__in=list(ceased), is_touch=True, day__gte=first, day__lt=last
    )
    found: dict[int, list[TouchFact]] = {pk: [] for pk in ceased}
    for touch, _ in _touch_facts(rows):
        on = ceased[touch.partner_id]
        if on - BEFORE_CEASE <= touch.day < on:
            found[touch.partner_id].append(touch)
    return {pk: tuple(touches) for pk, touches in found.items()}


# --- referrals


def _referrals(scope: Scope, partners: Partners) -> dict[int, ReferralFact]:
    rows = _relevant(scope)
    moves = _moves(scope, rows)
    names = ["direction", "day", "stage", "lost_reason"]
    found = {}
    for pk, partner_id, direction, day, stage, lost_reason, received_at in (
        rows.annotate(received_then=_of_period(scope, "day", "received_at"))
        .order_by("pk")
        .values_list("pk", "partner_id", *names, "received_then")
    ):
        partner = partners.get(partner_id)
        if partner is None:
            # Of a partner who came into the scope between two of these queries.
            continue
        found[pk] = stood(
            pk,
            partner_id,
            is_received=direction == ReferralDirection.RECEIVED,
            day=day,
            received_at=received_at,
            moves=moves.get(pk, ()),
            standing=(stage, lost_reason) if partner.is_current else None,
        )
    return found


def _relevant(scope: Scope) -> QuerySet[Referral]:
    """Those that a figure may count: of the last year, or moved since the start, or waiting.

    Also those that stand where no move tells, as the moves alone may say something else. All
    others ended, or came as far as they are, before the period: a book of ten years is not read.
    """
    moves = StageMove.objects.filter(referral=OuterRef("pk"))
    told = Exists(moves.filter(stage=OuterRef("stage")))
    matters = Q(day__gte=first_day(scope.end)) | Q(stage=Stage.RECEIVED) | ~Q(told)
    return Referral.objects.filter(
        scope.of_partners("partner__"),
        matters | Exists(moves.filter(day__gt=scope.start)),
        day__lte=scope.end,
    )


def _moves(scope: Scope, referrals: QuerySet[Referral]) -> dict[int, list[Move]]:
    found: defaultdict[int, list[Move]] = defaultdict(list)
    rows = StageMove.objects.filter(referral__in=referrals, day__lte=scope.end)
    in_order = rows.annotate(then=_of_period(scope, "referral__day", "at")).order_by("at", "pk")
    for referral_id, stage, lost_reason, day, at in in_order.values_list(
        "referral_id", "stage", "lost_reason", "day", "then"
    ):
        found[referral_id].append(Move(stage, lost_reason, day, at))
    return found


def _of_period(scope: Scope, day: str, moment: str) -> Case:
    """A moment of the referrals of the period; null for others: reading it is half of the time."""
    return Case(When(**{f"{day}__gt": scope.start}, then=F(moment)))


# --- officers


def _officers(scope: Scope, partners: Partners) -> tuple[OfficerFact, ...]:
    """Who has partners in the book, and the officers of the branches, by name."""
    touches = Interaction.objects.filter(officer=OuterRef("pk"), is_touch=True, day__lte=scope.end)
    last_touch = touches.order_by().values("officer").annotate(last=Max("day")).values("last")
    people = User.objects.filter(_of_scope(scope, partners.values())).distinct()
    rows = people.annotate(last_touch_on=Subquery(last_touch)).order_by("name", "pk")
    return tuple(OfficerFact(*row) for row in rows.values_list("pk", "name", "last_touch_on"))


def _of_scope(scope: Scope, partners: Collection[PartnerFact]) -> Q:
    if scope.officer is not None:
        return Q(pk=scope.officer)
    owners = {partner.owner_id for partner in partners if not partner.is_archived_on(scope.end)}
    grants = Q(grants__role=Role.OFFICER, branch__in=scope.branches, is_active=True)
    return Q(pk__in=owners) | grants

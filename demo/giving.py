"""What a demo's officers did together with partners, what it cost, and whom they step away from.

Who gets something is drawn from those whom they met in person, by the day alone: no tier and no
referral is asked.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby, islice

from django.db.models import Count, Q

from accounts.models import Role, User
from gratitude.models import Event, EventKind, Invitation, Piece, PieceKind, PieceSide
from gratitude.piece_services import add_piece
from gratitude.services import add_event, invite
from interactions.models import Direction, Interaction, Kind
from interactions.querysets import InteractionQuerySet
from ledger.desk_services import answer
from ledger.kinds import Kind as Value
from ledger.known import statement_in_force
from ledger.models import Answer, Ground, Line, Payer
from ledger.services import HeldBack, enter, start_draft
from partners.models import Partner
from stepaway.models import Way
from stepaway.services import Wish, choose
from tiers.verdict import Rule, Tier
from touches.workdays import working_day_from

# A demo of hundreds of officers needs no such rows for each of them.
MOST_OFFICERS = 3
LINES = 14
OTHERS = 5
AT_TABLE = [Kind.COFFEE, Kind.LUNCH]
TOGETHER = {
    Kind.CLASS: (EventKind.CLASS, "First-time buyer class", "Public library, room 2"),
    Kind.EVENT: (EventKind.CLIENT_EVENT, "Client appreciation evening", "Harbor Hall"),
    Kind.OPEN_HOUSE: (EventKind.OPEN_HOUSE, "Open house, Sunday afternoon", "On site"),
}
DAYS_BEHIND = 330


def add_giving(owners: Sequence[User], now: datetime) -> None:
    """Events, co-branded pieces, ledger lines and one step-away plan, through their services."""
    compliance = User.objects.filter(grants__role=Role.COMPLIANCE).order_by("pk").first()
    for owner in owners[:MOST_OFFICERS]:
        _past_events(owner, now)
        _coming_event(owner, now)
        _piece(owner, now)
        _lines(owner, now)
        _step_away(owner, now)
    if compliance:
        _answers(compliance, now)


def _log_of(owner: User, now: datetime, kinds: Sequence[Kind]) -> InteractionQuerySet:
    today = owner.today(now)
    log: InteractionQuerySet = Interaction.objects.filter(
        partner__owner=owner,
        partner__archived_at__isnull=True,
        partner__do_not_contact_since__isnull=True,
        officer=owner,
        direction=Direction.OUT,
        kind__in=kinds,
        day__range=(today - timedelta(days=DAYS_BEHIND), today - timedelta(days=1)),
    )
    return log.select_related("partner").order_by("-day", "pk")


def _past_events(owner: User, now: datetime) -> None:
    """Of each kind the newest one that stands in the log, with who came."""
    log = sorted(_log_of(owner, now, list(TOGETHER)), key=lambda row: row.kind)
    for kind, rows in groupby(log, key=lambda row: Kind(row.kind)):
        newest = list(rows)
        newest = [row for row in newest if row.day == newest[0].day]
        of, name, place = TOGETHER[kind]
        event = _event(owner, of, name, newest[0].day, place)
        came = {row.partner: row for row in newest}
        # Some more were asked, of whom nobody came.
        others = [
            row.partner for row in islice(_met(owner, now), OTHERS) if row.partner not in came
        ]
        Invitation.objects.bulk_create(
            Invitation(
                event=event,
                partner=partner,
                invited_by=owner,
                came=partner in came,
                interaction=came.get(partner),
            )
            for partner in [*came, *others]
        )


def _event(owner: User, kind: EventKind, name: str, day: date, place: str) -> Event:
    event = Event(
        officer=owner,
        kind=kind,
        name=name,
        day=day,
        starts_at=time(18),
        place=place,
        hosts=f"{owner.name} and colleagues",
        invited=Ground.ALL_LOCAL,
        invited_words="Everybody of the area who works with buyers",
    )
    return add_event(actor=owner, event=event, colleagues=[])


def _coming_event(owner: User, now: datetime) -> None:
    """An office lunch-and-learn next week, for everybody of the largest office."""
    day = working_day_from(owner.today(now) + timedelta(days=6))
    event = _event(
        owner, EventKind.LUNCH_AND_LEARN, "Rate outlook, lunch-and-learn", day, "At their office"
    )
    event.invited, event.invited_words = Ground.WHOLE_OFFICE, "The whole office"
    event.save(update_fields=["invited", "invited_words"])
    theirs = Partner.objects.active().not_left_in_peace().filter(owner=owner)
    first = theirs.filter(company__isnull=False).order_by("company__name", "pk").first()
    if first:
        office = theirs.filter(company=first.company).order_by("pk")
        invite(actor=owner, event=event, partner_ids=list(office.values_list("pk", flat=True)))


def _piece(owner: User, now: datetime) -> None:
    row = _log_of(owner, now, AT_TABLE).first()
    if row is None:
        return
    piece = Piece(
        officer=owner,
        kind=PieceKind.POSTCARD,
        name="Spring buyers’ guide by mail",
        description="A guide for buyers of 1,200 households, half a page for each of us.",
        starts_on=owner.today(now) - timedelta(days=40),
        total_cost=900,
        our_part="Text on loans, printing",
        our_share=50,
        our_cost=450,
    )
    side = PieceSide(partner=row.partner, part="Text on homes, mailing", share=50, cost=450)
    add_piece(actor=owner, piece=piece, sides=[side])


def _lines(owner: User, now: datetime) -> None:
    """Lines of the year's lunches and coffees, each the day after; one draft stays open."""
    for number, row in enumerate(_met(owner, now)):
        entered_at = datetime.combine(row.day + timedelta(days=1), time(9), owner.zone)
        draft = start_draft(
            actor=owner,
            officer=owner,
            source=f"contact:{row.batch}",
            said=_said(row, owner, number) | {"statement": statement_in_force(now).number},
            now=min(entered_at, now),
        )
        if number:
            try:
                enter(actor=owner, draft=draft, now=min(entered_at, now))
            except HeldBack:
                continue  # it waits as a draft, which a demo may show too


def _met(owner: User, now: datetime) -> Iterator[Interaction]:
    """One meeting with each of some partners, the newest first."""
    seen: set[int] = set()
    for row in _log_of(owner, now, AT_TABLE):
        if row.partner_id not in seen and len(seen) < LINES:
            seen.add(row.partner_id)
            yield row


def _said(row: Interaction, owner: User, number: int) -> dict[str, object]:
    cost = f"{(24 if row.kind == Kind.LUNCH else 9) + number % 5 * 3}.50"
    return {
        "way": "given",
        "kind": Value.MEAL.value,
        "day": row.day.isoformat(),
        "description": f"{row.get_kind_display()} for two",
        "payer": Payer.COMPANY.value,
        "cost": cost,
        "market_value": cost,
        "attendees": "2",
        "person_present": owner.name,
        "purpose": "To talk about the market and about our work",
        "discussed": "Inventory, rates, and a class for first-time buyers",
        "ground": "named_few",
        "ground_words": "A working conversation of two",
        "partners": [row.partner_id],
        "stated": "on",
        "stated_name": owner.name,
    }


def _answers(compliance: User, now: datetime) -> None:
    """Compliance has looked at what is older than a month; the rest waits."""
    month_ago = now - timedelta(days=30)
    waiting = Line.objects.exclude(findings=[]).filter(entered_at__lt=month_ago).order_by("pk")
    for number, line in enumerate(waiting):
        questioned = number == 0
        answer(
            actor=compliance,
            line=line,
            answer=Answer.QUESTIONED if questioned else Answer.APPROVED,
            note="What was the occasion? Please add the receipt." if questioned else "Usual.",
            now=now - timedelta(days=7),
        )


def _step_away(owner: User, now: datetime) -> None:
    """One of those in Cease, not for conduct: the others wait for a person's choice."""
    lately = Q(interactions__day__gte=owner.today(now) - timedelta(days=90))
    partner = (
        Partner.objects.active()
        .filter(owner=owner, standing__tier=Tier.CEASE, standing__override=None)
        # The others keep telling in detail why: saving them would judge them a second time.
        .filter(standing__rule__in=[Rule.UNRESPONSIVE, Rule.ONE_SIDED], standing__reasons=["stays"])
        .annotate(tries=Count("interactions", filter=lately))
        .order_by("-tries", "pk")
        .first()
    )
    if partner:
        wish = Wish(Way.STEP_AWAY, "A year of effort without an answer", seen=None)
        choose(actor=owner, partner=partner, wish=wish, now=now - timedelta(days=2))

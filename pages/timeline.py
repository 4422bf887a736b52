"""A partner's timeline: all that happened between us, the newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from heapq import nlargest
from itertools import chain

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.access import Access
from accounts.models import User
from gratitude.models import Event, Invitation, Piece, PieceSide
from gratitude.piece_states import LABELS, state_of, when_in_words
from interactions.models import Conduct, Direction, Interaction, Outcome, Purpose, Referral
from pages.kinds import KIND_ICONS
from pages.verdict import shown_verdict
from partners.models import Partner
from stepaway.models import Plan
from tiers.disclosure import tells_conduct
from tiers.models import TierChange
from tiers.wording import explain
from web.templatetags.pages import money

# How many entries a page shows at first, and how many more with each "Show older".
STEP = 30
MOST = 900


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    type: str
    day: date
    # Within one day: tier changes on top of what caused them.
    rank: tuple[date, int, int]
    icon: str
    title: str
    meta: str = ""
    note: str = ""
    href: str = ""
    tier: str = ""
    from_tier: str = ""
    conduct: str = ""
    inbound: bool = False
    tells_conduct: bool = False


@dataclass(frozen=True)
class Timeline:
    entries: list[Entry]
    # How many to ask for to see older ones; None where there are none.
    longer: int | None

    @property
    def tells_conduct(self) -> bool:
        return any(entry.tells_conduct for entry in self.entries)


def timeline(partner: Partner, viewer: User, access: Access, length: int, today: date) -> Timeline:
    """The newest entries, in six queries whatever their number; `today` is the owner's.

    Conduct, and the note beside it, is left out for people who may not see it.
    """
    length = min(max(length, STEP), MOST)
    sources = (
        _interactions(partner, access, length + 1),
        _referrals(partner, length + 1),
        _tier_changes(partner, access, length + 1),
        _handovers(partner, length + 1),
        _step_aways(partner, length + 1) if access.decides else (),
        _events(partner, viewer, length + 1),
        _pieces(partner, viewer, length + 1, today),
    )
    entries = nlargest(length + 1, chain(*sources), key=lambda entry: entry.rank)
    more = len(entries) > length and length < MOST
    return Timeline(entries[:length], length + STEP if more else None)


def _interactions(partner: Partner, access: Access, most: int) -> Iterator[Entry]:
    rows = Interaction.objects.filter(partner=partner).select_related("officer").newest_first()
    for row in rows[:most]:
        private = row.conduct != Conduct.NONE and not access.sees_conduct
        yield Entry(
            type="interaction",
            day=row.day,
            rank=(row.day, 0, row.pk),
            icon=KIND_ICONS[row.kind],
            title=_title(row),
            meta=_meta(row),
            note="" if private else row.note,
            href=reverse("interaction_edit", args=[row.pk]) if access.works else "",
            conduct=_conduct(row) if access.sees_conduct else "",
            tells_conduct=row.conduct != Conduct.NONE and access.sees_conduct,
            inbound=row.direction == Direction.IN,
        )


def _title(row: Interaction) -> str:
    if row.direction == Direction.OUT and row.outcome == Outcome.NO_RESPONSE:
        return f"{row.get_kind_display()}, no response"
    return row.get_kind_display()


def _meta(row: Interaction) -> str:
    parts = [row.officer.name, f"{row.minutes} min" if row.minutes else ""]
    if row.purpose != Purpose.RELATIONSHIP:
        parts.append(row.get_purpose_display())
    parts.append("Partnership review" if row.was_review else "")
    parts.append("Value given" if row.gave_value else "")
    return " · ".join(part for part in parts if part)


def _conduct(row: Interaction) -> str:
    if row.conduct == Conduct.NONE:
        return ""
    return f"{row.get_conduct_display()}{', settled' if row.conduct_closed_on else ''}"


def _referrals(partner: Partner, most: int) -> Iterator[Entry]:
    for row in Referral.objects.filter(partner=partner).newest_first()[:most]:
        received = row.direction == "received"
        yield Entry(
            type="referral",
            day=row.day,
            rank=(row.day, 1, row.pk),
            icon="arrow-down-left" if received else "arrow-up-right",
            title=f"Referred {row.borrower} to us" if received else f"We referred {row.borrower}",
            meta=" · ".join(part for part in (row.get_stage_display(), money(row.amount)) if part),
            href=row.get_absolute_url(),
        )


def _tier_changes(partner: Partner, access: Access, most: int) -> Iterator[Entry]:
    changes = TierChange.objects.filter(partner=partner).moves().order_by("-on", "-pk")
    for change in changes[:most]:
        verdict = shown_verdict(change, access)
        yield Entry(
            type="tier",
            day=change.on,
            rank=(change.on, 2, change.pk),
            icon="",
            title=explain(verdict) if change.rule else LABELED,
            tier=change.tier,
            from_tier=change.from_tier,
            tells_conduct=tells_conduct(verdict),
        )


def _handovers(partner: Partner, most: int) -> Iterator[Entry]:
    """Who had them before, and since when; the note is for those who lead the two."""
    rows = partner.handovers.select_related("from_owner", "to_owner").order_by("-made_at", "-pk")
    for row in rows[:most]:
        yield _handover(partner, row.made_at, f"{row.from_owner} handed over to {row.to_owner}")
        if row.taken_back_at:
            yield _handover(partner, row.taken_back_at, f"Back with {row.from_owner}")


def _handover(partner: Partner, at: datetime, title: str) -> Entry:
    day = partner.owner.today(at)
    # To the microsecond: one may be taken back at once.
    rank = (day, 3, int(at.timestamp() * 1_000_000))
    return Entry(type="handover", day=day, rank=rank, icon="arrow-left-right", title=title)


def _events(partner: Partner, viewer: User, most: int) -> Iterator[Entry]:
    """Those to which they were invited; one that was logged stands there as what was logged."""
    seen = Event.objects.visible_to(viewer).filter(pk=OuterRef("event"))
    rows = Invitation.objects.filter(partner=partner, interaction__isnull=True)
    rows = rows.select_related("event").annotate(seen=Exists(seen)).order_by("-event__day", "-pk")
    for row in rows[:most]:
        event = row.event
        yield Entry(
            type="event",
            day=event.day,
            rank=(event.day, 4, row.pk),
            icon="calendar-days",
            title=f"{'Came' if row.came else 'Invited'} to {event.name}",
            meta=f"{event.get_kind_display()}{_how_it_went(row)}",
            href=event.get_absolute_url() if row.seen else "",
        )


def _how_it_went(row: Invitation) -> str:
    if row.event.cancelled_at:
        return " · Cancelled"
    return " · Did not come" if row.came is False else ""


def _pieces(partner: Partner, viewer: User, most: int, today: date) -> Iterator[Entry]:
    """Co-branded pieces of which they are a side; what they cost stands on their pages."""
    seen = Piece.objects.visible_to(viewer).filter(pk=OuterRef("piece"))
    rows = PieceSide.objects.filter(partner=partner).select_related("piece")
    rows = rows.annotate(seen=Exists(seen)).order_by("-piece__starts_on", "-pk")
    for row in rows[:most]:
        piece = row.piece
        off = piece.called_off_at is not None
        state = LABELS[state_of(piece.starts_on, piece.ends_on, off, today)]
        when = when_in_words(piece.starts_on, piece.ends_on)
        yield Entry(
            type="piece",
            day=piece.starts_on,
            rank=(piece.starts_on, 5, row.pk),
            icon="megaphone",
            title=f"Co-marketing: {piece.name}",
            meta=f"{piece.get_kind_display()} · {state}, {when}",
            href=piece.get_absolute_url() if row.seen else "",
        )


def _step_aways(partner: Partner, most: int) -> Iterator[Entry]:
    """When a plan was opened and closed: for who decides alone, without reasons."""
    rows = Plan.objects.filter(partner=partner).select_related("closed_by", "choice__made_by")
    for row in rows[:most]:
        by = row.choice.made_by
        yield _step_away(partner, row.opened_at, f"{by} began to step away")
        if row.closed_at:
            how = row.get_outcome_display().lower()
            yield _step_away(partner, row.closed_at, f"{row.closed_by} closed it: {how}")


def _step_away(partner: Partner, at: datetime, title: str) -> Entry:
    day = partner.owner.today(at)
    rank = (day, 3, int(at.timestamp() * 1_000_000))
    href = reverse("step_away", args=[partner.pk])
    return Entry(type="step-away", day=day, rank=rank, icon="hand", title=title, href=href)


LABELED = "The officer's own label, brought by an import."

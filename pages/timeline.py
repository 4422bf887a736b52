"""A partner's timeline: interactions, referrals, tier changes, hand-overs, the newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from heapq import nlargest
from itertools import chain

from django.urls import reverse

from accounts.access import Access
from interactions.models import Conduct, Direction, Interaction, Outcome, Purpose, Referral
from pages.kinds import KIND_ICONS
from pages.verdict import shown_verdict
from partners.models import Partner
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


def timeline(partner: Partner, access: Access, length: int) -> Timeline:
    """The newest entries, in four queries whatever their number.

    Conduct, and the note beside it, is left out for people who may not see it.
    """
    length = min(max(length, STEP), MOST)
    sources = (
        _interactions(partner, access, length + 1),
        _referrals(partner, length + 1),
        _tier_changes(partner, access, length + 1),
        _handovers(partner, length + 1),
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


LABELED = "The officer's own label, brought by an import."

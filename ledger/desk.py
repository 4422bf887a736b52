"""The desk of compliance: what waits for them, in a fixed number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from ledger.kinds import KINDS, WAYS
from ledger.models import Approval, Draft, Ground, Line, Payer
from partners.models import Partner
from web.paging import Page, page_of, row_keys

ROWS_A_PAGE = 25
HOLD = "hold"


@dataclass(frozen=True)
class Tray:
    """One list of the desk: its name in the address, its title, and how many are in it."""

    name: str
    title: str
    count: int


@dataclass(frozen=True)
class Desk:
    trays: list[Tray]
    open_tray: Tray
    page: Page[Any]


def waiting_lines() -> QuerySet[Line]:
    return _to_read(Line.objects.awaiting_approval())


def questioned_lines() -> QuerySet[Line]:
    return _to_read(Line.objects.questioned())


def held_drafts() -> QuerySet[Draft]:
    """Open drafts that a check holds back until they are released, and are not yet."""
    drafts = _drafts().filter(entered_at__isnull=True, discarded_at__isnull=True)
    found = [draft for draft in drafts.exclude(findings=[]) if codes_held(draft)]
    return _drafts().filter(pk__in=[draft.pk for draft in found])


def flagged_drafts() -> QuerySet[Draft]:
    """Drafts whose purpose spoke of referrals once, however it reads now; the newest first."""
    return _drafts().filter(flagged_at__isnull=False).order_by("-flagged_at", "-pk")


def codes_held(draft: Draft) -> list[str]:
    """The checks that hold this draft back and that nobody has released."""
    released = draft.released_checks
    codes = [finding["code"] for finding in draft.findings if finding["level"] == HOLD]
    return [code for code in dict.fromkeys(codes) if code not in released]


TRAYS = {
    "waiting": ("Waiting for an answer", waiting_lines),
    "held": ("Held back", held_drafts),
    "questioned": ("Questioned", questioned_lines),
    "words": ("Spoke of referrals", flagged_drafts),
}


def desk(name: str, number: int) -> Desk:
    """The tray of this name, or the first, beside how much is in each of them."""
    found: dict[str, QuerySet[Any]] = {key: rows() for key, (_, rows) in TRAYS.items()}
    trays = [Tray(key, TRAYS[key][0], rows.count()) for key, rows in found.items()]
    opened = next((tray for tray in trays if tray.name == name), trays[0])
    return Desk(trays, opened, page_of(found[opened.name], number, ROWS_A_PAGE))


def said_in_words(drafts: Iterable[Draft]) -> dict[int, list[tuple[str, str]]]:
    """What each draft says so far, as pairs of a label and words, by its key."""
    shown = list(drafts)
    partners = Partner.objects.filter(
        pk__in={key for draft in shown for key in row_keys(draft.said.get("partners") or [])}
    ).select_related("company")
    names = {partner.pk: _with_company(partner) for partner in partners}
    return {draft.pk: list(_pairs(draft.said, names)) for draft in shown}


def _pairs(said: Mapping[str, Any], names: Mapping[int, str]) -> Iterable[tuple[str, str]]:
    for name, label in LABELS.items():
        value = said.get(name)
        words = CHOICES.get(name, {}).get(str(value)) or value
        if name == "partners":
            words = ", ".join(names.get(key, "?") for key in row_keys(value or []))
        if words not in (None, "", [], False):
            yield label, "Yes" if words is True else str(words)


def _with_company(partner: Partner) -> str:
    company = f" ({partner.company})" if partner.company else ""
    return f"{partner.full_name}{company}"


def _to_read(lines: Any) -> Any:
    """The oldest first, with what a tray shows of each."""
    answers = Approval.objects.filter(line=OuterRef("pk")).order_by("-id")
    return (
        lines.annotate(newest_note=Subquery(answers.values("note")[:1]))
        .select_related("officer", "entered_by", "draft")
        .defer("draft__said")
        .prefetch_related("recipients")
        .order_by("entered_at", "pk")
    )


def _drafts() -> QuerySet[Draft]:
    loaded = Draft.objects.select_related("officer", "made_by", "line")
    return loaded.prefetch_related("releases__released_by").order_by("changed_at", "pk")


LABELS: dict[str, str] = {
    "way": "Way",
    "kind": "Kind",
    "day": "Date",
    "description": "What",
    "partners": "Partners",
    "others": "Others",
    "payer": "Who paid",
    "payer_name": "Name of who paid",
    "cost": "Cost",
    "market_value": "Market value",
    "attendees": "How many took part",
    "person_present": "Our person who was there",
    "purpose": "Purpose",
    "discussed": "Discussed",
    "ground": "How recipients were chosen",
    "ground_words": "In words",
    "deliverable": "What we get for it",
    "benchmark": "What others pay for the same",
    "benchmark_source": "How we know",
    "share_of_piece": "Our share of the piece, percent",
    "share_of_cost": "Our share of its cost, percent",
    "paid_back": "What the partner paid for it",
    "is_raffle": "Drawn or raffled",
    "stated_name": "Name under the statement",
}
CHOICES: dict[str, dict[str, str]] = {
    "way": WAYS,
    "kind": KINDS,
    "payer": {str(value): str(label) for value, label in Payer.choices},
    "ground": {str(value): str(label) for value, label in Ground.choices},
}

"""Logging one contact with several partners, and what became of their tiers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.access import access_to
from accounts.models import User
from interactions.models import DEFAULT_MINUTES, Kind, Purpose
from interactions.services import log
from ledger.models import Draft
from ledger.services import start_draft
from pages.forms import LEDGER_KINDS, QuickLogForm
from pages.kinds import KIND_ICONS
from pages.verdict import shown_verdict
from partners.models import Partner
from tiers.classification import Tier
from tiers.wording import explain
from touches.services import plan


@dataclass(frozen=True)
class KindChoice:
    """A button of the form."""

    value: str
    label: str
    icon: str
    minutes: int


KIND_CHOICES = [
    KindChoice(kind.value, kind.label, KIND_ICONS[kind], DEFAULT_MINUTES[kind]) for kind in Kind
]


def tells_more(form: QuickLogForm) -> bool:
    """Whether something is filled in, or wrong, in the part that is folded away at first."""
    usual = form["purpose"].value() in {None, "", Purpose.RELATIONSHIP}
    ticked = form["was_review"].value() or form["gave_value"].value() or form["cost"].value()
    return bool(form.errors.keys() & {"purpose", "conduct", "cost"} or ticked or not usual)


@dataclass(frozen=True)
class Logged:
    """What became of a log; `draft` is the ledger line that it began, where it cost something."""

    results: "list[Result]"
    draft: Draft | None


@dataclass(frozen=True)
class Result:
    """A partner after the log: the tier in force, the one before, and why."""

    partner: Partner
    before: Tier
    tier: Tier
    overridden: bool
    sentence: str

    @property
    def moved(self) -> bool:
        return self.before != self.tier


def save(form: QuickLogForm, *, actor: User, now: datetime) -> Logged:
    """Log the contact, plan the step and begin a ledger line: all or none."""
    data = form.cleaned_data
    partners: list[Partner] = data["partners"]
    before = {
        partner.pk: partner.standing.tier_in_force(partner.owner.today(now)) for partner in partners
    }
    with transaction.atomic():
        rows = log(actor=actor, partners=partners, contact=form.contact, batch=data["key"])
        if data["step_what"]:
            plan(
                actor=actor,
                partners=partners,
                what=data["step_what"],
                due_on=data["step_on"],
                key=rows[0].batch,
            )
        draft = _ledger_draft(data, partners, actor, rows[0].batch, now) if data["cost"] else None
    after = Partner.objects.filter(pk__in=before).select_related("owner", "standing__override")
    return Logged(
        [
            _result(actor, partner, before[partner.pk], partner.owner.today(now))
            for partner in after
        ],
        draft,
    )


def _ledger_draft(
    data: dict[str, Any], partners: list[Partner], actor: User, batch: UUID, now: datetime
) -> Draft:
    """Begin the line of what it cost: the actor's where it is with a partner of theirs."""
    owners = {partner.owner_id: partner.owner for partner in partners}
    said = {
        "kind": LEDGER_KINDS[data["kind"]],
        "day": data["day"],
        "partners": partners,
        "cost": data["cost"],
    }
    return start_draft(
        actor=actor,
        officer=owners.get(actor.pk, partners[0].owner),
        source=f"contact:{batch}",
        said=said,
        now=now,
    )


def _result(actor: User, partner: Partner, before: Tier, today: date) -> Result:
    standing = partner.standing
    return Result(
        partner=partner,
        before=before,
        tier=standing.tier_in_force(today),
        overridden=standing.override_in_force(today) is not None,
        sentence=explain(shown_verdict(standing, access_to(actor, partner.owner))),
    )

"""The text for a partner and an occasion, and the team's own wording of each."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import Branch, User
from audit.services import record
from partners.models import Partner
from texts.facts import facts_of
from texts.filling import fill
from texts.models import TeamText
from texts.occasions import Occasion, Program
from texts.originals import ANY_TIER, ORIGINALS, Place, Text, tiers_of
from texts.silence import reason_for_silence
from tiers.verdict import Tier


@dataclass(frozen=True)
class Filled:
    """A message as it stands ready for a person to read, change and send."""

    subject: str
    body: str


class NotOffered(Exception):
    """There is no text for this partner now; the message is a sentence for people."""


def filled_text(
    *, user: User, partner: Partner, occasion: str, program: str, today: date | None = None
) -> Filled:
    """The wording of the owner's branch, else the company's, else ours, with the partner's facts.

    `today` is the owner's day, by which the tier in force and the years are told; the texts of a
    step-away plan do without. Raises NotOffered where nothing is to go out. Sends nothing.
    """
    tier = _tier_in_force(partner, occasion, today)
    silence = reason_for_silence(partner, occasion, program, ceased=tier == Tier.CEASE)
    if silence:
        raise NotOffered(silence)
    wording = tier if tier in tiers_of(occasion) else tiers_of(occasion)[-1]
    place = Place(Occasion(occasion), wording, Program(program))
    text = text_in_force(place, partner.owner.branch_id)
    facts = facts_of(partner, user, occasion, today)
    subject = fill(text.subject, facts)
    if program == Program.EMAIL and not subject:
        subject = fill("Hello from {my_name}", facts)
    return Filled(" ".join(subject.split()), fill(text.body, facts))


def _tier_in_force(partner: Partner, occasion: str, today: date | None) -> str:
    if today is None or occasion in {Occasion.FAREWELL, Occasion.DECLINE}:
        return ANY_TIER
    return partner.standing.tier_in_force(today)


def text_in_force(place: Place, branch_id: int | None) -> Text:
    """The branch's wording, else the company's, else the original."""
    own = TeamText.objects.at(place).read_in(branch_id).nearest_first().first()
    return Text(own.subject, own.body) if own else ORIGINALS[place]


def change_text(
    *, actor: User, place: Place, branch: Branch | None, text: Text, now: datetime
) -> TeamText:
    """Word a text anew, for a branch or (None) the company. Recorded where it differs."""
    with transaction.atomic():
        row = TeamText.objects.at(place).of(branch).select_for_update().first()
        if row and (row.subject, row.body) == (text.subject, text.body):
            return row
        row, _ = TeamText.objects.update_or_create(
            occasion=place.occasion,
            tier=place.tier,
            program=place.program,
            branch=branch,
            defaults={
                "subject": text.subject,
                "body": text.body,
                "changed_by": actor,
                "changed_at": now,
            },
        )
        record(actor=actor, action="text.changed", target=row, fields=["subject", "body"])
    return row


def back_to_original(*, actor: User, place: Place, branch: Branch | None) -> bool:
    """Let go of a wording, so that the next one above holds. Recorded; False where none was."""
    with transaction.atomic():
        row = TeamText.objects.at(place).of(branch).select_for_update().first()
        if row is None:
            return False
        record(actor=actor, action="text.restored", target=row)
        row.delete()
    return True

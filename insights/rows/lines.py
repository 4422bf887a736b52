"""The rows of an opened set as a page or a file shows them: loaded for one reader, disclosed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Model, QuerySet

from accounts.access import access_to
from accounts.models import User
from insights.facts import Book, PartnerFact
from insights.rows.opened import OpenedSet, all_touches
from interactions.models import Interaction, LostReason, Referral, Stage
from partners.models import Partner
from tiers.disclosure import codes_tell_conduct, disclosed_codes
from tiers.models import TierChange
from tiers.verdict import Tier
from tiers.wording import why

Row = TypeVar("Row", bound=Model)
Codes = tuple[str | None, Iterable[str], Iterable[str]]


@dataclass(frozen=True)
class PartnerLine:
    partner: Partner
    # In force at the end; None where archived by then.
    tier: Tier | None
    overridden: bool
    # The first day of that tier.
    since: date | None
    why: str
    last_conversation_on: date | None
    tells_conduct: bool


@dataclass(frozen=True)
class TouchLine:
    touch: Interaction
    # As they are counted: the usual ones of the kind where nobody noted any.
    minutes: int
    # On the day of the touch.
    tier: Tier | None


@dataclass(frozen=True)
class ReferralLine:
    """A referral with its stage as of the end."""

    referral: Referral
    stage: Stage
    lost_reason: str
    # None where no move says since when it stands there.
    stands_since: date | None


Line = PartnerLine | TouchLine | ReferralLine


def lines_of(
    opened: OpenedSet, keys: Sequence[int], user: User, *, for_file: bool = False
) -> Sequence[Line]:
    """These rows in their order, in at most two queries; what the reader does not see is left out.

    Reasons tell of conduct to the owner and their manager alone, and in a file to nobody.
    """
    if opened.kind == "partners":
        return _partners(opened.book, keys, user, for_file)
    if opened.kind == "touches":
        return _touches(opened.book, keys, user)
    return _referrals(opened.book, keys, user)


def _in_order(rows: QuerySet[Row], keys: Sequence[int]) -> list[Row]:
    found = {row.pk: row for row in rows.filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


# --- partners


def _partners(book: Book, keys: Sequence[int], user: User, for_file: bool) -> list[PartnerLine]:
    visible = Partner.objects.visible_to(user).select_related("owner", "company", "standing")
    partners = _in_order(visible, keys)
    changes = _last_changes(book, partners)
    found = []
    for partner in partners:
        codes = _codes(book.partners[partner.pk], partner, changes.get(partner.pk))
        if for_file or not access_to(user, partner.owner).sees_conduct:
            codes = disclosed_codes(*codes)
        found.append(_partner_line(book, partner, codes))
    return found


def _partner_line(book: Book, partner: Partner, codes: Codes) -> PartnerLine:
    fact, history = book.partners[partner.pk], book.history(partner.pk)
    tier = book.tier_on(fact, book.end)
    return PartnerLine(
        partner=partner,
        tier=tier,
        overridden=history.override_on(book.end) is not None,
        since=history.entered(tier, date.min, book.end) if tier else None,
        why=why(*codes),
        last_conversation_on=fact.last_conversation_on,
        tells_conduct=codes_tell_conduct(*codes),
    )


def _last_changes(book: Book, partners: Sequence[Partner]) -> dict[int, TierChange]:
    """The last verdict that was recorded by the end, of those for whom the end is past."""
    past = [row.pk for row in partners if not book.partners[row.pk].is_current]
    changes = [change.pk for key in past if (change := book.history(key).change_on(book.end))]
    if not changes:
        return {}
    return {row.partner_id: row for row in TierChange.objects.filter(pk__in=changes)}


def _codes(fact: PartnerFact, partner: Partner, change: TierChange | None) -> Codes:
    if fact.is_current:
        standing = getattr(partner, "standing", None)
        return (standing.rule, standing.reasons, standing.flags) if standing else (None, (), ())
    return (change.rule, change.reasons, fact.flags) if change else (None, (), ())


# --- touches and referrals


def _touches(book: Book, keys: Sequence[int], user: User) -> list[TouchLine]:
    visible = Interaction.objects.visible_to(user).select_related("partner__owner", "officer")
    touches = all_touches(book)
    return [
        TouchLine(
            touch=row,
            minutes=touches[row.pk].minutes,
            tier=book.history(row.partner_id).tier_on(row.day),
        )
        for row in _in_order(visible, keys)
    ]


def _referrals(book: Book, keys: Sequence[int], user: User) -> list[ReferralLine]:
    visible = Referral.objects.visible_to(user).select_related("partner__owner")
    found = []
    for row in _in_order(visible, keys):
        fact = book.referrals[row.pk]
        reason = LostReason(fact.lost_reason).label if fact.lost_reason else ""
        found.append(ReferralLine(row, Stage(fact.stage), reason, fact.stands_since))
    return found

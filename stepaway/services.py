"""What a person chooses for a partner in Cease, and the manager's second look at it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.access import access_to
from accounts.models import Role, User
from audit.services import record
from partners.models import Partner
from stepaway.models import Choice, Way
from stepaway.plan_services import open_plan
from stepaway.words import KEPT, TALK, SecondLook, second_look
from tiers.models import TierStanding
from tiers.overrides import override, refusal
from tiers.signals import subjects
from tiers.verdict import Rule, Tier
from touches.services import plan

TALK_DAYS = 7
MEANWHILE = "Somebody chose meanwhile. Look at what stands here now."


@dataclass(frozen=True)
class Wish:
    """What a person wants: `seen` is the last choice that they saw, and `tier`, `ends_on` keep."""

    way: Way
    reason: str
    seen: int | None
    tier: Tier | None = None
    ends_on: date | None = None


def was_abuse(partner: Partner, today: date) -> bool:
    """Whether the facts of a day tell of abuse: no talk is offered then, and no look-again."""
    subject = next(subjects(Partner.objects.filter(pk=partner.pk), today))
    return subject.signals.abusive_730 > 0


def second_look_of(actor: User, partner: Partner, rule: str) -> SecondLook:
    """Who looks second when this person chooses for this partner."""
    managers = list(_managers(partner.owner))
    return second_look(
        about_conduct=rule == Rule.CONDUCT,
        by_manager=actor in managers,
        is_owner=actor.pk == partner.owner_id,
        others=[str(one) for one in managers if one != actor],
    )


def may_look(actor: User, choice: Choice) -> bool:
    return choice.made_by_id != actor.pk and actor in _managers(choice.partner.owner)


def _managers(owner: User) -> list[User]:
    if owner.branch_id is None:
        return []
    found = User.objects.active().filter(grants__role=Role.MANAGER, grants__branch=owner.branch_id)
    return list(found.distinct().order_by("name", "pk"))


def refusals(actor: User, partner: Partner, standing: TierStanding, today: date) -> dict[str, str]:
    """Why a way is not offered, by its name; a way that is missing here is offered."""
    said: dict[str, str] = {}
    if standing.rule == Rule.ASKED_TO_STOP:
        said[Way.TALK] = "They asked us to stop, so nobody reaches out to talk."
    elif was_abuse(partner, today):
        said[Way.TALK] = "Nobody has to talk first with somebody who abused one of us."
    if sentence := refusal(actor, partner, standing):
        said[Way.KEEP] = sentence
    return said


def closed_to_choice(partner: Partner, today: date) -> str:
    """Why nothing can be chosen for this partner now; blank where it can."""
    standing: TierStanding = partner.standing
    if partner.archived_at:
        return f"{partner.full_name} is archived."
    if partner.stepping_away_since:
        return "We are stepping away already."
    if standing.tier_in_force(today) != Tier.CEASE:
        return "The tier in force is not Cease, so there is nothing to choose."
    return ""


def choose(*, actor: User, partner: Partner, wish: Wish, now: datetime) -> Choice:
    """Write down a choice and let it begin, or let it wait for the manager's second look.

    In one transaction: locks the partner, and only then reads the tier and the last choice. To talk
    plans a conversation within seven days, to step away opens the plan, to keep overrides the tier.
    Recorded without reason. A double submit gives the choice that it made. Raises ValidationError,
    with a sentence for people, where this way is not open to this person, or where somebody chose
    meanwhile.
    """
    with transaction.atomic():
        found = _locked(partner)
        last = Choice.objects.filter(partner=found).last()
        if last and last.pk != wish.seen:
            return _the_same(last, actor, wish)
        today = found.owner.today(now)
        _check(actor, found, last, wish.way, today)
        look = second_look_of(actor, found, found.standing.rule)
        choice = Choice.objects.create(
            partner=found,
            way=wish.way,
            reason=wish.reason,
            rule=found.standing.rule,
            tier_since=found.standing.since,
            made_by=actor,
            made_at=now,
            # Only a manager keeps somebody in spite of conduct: that is a look already.
            needs_second_look=look.is_needed and wish.way != Way.KEEP,
        )
        record(actor=actor, action="stepaway.chosen", target=found)
        if not choice.waits:
            _begin(actor, choice, wish, now)
    return choice


def _the_same(last: Choice, actor: User, wish: Wish) -> Choice:
    if (last.way, last.reason, last.made_by_id) == (wish.way, wish.reason, actor.pk):
        return last
    raise ValidationError(MEANWHILE)


def _check(actor: User, partner: Partner, last: Choice | None, way: Way, today: date) -> None:
    if not access_to(actor, partner.owner).decides:
        raise ValidationError("The owner and their manager decide this.")
    if sentence := closed_to_choice(partner, today):
        raise ValidationError(sentence)
    if last and last.waits and second_lookers(last):
        raise ValidationError("A choice waits for the manager to look at it.")
    if sentence := refusals(actor, partner, partner.standing, today).get(way, ""):
        raise ValidationError(sentence)


def second_lookers(choice: Choice) -> list[User]:
    """Who may look at a choice: nobody, where the branch has no other manager any more."""
    return [one for one in _managers(choice.partner.owner) if one.pk != choice.made_by_id]


def _begin(actor: User, choice: Choice, wish: Wish | None, now: datetime) -> None:
    """What a choice does, once nobody needs to look at it any more."""
    partner, today = choice.partner, choice.partner.owner.today(now)
    if choice.way == Way.TALK:
        due_on = today + timedelta(days=TALK_DAYS)
        touches = plan(actor=actor, partners=[partner], what=TALK, due_on=due_on, key=uuid4())
        choice.talk = touches[0]
        choice.save(update_fields=["talk"])
    elif choice.way == Way.STEP_AWAY:
        is_abuse = was_abuse(partner, today)
        open_plan(actor=choice.made_by, choice=choice, is_abuse=is_abuse, now=now)
    elif wish and wish.tier and wish.ends_on:
        tier, ends_on = wish.tier, wish.ends_on
        override(actor=actor, partner=partner, tier=tier, reason=KEPT, ends_on=ends_on, now=now)


def look(*, actor: User, choice: Choice, agreed: bool, note: str, now: datetime) -> bool:
    """The manager's second look: agree, which lets it begin, or send it back with a note. Recorded.

    Locks the partner first; False where somebody looked already. Raises ValidationError for who
    may not look, and where the choice fits no more: it is not open any more, or chosen anew.
    """
    with transaction.atomic():
        partner = _locked(choice.partner)
        found = Choice.objects.select_related("made_by").get(pk=choice.pk)
        found.partner = partner
        if not found.waits:
            return False
        if Choice.objects.filter(partner=partner, pk__gt=found.pk).exists():
            raise ValidationError(MEANWHILE)
        if not may_look(actor, found):
            raise ValidationError("Another manager of this branch looks second.")
        sentence = _fits_no_more(found, partner.owner.today(now))
        if agreed and sentence:
            raise ValidationError(f"{sentence} Send it back.")
        found.looked_at, found.looked_by = now, actor
        found.agreed, found.look_note = agreed, note
        found.save(update_fields=["looked_at", "looked_by", "agreed", "look_note"])
        record(actor=actor, action="stepaway.looked", target=partner, agreed=agreed)
        if agreed:
            _begin(found.made_by, found, None, now)
    return True


def _fits_no_more(choice: Choice, today: date) -> str:
    """Why a choice that waited cannot begin now; blank where it can."""
    partner = choice.partner
    said = refusals(choice.made_by, partner, partner.standing, today)
    return closed_to_choice(partner, today) or said.get(choice.way, "")


def _locked(partner: Partner) -> Partner:
    Partner.objects.locked([partner.pk])
    rows = Partner.objects.select_related("owner", "standing__override")
    found: Partner = rows.get(pk=partner.pk)
    return found

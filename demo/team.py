"""What those who look after others did: a policy, a hand-over, an absence, an invitation."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from accounts.absences import add_absence
from accounts.models import User
from accounts.services import add_person
from demo.people import ADA, BOB, MONA, NORA
from demo.records import PartnerStory
from partners.models import Handover, Partner
from tiers.models import PolicyVersion
from tiers.policy import Policy
from tiers.services import publish_policy
from touches.workdays import monday_of

YEARS = timedelta(days=760)
POLICY_AGO = timedelta(days=150)
HANDOVER_AGO = timedelta(days=42)
INVITED_AGO = timedelta(days=9)
# From a Monday to the Friday of the week after it.
AWAY_BEFORE, AWAY_FOR = timedelta(days=14), timedelta(days=11)
AFTERNOON = time(16)

POLICY_NOTE = "Builders close few and large deals: five referrals a year are plenty."
HANDOVER_NOTE = "Both moved to an office on Alice’s side of the river."
# Who was handed over: partners of the first book who are in Cultivation for long.
HANDED_OVER = "sporadic_in_focus"
HOW_MANY = 2


@dataclass(frozen=True)
class Earlier:
    """Partners who were another officer's through a day."""

    owner: User
    until: date
    partner_ids: frozenset[int]

    def officer_of(self, partner: Partner, day: date) -> User:
        """Whose effort it was on a day."""
        is_earlier = partner.pk in self.partner_ids and day <= self.until
        return self.owner if is_earlier else partner.owner


def welcome(people: Collection[str], now: datetime) -> None:
    """Let these people, by their addresses, work here for long, and have signed in lately.

    And invite one more, who has not come yet.
    """
    User.objects.filter(email__in=people).update(
        created_at=now - YEARS, last_login=now - timedelta(days=1)
    )
    nora = add_person(
        actor=_named(ADA.email),
        email=NORA.email,
        name=NORA.name,
        role=NORA.role,
        time_zone=NORA.time_zone,
        branch=NORA.branch,
    )
    User.objects.filter(pk=nora.pk).update(created_at=now - INVITED_AGO)


def publish_branch_policy(now: datetime) -> None:
    """A policy of the first branch, some months old: everybody is judged by it since then."""
    mona, then = _named(MONA.email), now - POLICY_AGO
    company: PolicyVersion = PolicyVersion.objects.current()
    lines = company.policy.referrals
    fewer = replace(lines, builder=replace(lines.builder, per_year=5))
    publish_policy(
        actor=mona,
        branch=mona.branch,
        policy=replace(Policy(), referrals=fewer),
        starts_on=mona.today(then),
        note=POLICY_NOTE,
        now=then,
    )


def earlier_owner(
    owner: User, rows: Sequence[tuple[PartnerStory, Partner]], now: datetime
) -> Earlier:
    """Who had some partners of the first book before: a hand-over of some weeks ago."""
    until = owner.today(now - HANDOVER_AGO)
    bob = User.objects.by_email(BOB.email).first()
    if bob is None or bob == owner or bob.branch_id != owner.branch_id:
        return Earlier(owner, until, frozenset())
    known = [partner for story, partner in rows if story.character == HANDED_OVER]
    return Earlier(bob, until, frozenset(partner.pk for partner in known[:HOW_MANY]))


def hand_over(earlier: Earlier, owner: User) -> None:
    """The row of a hand-over that is long done; nothing is judged or planned anew by it."""
    if not earlier.partner_ids:
        return
    handover = Handover.objects.create(
        from_owner=earlier.owner,
        to_owner=owner,
        note=HANDOVER_NOTE,
        made_by=_named(MONA.email),
        made_at=datetime.combine(earlier.until, AFTERNOON, owner.zone),
    )
    handover.partners.add(*earlier.partner_ids)


def plan_absence(owners: Sequence[User], now: datetime) -> None:
    """The second officer goes away soon, and the first one stands in."""
    if len(owners) < 2:
        return
    stand_in, away = owners[:2]
    first = monday_of(away.today(now) + AWAY_BEFORE)
    add_absence(
        actor=away, officer=away, stand_in=stand_in, first=first, last=first + AWAY_FOR, now=now
    )


def _named(email: str) -> User:
    found: User = User.objects.get(email=email)
    return found

"""Books at random, written past all receivers: everything that a figure could stumble over."""

import random
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

from accounts.models import Grant, Role, User
from interactions.models import PIPELINE, Interaction, Kind, LostReason, Referral, StageMove
from partners.models import Partner, PartnerType
from tests.factories import BranchFactory, UserFactory
from tiers.labels import FLAG_LABELS
from tiers.models import PolicyVersion, TierChange, TierOverride, TierStanding
from touches.models import FocusPlace, FocusWeek
from touches.workdays import monday_of

# A Tuesday in America, and Wednesday already in Auckland.
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
ZONES = ["America/New_York", "America/Los_Angeles", "Pacific/Auckland", "America/New_York"]
TIERS = ["maintenance", "cultivation", "cease"]
YEARS = 430


class Book:
    """Two branches with four people and their partners, from a seed."""

    def __init__(self, seed, partners=30):
        self.dice = random.Random(seed)
        self.branches = [BranchFactory(name=f"{name} {seed}") for name in ("Near", "Far")]
        self.people = [
            UserFactory(
                name=f"Officer {place}",
                email=f"officer{place}.{seed}@example.com",
                time_zone=zone,
                branch=self.branches[place // 3],
                is_active=place != 1,
            )
            for place, zone in enumerate(ZONES)
        ]
        Grant.objects.bulk_create(Grant(user=one, role=Role.OFFICER) for one in self.people[1:])
        self.policy = PolicyVersion.objects.current()
        self.partners = Partner.objects.bulk_create(self.partner() for _ in range(partners))
        Interaction.objects.bulk_create(
            self.interaction(partner) for partner in self.partners for _ in range(25)
        )
        for partner in self.partners:
            self.live(partner)

    def day(self, first=YEARS, last=-1):
        """Most days lie close to an edge of what is counted."""
        edge = self.dice.choice([0, 40, 90, 130, 200, 290, 365])
        near = edge + self.dice.randint(-2, 2)
        ago = near if self.dice.random() < 0.4 else self.dice.randint(last, first)
        return TODAY - timedelta(days=ago)

    def moment(self, owner, day):
        clock = time(self.dice.choice([0, 1, 9, 13, 23]), self.dice.randint(0, 59))
        return datetime.combine(day, clock, owner.zone)

    def chance(self, share):
        return self.dice.random() < share

    def partner(self):
        owner = self.dice.choice(self.people)
        archived = self.moment(owner, self.day()) if self.chance(0.15) else None
        return Partner(
            owner=owner,
            first_name=self.dice.choice(["Rita", ""]),
            last_name=f"Rowe {self.dice.randint(1, 99)}",
            partner_type=self.dice.choice([PartnerType.REALTOR, PartnerType.CPA]),
            created_on=self.day(),
            synergy=self.dice.choice([None, 0, 5]),
            archived_at=archived,
        )

    def interaction(self, partner):
        direction = self.dice.choice(["out", "out", "out", "in"])
        officer = partner.owner if self.chance(0.7) else self.dice.choice(self.people)
        outcomes = ["connected", "no_response", "no_response", "sent"]
        return Interaction(
            batch=uuid4(),
            partner=partner,
            day=self.day(),
            kind=self.dice.choice(list(Kind)),
            direction=direction,
            outcome="connected" if direction == "in" else self.dice.choice(outcomes),
            purpose=self.dice.choice(["relationship", "gratitude", "gratitude", "service", "ask"]),
            minutes=self.dice.choice([None, None, 0, 7, 45]),
            officer=officer,
            logged_by=officer,
        )

    def live(self, partner):
        if self.chance(0.95):
            self.judged(partner)
        if self.chance(0.5):
            self.overridden(partner)
        for _ in range(self.dice.choice([0, 2, 5, 12])):
            self.refer(partner)
        if self.chance(0.4):
            self.focus(partner)

    def judged(self, partner):
        TierChange.objects.bulk_create(
            TierChange(
                partner=partner,
                on=self.day(),
                tier=self.dice.choice(TIERS),
                rule=self.dice.choice(["", "M", "C", "X1", "X2", "X4"]),
                reasons=self.dice.sample(["M1", "C1", "X2"], 2),
                flags=self.dice.sample(["win_back", "slipping"], 1),
                since=self.day(),
                policy=self.policy,
            )
            for _ in range(self.dice.randint(1, 5))
        )
        if self.chance(0.9):
            flags = sorted(self.dice.sample(sorted(FLAG_LABELS), self.dice.randint(0, 3)))
            TierStanding.objects.create(
                partner=partner, tier="cultivation", rule="C", flags=flags, policy=self.policy
            )

    def overridden(self, partner):
        starts = sorted({self.day(last=1) for _ in range(self.dice.randint(1, 3))})
        for start, following in zip(starts, [*starts[1:], None], strict=True):
            # As the service does: a new one ends the one before, though its last day had passed.
            ended = following or (self.day(last=1) if self.chance(0.3) else None)
            ended_at = self.moment(partner.owner, max(ended, start)) if ended else None
            TierOverride.objects.create(
                partner=partner,
                tier=self.dice.choice(TIERS),
                reason="They talked.",
                made_by=partner.owner,
                by_manager=self.chance(0.5),
                starts_on=start,
                ends_on=start + timedelta(days=self.dice.randint(0, 120)),
                ended_at=ended_at,
                ended_by=partner.owner if ended_at else None,
            )

    def refer(self, partner):
        day = self.day()
        referral = Referral(
            partner=partner,
            direction="received" if self.chance(0.8) else "given",
            received_at=self.moment(partner.owner, day),
            day=day,
            borrower="Bo Borrower",
            logged_by=partner.owner,
        )
        moves = list(self.moves(referral))
        last = moves[-1] if moves else None
        referral.stage = last.stage if last else "received"
        referral.lost_reason = last.lost_reason if last else ""
        if self.chance(0.15):
            # Somebody wrote the stage without a date.
            referral.stage = self.dice.choice(["contacted", "funded", "lost", "junk"])
            referral.lost_reason = "not_ready" if referral.stage == "lost" else ""
        Referral.objects.bulk_create([referral])
        StageMove.objects.bulk_create(moves)

    def moves(self, referral):
        """Forward, back, ended, opened again; the first move is often missing."""
        at = referral.received_at
        stages = list(PIPELINE)
        stage = "received"
        for _ in range(self.dice.randint(0, 7)):
            if stage != "received" or self.chance(0.7):
                yield StageMove(
                    referral=referral,
                    stage=stage,
                    lost_reason=self.dice.choice(list(LostReason)) if stage == "lost" else "",
                    at=at,
                    day=referral.partner.owner.today(at),
                    moved_by=referral.partner.owner,
                )
            at += timedelta(hours=self.dice.choice([0, 1, 30, 300, 700]))
            place = stages.index(stage) if stage in stages else 2
            ahead = stages[min(place + self.dice.randint(1, 3), 7)]
            others = [stages[place // 2], "lost", "duplicate"]
            stage = self.dice.choice([*[ahead] * 6, *others])

    def focus(self, partner):
        monday = monday_of(self.dice.choice([TODAY, TODAY - timedelta(days=40)]))
        week, _ = FocusWeek.objects.get_or_create(
            officer=partner.owner, starts_on=monday, defaults={"chosen_at": NOW}
        )
        FocusPlace.objects.create(
            week=week,
            partner=partner,
            rank=1,
            score=1,
            starts_on=monday,
            ends_on=monday + timedelta(days=self.dice.choice([0, 1, 6])),
        )


def people():
    return list(User.objects.order_by("name"))

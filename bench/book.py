"""A book of a branch, made up from a seed: as many partners and interactions as asked for.

Written in bulk and judged by nobody, as judging two years would take an hour: the tiers are drawn
too, with a history that the figures can read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Model

from accounts.models import Branch, Grant, Role, User
from interactions.models import (
    Conduct,
    Direction,
    Interaction,
    Kind,
    LostReason,
    Outcome,
    Purpose,
    Referral,
    ReferralDirection,
    Stage,
    StageMove,
)
from partners.models import Partner, PartnerType
from tiers.classification import Tier
from tiers.models import PolicyVersion, TierChange, TierOverride, TierStanding
from touches.models import FocusPlace, FocusWeek
from touches.workdays import monday_of

SEED = 2026
DAYS = 730
BATCH = 5000
FOCUS_PLACES = 15
Row = TypeVar("Row", bound=Model)

# A tier, the rule and reasons that give it, its flags, and how often it is drawn.
VERDICTS: list[tuple[Tier, str, list[str], list[str]]] = [
    (Tier.MAINTENANCE, "M", ["M1", "M2", "M3"], []),
    (Tier.MAINTENANCE, "MS", ["MS"], ["slipping"]),
    (Tier.MAINTENANCE, "MS", ["MS"], ["our_neglect"]),
    (Tier.CULTIVATION, "C", ["C1"], ["rising_star"]),
    (Tier.CULTIVATION, "C", ["C2"], ["follow_up_lapsed"]),
    (Tier.CULTIVATION, "C", ["C1", "C2"], ["win_back"]),
    (Tier.CULTIVATION, "C", ["default"], ["needs_synergy"]),
    (Tier.CULTIVATION, "C", ["C1"], ["last_chance"]),
    (Tier.CULTIVATION, "G", ["G"], ["first_touch_due"]),
    (Tier.CEASE, "X2", ["X2"], []),
    (Tier.CEASE, "X3", ["X3a"], []),
    (Tier.CEASE, "X1", ["X1c"], []),
]
HOW_OFTEN = [16, 4, 3, 6, 14, 6, 18, 3, 5, 6, 3, 1]
WAY = [Stage.CONTACTED, Stage.APPLICATION, Stage.PRE_APPROVED, Stage.FUNDED]


@dataclass(frozen=True)
class Size:
    partners: int
    interactions: int
    officers: int


def write_book(size: Size, now: datetime) -> User:
    """Write the whole book in one transaction; returns the manager of the branch."""
    draw = Random(SEED)  # noqa: S311
    today = now.astimezone(UTC).date()
    with transaction.atomic():
        manager, officers = _people(size)
        partners = _write(Partner, _partners(draw, size, officers, now))
        _write_tiers(draw, partners, manager, today)
        _write(Interaction, _interactions(draw, size, partners, today))
        # One referral for seven interactions.
        referrals = _write(Referral, _referrals(draw, size.interactions // 7, partners, today))
        _write(StageMove, _moves(draw, referrals))
        _write_focus_lists(officers, partners, today, now)
    _gather_statistics()
    return manager


def _write(model: type[Row], rows: Iterator[Row]) -> list[Row]:
    return model._default_manager.bulk_create(rows, batch_size=BATCH)


def _gather_statistics() -> None:
    """As the server does by itself within minutes: without it the first plans are poor."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _people(size: Size) -> tuple[User, list[User]]:
    branch = Branch.objects.create(name="Riverside")
    manager = _person("Mona Miller", branch)
    Grant.objects.create(user=manager, role=Role.MANAGER, branch=branch)
    officers = [_person(f"Olive Officer {number}", branch) for number in range(size.officers)]
    Grant.objects.bulk_create(Grant(user=officer, role=Role.OFFICER) for officer in officers)
    return manager, officers


def _person(name: str, branch: Branch) -> User:
    email = f"{name.lower().replace(' ', '.')}@example.com"
    return User.objects.create(name=name, email=email, branch=branch)


def _partners(draw: Random, size: Size, officers: list[User], now: datetime) -> Iterator[Partner]:
    for number in range(size.partners):
        archived = draw.random() < 0.03
        yield Partner(
            owner=officers[number % len(officers)],
            first_name="Parker",
            last_name=f"Partner {number}",
            partner_type=draw.choice(PartnerType.values),
            synergy=draw.choice([None, 1, 2, 3, 4, 5]),
            created_on=now.date() - timedelta(days=draw.randrange(DAYS)),
            archived_at=now - timedelta(days=draw.randrange(1, DAYS)) if archived else None,
            archived_reason="Moved away" if archived else "",
        )


def _write_tiers(draw: Random, partners: list[Partner], manager: User, today: date) -> None:
    """One to three changes each; the last verdict stands, and one in fifty is overridden."""
    version = PolicyVersion.objects.current()
    changes = [change for one in partners for change in _history(draw, one, version, today)]
    _write(TierChange, iter(changes))
    overrides = _write(TierOverride, _overrides(draw, partners, manager, today))
    overridden = {override.partner_id: override for override in overrides}
    last = {change.partner_id: change for change in changes}
    _write(TierStanding, (_standing(last[one.pk], overridden, today) for one in partners))


def _history(
    draw: Random, partner: Partner, version: PolicyVersion, today: date
) -> Iterator[TierChange]:
    age = (today - partner.created_on).days
    later = draw.choices([0, 1, 2], [50, 35, 15])[0]
    days = sorted({partner.created_on, *(_day(draw, age, today) for _ in range(later))})
    before: TierChange | None = None
    for day in days:
        tier, rule, reasons, flags = draw.choices(VERDICTS, HOW_OFTEN)[0]
        if before and (before.tier, before.rule) == (tier, rule):
            continue
        stays = before is not None and before.tier == tier
        before = TierChange(
            partner=partner,
            on=day,
            tier=tier,
            from_tier=before.tier if before else "",
            rule=rule,
            reasons=reasons,
            flags=flags,
            since=before.since if before and stays else day,
            policy=version,
        )
        yield before


def _day(draw: Random, most: int, today: date) -> date:
    return today - timedelta(days=draw.randrange(most + 1))


def _overrides(
    draw: Random, partners: list[Partner], manager: User, today: date
) -> Iterator[TierOverride]:
    for partner in partners[::50]:
        starts_on = _day(draw, 120, today)
        yield TierOverride(
            partner=partner,
            tier=draw.choice(list(Tier)),
            reason="We know them well",
            made_by=manager,
            by_manager=True,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=90),
        )


def _standing(change: TierChange, overridden: dict[int, TierOverride], today: date) -> TierStanding:
    return TierStanding(
        partner_id=change.partner_id,
        tier=change.tier,
        rule=change.rule,
        reasons=change.reasons,
        flags=change.flags,
        since=change.since,
        policy=change.policy,
        override=overridden.get(change.partner_id),
        last_conversation_on=today - timedelta(days=change.partner_id % 120),
        last_referral_on=None,
    )


def _interactions(
    draw: Random, size: Size, partners: list[Partner], today: date
) -> Iterator[Interaction]:
    for _ in range(size.interactions):
        partner = draw.choice(partners)
        inbound = draw.random() < 0.25
        yield Interaction(
            partner=partner,
            day=_day(draw, DAYS, today),
            kind=draw.choice(Kind.values),
            direction=Direction.IN if inbound else Direction.OUT,
            outcome=Outcome.CONNECTED if inbound else draw.choice(Outcome.values),
            purpose=draw.choices(
                [Purpose.RELATIONSHIP, Purpose.GRATITUDE, Purpose.SERVICE], [70, 15, 15]
            )[0],
            conduct=Conduct.NONE,
            minutes=draw.choice([None, None, 10, 20, 45, 60]),
            officer_id=partner.owner_id,
            logged_by_id=partner.owner_id,
        )


def _referrals(
    draw: Random, count: int, partners: list[Partner], today: date
) -> Iterator[Referral]:
    stages = [*WAY, Stage.RECEIVED, Stage.LOST, Stage.JUNK]
    for number in range(count):
        partner = draw.choice(partners)
        day = _day(draw, DAYS, today)
        stage = draw.choices(stages, [14, 14, 14, 30, 1, 20, 4])[0]
        yield Referral(
            partner=partner,
            direction=draw.choices(ReferralDirection.values, [80, 20])[0],
            received_at=_noon(day),
            day=day,
            borrower=f"Bo Borrower {number}",
            stage=stage,
            lost_reason=draw.choice(LostReason.values) if stage == Stage.LOST else "",
            logged_by_id=partner.owner_id,
        )


def _moves(draw: Random, referrals: list[Referral]) -> Iterator[StageMove]:
    """The way to the stage that it stands at, some days apart."""
    for referral in referrals:
        way = WAY[: WAY.index(Stage(referral.stage)) + 1] if referral.stage in WAY else WAY[:2]
        ended = [] if referral.stage in [*WAY, Stage.RECEIVED] else [Stage(referral.stage)]
        passed = [] if referral.stage == Stage.RECEIVED else way
        at = referral.received_at
        for stage in [Stage.RECEIVED, *passed, *ended]:
            yield StageMove(
                referral=referral,
                stage=stage,
                lost_reason=referral.lost_reason if stage == Stage.LOST else "",
                at=at,
                day=at.date(),
                moved_by_id=referral.logged_by_id,
            )
            at += timedelta(hours=draw.randrange(2, 600))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(17), UTC)


def _write_focus_lists(
    officers: list[User], partners: list[Partner], today: date, now: datetime
) -> None:
    monday = monday_of(today)
    weeks = FocusWeek.objects.bulk_create(
        FocusWeek(officer=officer, starts_on=monday, chosen_at=now) for officer in officers
    )
    places: list[Any] = []
    for number, week in enumerate(weeks):
        theirs = partners[number :: len(officers)][:FOCUS_PLACES]
        places += [
            FocusPlace(
                week=week,
                partner=partner,
                rank=rank,
                score=1,
                reasons=["too_new"],
                starts_on=monday,
                ends_on=monday + timedelta(days=6),
            )
            for rank, partner in enumerate(theirs, start=1)
        ]
    FocusPlace.objects.bulk_create(places)

"""Stores a demo book: the only way from the stories to the database."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from accounts.services import add_person
from audit.services import record
from demo.giving import add_giving
from demo.people import DEMO_PASSWORD, MONA, Person, helpers, officers
from demo.records import ContactStory, PartnerStory, ReferralStory
from demo.stories import write_book
from demo.team import (
    Earlier,
    earlier_owner,
    hand_over,
    plan_absence,
    publish_branch_policy,
    welcome,
)
from interactions.models import Interaction, Referral, StageMove
from partners.models import Company, Partner, StopSource, Tag
from partners.services import archive
from tiers.models import TierOverride
from tiers.overrides import override
from tiers.services import in_slices, reclassify, replay
from touches.focus_list import choose_for
from touches.models import PlannedTouch
from touches.planning import plan_dates_now

ROWS_AT_ONCE = 2000
AFTERNOON = time(16)
FOCUS_WEEKS = 5


class BookIsNotEmpty(Exception):
    """There are partners already; a demo book is not mixed with a real one."""


@dataclass(frozen=True)
class Stored:
    """A story and its row."""

    story: PartnerStory
    partner: Partner

    def last_day(self, now: datetime) -> date:
        """The last day of the log: when they left or asked to stop, else the owner's today."""
        ended = self.story.archived_on or self.story.asked_to_stop_on
        return ended or self.partner.owner.today(now)


def seed(*, officers: int, partners: int, seed: int, now: datetime, known_password: bool) -> int:
    """Write a demo: its people, a book of `partners` for each officer, the tiers. Recorded.

    In one transaction: the people, and a policy of one branch; each book's partners, their log and
    their steps, and a hand-over; then the tier history, rebuilt from the log by
    `tiers.services.replay`; what people did about tiers (archived, asked to stop, overrides); last
    what dates ask for, five weeks of focus lists, an absence, and what was given and ended.
    `known_password` gives everybody the public password of the demo; else nobody can sign in
    before a password is set. Returns the number of partners.
    Raises BookIsNotEmpty.
    """
    with transaction.atomic():
        if Partner.objects.exists():
            raise BookIsNotEmpty("There are partners already: a demo needs an empty database.")
        owners = _add_people(officers, known_password, now)
        publish_branch_policy(now)
        stored = [
            row
            for number, owner in enumerate(owners)
            for row in _write_book(owner, number, partners, seed, now)
        ]
        _judge(stored, now)
        _add_overrides(stored, now)
        _plan(stored, owners, now)
        plan_absence(owners, now)
        add_giving(owners, now)
    return len(stored)


# People


def _add_people(count: int, known_password: bool, now: datetime) -> list[User]:
    owners = [_add(person) for person in officers(count)]
    by_email = {owner.email: owner for owner in owners}
    for person in helpers(count):
        _add(person, by_email.get(person.assists))
    everybody = [*by_email, *(one.email for one in helpers(count))]
    if known_password:
        # Hashed once: a slow hash for each of 400 people would take minutes.
        people = User.objects.filter(email__in=everybody)
        people.update(password=make_password(DEMO_PASSWORD))
    welcome(everybody, now)
    return owners


def _add(person: Person, officer: User | None = None) -> User:
    return add_person(
        actor=None,
        email=person.email,
        name=person.name,
        role=person.role,
        time_zone=person.time_zone,
        branch=person.branch,
        officer=officer,
    )


# Books


def _write_book(owner: User, number: int, partners: int, seed: int, now: datetime) -> list[Stored]:
    stories = write_book(
        seed=seed,
        number=number,
        partners=partners,
        today=owner.today(now),
        time_zone=owner.time_zone,
    )
    stored = _add_partners(owner, stories)
    Partner.objects.locked([row.partner.pk for row in stored])
    earlier = earlier_owner(owner, [(row.story, row.partner) for row in stored], now)
    writer = _Writer(owner, earlier)
    Interaction.objects.bulk_create(writer.interactions(stored), ROWS_AT_ONCE)
    referrals = Referral.objects.bulk_create(writer.referrals(stored), ROWS_AT_ONCE)
    StageMove.objects.bulk_create(writer.moves(stored, referrals), ROWS_AT_ONCE)
    PlannedTouch.objects.bulk_create(writer.steps(stored), ROWS_AT_ONCE)
    hand_over(earlier, owner)
    record(actor=None, action="demo.book_written", target=owner, partners=len(stored))
    return stored


def _add_partners(owner: User, stories: Sequence[PartnerStory]) -> list[Stored]:
    companies = _companies({story.company for story in stories} - {""})
    rows = Partner.objects.bulk_create(
        [
            Partner(
                key=story.key,
                owner=owner,
                partner_type=story.partner_type,
                company=companies.get(story.company),
                created_on=story.created_on,
                **story.fields,
            )
            for story in stories
        ],
        ROWS_AT_ONCE,
    )
    stored = [Stored(story, row) for story, row in zip(stories, rows, strict=True)]
    tags = _tags({tag for story in stories for tag in story.tags})
    Partner.tags.through.objects.bulk_create(
        Partner.tags.through(partner=row.partner, tag=tags[name])
        for row in stored
        for name in row.story.tags
    )
    return stored


def _companies(names: set[str]) -> dict[str, Company]:
    known = {company.name: company for company in Company.objects.filter(name__in=names)}
    missing = [Company(name=name) for name in sorted(names - known.keys())]
    return known | {company.name: company for company in Company.objects.bulk_create(missing)}


def _tags(names: set[str]) -> dict[str, Tag]:
    known = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
    missing = [Tag(name=name) for name in sorted(names - known.keys())]
    return known | {tag.name: tag for tag in Tag.objects.bulk_create(missing)}


class _Writer:
    """From the stories of one officer's partners to rows."""

    def __init__(self, owner: User, earlier: Earlier) -> None:
        self.owner = owner
        self.officer_of = earlier.officer_of
        self.zone = ZoneInfo(owner.time_zone)
        grant = owner.helper_grants.select_related("user").first()
        self.assistant = grant.user if grant else owner

    def interactions(self, stored: Iterable[Stored]) -> list[Interaction]:
        return [
            self._interaction(row.partner, contact)
            for row in stored
            for contact in row.story.contacts
        ]

    def referrals(self, stored: Iterable[Stored]) -> list[Referral]:
        return [
            self._referral(row.partner, story) for row in stored for story in row.story.referrals
        ]

    def moves(self, stored: Iterable[Stored], referrals: Sequence[Referral]) -> list[StageMove]:
        stories = [story for row in stored for story in row.story.referrals]
        return [
            StageMove(
                referral=referral,
                stage=step.stage,
                lost_reason=step.lost_reason,
                at=self._aware(step.at),
                day=step.at.date(),
                moved_by=self.officer_of(referral.partner, step.at.date()),
            )
            for story, referral in zip(stories, referrals, strict=True)
            for step in story.steps
        ]

    def steps(self, stored: Iterable[Stored]) -> list[PlannedTouch]:
        return [
            PlannedTouch(
                key=step.key,
                partner=row.partner,
                what=step.what,
                due_on=step.due_on,
                planned_by=self.owner,
                done_at=self._aware(step.done_at) if step.done_at else None,
                done_by=self.owner if step.done_at else None,
            )
            for row in stored
            for step in row.story.steps
        ]

    def _interaction(self, partner: Partner, contact: ContactStory) -> Interaction:
        officer = self.officer_of(partner, contact.day)
        by_assistant = contact.by_assistant and officer == self.owner
        return Interaction(
            batch=contact.batch,
            partner=partner,
            day=contact.day,
            kind=contact.kind,
            direction=contact.direction,
            outcome=contact.outcome,
            purpose=contact.purpose,
            conduct=contact.conduct,
            minutes=contact.minutes,
            note=contact.note,
            was_review=contact.was_review,
            gave_value=contact.gave_value,
            officer=officer,
            logged_by=self.assistant if by_assistant else officer,
        )

    def _referral(self, partner: Partner, story: ReferralStory) -> Referral:
        received, latest = story.steps[0], story.steps[-1]
        return Referral(
            key=story.key,
            partner=partner,
            direction=story.direction,
            received_at=self._aware(received.at),
            day=received.at.date(),
            borrower=story.borrower,
            borrower_phone=story.phone,
            borrower_email=story.email,
            loan_purpose=story.loan_purpose,
            amount=story.amount,
            stage=latest.stage,
            lost_reason=latest.lost_reason,
            logged_by=self.officer_of(partner, received.at.date()),
        )

    def _aware(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.zone)


# Tiers


def _judge(stored: Sequence[Stored], now: datetime) -> None:
    """Rebuild every partner's tiers up to the day on which they left, asked to stop, or today.

    Who asked to stop is marked on that day only then, so that the tiers before it stay.
    """
    for day, rows in _by_day(stored, lambda row: row.last_day(now)).items():
        for some in in_slices(rows):
            replay(_ids(some), today=day)
    _archive([row for row in stored if row.story.archived_on], now)
    stopped = [row for row in stored if row.story.asked_to_stop_on]
    for row in stopped:
        row.partner.do_not_contact_since = row.story.asked_to_stop_on
        row.partner.do_not_contact_source = StopSource.EMAIL
    Partner.objects.bulk_update(
        [row.partner for row in stopped],
        ["do_not_contact_since", "do_not_contact_source"],
        batch_size=ROWS_AT_ONCE,
    )
    for day_of in (lambda row: row.last_day(now), lambda row: row.partner.owner.today(now)):
        for day, rows in sorted(_by_day(stopped, day_of).items()):
            reclassify(_ids(rows), as_of=day)


def _by_day(stored: Sequence[Stored], day_of: Callable[[Stored], date]) -> dict[date, list[Stored]]:
    by_day: defaultdict[date, list[Stored]] = defaultdict(list)
    for row in stored:
        by_day[day_of(row)].append(row)
    return by_day


def _ids(stored: Iterable[Stored]) -> list[int]:
    return [row.partner.pk for row in stored]


def _archive(left: Sequence[Stored], now: datetime) -> None:
    for row in left:
        owner = row.partner.owner
        archive(
            actor=owner,
            partner=row.partner,
            reason=row.story.archived_reason,
            now=datetime.combine(row.last_day(now), AFTERNOON, owner.zone),
        )


def _add_overrides(stored: Sequence[Stored], now: datetime) -> None:
    manager = User.objects.by_email(MONA.email).first()
    for row in stored:
        wanted, owner = row.story.override, row.partner.owner
        if wanted:
            made_at = now - timedelta(days=wanted.ago)
            made = override(
                actor=manager if wanted.by_manager and manager else owner,
                partner=row.partner,
                tier=wanted.tier,
                reason=wanted.reason,
                ends_on=owner.today(made_at) + timedelta(days=wanted.days),
                now=made_at,
            )
            TierOverride.objects.filter(pk=made.pk).update(made_at=made_at)


# Touches


def _plan(stored: Sequence[Stored], owners: Iterable[User], now: datetime) -> None:
    for some in in_slices(_ids(stored)):
        plan_dates_now(some, now=now)
    for owner in owners:
        monday = now - timedelta(days=owner.today(now).weekday())
        for weeks in reversed(range(FOCUS_WEEKS)):
            choose_for(actor=None, officer=owner, now=monday - timedelta(weeks=weeks))

"""Plain rows that keep every constraint; a test names only what it is about."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Branch, Grant, Role, User
from gratitude.models import Event, Invitation, Piece, PieceSide
from interactions.models import Interaction, Kind, Referral, StageMove
from mailing.models import Delivery
from partners.models import Company, Handover, Partner, PartnerType, Tag
from policies.models import PolicyDraft
from stepaway.models import Choice, Plan, PlanStep
from tiers.models import PolicyVersion
from tiers.policy import Policy
from touches.models import FocusPlace, FocusWeek, PlannedTouch
from touches.workdays import monday_of

# Every person of the tests signs in with it.
PASSWORD = "correct horse battery"


class BranchFactory(DjangoModelFactory):
    class Meta:
        model = Branch

    name = factory.Sequence(lambda n: f"Branch {n}")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    name = factory.Sequence(lambda n: f"Olive Officer {n}")
    email = factory.LazyAttribute(lambda user: f"{user.name.replace(' ', '.').lower()}@example.com")
    password = factory.django.Password(PASSWORD)
    time_zone = "America/New_York"


class GrantFactory(DjangoModelFactory):
    class Meta:
        model = Grant

    user = factory.SubFactory(UserFactory)
    role = Role.OFFICER


class AbsenceFactory(GrantFactory):
    """`user` stands in for `officer`: next month, for two weeks."""

    role = Role.STAND_IN
    officer = factory.SubFactory(UserFactory)
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))
    ends_at = factory.LazyAttribute(lambda grant: grant.starts_at + timedelta(days=14))


class CompanyFactory(DjangoModelFactory):
    class Meta:
        model = Company

    name = factory.Sequence(lambda n: f"Keystone Realty {n}")


class TagFactory(DjangoModelFactory):
    class Meta:
        model = Tag

    name = factory.Sequence(lambda n: f"Tag {n}")


class PartnerFactory(DjangoModelFactory):
    class Meta:
        model = Partner

    owner = factory.SubFactory(UserFactory)
    first_name = "Rita"
    last_name = factory.Sequence(lambda n: f"Realtor {n}")
    partner_type = PartnerType.REALTOR


class HandoverFactory(DjangoModelFactory):
    """Of `partners`, who are with the new owner now."""

    class Meta:
        model = Handover
        skip_postgeneration_save = True

    from_owner = factory.SubFactory(UserFactory)
    to_owner = factory.SubFactory(UserFactory)
    made_by = factory.LazyAttribute(lambda row: row.to_owner)
    made_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def partners(self, create, extracted, **kwargs):
        self.partners.set(extracted)


class InteractionFactory(DjangoModelFactory):
    """A call that was answered, today, by the partner's owner."""

    class Meta:
        model = Interaction

    partner = factory.SubFactory(PartnerFactory)
    day = factory.LazyAttribute(lambda row: row.partner.owner.today(timezone.now()))
    kind = Kind.CALL
    officer = factory.LazyAttribute(lambda row: row.partner.owner)
    logged_by = factory.LazyAttribute(lambda row: row.officer)


class StageMoveFactory(DjangoModelFactory):
    class Meta:
        model = StageMove

    referral = factory.SubFactory("tests.factories.ReferralFactory", move=None)
    stage = factory.LazyAttribute(lambda move: move.referral.stage)
    lost_reason = factory.LazyAttribute(lambda move: move.referral.lost_reason)
    at = factory.LazyAttribute(lambda move: move.referral.received_at)
    day = factory.LazyAttribute(lambda move: move.referral.partner.owner.today(move.at))
    moved_by = factory.LazyAttribute(lambda move: move.referral.logged_by)


class ReferralFactory(DjangoModelFactory):
    """A received referral at its first stage, by noon of `day` (today) in the owner's zone.

    `move=None` leaves out its first stage move.
    """

    class Meta:
        model = Referral
        skip_postgeneration_save = True

    partner = factory.SubFactory(PartnerFactory)
    day = factory.LazyAttribute(lambda row: row.partner.owner.today(timezone.now()))
    received_at = factory.LazyAttribute(
        lambda row: datetime.combine(row.day, time(12), row.partner.owner.zone)
    )
    borrower = factory.Sequence(lambda n: f"Bo Borrower {n}")
    logged_by = factory.LazyAttribute(lambda row: row.partner.owner)
    move = factory.RelatedFactory(StageMoveFactory, factory_related_name="referral")


class PlannedTouchFactory(DjangoModelFactory):
    class Meta:
        model = PlannedTouch

    partner = factory.SubFactory(PartnerFactory)
    what = "Call about the open house"
    due_on = factory.LazyAttribute(lambda row: row.partner.owner.today(timezone.now()))
    planned_by = factory.LazyAttribute(lambda row: row.partner.owner)


class FocusWeekFactory(DjangoModelFactory):
    """The list of this week."""

    class Meta:
        model = FocusWeek
        django_get_or_create = ["officer", "starts_on"]

    officer = factory.SubFactory(UserFactory)
    chosen_at = factory.LazyFunction(timezone.now)
    starts_on = factory.LazyAttribute(lambda week: monday_of(week.officer.today(week.chosen_at)))


class FocusPlaceFactory(DjangoModelFactory):
    """A place on the list of the partner's owner, until Sunday."""

    class Meta:
        model = FocusPlace

    partner = factory.SubFactory(PartnerFactory)
    week = factory.SubFactory(FocusWeekFactory, officer=factory.SelfAttribute("..partner.owner"))
    rank = 1
    score = 1
    reasons = ["too_new"]
    starts_on = factory.LazyAttribute(lambda place: place.week.starts_on)
    ends_on = factory.LazyAttribute(lambda place: place.week.starts_on + timedelta(days=6))


class DeliveryFactory(DjangoModelFactory):
    """A daily digest of a day of its own, due now and for four hours."""

    class Meta:
        model = Delivery

    kind = "daily_digest"
    user = factory.SubFactory(UserFactory)
    occurrence = factory.Sequence(lambda n: str(date(2020, 1, 1) + timedelta(days=n)))
    due_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda row: row.due_at + timedelta(hours=4))
    planned_at = factory.LazyAttribute(lambda row: row.due_at)


class PolicyDraftFactory(DjangoModelFactory):
    """The guide's own numbers, as somebody began to think about them."""

    class Meta:
        model = PolicyDraft

    made_by = factory.SubFactory(UserFactory)
    rules = factory.LazyFunction(lambda: Policy().to_dict())
    changed_at = factory.LazyFunction(timezone.now)


class PolicyVersionFactory(DjangoModelFactory):
    """Numbers that hold some day; the first number is the guide's."""

    class Meta:
        model = PolicyVersion

    number = factory.Sequence(lambda n: n + 1000)
    rules = factory.LazyFunction(lambda: Policy().to_dict())
    starts_on = date(2099, 1, 1)


class EventFactory(DjangoModelFactory):
    """A client event of the officer, today, to which a whole office is invited."""

    class Meta:
        model = Event

    officer = factory.SubFactory(UserFactory)
    made_by = factory.LazyAttribute(lambda event: event.officer)
    name = factory.Sequence(lambda n: f"Spring party {n}")
    kind = "client_event"
    invited = "whole_office"
    day = factory.LazyAttribute(lambda event: event.officer.today(timezone.now()))


class InvitationFactory(DjangoModelFactory):
    """Nobody has said yet whether they came."""

    class Meta:
        model = Invitation

    partner = factory.SubFactory(PartnerFactory)
    event = factory.LazyAttribute(lambda row: EventFactory(officer=row.partner.owner))
    invited_by = factory.LazyAttribute(lambda row: row.event.officer)


class PieceFactory(DjangoModelFactory):
    """A postcard that is live: half of it ours, and half of its $600."""

    class Meta:
        model = Piece

    officer = factory.SubFactory(UserFactory)
    made_by = factory.LazyAttribute(lambda piece: piece.officer)
    name = factory.Sequence(lambda n: f"Spring postcard {n}")
    kind = "postcard"
    starts_on = factory.LazyAttribute(lambda piece: piece.officer.today(timezone.now()))
    total_cost = Decimal(600)
    our_part = "Design"
    our_share = Decimal(50)
    our_cost = Decimal(300)


class PieceSideFactory(DjangoModelFactory):
    """The other half."""

    class Meta:
        model = PieceSide

    partner = factory.SubFactory(PartnerFactory)
    piece = factory.LazyAttribute(lambda side: PieceFactory(officer=side.partner.owner))
    part = "Printing"
    share = Decimal(50)
    cost = Decimal(300)


class ChoiceFactory(DjangoModelFactory):
    """Stepping away for being one-sided, by the owner; nobody needs to look second."""

    class Meta:
        model = Choice

    partner = factory.SubFactory(PartnerFactory)
    way = "step_away"
    reason = "A private word"
    rule = "X3"
    made_by = factory.LazyAttribute(lambda row: row.partner.owner)
    made_at = factory.LazyFunction(timezone.now)
    needs_second_look = False


class PlanFactory(DjangoModelFactory):
    """An open plan; its partner is silent."""

    class Meta:
        model = Plan

    choice = factory.SubFactory(ChoiceFactory)
    partner = factory.LazyAttribute(lambda row: row.choice.partner)
    opened_at = factory.LazyFunction(timezone.now)
    opened_on = factory.LazyAttribute(lambda row: row.partner.owner.today(row.opened_at))
    weekly_minutes = 12


class PlanStepFactory(DjangoModelFactory):
    class Meta:
        model = PlanStep

    plan = factory.SubFactory(PlanFactory)
    kind = "finish_referrals"

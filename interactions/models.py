import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from interactions.encryption import EncryptedTextField
from interactions.querysets import InteractionQuerySet, ReferralQuerySet
from partners.models import Partner, new_key

MINUTES_IN_A_DAY = 24 * 60


class Kind(models.TextChoices):
    CALL = "call", "Call"
    TEXT = "text", "Text"
    EMAIL = "email", "E-mail"
    VIDEO = "video", "Video"
    COFFEE = "coffee", "Coffee"
    LUNCH = "lunch", "Lunch"
    MEETING = "meeting", "Meeting"
    BRAINSTORM = "brainstorm", "Brainstorm"
    EVENT = "event", "Event"
    CLASS = "class", "Class"
    OPEN_HOUSE = "open_house", "Open house"
    NOTE = "note", "Handwritten note"
    SOCIAL = "social", "Social media"


# What a touch costs where nobody wrote down its minutes.
DEFAULT_MINUTES = {
    Kind.CALL: 10,
    Kind.TEXT: 2,
    Kind.EMAIL: 5,
    Kind.NOTE: 10,
    Kind.SOCIAL: 5,
    Kind.VIDEO: 30,
    Kind.COFFEE: 60,
    Kind.LUNCH: 75,
    Kind.MEETING: 60,
    Kind.BRAINSTORM: 60,
    Kind.EVENT: 120,
    Kind.CLASS: 90,
    Kind.OPEN_HOUSE: 120,
}


class Direction(models.TextChoices):
    OUT = "out", "We reached out"
    IN = "in", "They reached out"


class Outcome(models.TextChoices):
    CONNECTED = "connected", "Connected"
    NO_RESPONSE = "no_response", "No response yet"
    SENT = "sent", "Sent, no answer expected"


def default_outcome(kind: str, direction: str) -> Outcome:
    """A card or a post asks for no answer; inbound is always connected."""
    if direction != Direction.IN and kind in {Kind.NOTE, Kind.SOCIAL}:
        return Outcome.SENT
    return Outcome.CONNECTED


class Purpose(models.TextChoices):
    RELATIONSHIP = "relationship", "Relationship"
    GRATITUDE = "gratitude", "Gratitude"
    SERVICE = "service", "News on a loan file"
    ASK = "ask", "They only wanted something"
    GIVE = "give", "They gave: introduced, hosted, reviewed, spoke"
    DISENGAGE = "disengage", "Stepping away"


class Conduct(models.TextChoices):
    NONE = "none", "Nothing to note"
    NEGATIVE = "negative", "Negative"
    DISRESPECTFUL = "disrespectful", "Disrespectful"
    ABUSIVE = "abusive", "Abusive"


def decided_when_written(condition: Q) -> models.GeneratedField:
    """A fact about one row, decided by the database: no way of writing can miss it."""
    return models.GeneratedField(
        expression=models.ExpressionWrapper(condition, output_field=models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )


class Interaction(models.Model):
    """One contact with one partner. Rows that were logged together share their `batch`.

    What the tiers ask of a row (is it a touch? a conversation?) is decided by the database when it
    is written, so that no way of writing can miss it.
    """

    # Generated from the form, so that a double submit writes once.
    batch = models.UUIDField(default=uuid.uuid4, editable=False)
    # How an imported file names this row; blank for one that was logged in the browser.
    key = models.CharField(max_length=64, blank=True, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="interactions")
    # The owner's calendar day.
    day = models.DateField("date")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    direction = models.CharField(max_length=3, choices=Direction.choices, default=Direction.OUT)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.CONNECTED)
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.RELATIONSHIP)
    conduct = models.CharField(max_length=14, choices=Conduct.choices, default=Conduct.NONE)
    # After a talk, owner and manager may close a conduct note: it counts in no signal from that
    # day of the owner on. An abusive one stays open.
    conduct_closed_on = models.DateField(null=True, blank=True, editable=False)
    conduct_closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    conduct_closed_reason = models.CharField(max_length=300, blank=True, editable=False)
    # This partner's share; null where nobody wrote it down.
    minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(MINUTES_IN_A_DAY)]
    )
    note = models.TextField(max_length=2000, blank=True)
    # What else the play-book asks about: a partnership review; an insight, a second opinion, help.
    was_review = models.BooleanField("partnership review", default=False)
    gave_value = models.BooleanField("value given", default=False)
    # Whose effort it is, and who wrote it down.
    officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="interactions")
    logged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    logged_at = models.DateTimeField(auto_now_add=True)

    is_conversation = decided_when_written(Q(direction=Direction.IN) | Q(outcome=Outcome.CONNECTED))
    is_touch = decided_when_written(
        Q(direction=Direction.OUT, purpose__in=[Purpose.RELATIONSHIP, Purpose.GRATITUDE])
    )
    is_unanswered = decided_when_written(
        Q(
            direction=Direction.OUT,
            purpose__in=[Purpose.RELATIONSHIP, Purpose.GRATITUDE],
            outcome=Outcome.NO_RESPONSE,
        )
    )
    is_partner_started = decided_when_written(Q(direction=Direction.IN) & ~Q(purpose=Purpose.ASK))
    is_ask = decided_when_written(Q(direction=Direction.IN, purpose=Purpose.ASK))

    objects = InteractionQuerySet.as_manager()

    class Meta:
        ordering = ["day", "id"]
        indexes = [
            models.Index(fields=["partner", "day"], name="interaction_of_partner"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["batch", "partner"], name="interaction_once_a_batch"),
            models.UniqueConstraint(
                fields=["key"], condition=~Q(key=""), name="interaction_key_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values)
                & Q(direction__in=Direction.values)
                & Q(outcome__in=Outcome.values)
                & Q(purpose__in=Purpose.values)
                & Q(conduct__in=Conduct.values),
                name="interaction_closed_lists",
            ),
            models.CheckConstraint(
                condition=Q(direction=Direction.OUT) | Q(outcome=Outcome.CONNECTED),
                name="interaction_inbound_is_connected",
                violation_error_message="When they reached out, you were connected.",
            ),
            models.CheckConstraint(
                condition=Q(
                    conduct_closed_on__isnull=True,
                    conduct_closed_by__isnull=True,
                    conduct_closed_reason="",
                )
                | Q(
                    conduct_closed_on__isnull=False,
                    conduct_closed_by__isnull=False,
                    conduct__in=[Conduct.NEGATIVE, Conduct.DISRESPECTFUL],
                )
                & ~Q(conduct_closed_reason=""),
                name="interaction_conduct_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__lte=MINUTES_IN_A_DAY),
                name="interaction_minutes_fit_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} with {self.partner} on {self.day}"

    def open_conduct_again(self) -> None:
        """Leave no word of a closing; the caller saves."""
        self.conduct_closed_on = self.conduct_closed_by = None
        self.conduct_closed_reason = ""


class ReferralDirection(models.TextChoices):
    RECEIVED = "received", "They referred to us"
    GIVEN = "given", "We referred to them"


class Stage(models.TextChoices):
    RECEIVED = "received", "Received"
    CONTACTED = "contacted", "Contacted"
    APPLICATION = "application", "Application"
    PRE_APPROVED = "pre_approved", "Pre-approved"
    UNDER_CONTRACT = "under_contract", "Under contract"
    PROCESSING = "processing", "Processing"
    CLEAR_TO_CLOSE = "clear_to_close", "Clear to close"
    FUNDED = "funded", "Funded"
    LOST = "lost", "Lost"
    JUNK = "junk", "Junk"
    DUPLICATE = "duplicate", "Duplicate"


# The way of a loan; the other three stages end it.
PIPELINE: list[Stage] = [
    stage for stage in Stage if stage not in {Stage.LOST, Stage.JUNK, Stage.DUPLICATE}
]
OPEN_STAGES: list[Stage] = [stage for stage in PIPELINE if stage != Stage.FUNDED]


class LostReason(models.TextChoices):
    CHOSE_OTHER_LENDER = "chose_other_lender", "Chose another lender"
    NO_RESPONSE = "no_response", "No response"
    NOT_READY = "not_ready", "Not ready"
    DID_NOT_QUALIFY = "did_not_qualify", "Did not qualify"
    NO_HOME_FOUND = "no_home_found", "No home found"
    OFFER_LOST = "offer_lost", "Offer lost"
    PROPERTY_OR_APPRAISAL = "property_or_appraisal", "Property or appraisal"
    PAID_CASH = "paid_cash", "Paid cash"
    BUILDER_LENDER = "builder_lender", "Builder's lender"
    WITHDREW = "withdrew", "Withdrew"
    OTHER = "other", "Other"


class LoanPurpose(models.TextChoices):
    PURCHASE = "purchase", "Purchase"
    REFINANCE = "refinance", "Refinance"
    CONSTRUCTION = "construction", "Construction"
    HOME_EQUITY = "home_equity", "Home equity"
    OTHER = "other", "Other"


class Referral(models.Model):
    """A borrower whom a partner sent to us, or whom we sent to a partner.

    Little is held about a borrower: a name, one phone, one e-mail, purpose, amount, stage, dates.
    """

    key = models.CharField(max_length=64, unique=True, default=new_key, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="referrals")
    direction = models.CharField(
        max_length=8, choices=ReferralDirection.choices, default=ReferralDirection.RECEIVED
    )
    received_at = models.DateTimeField("received")
    # The owner's calendar day of `received_at`.
    day = models.DateField(editable=False)
    borrower = models.CharField("borrower's name", max_length=120)
    borrower_phone = EncryptedTextField(blank=True)
    borrower_email = EncryptedTextField(blank=True)
    # When phone and e-mail were erased, two years after the last activity; the row stays.
    contact_erased_at = models.DateTimeField(null=True, editable=False)
    loan_purpose = models.CharField(max_length=12, choices=LoanPurpose.choices, blank=True)
    amount = models.DecimalField(
        "loan amount",
        max_digits=11,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )
    stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.RECEIVED)
    lost_reason = models.CharField(max_length=24, choices=LostReason.choices, blank=True)
    logged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    logged_at = models.DateTimeField(auto_now_add=True)

    # Only these enter a tier.
    is_counted = decided_when_written(
        Q(direction=ReferralDirection.RECEIVED) & ~Q(stage__in=[Stage.JUNK, Stage.DUPLICATE])
    )

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "id"]
        indexes = [
            models.Index(fields=["partner", "day"], name="referral_of_partner"),
            models.Index(fields=["stage", "received_at"], name="referral_by_stage"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__in=ReferralDirection.values) & Q(stage__in=Stage.values),
                name="referral_closed_lists",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.LOST) | Q(lost_reason__in=LostReason.values),
                name="referral_lost_has_reason",
                violation_error_message="Say why it was lost.",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.LOST) | Q(lost_reason=""),
                name="referral_reason_only_when_lost",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0), name="referral_amount_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.borrower} ({self.get_stage_display()})"

    def get_absolute_url(self) -> str:
        return reverse("referral", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        """Nobody has contacted the borrower yet; `ReferralQuerySet.waiting` finds these."""
        return (self.direction, self.stage) == (ReferralDirection.RECEIVED, Stage.RECEIVED)

    @property
    def next_stages(self) -> list[Stage]:
        """The one or two stages that usually follow; none where it has ended."""
        if self.stage not in OPEN_STAGES:
            return []
        place = PIPELINE.index(Stage(self.stage))
        return PIPELINE[place + 1 : place + 3]


class StageMove(models.Model):
    """A referral came to a stage. Stages may be skipped and taken back; every move is kept."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="moves")
    stage = models.CharField(max_length=16, choices=Stage.choices)
    lost_reason = models.CharField(max_length=24, choices=LostReason.choices, blank=True)
    at = models.DateTimeField()
    # The owner's calendar day of `at`.
    day = models.DateField()
    moved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["referral", "at"], name="stage_move_of_referral")]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} on {self.day}"

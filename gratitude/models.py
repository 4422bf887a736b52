import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from files.models import StoredFile
from gratitude.querysets import (
    EventQuerySet,
    InvitationQuerySet,
    PieceFileQuerySet,
    PieceQuerySet,
    PieceSideQuerySet,
)
from interactions.models import Interaction
from ledger.models import Ground
from partners.models import Partner


class EventKind(models.TextChoices):
    CLASS = "class", "Class"
    LUNCH_AND_LEARN = "lunch_and_learn", "Office lunch-and-learn"
    CLIENT_EVENT = "client_event", "Client event"
    GAME = "game", "Game or show"
    OPEN_HOUSE = "open_house", "Open house"
    FUNDRAISER = "fundraiser", "A partner's fundraiser"
    OTHER = "other", "Something else"


class Event(models.Model):
    """A shared experience: what, when, where, who hosts, and whom we invited on what ground."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=EventKind.choices)
    name = models.CharField(max_length=120)
    day = models.DateField("date")
    starts_at = models.TimeField("from", null=True, blank=True)
    place = models.CharField(max_length=160, blank=True)
    hosts = models.CharField("hosted by", max_length=160, blank=True)
    invited = models.CharField("whom we invite", max_length=16, choices=Ground.choices)
    invited_words = models.CharField("in your own words", max_length=200, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    # Whose event it is; colleagues who host it too see it and invite their own partners.
    officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="events")
    colleagues = models.ManyToManyField(User, blank=True, related_name="shared_events")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    # It is kept, and shown as cancelled.
    cancelled_at = models.DateTimeField(null=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["officer", "-day", "-id"], name="event_of_officer")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=EventKind.values) & Q(invited__in=Ground.values),
                name="event_closed_lists",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("event", args=[self.pk])

    @property
    def source(self) -> str:
        """How the ledger names it as what a draft began with."""
        return f"event:{self.key}"


class Invitation(models.Model):
    """A partner who was invited to an event, or who came."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="invitations")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="invitations")
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)
    # They came without having been invited.
    walked_in = models.BooleanField(default=False)
    # Null until somebody says whether they came.
    came = models.BooleanField(null=True)
    # What was logged for it; null again when that is removed.
    interaction = models.OneToOneField(
        Interaction, on_delete=models.SET_NULL, null=True, related_name="invitation"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "partner"], name="invitation_once"),
            models.CheckConstraint(
                condition=Q(interaction__isnull=True) | Q(came=True),
                name="invitation_logged_who_came",
            ),
            models.CheckConstraint(
                condition=Q(walked_in=False) | Q(came=True), name="invitation_walked_in_and_came"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} at {self.event}"


class PieceKind(models.TextChoices):
    POSTCARD = "postcard", "Postcard or mailing"
    FLYER = "flyer", "Listing flyer"
    AD = "ad", "Advertisement"
    ONLINE = "online", "Online campaign"
    VIDEO = "video", "Video or podcast"
    NEWSLETTER = "newsletter", "Newsletter"
    SIGNAGE = "signage", "Open-house material"
    OTHER = "other", "Something else"


class Piece(models.Model):
    """A co-branded piece or campaign: what, when, and what each side does and pays.

    Percents are of the whole piece and of its whole cost in US dollars.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=PieceKind.choices)
    name = models.CharField(max_length=120)
    description = models.TextField(max_length=1000, blank=True)
    officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="pieces")
    starts_on = models.DateField("live from")
    # Null while it is live without an end.
    ends_on = models.DateField("until", null=True, blank=True)
    total_cost = models.DecimalField(max_digits=9, decimal_places=2)
    our_part = models.CharField("what we do", max_length=200)
    our_share = models.DecimalField("our share of the piece, %", max_digits=5, decimal_places=2)
    our_cost = models.DecimalField("what we pay", max_digits=9, decimal_places=2)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    # It never went live.
    called_off_at = models.DateTimeField(null=True, editable=False)

    objects = PieceQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["officer", "-starts_on", "-id"], name="piece_of_officer")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=PieceKind.values), name="piece_kind_is_listed"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="piece_ends_after_its_start",
                violation_error_message="It cannot end before it begins.",
            ),
            models.CheckConstraint(
                condition=Q(our_share__gte=0, our_share__lte=100, our_cost__gte=0)
                & Q(total_cost__gte=models.F("our_cost")),
                name="piece_shares_fit",
                violation_error_message="We cannot pay more than the whole piece costs.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("piece", args=[self.pk])

    @property
    def source(self) -> str:
        """How the ledger names it as what a draft began with."""
        return f"piece:{self.key}"


class PieceSide(models.Model):
    """A partner's side of a piece: what they do, what share of it is theirs, what they pay."""

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="sides")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="piece_sides")
    part = models.CharField("what they do", max_length=200)
    share = models.DecimalField("their share of the piece, %", max_digits=5, decimal_places=2)
    cost = models.DecimalField("what they pay", max_digits=9, decimal_places=2)

    objects = PieceSideQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["piece", "partner"], name="piece_side_once"),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=100, cost__gte=0), name="piece_side_fits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.piece}"


class PieceFile(models.Model):
    """The written agreement of a piece, or a proof of payment."""

    class What(models.TextChoices):
        AGREEMENT = "agreement", "Written agreement"
        PAYMENT = "payment", "Proof of payment"
        COPY = "copy", "The piece itself"

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="piece_files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=12, choices=What.choices)

    objects = PieceFileQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["agreement", "payment", "copy"]),
                name="piece_file_what_is_listed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} of {self.piece}"

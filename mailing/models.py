import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from mailing.querysets import DeliveryQuerySet, PauseQuerySet


class State(models.TextChoices):
    """How far a delivery is; docs/operations.md draws the way from one to the next."""

    PENDING = "pending", "Waiting"
    CLAIMED = "claimed", "Being prepared"
    # The recipient is accepted and the message is about to leave.
    TRANSMITTING = "transmitting", "Being sent"
    SENT = "sent", "Sent"
    # It may have left: the answer of the mail server never came.
    UNCERTAIN = "uncertain", "Perhaps sent"
    FAILED = "failed", "Failed"
    EXPIRED = "expired", "Too late to send"
    SUPPRESSED = "suppressed", "Not sent"


HELD: list[State] = [State.CLAIMED, State.TRANSMITTING]
ENDED: list[State] = [State.SENT, State.FAILED, State.EXPIRED, State.SUPPRESSED]


class Delivery(models.Model):
    """One e-mail to one person, once for its occurrence. This row is the truth, no queue is.

    What the mail says is rendered when it is sent, with what its reader may see at that moment.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # A name of `mailing.kinds`, such as "daily_digest".
    kind = models.CharField(max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deliveries"
    )
    # What it is about, such as the key of a row; blank for a digest. Never null, as nulls differ.
    subject = models.CharField(max_length=64, blank=True)
    # A digest's is its local date.
    occurrence = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    # Not before this moment, and not from that one on.
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    # Whoever holds the lease may change the row, until it is over.
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    # An uncertain digest is sent once more.
    sent_again = models.BooleanField(default=False)
    planned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=160, blank=True)
    recipient = models.EmailField(blank=True)
    headline = models.CharField(max_length=200, blank=True)
    # Why it failed or was not sent, in a sentence for an administrator.
    reason = models.CharField(max_length=300, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-due_at", "-id"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="delivery_to_send"),
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=["claimed", "transmitting"]),
                name="delivery_held",
            ),
            # Few, and asked for at every tick.
            models.Index(
                fields=["expires_at"], condition=Q(state="uncertain"), name="delivery_uncertain"
            ),
            models.Index(fields=["user", "kind", "-due_at"], name="delivery_of_user"),
            models.Index(fields=["-due_at", "-id"], name="delivery_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "user", "subject", "occurrence"], name="delivery_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="delivery_state_is_listed"
            ),
            models.CheckConstraint(
                condition=Q(state__in=HELD, lease__isnull=False, lease_until__isnull=False)
                | ~Q(state__in=HELD) & Q(lease__isnull=True, lease_until__isnull=True),
                name="delivery_held_by_a_lease",
            ),
            models.CheckConstraint(condition=~Q(occurrence=""), name="delivery_has_occurrence"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurrence} to {self.user}: {self.state}"


class Heartbeat(models.Model):
    """When a piece of background work last ended well; /healthz/background asks."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"


class Pause(models.Model):
    """While one is open nothing is mailed: a restored copy must not greet anybody by itself."""

    since = models.DateTimeField()
    reason = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = PauseQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"pause since {self.since}"

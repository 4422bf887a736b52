from django.conf import settings
from django.db import models

from audit.querysets import EventQuerySet


class Event(models.Model):
    """One thing that somebody did: who, when, to what, and which fields it changed.

    Rows are added and read, never changed. Of borrowers and of conduct the names of the changed
    fields stand here, the values never.
    """

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    action = models.CharField(max_length=60)
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=40)
    fields = models.JSONField(default=list)
    detail = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "id"], name="audit_target"),
            models.Index(fields=["actor", "-id"], name="audit_of_actor"),
            models.Index(fields=["action", "-id"], name="audit_of_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target_type} {self.target_id}"


class Seal(models.Model):
    """A link of the chain that holds the record: one for each event, made within a minute.

    `proof` tells whether the event is as it was written, and `mac`, made of the link before it too,
    whether the links are: see `audit.sealing`. The event is named by its number alone: one that is
    gone must not take its seal along.
    """

    number = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    key_id = models.CharField(max_length=8)
    proof = models.CharField(max_length=64)
    mac = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"seal {self.number} of event {self.event_id}"

from django.conf import settings
from django.db import models


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

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["target_type", "target_id", "id"], name="audit_target")]

    def __str__(self) -> str:
        return f"{self.action} {self.target_type} {self.target_id}"

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

MOST_BYTES = 5 * 1024 * 1024


class StoredFile(models.Model):
    """A receipt or an agreement, as it was uploaded: a row is never changed.

    The bytes lie in the database, so that a backup, a restore and a transaction hold them together
    with what they belong to. Who may open one is decided by the app that points to it.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    # As found by looking at the bytes; what a browser said is not believed.
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gt=0, size__lte=MOST_BYTES), name="stored_file_size_is_allowed"
            )
        ]

    def __str__(self) -> str:
        return self.name

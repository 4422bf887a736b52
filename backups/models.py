from django.db import models


class Backup(models.Model):
    """A copy of the whole database that was written; the file itself lies where it was put."""

    made_at = models.DateTimeField()
    file = models.CharField(max_length=255)
    rows = models.PositiveBigIntegerField()
    # In bytes.
    size = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"backup of {self.made_at}"

from django.db import models

from accounts.models import Branch


class BranchReport(models.Model):
    """The figures of a branch as they were counted last: what its page shows at once.

    Written in the background by `insights.services` alone, for the usual period and today.
    """

    branch = models.OneToOneField(Branch, on_delete=models.CASCADE, related_name="report")
    # The last day that it counts.
    day = models.DateField()
    counted_at = models.DateTimeField()
    figures = models.JSONField()

    def __str__(self) -> str:
        return f"figures of {self.branch} on {self.day}"

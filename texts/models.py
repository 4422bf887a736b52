from django.db import models
from django.db.models import Q

from accounts.models import Branch, User
from texts.occasions import OCCASIONS, PROGRAMS
from texts.querysets import TeamTextQuerySet
from tiers.labels import TIER_NAMES


class TeamText(models.Model):
    """A starting text as the team words it: of the company, or of one branch.

    Where there is none, the original of `texts.originals` holds; taking it away brings that back.
    """

    occasion = models.CharField(max_length=20, choices=list(OCCASIONS.items()))
    # Blank where the occasion has one text for all tiers.
    tier = models.CharField(
        max_length=12, choices=[(str(tier), name) for tier, name in TIER_NAMES.items()], blank=True
    )
    program = models.CharField(max_length=8, choices=list(PROGRAMS.items()))
    # Null for the company's.
    branch = models.ForeignKey(
        Branch, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    subject = models.CharField(max_length=120, blank=True)
    body = models.TextField(max_length=2000)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    objects = TeamTextQuerySet.as_manager()

    class Meta:
        ordering = ["occasion", "tier", "program", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["occasion", "tier", "program"],
                condition=Q(branch__isnull=True),
                name="team_text_once_of_the_company",
            ),
            models.UniqueConstraint(
                fields=["occasion", "tier", "program", "branch"],
                condition=Q(branch__isnull=False),
                name="team_text_once_of_a_branch",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_occasion_display()}, {self.get_program_display()}"

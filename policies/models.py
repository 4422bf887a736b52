from django.db import models
from django.db.models import Q

from accounts.models import Branch, User
from partners.models import Partner
from policies.querysets import PolicyDraftQuerySet, PolicyTrialQuerySet, TrialMoveQuerySet
from tiers.classification import Tier, Verdict
from tiers.models import TIERS
from tiers.policy import Policy


class PolicyDraft(models.Model):
    """Thresholds that one person thinks about: nothing is judged by them.

    One for each person and branch (or the company, where the branch is null); gone when published.
    """

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, null=True, related_name="+")
    rules = models.JSONField()
    made_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="policy_drafts")
    changed_at = models.DateTimeField()

    objects = PolicyDraftQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["made_by", "branch"], name="policy_draft_once_a_branch"
            ),
            models.UniqueConstraint(
                fields=["made_by"],
                condition=Q(branch__isnull=True),
                name="policy_draft_once_of_the_company",
            ),
        ]

    def __str__(self) -> str:
        return f"draft of {self.made_by}"

    @property
    def policy(self) -> Policy:
        return Policy.from_dict(self.rules)


class PolicyTrial(models.Model):
    """A draft tried on the live book: how far it came, and who would move.

    It keeps the rules that it tried, as the draft may change meanwhile.
    """

    draft = models.ForeignKey(PolicyDraft, on_delete=models.CASCADE, related_name="trials")
    rules = models.JSONField()
    asked_at = models.DateTimeField()
    # How many partners there are to try, and how many are tried: all up to this key.
    total = models.PositiveIntegerField(default=0)
    tried = models.PositiveIntegerField(default=0)
    tried_up_to = models.BigIntegerField(default=0)
    # How many partners of each tier, by today's policy and by the draft: {"cease": [8, 6]}.
    counts = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True)

    objects = PolicyTrialQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"trial of {self.draft}"


class TrialMove(models.Model):
    """A partner whom the draft would move: from the verdict of today's policy to another one."""

    trial = models.ForeignKey(PolicyTrial, on_delete=models.CASCADE, related_name="moves")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    from_tier = models.CharField(max_length=12, choices=TIERS)
    from_rule = models.CharField(max_length=4)
    from_reasons = models.JSONField(default=list)
    from_flags = models.JSONField(default=list)
    tier = models.CharField(max_length=12, choices=TIERS)
    rule = models.CharField(max_length=4)
    reasons = models.JSONField(default=list)
    flags = models.JSONField(default=list)

    objects = TrialMoveQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["trial", "partner"], name="trial_move_once_a_partner")
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.from_tier} to {self.tier}"

    @property
    def before(self) -> Verdict:
        """By today's policy."""
        reasons, flags = tuple(self.from_reasons), tuple(self.from_flags)
        return Verdict(Tier(self.from_tier), self.from_rule, reasons, flags)

    @property
    def after(self) -> Verdict:
        """By the draft."""
        return Verdict(Tier(self.tier), self.rule, tuple(self.reasons), tuple(self.flags))

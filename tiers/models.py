from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import Branch, User
from partners.models import Partner
from tiers.classification import Tier, Verdict
from tiers.labels import TIER_NAMES
from tiers.policy import Policy
from tiers.querysets import PolicyVersionQuerySet, TierChangeQuerySet, TierOverrideQuerySet
from tiers.verdict import Rule

TIERS = [(str(tier), name) for tier, name in TIER_NAMES.items()]


class PolicyVersion(models.Model):
    """The thresholds that tiers are judged by, from a day on. A row never changes: a new policy is
    a new row.

    Of the company, or of one branch, which then goes its own way. The first version holds for all
    the days before it too.
    """

    number = models.PositiveIntegerField(unique=True)
    # Null for the company's.
    branch = models.ForeignKey(
        Branch, on_delete=models.PROTECT, null=True, related_name="policy_versions"
    )
    # Null where a branch follows the company's policy again.
    rules = models.JSONField(null=True)
    starts_on = models.DateField(default=date.min)
    note = models.CharField(max_length=300, blank=True)
    # Null for the guide's own, which nobody published.
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rules__isnull=False) | Q(branch__isnull=False),
                name="policy_of_the_company_has_rules",
            )
        ]

    def __str__(self) -> str:
        return f"policy {self.number}"

    @cached_property
    def policy(self) -> Policy:
        return Policy.from_dict(self.rules or {})


class TierOverride(models.Model):
    """A person put a partner into another tier than the computed one, with a reason and an end."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="tier_overrides")
    tier = models.CharField(max_length=12, choices=TIERS)
    reason = models.CharField(max_length=300)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_manager = models.BooleanField()
    starts_on = models.DateField()
    # The last day on which it holds.
    ends_on = models.DateField()
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = TierOverrideQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"],
                condition=Q(ended_at__isnull=True),
                name="tier_override_one_open",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="tier_override_has_days"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="tier_override_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} until {self.ends_on}"


class TierStanding(models.Model):
    """The verdict now standing for a partner, and the few facts that lists show and sort by.

    Written by `tiers.services` alone. `rule` is blank for a label that an import brought, and
    `since` is null where nobody knows when the tier began.
    """

    partner = models.OneToOneField(
        Partner, on_delete=models.CASCADE, primary_key=True, related_name="standing"
    )
    tier = models.CharField(max_length=12, choices=TIERS)
    rule = models.CharField(max_length=4, blank=True)
    reasons = models.JSONField(default=list)
    flags = models.JSONField(default=list)
    since = models.DateField(null=True)
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    override = models.ForeignKey(
        TierOverride, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    last_conversation_on = models.DateField(null=True)
    last_referral_on = models.DateField(null=True)
    referrals_365 = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["tier"], name="standing_by_tier"),
            models.Index(fields=["last_conversation_on"], name="standing_by_contact"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(tier__in=list(Tier)), name="standing_tier_is_listed")
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.get_tier_display()}"

    @property
    def verdict(self) -> Verdict:
        return Verdict(Tier(self.tier), self.rule, tuple(self.reasons), tuple(self.flags))

    def override_in_force(self, today: date) -> TierOverride | None:
        """The override that holds today, by the same rule as `querysets.in_force`."""
        override = self.override
        if override is None or override.ends_on < today or self.rule == Rule.ASKED_TO_STOP:
            return None
        if self.rule == Rule.CONDUCT and not override.by_manager:
            return None
        return override

    def tier_in_force(self, today: date) -> Tier:
        override = self.override_in_force(today)
        return Tier(override.tier if override else self.tier)


class TierChange(models.Model):
    """From this day another tier stands, or the same tier by another rule.

    The rule is kept too, as what reopens a Cease depends on the rule that gave it: without it
    nobody could say what the tier would have been on a past day. `since` is the first day of the
    tier (not of its rule); null where an import's label does not tell.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="tier_changes")
    on = models.DateField()
    tier = models.CharField(max_length=12, choices=TIERS)
    from_tier = models.CharField(max_length=12, choices=TIERS, blank=True)
    rule = models.CharField(max_length=4, blank=True)
    reasons = models.JSONField(default=list)
    flags = models.JSONField(default=list)
    signals = models.JSONField(default=dict)
    since = models.DateField(null=True)
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = TierChangeQuerySet.as_manager()

    class Meta:
        ordering = ["on", "id"]
        indexes = [models.Index(fields=["partner", "-on", "-id"], name="tier_change_of_partner")]

    def __str__(self) -> str:
        return f"{self.partner}: {self.get_tier_display()} from {self.on}"

    @property
    def verdict(self) -> Verdict:
        return Verdict(Tier(self.tier), self.rule, tuple(self.reasons), tuple(self.flags))


class NightlyRun(models.Model):
    """The judging of one new day in one time zone: how far it came, and whether it ended."""

    time_zone = models.CharField(max_length=64)
    day = models.DateField()
    # All partners up to this key are judged for the day.
    judged_up_to = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["time_zone", "day"], name="nightly_run_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} in {self.time_zone}"

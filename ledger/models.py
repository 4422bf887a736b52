import uuid
from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from files.models import StoredFile
from ledger.kinds import KINDS, WAYS
from ledger.querysets import (
    DraftQuerySet,
    LineQuerySet,
    NumberedQuerySet,
    RecipientQuerySet,
)


class Payer(models.TextChoices):
    COMPANY = "company", "Our company"
    OWN_POCKET = "own_pocket", "Our person, out of pocket"
    PARTNER = "partner", "The partner"
    THIRD_PARTY = "third_party", "Somebody else"


class Ground(models.TextChoices):
    """How recipients were chosen."""

    ALL_LOCAL = "all_local", "Everybody of a kind in the area"
    WHOLE_OFFICE = "whole_office", "Everybody of an office or a company"
    PUBLIC = "public", "Open to the public"
    NAMED_FEW = "named_few", "A few, by name"


class Statement(models.Model):
    """What a giver confirms: that it was not for referrals. A row never changes."""

    number = models.PositiveIntegerField(unique=True)
    text = models.TextField(max_length=1000)
    # Null for the first one, which nobody wrote here.
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField()

    objects = NumberedQuerySet.as_manager()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"statement {self.number}"


class RulesVersion(models.Model):
    """The numbers of the checks, such as the company's yearly limit. A row never changes."""

    number = models.PositiveIntegerField(unique=True)
    rules = models.JSONField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField()

    objects = NumberedQuerySet.as_manager()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"ledger rules {self.number}"


class Draft(models.Model):
    """A line that is being written: what the form says so far, and what the checks say of it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Whose giving or receiving it is.
    officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="ledger_drafts")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # The fields of the form, by name, as they were typed.
    said = models.JSONField(default=dict)
    # What it began with, such as "contact:<batch>" or "event:<key>"; one open draft for each.
    source = models.CharField(max_length=60, blank=True)
    files = models.ManyToManyField(StoredFile, blank=True, related_name="+")
    # Codes and texts of `ledger.checks`, as of the last try to enter it.
    findings = models.JSONField(default=list)
    # When its purpose first spoke of referrals: stays when it is reworded, and compliance sees it.
    flagged_at = models.DateTimeField(null=True)
    flagged_words = models.TextField(blank=True)
    made_at = models.DateTimeField()
    # When what it says last changed; the statement and receipts aside.
    changed_at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True)
    discarded_at = models.DateTimeField(null=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-id"]
        indexes = [
            models.Index(
                fields=["officer", "-changed_at"],
                condition=Q(entered_at__isnull=True, discarded_at__isnull=True),
                name="ledger_draft_open",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "officer"],
                condition=~Q(source="") & Q(discarded_at__isnull=True),
                name="ledger_draft_once_a_source",
            ),
            models.CheckConstraint(
                condition=Q(entered_at__isnull=True) | Q(discarded_at__isnull=True),
                name="ledger_draft_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"draft of {self.officer}"

    def get_absolute_url(self) -> str:
        return reverse("ledger_draft", args=[self.pk])

    @property
    def released_checks(self) -> set[str]:
        """The checks that compliance let it pass as it stands: after a change they hold again."""
        return {
            release.check_code
            for release in self.releases.all()
            if release.released_at >= self.changed_at
        }


class Release(models.Model):
    """Compliance lets a draft pass one check, with a reason. A row never changes."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="releases")
    check_code = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="ledger_release_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.check_code} of {self.draft}"


class Line(models.Model):
    """One thing of value, given or received. The database refuses to change or delete a row.

    A mistake is reversed by a new line. Money is in US dollars.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.OneToOneField(Draft, on_delete=models.PROTECT, null=True, related_name="line")
    officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="ledger_lines")
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    day = models.DateField("date")
    way = models.CharField(max_length=8, choices=list(WAYS.items()))
    kind = models.CharField(max_length=20, choices=list(KINDS.items()))
    description = models.CharField(max_length=300)
    payer = models.CharField("who paid", max_length=12, choices=Payer.choices)
    payer_name = models.CharField(max_length=120, blank=True)
    # For all together. What it cost, and what it would cost anybody on the market.
    cost = models.DecimalField(max_digits=9, decimal_places=2)
    market_value = models.DecimalField(max_digits=9, decimal_places=2)
    # Everybody who had something of it, our own people too.
    attendees = models.PositiveIntegerField()
    # Our person who was there; blank where nobody was, or nothing to be present at.
    person_present = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=300)
    discussed = models.TextField("what was discussed", max_length=1000, blank=True)
    ground = models.CharField("how recipients were chosen", max_length=16, choices=Ground.choices)
    ground_words = models.CharField(max_length=200, blank=True)
    # Of a sponsorship: what we get for it, and what others pay for the same.
    deliverable = models.CharField(max_length=300, blank=True)
    benchmark = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    benchmark_source = models.CharField(max_length=200, blank=True)
    # Of a co-branded piece: percent of the piece that is ours, and percent of its cost that we pay.
    share_of_piece = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    share_of_cost = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    # What the partner paid for it at its market value, where it is a cost of their own business.
    paid_back = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    # Whether it was drawn or raffled.
    is_raffle = models.BooleanField(default=False)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")
    stated_name = models.CharField("name under the statement", max_length=120)
    stated_at = models.DateTimeField()
    # What held it back or is to be looked at, when it was entered; from `ledger.checks`.
    findings = models.JSONField(default=list)
    source = models.CharField(max_length=60, blank=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by"
    )
    reversal_reason = models.CharField(max_length=300, blank=True)
    files = models.ManyToManyField(StoredFile, through="LineFile", related_name="+")

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(fields=["officer", "-day", "-id"], name="ledger_line_of_officer"),
            models.Index(fields=["-day", "-id"], name="ledger_line_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=list(WAYS))
                & Q(kind__in=list(KINDS))
                & Q(payer__in=Payer.values)
                & Q(ground__in=Ground.values),
                name="ledger_line_closed_lists",
            ),
            models.CheckConstraint(condition=Q(attendees__gte=1), name="ledger_line_has_attendees"),
            # A reversal is the same line with the opposite sign.
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, cost__gte=0, market_value__gte=0)
                & Q(reversal_reason="")
                | Q(reverses__isnull=False, cost__lte=0, market_value__lte=0)
                & ~Q(reversal_reason=""),
                name="ledger_line_reversal_has_reason",
            ),
            models.CheckConstraint(condition=~Q(stated_name=""), name="ledger_line_is_stated"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.day}"

    def get_absolute_url(self) -> str:
        return reverse("ledger_line", args=[self.pk])

    @property
    def value_a_head(self) -> Decimal:
        """The market value by attendees. Not a column: SQLite divides whole dollars as integers."""
        return (self.market_value / self.attendees).quantize(Decimal("0.01"), ROUND_HALF_UP)


class Recipient(models.Model):
    """Who had something of a line: by name and company, as written down then.

    A partner is named by its key, which never changes, and not by its row: a merge breaks nothing.
    """

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="recipients")
    # Blank for somebody who is no partner.
    partner_key = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=120)
    company = models.CharField(max_length=120, blank=True)
    # Their part of the market value.
    value = models.DecimalField(max_digits=9, decimal_places=2)

    objects = RecipientQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["partner_key", "line"],
                condition=~Q(partner_key=""),
                name="ledger_recipient_by_key",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "partner_key"],
                condition=~Q(partner_key=""),
                name="ledger_recipient_once_a_line",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="ledger_recipient_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class LineFile(models.Model):
    """A receipt of a line."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="line_files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["line", "file"], name="ledger_line_file_once")
        ]

    def __str__(self) -> str:
        return f"{self.file} of {self.line}"


class Answer(models.TextChoices):
    APPROVED = "approved", "Approved"
    QUESTIONED = "questioned", "Questioned"


class Approval(models.Model):
    """What compliance answered to a line; the newest answer counts. A row never changes."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="approvals")
    answer = models.CharField(max_length=12, choices=Answer.choices)
    # Needed where it is questioned, or where a check spoke against it.
    note = models.CharField(max_length=300, blank=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["line", "-id"], name="ledger_approval_of_line")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=Answer.values), name="ledger_approval_is_listed"
            ),
            models.CheckConstraint(
                condition=~Q(answer=Answer.QUESTIONED) | ~Q(note=""),
                name="ledger_approval_question_has_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_answer_display()}: {self.line}"


class Hold(models.Model):
    """A legal hold: while it is open, nothing that it names is purged, however old."""

    # Of the three at most one is set; none for a hold on the whole ledger.
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="holds")
    officer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    partner_key = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=300)
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    lift_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-placed_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="ledger_hold_has_reason"),
            models.CheckConstraint(
                condition=Q(line__isnull=True, officer__isnull=True)
                | Q(line__isnull=True, partner_key="")
                | Q(officer__isnull=True, partner_key=""),
                name="ledger_hold_names_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lift_reason="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason=""),
                name="ledger_hold_is_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"hold of {self.placed_at:%Y-%m-%d}"


class Purge(models.Model):
    """One run of `ledger purge`. While it is open the database lets old lines go."""

    # Lines of days before it; the triggers know the five years by themselves.
    before = models.DateField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    lines = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"purge before {self.before}"

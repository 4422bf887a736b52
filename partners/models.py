import uuid
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import User
from partners.querysets import HandoverQuerySet, PartnerQuerySet


class PartnerType(models.TextChoices):
    REALTOR = "realtor", "Real estate agent"
    BUILDER = "builder", "Builder"
    FINANCIAL_ADVISOR = "financial_advisor", "Financial advisor"
    CPA = "cpa", "CPA"
    ATTORNEY = "attorney", "Attorney"
    INSURANCE_AGENT = "insurance_agent", "Insurance agent"
    TITLE_ESCROW = "title_escrow", "Title or escrow officer"
    PAST_CLIENT = "past_client", "Past client"
    OTHER = "other", "Other"


class StopSource(models.TextChoices):
    """How a request to stop reached us."""

    CALL = "call", "By phone"
    TEXT = "text", "By text message"
    EMAIL = "email", "By e-mail"
    LETTER = "letter", "By letter"
    IN_PERSON = "in_person", "In person"
    SOMEBODY = "somebody", "Through somebody else"
    IMPORT = "import", "It came with an import"


class SynergyQuestion(models.TextChoices):
    """Five yes/no questions; the synergy score is how many are answered with yes."""

    SAME_CLIENTS = "same_clients", "Do we serve the same kind of clients?"
    SAME_AREA = "same_area", "Do we work in the same area?"
    SAME_VALUES = "same_values", "Do we treat clients in the same way?"
    ROOM_TO_GROW = "room_to_grow", "Is their business growing, or open to growing with us?"
    OPEN_TO_US = "open_to_us", "Have they shown interest in working together?"


class Company(models.Model):
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "companies"
        constraints = [models.UniqueConstraint(Lower("name"), name="company_name_once")]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="tag_name_once")]

    def __str__(self) -> str:
        return self.name


def new_key() -> str:
    return uuid.uuid4().hex


@dataclass(frozen=True)
class Way:
    """A way to reach a partner, as a link that opens the person's own program."""

    label: str
    icon: str
    href: str


class Partner(models.Model):
    """A person who refers borrowers to us, or might. Archived, never deleted."""

    # How files and scripts name this partner; it never changes.
    key = models.CharField(max_length=64, unique=True, default=new_key, editable=False)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="partners")
    first_name = models.CharField(max_length=60, blank=True)
    last_name = models.CharField(max_length=60)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="partners"
    )
    partner_type = models.CharField("type", max_length=20, choices=PartnerType.choices)

    email = models.EmailField("e-mail", blank=True)
    phone_mobile = PhoneNumberField("mobile phone", blank=True)
    phone_work = PhoneNumberField("work phone", blank=True)
    no_calls = models.BooleanField("no calls", default=False)
    no_texts = models.BooleanField("no texts", default=False)
    no_emails = models.BooleanField("no e-mail", default=False)
    no_mail = models.BooleanField("no postal mail", default=False)
    do_not_contact_since = models.DateField("asked us to stop on", null=True, blank=True)
    # How they asked; blank where nobody wrote it down.
    do_not_contact_source = models.CharField(
        max_length=12, choices=StopSource.choices, blank=True, editable=False
    )
    # The owner's day on which the open step-away plan began: no reminder, greeting or invitation
    # until it is closed. Written by `stepaway.services` alone.
    stepping_away_since = models.DateField(null=True, editable=False)

    street = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=30, blank=True)
    zip = models.CharField("ZIP code", max_length=10, blank=True)

    license_no = models.CharField("license number", max_length=40, blank=True)
    nmls_id = models.CharField("NMLS ID", max_length=12, blank=True)
    source = models.CharField("how we met", max_length=80, blank=True)
    relationship_start = models.DateField("partners since", null=True, blank=True)
    birth_month = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    birth_day = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    birth_year = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1900), MaxValueValidator(2100)]
    )
    business_start = models.DateField("in business since", null=True, blank=True)
    synergy = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(5)]
    )
    # Which questions were answered with yes; null where the score alone is known (an import).
    synergy_answers = models.JSONField(null=True, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="partners")
    notes = models.TextField(max_length=5000, blank=True)

    # The owner's day on which the record was made.
    created_on = models.DateField(default=timezone.localdate, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    archived_reason = models.CharField(max_length=200, blank=True, editable=False)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["last_name", "first_name", "id"]
        indexes = [
            models.Index(
                fields=["owner", "last_name", "first_name", "id"],
                condition=Q(archived_at__isnull=True),
                name="partner_of_owner",
            ),
            models.Index(
                fields=["last_name", "first_name", "id"],
                condition=Q(archived_at__isnull=True),
                name="partner_by_name",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(partner_type__in=PartnerType.values), name="partner_type_is_listed"
            ),
            models.CheckConstraint(
                condition=Q(do_not_contact_since__isnull=False) | Q(do_not_contact_source=""),
                name="partner_stop_source_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(synergy__isnull=True) | Q(synergy__lte=5), name="partner_synergy_0_to_5"
            ),
            models.CheckConstraint(
                condition=Q(birth_month__isnull=True, birth_day__isnull=True, birth_year=None)
                # Said aloud, as a comparison with null is unknown, and unknown passes a check.
                | Q(
                    birth_month__isnull=False,
                    birth_day__isnull=False,
                    birth_month__range=(1, 12),
                    birth_day__range=(1, 31),
                ),
                name="partner_birthday_has_month_and_day",
                violation_error_message="A birthday needs a month and a day; the year is optional.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("partner", args=[self.pk])

    def clean(self) -> None:
        if self.birth_month and self.birth_day:
            try:
                # 29 February is a birthday too, in whatever year.
                date(self.birth_year or 2000, self.birth_month, self.birth_day)
            except ValueError as error:
                raise ValidationError({"birth_day": "There is no such day."}) from error

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def do_not_contact(self) -> bool:
        return self.do_not_contact_since is not None

    @property
    def is_left_in_peace(self) -> bool:
        """Whether nothing goes out: they asked us to stop, or we are stepping away.

        `PartnerQuerySet.left_in_peace` finds these.
        """
        return self.do_not_contact or self.stepping_away_since is not None

    @property
    def opted_out_of(self) -> list[str]:
        ways = {
            "calls": self.no_calls,
            "texts": self.no_texts,
            "e-mail": self.no_emails,
            "postal mail": self.no_mail,
        }
        return [way for way, opted_out in ways.items() if opted_out]

    @property
    def reachable_by(self) -> list[Way]:
        """How a person may reach them now: nothing that they asked us not to use."""
        if self.do_not_contact:
            return []
        ways = []
        phone = self.phone_mobile or self.phone_work
        if phone and not self.no_calls:
            ways.append(Way("Call", "phone", f"tel:{phone.as_e164}"))
        if self.phone_mobile and not self.no_texts:
            ways.append(Way("Text", "message-circle", f"sms:{self.phone_mobile.as_e164}"))
        if self.email and not self.no_emails:
            ways.append(Way("E-mail", "mail", f"mailto:{self.email}"))
        return ways

    @property
    def birthday(self) -> str:
        """Month and day, such as "April 12"; an age is never shown."""
        if not (self.birth_month and self.birth_day):
            return ""
        return f"{date(2000, self.birth_month, self.birth_day):%B} {self.birth_day}"


class Handover(models.Model):
    """Partners went from one owner to another, in one step that can be taken back."""

    # Of the form, so that a double submit hands over once.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    from_owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    to_owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    partners = models.ManyToManyField(Partner, related_name="handovers")

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_owner=models.F("to_owner")),
                name="handover_is_to_somebody_else",
                violation_error_message="Choose two different people.",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="handover_taken_back_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"from {self.from_owner} to {self.to_owner}"

    def get_absolute_url(self) -> str:
        return reverse("handover", args=[self.pk])

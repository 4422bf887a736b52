from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Lower

from accounts.access import owners_worked_by, worked_by
from accounts.models import Role, User

SEES_ALL = {Role.ADMINISTRATOR, Role.COMPLIANCE}


def seen_lines(user: User, officer: str = "officer") -> Q:
    """A filter for what somebody sees of the ledger: administrators and compliance, all."""
    return Q() if _sees_all(user) else worked_by(user, officer)


def people_seen(user: User) -> Q:
    """A filter for the people whose lines somebody sees."""
    return Q() if _sees_all(user) else owners_worked_by(user)


def _sees_all(user: User) -> bool:
    return any(user.has_role(role) for role in SEES_ALL)


class DraftQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "DraftQuerySet":
        """The one door to drafts: of officers with whose partners this person works, or all."""
        return self.filter(seen_lines(user))

    def workable_by(self, user: User) -> "DraftQuerySet":
        """Those that this person may change and enter."""
        return self.filter(worked_by(user, "officer"))

    def open(self) -> "DraftQuerySet":
        return self.filter(entered_at__isnull=True, discarded_at__isnull=True)

    def for_list(self) -> "DraftQuerySet":
        return self.select_related("officer").prefetch_related("releases")


class LineQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "LineQuerySet":
        """The one door to lines: of officers with whose partners this person works, or all."""
        return self.filter(seen_lines(user))

    def workable_by(self, user: User) -> "LineQuerySet":
        """Those that this person may reverse."""
        return self.filter(worked_by(user, "officer"))

    def standing(self) -> "LineQuerySet":
        """Those that count: not reversed, and no reversal."""
        return self.filter(reverses__isnull=True, reversed_by__isnull=True)

    def with_state(self) -> "LineQuerySet":
        """With `newest_answer` (None, "approved" or "questioned") and `was_reversed`."""
        approvals = self.model.approvals.rel.related_model.objects  # type: ignore[attr-defined]
        newest = approvals.filter(line=OuterRef("pk")).order_by("-id")
        reversals = self.model._default_manager.filter(reverses=OuterRef("pk"))
        return self.annotate(
            newest_answer=Subquery(newest.values("answer")[:1]), was_reversed=Exists(reversals)
        )

    def awaiting_approval(self) -> "LineQuerySet":
        """Standing lines against which a check spoke and to which nobody answered yet."""
        return self.standing().with_state().exclude(findings=[]).filter(newest_answer=None)

    def questioned(self) -> "LineQuerySet":
        """Standing lines whose newest answer is a question."""
        return self.standing().with_state().filter(newest_answer="questioned")

    def for_list(self) -> "LineQuerySet":
        """Newest first, with everything that a row of the list shows: three queries."""
        approvals = self.model.approvals.rel.related_model.objects  # type: ignore[attr-defined]
        answers = Prefetch("approvals", approvals.select_related("given_by"))
        return (
            self.with_state()
            .select_related("officer", "entered_by")
            .prefetch_related("recipients", answers)
            .order_by("-day", "-id")
        )


class RecipientQuerySet(models.QuerySet):
    def given_between(
        self, keys: list[str], names: list[str], first: date, last: date
    ) -> "RecipientQuerySet":
        """What was given on days of this span, both ends in, to these partners and others.

        `keys` are of partners, `names` (in small letters) of those who are none.
        """
        named = self.alias(lower=Lower("name")).filter(
            Q(partner_key__in=keys) | Q(partner_key="", lower__in=names)
        )
        return named.exclude(line__way="received").filter(line__day__gte=first, line__day__lte=last)


class NumberedQuerySet(models.QuerySet):
    """Statements and versions of the rules: the highest number is the one in force."""

    def newest(self) -> Any:
        return self.order_by("-number").first()

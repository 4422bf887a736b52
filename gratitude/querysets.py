from datetime import date
from typing import Any

from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When

from accounts.access import seen_by, worked_by
from accounts.models import User


class EventQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "EventQuerySet":
        """The one door to events: of officers whom this person sees, as owners or as co-hosts."""
        owned = seen_by(user, "officer")
        if not owned:
            # Of everybody; an empty condition would be left out beside another one.
            return self.all()
        return self.filter(owned | Q(pk__in=self._shared(seen_by(user, "user"))))

    def of(self, officer: User) -> "EventQuerySet":
        """Their own ones, and those that they host with a colleague."""
        return self.filter(Q(officer=officer) | Q(pk__in=self._shared(Q(user=officer))))

    def _shared(self, who: Q) -> Any:
        # Not a join, which would give an event once for each colleague.
        event: Any = self.model
        return event.colleagues.through.objects.filter(who).values("event")

    def going_on(self) -> "EventQuerySet":
        return self.filter(cancelled_at__isnull=True)

    def coming(self, today: date) -> "EventQuerySet":
        return self.filter(day__gte=today)

    def past(self, today: date) -> "EventQuerySet":
        return self.filter(day__lt=today)

    def coming_first(self, today: date) -> "EventQuerySet":
        """What comes, the next one first; then what is past, the last one first."""
        ahead = Case(When(day__gte=today, then=F("day")))
        return self.annotate(ahead=ahead).order_by(
            F("ahead").asc(nulls_last=True), "-day", F("starts_at").asc(nulls_first=True), "-pk"
        )

    def for_list(self) -> "EventQuerySet":
        """With the officer, and with how many were invited and came."""
        return self.select_related("officer").annotate(
            guests=_count(self.model, Q()), came=_count(self.model, Q(came=True))
        )


def _count(event: Any, which: Q) -> Any:
    rows = event.invitations.rel.related_model.objects.filter(which, event=OuterRef("pk"))
    counted = rows.order_by().values("event").annotate(n=Count("pk")).values("n")
    return models.functions.Coalesce(Subquery(counted), 0)


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "InvitationQuerySet":
        """Of partners whom this person may see; whoever else comes is a number to them."""
        return self.filter(seen_by(user, "partner__owner"))

    def workable_by(self, user: User) -> "InvitationQuerySet":
        return self.filter(worked_by(user, "partner__owner"))

    def to_log(self) -> "InvitationQuerySet":
        """They came, and nothing is logged for it yet."""
        here = Q(partner__archived_at__isnull=True)
        return self.filter(here, came=True, interaction__isnull=True)

    def for_list(self) -> "InvitationQuerySet":
        partners = self.select_related("partner__company", "partner__owner", "interaction")
        return partners.order_by("partner__last_name", "partner__first_name", "partner_id")


class PieceQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "PieceQuerySet":
        """The one door to pieces: those of officers whom this person sees."""
        return self.filter(seen_by(user, "officer"))

    def to_come(self, today: date) -> "PieceQuerySet":
        return self.filter(called_off_at__isnull=True, starts_on__gt=today)

    def live(self, today: date) -> "PieceQuerySet":
        open_end = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
        return self.filter(open_end, called_off_at__isnull=True, starts_on__lte=today)

    def ended(self, today: date) -> "PieceQuerySet":
        """Those that are over, and those that were called off."""
        return self.filter(Q(ends_on__lt=today) | Q(called_off_at__isnull=False))

    def for_list(self) -> "PieceQuerySet":
        return self.select_related("officer").order_by("-starts_on", "-pk")


class PieceSideQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "PieceSideQuerySet":
        """Of partners whom this person may see."""
        return self.filter(seen_by(user, "partner__owner"))


class PieceFileQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "PieceFileQuerySet":
        """Those of pieces that this person sees."""
        return self.filter(seen_by(user, "piece__officer"))

    def for_list(self) -> "PieceFileQuerySet":
        """Without their bytes."""
        return self.select_related("file__uploaded_by").defer("file__content").order_by("pk")

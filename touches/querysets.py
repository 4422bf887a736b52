from datetime import date
from typing import Any

from django.db import models
from django.db.models import Case, Max, Q, QuerySet, Value, When

from accounts.access import seen_by, worked_by
from accounts.models import User
from interactions.models import Interaction, Kind, Outcome, Purpose
from touches.cadences import Playbook
from touches.kinds import Fit

IN_PERSON = [Kind.COFFEE, Kind.LUNCH, Kind.MEETING, Kind.BRAINSTORM, Kind.EVENT]

# Which interactions complete a touch; where "we sent" is said, who answered does not matter.
FITTING: dict[Fit, Q] = {
    Fit.CALL: Q(kind__in=[Kind.CALL, Kind.VIDEO], outcome=Outcome.CONNECTED),
    Fit.IN_PERSON: Q(kind__in=IN_PERSON, is_conversation=True),
    Fit.NOTE: Q(kind=Kind.NOTE, direction="out"),
    Fit.REVIEW: Q(was_review=True, is_conversation=True),
    Fit.CONVERSATION: Q(is_conversation=True),
    Fit.VALUE: Q(kind__in=[Kind.CLASS, Kind.OPEN_HOUSE]) & ~Q(outcome=Outcome.NO_RESPONSE)
    | Q(is_touch=True, gave_value=True),
    Fit.LIGHT: Q(kind__in=[Kind.SOCIAL, Kind.EMAIL, Kind.TEXT], direction="out"),
    Fit.TOUCH: Q(is_touch=True),
    Fit.GRATITUDE: Q(is_touch=True, purpose=Purpose.GRATITUDE),
}


def last_fitting(interactions: QuerySet[Interaction]) -> QuerySet[Any, Any]:
    """The day of each partner's newest interaction of each fit: partner, then as in `Fit`."""
    newest = {fit.value: Max("day", filter=condition) for fit, condition in FITTING.items()}
    return interactions.order_by().values("partner_id").annotate(**newest)


def with_fits(interactions: QuerySet[Interaction]) -> QuerySet[Interaction, Any]:
    """Annotate for each fit whether the interaction is one: "fits_call" and so on."""
    return interactions.annotate(
        **{
            f"fits_{fit}": Case(
                When(condition, then=Value(True)),
                default=Value(False),
                output_field=models.BooleanField(),
            )
            for fit, condition in FITTING.items()
        }
    )


class PlannedTouchQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "PlannedTouchQuerySet":
        return self.filter(seen_by(user, "partner__owner"))

    def workable_by(self, user: User) -> "PlannedTouchQuerySet":
        return self.filter(worked_by(user, "partner__owner"))

    def open(self) -> "PlannedTouchQuerySet":
        return self.filter(done_at__isnull=True, skipped_on__isnull=True).order_by("due_on", "id")

    def steps(self) -> "PlannedTouchQuerySet":
        """Those that a person wrote in own words."""
        return self.filter(kind="step")

    def skipped(self) -> "PlannedTouchQuerySet":
        return self.filter(skipped_on__isnull=False).order_by()


class PlaybookVersionQuerySet(models.QuerySet):
    def newest(self) -> Any:
        """The newest play-book; None before the first edit, when the defaults hold."""
        return self.order_by("-number").first()

    def playbook(self) -> Playbook:
        """The play-book that holds now."""
        newest = self.newest()
        return Playbook.from_dict(newest.rules) if newest else Playbook()


class FocusPlaceQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "FocusPlaceQuerySet":
        """Those on lists that this person sees, of partners whom they still see."""
        return self.filter(seen_by(user, "week__officer"), seen_by(user, "partner__owner"))

    def on(self, day: date) -> "FocusPlaceQuerySet":
        """The places that held on a day."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

from collections.abc import Sequence

from django.db import models
from django.db.models import Count, Q

from accounts.access import decided_by, led_by, seen_by, worked_by
from accounts.models import User

PLAIN_OPTIONS = 500
LEFT_IN_PEACE = Q(do_not_contact_since__isnull=False) | Q(stepping_away_since__isnull=False)
SEARCHED = ["first_name", "last_name", "company__name", "email"]


class PartnerQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "PartnerQuerySet":
        """The one door to partners: those that this person may see."""
        return self.filter(seen_by(user))

    def workable_by(self, user: User) -> "PartnerQuerySet":
        """Those with whom this person may log and plan."""
        return self.filter(worked_by(user))

    def decidable_by(self, user: User) -> "PartnerQuerySet":
        """Those about whom this person decides: override, archive, conduct."""
        return self.filter(decided_by(user))

    def active(self) -> "PartnerQuerySet":
        return self.filter(archived_at__isnull=True)

    def archived(self) -> "PartnerQuerySet":
        return self.filter(archived_at__isnull=False)

    def left_in_peace(self) -> "PartnerQuerySet":
        """Those who asked us to stop, or from whom we are stepping away."""
        return self.filter(LEFT_IN_PEACE)

    def not_left_in_peace(self) -> "PartnerQuerySet":
        """Those who may be greeted, reminded of and invited."""
        return self.exclude(LEFT_IN_PEACE)

    def search(self, text: str) -> "PartnerQuerySet":
        """Every word must stand in the name, the company or the e-mail address."""
        found = self
        for word in text.split():
            matches = Q()
            for field in SEARCHED:
                matches |= Q(**{f"{field}__icontains": word})
            found = found.filter(matches)
        return found

    def to_choose_from(self, chosen: Sequence[int]) -> "PartnerQuerySet":
        """What a list without JavaScript offers beside what is chosen: not the whole of a book."""
        return self.select_related("company").exclude(pk__in=chosen)[:PLAIN_OPTIONS]

    def locked(self, ids: "list[int]") -> "list[int]":
        """Lock these partners in the order of their keys; returns the ids that exist.

        Everybody locks in this order, so that two people who log (A, B, C) and (C, B, A) wait for
        each other instead of for ever. SQLite locks the whole database when a write begins.
        """
        rows = self.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
        return list(rows.values_list("pk", flat=True))


class HandoverQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "HandoverQuerySet":
        """Those from or to somebody whom this person leads."""
        return self.filter(led_by(user, "from_owner") | led_by(user, "to_owner"))

    def for_list(self) -> "HandoverQuerySet":
        people = self.select_related("from_owner", "to_owner", "made_by", "taken_back_by")
        return people.annotate(how_many=Count("partners")).order_by("-made_at", "-pk")

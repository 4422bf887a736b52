from django.db import models
from django.db.models import Exists, OuterRef


class EventQuerySet(models.QuerySet):
    def unsealed(self) -> "EventQuerySet":
        """Those that no seal holds yet, in the order of their numbers.

        Not those above the last sealed one: a lower number may be committed later.
        """
        seals = self.model._meta.apps.get_model("audit", "Seal").objects
        held = seals.filter(event_id=OuterRef("pk"))
        return self.filter(~Exists(held)).order_by("pk")

from django.contrib import admin

from mailing.models import Delivery
from web.admin import ReadOnlyAdmin


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """What became of each e-mail; what it said stands nowhere."""

    list_display = ["due_at", "kind", "user", "state", "attempts", "reason"]
    list_filter = ["state", "kind"]
    list_select_related = ["user"]
    exclude = ["lease"]

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class AuthenticatedRequest(HttpRequest):
    """A request as views see it behind the sign-in: with a person, and with htmx's headers read."""

    user: User
    htmx: HtmxDetails

"""The page that a form was opened from, where it leads back to."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest) -> str:
    """The address that `next` names, of this site alone; blank where there is none."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    inside = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None
    )
    return address if inside else ""

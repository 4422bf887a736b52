"""The doors of compliance: for everybody else they do not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpResponse

from accounts.http import AuthenticatedRequest

P = ParamSpec("P")
View = Callable[Concatenate[AuthenticatedRequest, P], HttpResponse]


def compliance_only(view: View[P]) -> View[P]:
    """Answer 404 to whoever has no grant of compliance."""

    @wraps(view)
    def guarded(
        request: AuthenticatedRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if not request.user.is_compliance:
            raise Http404("There is no such page.")
        return view(request, *args, **kwargs)

    return guarded

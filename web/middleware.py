from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_cache_control, patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect


class SignInForFragments:
    """Turn a redirect away from a fragment into a redirect of the whole page.

    A session that has ended, or a second factor that is still missing, answers with a redirect.
    htmx would follow it and put the sign-in page into the middle of a table.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A fragment must not come out of the browser's cache where the page is asked for.
        patch_vary_headers(response, ["HX-Request"])
        if request.headers.get("HX-Request") and isinstance(response, HttpResponseRedirect):
            return HttpResponseClientRedirect(response.url)
        return response


class KeepNoCopies:
    """Let nobody keep a copy of what a signed-in person sees: it names borrowers and partners.

    After signing out, the button "back" of a shared computer must not show it again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response

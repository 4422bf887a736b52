"""What the measured server adds: the floor, and how many queries an answer took."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

QUERIES = "X-Queries"


@require_safe
def floor(request: HttpRequest) -> HttpResponse:
    """The trivial page: a session, its user, a template of ten lines; the house's middleware."""
    return render(request, "bench/floor.html")


class CountQueries:
    """Tell with each answer how many queries it took, those of the session included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count = 0

        def counted(execute: Callable[..., Any], *arguments: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*arguments)

        with connection.execute_wrapper(counted):
            response = self.get_response(request)
        response[QUERIES] = str(count)
        return response

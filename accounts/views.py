from copy import copy

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms import ProfileForm
from accounts.http import AuthenticatedRequest
from audit.services import record


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: AuthenticatedRequest) -> HttpResponse:
    """The person's own name and time zone, with the ways to their password and second factor."""
    # A copy, as what is refused must not stand in the head of the page.
    form = ProfileForm(
        request.POST if request.method == "POST" else None, instance=copy(request.user)
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            # The rest of the row may be old by now, such as whether the person is active.
            form.instance.save(update_fields=form.changed_data)
            record(
                actor=request.user,
                action="user.changed",
                target=request.user,
                fields=form.changed_data,
            )
        messages.success(request, "Saved.")
        return redirect("profile")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/profile.html", {"form": form}, status=status)

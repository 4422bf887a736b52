from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedRequest
from ledger import desk_services
from ledger.desk_access import compliance_only
from ledger.desk_forms import RulesForm, StatementForm
from ledger.desk_rules import current_rules, current_statement, in_words
from ledger.models import RulesVersion, Statement
from ledger.rules import Rules

page = require_http_methods(["GET", "HEAD", "POST"])

MEANWHILE = (
    "Somebody published another version meanwhile. Open this page anew and look at it first."
)


@page
@compliance_only
def ledger_rules(request: AuthenticatedRequest) -> HttpResponse:
    """The numbers of the checks, and who published which."""
    rules, number = current_rules()
    data = request.POST if request.method == "POST" else None
    form = RulesForm(data, rules=rules, initial={"after": number})
    if form.is_valid():
        published = desk_services.publish_rules(
            actor=request.user,
            rules=form.rules().to_dict(),
            after=form.cleaned_data["after"],
            now=timezone.now(),
        )
        if published:
            messages.success(request, "Published. It holds for whatever is entered from now on.")
            return redirect("ledger_rules")
        form.add_error(None, MEANWHILE)
    versions = RulesVersion.objects.select_related("published_by").order_by("-number")
    history = [(version, in_words(Rules.from_dict(version.rules))) for version in versions]
    context = {"form": form, "history": history, "number": number}
    status = 422 if form.is_bound else 200
    return render(request, "ledger/desk/rules.html", context, status=status)


@page
@compliance_only
def ledger_statement(request: AuthenticatedRequest) -> HttpResponse:
    """What givers confirm, and every text that they confirmed before."""
    text, number = current_statement()
    data = request.POST if request.method == "POST" else None
    form = StatementForm(data, initial={"text": text, "after": number})
    if form.is_valid():
        published = desk_services.publish_statement(
            actor=request.user, now=timezone.now(), **form.cleaned_data
        )
        if published:
            messages.success(request, "Published. Lines that were entered before keep their text.")
            return redirect("ledger_statement")
        form.add_error(None, MEANWHILE)
    history = Statement.objects.select_related("published_by").order_by("-number")
    context = {"form": form, "history": history}
    status = 422 if form.is_bound else 200
    return render(request, "ledger/desk/statement.html", context, status=status)

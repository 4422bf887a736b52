from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedRequest
from files.http import download
from gratitude import piece_services as services
from gratitude.access import may_change
from gratitude.models import Piece, PieceFile, PieceSide
from gratitude.offers import said_of_piece
from gratitude.piece_forms import PieceFileForm, PieceForm, PiecesForm, SideForm, add_up
from gratitude.piece_page import line_of, side_lines, to_do
from ledger.services import start_draft
from partners.models import Partner
from web.paging import page_number, page_of, row_keys

page = require_http_methods(["GET", "HEAD", "POST"])

ROWS_A_PAGE = 25
MOST_SIDES = 10


@require_safe
def pieces(request: AuthenticatedRequest) -> HttpResponse:
    """Co-branded pieces and campaigns; the address holds the state."""
    today = request.user.today(timezone.now())
    form = PiecesForm(request.GET)
    visible = Piece.objects.visible_to(request.user).for_list()
    rows = form.narrowed(visible, today) if form.is_valid() else visible.none()
    found = page_of(rows, page_number(request.GET.get("page")), ROWS_A_PAGE)
    lines = [line_of(piece, today) for piece in found.rows]
    context = {"form": form, "page": found, "lines": lines}
    return render(request, "gratitude/pieces.html", context)


@page
def piece_new(request: AuthenticatedRequest) -> HttpResponse:
    """Choose the partners; then say what each side does and pays. The address names them."""
    partners = _partners_named(request)
    data = request.POST if request.method == "POST" and partners else None
    form = PieceForm(data, user=request.user)
    sides = [SideForm(data, partner=partner) for partner in partners]
    if data is not None and add_up(form, sides, kept=[]):
        form.instance.key = form.cleaned_data["key"]
        added = services.add_piece(
            actor=request.user, piece=form.instance, sides=[side.side for side in sides]
        )
        messages.success(request, f"{added.name} is written down.")
        return redirect(added)
    if not partners:
        others = Partner.objects.workable_by(request.user).active().to_choose_from([])
        context = {"others": others}
        status = 422 if request.method == "POST" else 200
        return render(request, "gratitude/piece_who.html", context, status=status)
    return _piece_form(request, form, sides)


@page
def piece_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Change a piece and its sides; the address may name a partner to add."""
    found = _piece_to_change(request, pk)
    data = request.POST if request.method == "POST" else None
    form = PieceForm(data, instance=found, user=request.user)
    seen = list(found.sides.visible_to(request.user).select_related("partner"))
    kept = list(found.sides.exclude(pk__in=[side.pk for side in seen]))
    sides = _side_forms(request, seen, data)
    left = set(row_keys(request.POST.getlist("out")))
    staying = [side for side in sides if side.partner.pk not in left]
    if data is not None and add_up(form, staying, kept):
        services.change_piece(
            actor=request.user,
            piece=form.instance,
            sides=[*(side.side for side in staying), *kept],
            changed=form.changed_data,
        )
        messages.success(request, "Saved.")
        return redirect(found)
    return _piece_form(request, form, sides, piece=Piece.objects.get(pk=pk), kept=kept, left=left)


def _side_forms(request: AuthenticatedRequest, seen: list[PieceSide], data: Any) -> list[SideForm]:
    """Those of the sides that there are, then those of the partners whom the address adds."""
    there = [
        SideForm(
            data,
            partner=side.partner,
            initial={"part": side.part, "share": side.share, "cost": side.cost},
        )
        for side in seen
    ]
    known = {side.partner_id for side in seen}
    added = [partner for partner in _partners_named(request) if partner.pk not in known]
    return [*there, *(SideForm(data, partner=partner) for partner in added)]


def _piece_form(
    request: AuthenticatedRequest, form: PieceForm, sides: list[SideForm], **context: Any
) -> HttpResponse:
    others = Partner.objects.workable_by(request.user).active()
    context |= {
        "form": form,
        "sides": sides,
        "others": others.to_choose_from([side.partner.pk for side in sides]),
    }
    status = 422 if form.is_bound else 200
    return render(request, "gratitude/piece_form.html", context, status=status)


@require_safe
def piece(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One piece: both sides, the papers, what is missing."""
    return _piece_page(request, _piece(request, pk), PieceFileForm())


def _piece_page(request: AuthenticatedRequest, found: Piece, form: PieceFileForm) -> HttpResponse:
    sides = list(found.sides.select_related("partner__company"))
    seen = set(found.sides.visible_to(request.user).values_list("pk", flat=True))
    files = list(found.piece_files.for_list())
    today = found.officer.today(timezone.now())
    context = {
        "piece": found,
        "line": line_of(found, today),
        "sides": side_lines(found, sides, seen),
        "files": files,
        "to_do": to_do(found, files),
        "may_change": may_change(request.user, found),
        "may_end": found.called_off_at is None and (found.ends_on is None or found.ends_on > today),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "gratitude/piece.html", context, status=status)


@require_POST
def piece_end(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """End a piece with today, or call off one that has not begun."""
    found = _piece_to_change(request, pk)
    now = timezone.now()
    today = found.officer.today(now)
    if services.end_piece(actor=request.user, piece=found, today=today, now=now):
        coming = found.starts_on > today
        messages.success(request, "Called off." if coming else "Today is its last day.")
    else:
        messages.info(request, "It is over already.")
    return redirect(found)


@require_POST
def piece_file_add(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    found = _piece_to_change(request, pk)
    form = PieceFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.add_file(
                actor=request.user, piece=found, now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error("upload", error)
        else:
            messages.success(request, "Attached.")
            return redirect(found)
    return _piece_page(request, found, form)


@require_safe
def piece_file(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """The bytes of a paper, for whoever sees its piece."""
    visible = PieceFile.objects.visible_to(request.user).select_related("file")
    return download(get_object_or_404(visible, pk=pk).file)


@require_POST
def piece_file_remove(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take off a paper that was attached by mistake."""
    visible = PieceFile.objects.visible_to(request.user).select_related("piece__officer", "file")
    paper = get_object_or_404(visible.defer("file__content"), pk=pk)
    if not may_change(request.user, paper.piece):
        raise PermissionDenied("You can look at this piece, and not change it.")
    services.remove_file(actor=request.user, paper=paper)
    messages.success(request, f"Removed {paper.file.name}.")
    return redirect(paper.piece)


@require_POST
def piece_ledger(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Begin the ledger line of a piece, or go on with the one that is begun."""
    found = _piece_to_change(request, pk)
    draft = start_draft(
        actor=request.user,
        officer=found.officer,
        source=found.source,
        said=said_of_piece(found, request.user),
        now=timezone.now(),
    )
    return redirect(draft.line if draft.entered_at else draft)


def _piece(request: AuthenticatedRequest, pk: int) -> Piece:
    return get_object_or_404(
        Piece.objects.visible_to(request.user).select_related("officer"), pk=pk
    )


def _piece_to_change(request: AuthenticatedRequest, pk: int) -> Piece:
    found = _piece(request, pk)
    if not may_change(request.user, found):
        raise PermissionDenied("You can look at this piece, and not change it.")
    return found


def _partners_named(request: AuthenticatedRequest) -> list[Partner]:
    """The partners in the address, of those with whom this person works."""
    keys = row_keys(request.GET.getlist("partner"))[:MOST_SIDES]
    workable = Partner.objects.workable_by(request.user).active()
    return list(workable.filter(pk__in=keys).order_by("last_name", "first_name", "pk"))

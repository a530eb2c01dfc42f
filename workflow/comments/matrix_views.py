"""Pages of the comment matrix: read with filters, taken along as a file, and the form that is filled in offline."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from workflow.engine.errors import Unmet
from workflow.engine.file_jobs import Made
from workflow.groups import sheets
from workflow.groups.form_tools import FORM
from workflow.groups.import_page import Importer, import_page
from workflow.groups.models import Institution

from . import matrix, matrix_files, offline, selectors
from .flow import takes_comments
from .matrix import ON_A_PAGE, MatrixFilter
from .models import Round
from .round_views import crumbs_to, find


@login_required
@require_GET
def round_matrix(request: HttpRequest, pk: int) -> HttpResponse:
    """Every comment with its disposition, reply and revision."""
    round_ = find(request, pk)
    form = MatrixFilter(request.GET or None, round_=round_)
    params = form.params() if form.is_valid() else {}
    page = Paginator(matrix.comments(round_, request.user, params), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "round": round_,
        "form": form,
        "page_obj": page,
        "filtered": bool(params),
        "query": request.GET.urlencode(),
        "may_bring": takes_comments(round_) and selectors.mine(round_, request.user) is not None,
        "crumbs": crumbs_to(round_),
    }
    return render(request, "workflow/comments/matrix.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def matrix_export(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The matrix as filtered, as Excel or Word; a long one is made by the worker."""
    round_ = find(request, pk)
    form = MatrixFilter(request.GET or None, round_=round_)
    params = form.params() if form.is_valid() else {}
    if matrix.comments(round_, request.user, params).count() > matrix_files.AT_ONCE:
        return redirect("file-job", matrix_files.later(round_, request.user, params, ending).pk)
    return sent(matrix_files.now(round_, request.user, params, ending))


def sent(made: Made) -> HttpResponse:
    response = HttpResponse(made.content, content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def speaking_for(request: Any, round_: Round) -> Institution:
    """The institution for which the person comments in the round. Raises Unmet when there is none, or it is over."""
    mine = selectors.mine(round_, request.user)
    if mine is None:
        raise Unmet(_("Your institution is not asked in this round."))
    if not takes_comments(round_):
        raise Unmet(_("The round takes no more comments."))
    institution: Institution = mine.institution
    return institution


@login_required
@require_GET
def offline_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The form to fill in offline: the draft's sections, and the values that the columns take."""
    round_ = find(request, pk)
    name = slugify(f"{round_}")[:60] or "comments"
    return sheets.download("xlsx", offline.LAYOUT, offline.form_rows(round_), name=name, allowed=offline.form_values())


def importer(round_: Round, institution: Institution) -> Importer:
    """Comments written offline, into the round as the institution's."""
    return Importer(
        layout=offline.LAYOUT,
        plan=lambda sheet: offline.plan(sheet, round_, institution),
        apply=lambda fates, actor: offline.apply(fates, round_, institution, actor=actor),
        done=lambda count: (
            ngettext("%(count)d comment brought in.", "%(count)d comments brought in.", count) % {"count": count}
        ),
        kept=f"comments-{round_.pk}",
        title=offline.WORDS["title"],
        nothing=offline.WORDS["nothing"],
        start=offline.WORDS["start"],
        back=reverse("round-mine", args=[round_.pk]),
        export=reverse("offline-form", args=[round_.pk]),
    )


@login_required
@FORM
def offline_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring the filled-in form back: a dry run with every row's fate, then all rows or none."""
    round_ = find(request, pk)
    return import_page(request, importer(round_, speaking_for(request, round_)), crumbs=crumbs_to(round_))

"""The import's two steps: a dry run that shows every row's fate, then all or nothing."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from workflow.engine import refusals
from workflow.engine.errors import Conflict, Unmet
from workflow.engine.forms import StyledForm

from . import access, importing, spreadsheet
from .form_tools import FORM
from .services import require

KEPT = "institution-import"


class ImportForm(StyledForm):
    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_(
            "An .xlsx or .csv file with the columns code, name_en, name_fr, name_pt, acronym, category, country, "
            "website. 5 MB and 5,000 rows at most."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )  # fmt: skip


@login_required
@FORM
def institution_import(request: HttpRequest) -> HttpResponse:
    """Upload and dry run; or, with the dry run's digest, apply what it showed."""
    require(access.keeper, None, request.user)
    if request.method == "POST" and "digest" in request.POST:
        return _apply(request)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    plan, status = None, 200
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            if upload.size > spreadsheet.MOST_BYTES:
                raise spreadsheet.UnreadableFile(str(_("This file is larger than 5 MB.")), status=413)
            plan = importing.plan(spreadsheet.read(upload.name, upload.read()))
            status = 422 if plan.errors else 200
            # Rows without a mistake are not kept where others have one: it is all of a file or nothing.
            request.session[KEPT] = None if plan.errors else {"rows": plan.packed(), "digest": plan.digest}
        except spreadsheet.UnreadableFile as error:
            form.add_error("file", error.reason)
            status = error.status
    elif form.errors:
        status = 422
    context = {"form": form, "plan": plan, "crumbs": [(_("Directory"), reverse("directory"))]}
    return render(request, "workflow/groups/import.html", context, status=status)


def _apply(request: HttpRequest) -> HttpResponse:
    kept = request.session.get(KEPT)
    if not kept or kept["digest"] != request.POST["digest"]:
        raise Unmet(_("This dry run is no longer at hand: send the file again."))
    del request.session[KEPT]
    try:
        count = importing.apply(importing.unpacked(kept["rows"]), actor=request.user)
    except Conflict as error:
        return refusals.page(request, error, kept=[])
    said = ngettext("%(count)d institution imported.", "%(count)d institutions imported.", count)
    messages.success(request, said % {"count": count})
    return redirect("directory")

"""The import's two steps: a dry run that shows every row's fate, then all or nothing."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

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
    form = ImportForm(request.POST or None, request.FILES or None)
    plan, status = None, 200
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            if upload.size > spreadsheet.MOST_BYTES:
                raise spreadsheet.UnreadableFile(str(_("This file is larger than 5 MB.")), status=413)
            plan = importing.plan(spreadsheet.read(upload.name, upload.read()))
            status = 422 if plan.errors else 200
            request.session[KEPT] = {"rows": plan.packed(), "digest": plan.digest}
        except spreadsheet.UnreadableFile as error:
            form.add_error("file", error.reason)
            status = error.status
    elif form.errors:
        status = 422
    return render(request, "workflow/groups/import.html", {"form": form, "plan": plan}, status=status)


def _apply(request: HttpRequest) -> HttpResponse:
    kept = request.session.get(KEPT)
    if not kept or kept["digest"] != request.POST["digest"]:
        messages.error(request, _("This dry run is no longer at hand: send the file again."))
        return redirect("institution-import")
    count = importing.apply(importing.unpacked(kept["rows"]), actor=request.user)
    del request.session[KEPT]
    said = ngettext("%(count)d institution imported.", "%(count)d institutions imported.", count)
    messages.success(request, said % {"count": count})
    return redirect("directory")

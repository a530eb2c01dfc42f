"""An import's two steps, whatever is imported: a dry run that shows every row's fate, then all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflow.engine import refusals
from workflow.engine.errors import Conflict, Unmet
from workflow.engine.forms import StyledForm

from .fates import Fate, Plan, unpacked
from .sheet_files import MOST_BYTES, UnreadableFile
from .sheets import Layout, Sheet, read

Text = str | Promise


@dataclass(frozen=True)
class Importer:
    """What is imported: its columns, its dry run, its writing, and its words.

    `kept` is where the session keeps the rows between the two steps. `back` is the page that lists them all, `export`
    the file to start from. `done(count)` says how many were imported; `nothing` that the file holds nothing new.
    """

    layout: Layout
    plan: Callable[[Sheet], Plan]
    apply: Callable[[list[Fate], Any], int]
    done: Callable[[int], str]
    kept: str
    title: Text
    nothing: Text
    start: Text
    back: str
    export: str


class ImportForm(StyledForm):
    """The file."""

    file = forms.FileField(label=_("Spreadsheet"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}))

    def __init__(self, *args: Any, layout: Layout, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = _("An .xlsx or .csv file with the columns %(columns)s. 5 MB and 5,000 rows at most.")
        self.fields["file"].help_text = said % {"columns": ", ".join(layout.columns)}


def planned(upload: Any, importer: Importer) -> Plan:
    """The dry run of an uploaded file. Raises UnreadableFile with a reason for the person."""
    if upload.size > MOST_BYTES:
        raise UnreadableFile(str(_("This file is larger than 5 MB.")), status=413)
    return importer.plan(read(upload.name, upload.read(), importer.layout))


def import_page(request: HttpRequest, importer: Importer, crumbs: Sequence[tuple[Text, str]]) -> HttpResponse:
    """Upload and dry run; or, with the dry run's digest, apply what it showed. The view has asked who may."""
    if request.method == "POST" and "digest" in request.POST:
        return _apply(request, importer)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*sent, layout=importer.layout)
    plan, status = None, 200
    if form.is_valid():
        try:
            plan = planned(form.cleaned_data["file"], importer)
            status = 422 if plan.errors else 200
            # Rows without a mistake are not kept where others have one: it is all of a file or nothing.
            request.session[importer.kept] = None if plan.errors else {"rows": plan.packed(), "digest": plan.digest}
        except UnreadableFile as error:
            form.add_error("file", error.reason)
            status = error.status
    elif form.errors:
        status = 422
    context = {"form": form, "plan": plan, "importer": importer, "crumbs": crumbs}
    return render(request, "workflow/groups/import.html", context, status=status)


def _apply(request: HttpRequest, importer: Importer) -> HttpResponse:
    kept = request.session.get(importer.kept)
    if not kept or kept["digest"] != request.POST["digest"]:
        raise Unmet(_("This dry run is no longer at hand: send the file again."))
    del request.session[importer.kept]
    try:
        count = importer.apply(unpacked(kept["rows"]), request.user)
    except Conflict as error:
        return refusals.page(request, error, kept=[])
    messages.success(request, importer.done(count))
    return redirect(importer.back)

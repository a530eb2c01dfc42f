"""The directory's import."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import access, importing, spreadsheet
from .form_tools import FORM
from .import_page import Importer, import_page
from .services import require


def importer(actor: Any) -> Importer:
    """Institutions, into the common directory."""
    return Importer(
        layout=spreadsheet.LAYOUT,
        plan=lambda sheet: importing.plan(sheet, actor=actor),
        apply=lambda fates, actor: importing.apply(fates, actor=actor),
        done=_done,
        kept="institution-import",
        title=_("Import institutions"),
        nothing=_("The directory holds all of this already: there is nothing to import."),
        start=_("The directory as it is, to start from"),
        back=reverse("directory"),
        export=reverse("institution-export", args=["xlsx"]),
    )


def _done(count: int) -> str:
    return ngettext("%(count)d institution imported.", "%(count)d institutions imported.", count) % {"count": count}


@login_required
@FORM
def institution_import(request: HttpRequest) -> HttpResponse:
    """Upload and dry run; or, with the dry run's digest, apply what it showed."""
    require(access.keeper, None, request.user)
    return import_page(request, importer(request.user), crumbs=[(_("Directory"), reverse("directory"))])

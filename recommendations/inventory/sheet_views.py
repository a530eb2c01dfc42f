"""The inventory's spreadsheets: export and import of sources and gaps, and the report across countries."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from workflow.groups import crumbs, sheets
from workflow.groups.form_tools import FORM
from workflow.groups.import_page import Importer, Text, import_page
from workflow.groups.models import Twg
from workflow.groups.sheet_registers import Register
from workflow.groups.sheets import Layout

from . import importing, outlines, selectors, spreadsheets
from .comparing_views import compared, gaps_across
from .filters import GapFilter, SourceFilter
from .views import twg_to_keep


@login_required
@require_GET
def sources_export(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The TWG's sources, filtered as its page is, as the import reads them back."""
    twg = get_object_or_404(selectors.twgs(request.user), code=code)
    wanted = SourceFilter(request.GET or None, outline=outlines.of_twg(twg))
    found = selectors.by_kind(wanted.found(selectors.sources(request.user).filter(twg=twg)))
    rows, layout = spreadsheets.source_rows(found.prefetch_related("users")), spreadsheets.SOURCES
    name = f"palabre-data-sources-{twg.code}"
    return sheets.download(form, layout, rows, name=name, allowed=spreadsheets.allowed(twg, layout))


@login_required
@require_GET
def gaps_export(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The TWG's gaps, in the same way."""
    twg = get_object_or_404(selectors.twgs(request.user), code=code)
    wanted = GapFilter(request.GET or None, outline=outlines.of_twg(twg))
    found = selectors.by_weight(wanted.found(selectors.gaps(request.user).filter(twg=twg)))
    layout, name = spreadsheets.GAPS, f"palabre-data-gaps-{twg.code}"
    allowed = spreadsheets.allowed(twg, layout)
    return sheets.download(form, layout, spreadsheets.gap_rows(found), name=name, allowed=allowed)


@login_required
@require_GET
def comparison_export(request: HttpRequest, form: str) -> HttpResponse:
    """What the page compares, with its numbers."""
    comparison = compared(request)
    layout, rows = spreadsheets.comparison_layout(comparison), spreadsheets.comparison_rows(comparison)
    return sheets.download(form, layout, rows, name=f"palabre-data-by-{comparison.way}")


@login_required
@require_GET
def gap_report(request: HttpRequest, form: str) -> HttpResponse:
    """The gaps across countries, filtered as their page is (S39)."""
    _wanted, found = gaps_across(request)
    return sheets.download(form, spreadsheets.GAP_REPORT, spreadsheets.gap_report(found), name="palabre-data-gaps")


# -- import -----------------------------------------------------------------------------------------------


def importer(twg: Twg, what: str) -> Importer:
    """Sources or gaps, into a TWG's inventory."""
    layout, register, title, done = _IMPORTS[what]
    return Importer(
        layout=layout,
        plan=lambda sheet: importing.plan(register, twg, sheet),
        apply=lambda fates, actor: importing.apply(register, twg, fates, actor=actor),
        done=done,
        kept=f"{what}-import-{twg.pk}",
        title=title,
        nothing=_("The inventory holds all of this already: there is nothing to import."),
        start=_("The inventory as it is, to start from"),
        back=reverse(what, args=[twg.code]),
        export=reverse(f"{what}-export", args=[twg.code, "xlsx"]),
    )


def _sources_done(count: int) -> str:
    return ngettext("%(count)d source imported.", "%(count)d sources imported.", count) % {"count": count}


def _gaps_done(count: int) -> str:
    return ngettext("%(count)d gap imported.", "%(count)d gaps imported.", count) % {"count": count}


_IMPORTS: dict[str, tuple[Layout, Register, Text, Callable[[int], str]]] = {
    "data-sources": (spreadsheets.SOURCES, importing.SOURCES, _("Import data sources"), _sources_done),
    "data-gaps": (spreadsheets.GAPS, importing.GAPS, _("Import gaps"), _gaps_done),
}


@login_required
@FORM
def sources_import(request: HttpRequest, code: str) -> HttpResponse:
    """Upload and dry run; or, with the dry run's digest, apply what it showed."""
    return _import(request, code, "data-sources", _("Data sources"))


@login_required
@FORM
def gaps_import(request: HttpRequest, code: str) -> HttpResponse:
    return _import(request, code, "data-gaps", _("Gaps"))


def _import(request: HttpRequest, code: str, what: str, listed: Text) -> HttpResponse:
    twg = twg_to_keep(request, code)
    found = importer(twg, what)
    return import_page(request, found, crumbs=[*crumbs.to_twg(twg, request.user), (listed, found.back)])

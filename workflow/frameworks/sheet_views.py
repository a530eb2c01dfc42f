"""The register's spreadsheets: export and import."""

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
from workflow.groups.sheets import Layout

from . import importing, selectors, spreadsheets
from .forms import ActorFilter, FrameworkFilter
from .importing import Register
from .views import twg_to_keep


@login_required
@require_GET
def frameworks_export(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The TWG's own frameworks, filtered as its page is, as the import reads them back."""
    twg = get_object_or_404(selectors.twgs(request.user), code=code)
    found = FrameworkFilter(request.GET or None).found(selectors.frameworks(request.user).filter(twg=twg))
    rows = spreadsheets.framework_rows(selectors.own_first(found, twg))
    layout = spreadsheets.FRAMEWORKS
    name = f"palabre-frameworks-{twg.code}"
    return sheets.download(form, layout, rows, name=name, allowed=spreadsheets.allowed(twg, layout))


@login_required
@require_GET
def actors_export(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The TWG's own actors, in the same way."""
    twg = get_object_or_404(selectors.twgs(request.user), code=code)
    found = ActorFilter(request.GET or None).found(selectors.actors(request.user).filter(twg=twg))
    rows = spreadsheets.actor_rows(selectors.own_first(found, twg))
    layout = spreadsheets.ACTORS
    name = f"palabre-actors-{twg.code}"
    return sheets.download(form, layout, rows, name=name, allowed=spreadsheets.allowed(twg, layout))


def importer(twg: Twg, what: str) -> Importer:
    """Frameworks or actors, into a TWG's register."""
    layout, register, title, done = _IMPORTS[what]
    return Importer(
        layout=layout,
        plan=lambda sheet: importing.plan(register, twg, sheet),
        apply=lambda fates, actor: importing.apply(register, twg, fates, actor=actor),
        done=done,
        kept=f"{what}-import-{twg.pk}",
        title=title,
        nothing=_("The register holds all of this already: there is nothing to import."),
        start=_("The register as it is, to start from"),
        back=reverse(what, args=[twg.code]),
        export=reverse(f"{what}-export", args=[twg.code, "xlsx"]),
    )


def _frameworks_done(count: int) -> str:
    return ngettext("%(count)d framework imported.", "%(count)d frameworks imported.", count) % {"count": count}


def _actors_done(count: int) -> str:
    return ngettext("%(count)d actor imported.", "%(count)d actors imported.", count) % {"count": count}


LISTS: dict[str, Text] = {"frameworks": _("Frameworks"), "actors": _("Actors")}
_IMPORTS: dict[str, tuple[Layout, Register, Text, Callable[[int], str]]] = {
    "frameworks": (spreadsheets.FRAMEWORKS, importing.FRAMEWORKS, _("Import frameworks"), _frameworks_done),
    "actors": (spreadsheets.ACTORS, importing.ACTORS, _("Import actors"), _actors_done),
}


@login_required
@FORM
def frameworks_import(request: HttpRequest, code: str) -> HttpResponse:
    """Upload and dry run; or, with the dry run's digest, apply what it showed."""
    return _import(request, code, "frameworks")


@login_required
@FORM
def actors_import(request: HttpRequest, code: str) -> HttpResponse:
    return _import(request, code, "actors")


def _import(request: HttpRequest, code: str, what: str) -> HttpResponse:
    twg = twg_to_keep(request, code)
    found = importer(twg, what)
    return import_page(request, found, crumbs=[*crumbs.to_twg(twg, request.user), (LISTS[what], found.back)])

"""Pages of one TWG's inventory: its sources, its gaps, the matrix of both, one of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.engine import kinds, readers, together
from workflow.engine.selectors import actions
from workflow.groups import access, crumbs, panels
from workflow.groups.form_tools import FORM, edit_page, entry_page, initial_names
from workflow.groups.models import Twg
from workflow.groups.services import require

from . import outlines, selectors, services
from .choices import SourceState
from .filters import ColumnFilter, GapFilter, PlaceFilter, SourceFilter
from .flow import KEEPERS
from .forms import GapForm, SourceForm
from .matrix import matrix
from .models import DataGap, DataSource
from .places import PLACE

ON_A_PAGE = 30
EVENTS_ON_A_PAGE = 5
FORM_PAGE = "recommendations/inventory/form.html"


def twg_to_keep(request: HttpRequest, code: str) -> Twg:
    """The TWG whose inventory the person keeps (403 for other readers, 404 for all else)."""
    twg: Twg = get_object_or_404(selectors.twgs(request.user), code=code)
    require(KEEPERS, twg, request.user)
    return twg


@login_required
@require_GET
def sources(request: HttpRequest, code: str) -> HttpResponse:
    """A TWG's data sources (S09)."""
    return _list(request, code, SourceFilter, selectors.sources(request.user), selectors.by_kind, "sources")


@login_required
@require_GET
def gaps(request: HttpRequest, code: str) -> HttpResponse:
    """What data a TWG's profile lacks (S09)."""
    return _list(request, code, GapFilter, selectors.gaps(request.user), selectors.by_weight, "gaps")


def _list(
    request: HttpRequest, code: str, filter_class: type[Any], among: Any, ordered: Callable[[Any], Any], what: str
) -> HttpResponse:
    twg = get_object_or_404(selectors.twgs(request.user), code=code)
    outline = outlines.of_twg(twg)
    form: PlaceFilter = filter_class(request.GET or None, outline=outline)
    found: Any = form
    page = Paginator(ordered(found.found(among.filter(twg=twg))), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "twg": twg,
        "form": form,
        "page_obj": page,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "may_keep": KEEPERS(twg, request.user),
        "what": what,
        "crumbs": crumbs.to_twg(twg, request.user),
    }
    return render(request, f"recommendations/inventory/{what}.html", context)


@login_required
@require_GET
def gap_matrix(request: HttpRequest, code: str) -> HttpResponse:
    """Section by source: what covers what, how well, and what is missing where (S39)."""
    twg = get_object_or_404(selectors.twgs(request.user), code=code)
    outline = outlines.of_twg(twg)
    form = ColumnFilter(request.GET or None)
    found = list(selectors.by_kind(form.found(selectors.sources(request.user).filter(twg=twg))))
    gaps = selectors.by_weight(selectors.gaps(request.user).filter(twg=twg).open())
    parts = matrix(outline, found, gaps)
    context = {
        "twg": twg,
        "form": form,
        "sources": found,
        "parts": parts,
        "bare": sum(not line.covered for part in parts for line in part.lines),
        "filtered": any(request.GET.get(name) for name in form.fields),
        "may_keep": KEEPERS(twg, request.user),
        "what": "matrix",
        "crumbs": crumbs.to_twg(twg, request.user),
    }
    return render(request, "recommendations/inventory/matrix.html", context)


# -- one source, one gap ----------------------------------------------------------------------------------


@login_required
@require_GET
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """A source: who keeps it, whom it covers, how good it is, how to get it, what is missing in it."""
    found: DataSource = get_object_or_404(selectors.sources(request.user), pk=pk)
    around = {"around": selectors.around_source(found, request.user)}
    context = {
        "may_edit": KEEPERS(found, request.user) and found.state != SourceState.WITHDRAWN,
        "may_ask": access.fully(request.user, found.twg),
        "stale": found.state == SourceState.LISTED and found.reviewed_on < selectors.stale_before(),
    }
    return _page(request, found, "data-source", _("Data sources"), around, context)


@login_required
@require_GET
def gap(request: HttpRequest, pk: int) -> HttpResponse:
    """A gap: for which section, in which source, how grave, what would close it."""
    found: DataGap = get_object_or_404(selectors.gaps(request.user), pk=pk)
    context = {"may_edit": KEEPERS(found, request.user) and found.is_open}
    return _page(request, found, "data-gap", _("Gaps"), {}, context)


def _page(
    request: HttpRequest, subject: Any, name: str, listed: str, around: dict[str, Any], context: dict[str, Any]
) -> HttpResponse:
    kind, twg = kinds.of(subject).name, subject.twg
    inside = access.inside(request.user, twg)
    last = {"last": readers.last_wanted(subject, request.user, EVENTS_ON_A_PAGE)} if inside else {}
    above = panels.wanted(subject, request.user, kind)
    read = together.answers({**around, **last, **above, "outline": outlines.wanted(twg)})
    context |= {
        "subject": subject,
        "kind_name": kind,
        "inside": inside,
        "opens_twg": access.opens(request.user, twg),
        "actions": actions(subject, request.user) if inside else [],
        "edit_url": reverse(f"{name}-edit", args=[subject.pk]),
        "events": read.get("last", []),
        "around": read.get("around"),
        "panels": panels.shown(read, kind),
        "places": [read["outline"].label(place) for place in _places_of(subject)],
        "crumbs": [*crumbs.to_twg(twg, request.user), (listed, reverse(f"{name}s", args=[twg.code]))],
    }
    return render(request, f"recommendations/inventory/{name.removeprefix('data-')}.html", context)


def _places_of(subject: DataSource | DataGap) -> list[str]:
    return subject.sections if isinstance(subject, DataSource) else [subject.section]


# -- entering and changing --------------------------------------------------------------------------------


@login_required
@FORM
def source_new(request: HttpRequest, code: str) -> HttpResponse:
    twg = twg_to_keep(request, code)
    form = SourceForm(request.POST or None, twg=twg, initial={"confidence": "stated"})
    return _new(request, twg, form, services.record_source, _("Enter a data source"), "data-sources")


@login_required
@FORM
def gap_new(request: HttpRequest, code: str) -> HttpResponse:
    """The matrix and a source's page say which section and which source it is about."""
    twg = twg_to_keep(request, code)
    section, source = request.GET.get("section", ""), request.GET.get("data_source", "")
    told = {"section": section if PLACE.fullmatch(section) else "", "data_source": source}
    form = GapForm(request.POST or None, twg=twg, initial={"confidence": "stated", "severity": "medium", **told})
    return _new(request, twg, form, services.record_gap, _("Record a gap"), "data-gaps")


def _new(
    request: HttpRequest, twg: Twg, form: Any, record: Callable[..., Any], title: str, listed: str
) -> HttpResponse:
    return entry_page(
        request, form, lambda fields: record(twg, fields, actor=request.user), said=_("It is in the inventory."),
        back=reverse(listed, args=[twg.code]), template=FORM_PAGE, title=title, button=_("Enter it"), lead=twg.name,
        draft=f"{listed}-new-{twg.pk}",
    )  # fmt: skip


@login_required
@FORM
def source_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found: DataSource = get_object_or_404(selectors.sources(request.user), pk=pk)
    require(KEEPERS, found, request.user)
    initial = _initial(found, SourceForm)
    initial["users"] = [user.pk for user in found.users.all()]
    initial["publications"] = [publication.pk for publication in found.publications.all()]
    form = SourceForm(request.POST or None, twg=found.twg, initial=initial)
    return edit_page(
        request, found, form, services.change_source, title=_("Change the data source"), template=FORM_PAGE
    )


@login_required
@FORM
def gap_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found: DataGap = get_object_or_404(selectors.gaps(request.user), pk=pk)
    require(KEEPERS, found, request.user)
    form = GapForm(request.POST or None, twg=found.twg, initial=_initial(found, GapForm))
    return edit_page(request, found, form, services.change_gap, title=_("Change the gap"), template=FORM_PAGE)


def _initial(subject: Any, form: type[SourceForm] | type[GapForm]) -> dict[str, Any]:
    """What stands in the subject's own fields."""
    rest = [name for name in form.kept if name not in (*form.named, *services.LINKED)]
    texts = initial_names(**{name: getattr(subject, name) for name in form.named})
    return texts | {name: getattr(subject, name) for name in rest}

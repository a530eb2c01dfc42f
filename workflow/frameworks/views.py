"""Pages of the register: a TWG's frameworks and actors, one entry, entering and changing it."""

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

from workflow.engine import readers, together
from workflow.engine.selectors import actions
from workflow.groups import access, crumbs, panels
from workflow.groups.form_tools import FORM, edit_page, entry_page, initial_names
from workflow.groups.models import Twg
from workflow.groups.services import require

from . import selectors, services
from .flow import KEEPERS
from .forms import ActorFilter, ActorForm, EntryFilter, FrameworkFilter, FrameworkForm
from .models import Entry, EntryQuerySet, EntryState, Framework, PolicyActor

ON_A_PAGE = 30
EVENTS_ON_A_PAGE = 5


@login_required
@require_GET
def frameworks(request: HttpRequest, code: str) -> HttpResponse:
    """A TWG's laws, policies and agreements, and its region's (S29, S36)."""
    return _list(request, code, selectors.frameworks(request.user), FrameworkFilter, "frameworks")


@login_required
@require_GET
def actors(request: HttpRequest, code: str) -> HttpResponse:
    """The institutions that act on migration in a TWG's country, and in its region."""
    return _list(request, code, selectors.actors(request.user), ActorFilter, "actors")


def _list(
    request: HttpRequest, code: str, among: EntryQuerySet, filter_class: type[EntryFilter], what: str
) -> HttpResponse:
    twg = get_object_or_404(selectors.twgs(request.user), code=code)
    form = filter_class(request.GET or None)
    found = selectors.own_first(form.found(selectors.in_register(among, twg)), twg)
    may_keep = KEEPERS(twg, request.user)
    context = {
        "twg": twg,
        "form": form,
        "page_obj": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "filtered": any(request.GET.get(name) for name in form.fields),
        "may_keep": may_keep,
        "what": what,
        "crumbs": crumbs.to_twg(twg, request.user),
    }
    return render(request, f"workflow/frameworks/{what}.html", context)


@login_required
@require_GET
def framework(request: HttpRequest, pk: int) -> HttpResponse:
    """A framework: what it is, since when, who answers for it."""
    return _page(request, get_object_or_404(selectors.frameworks(request.user), pk=pk), "framework", _("Frameworks"))


@login_required
@require_GET
def actor(request: HttpRequest, pk: int) -> HttpResponse:
    """An actor: which institution, what it does, since when."""
    return _page(request, get_object_or_404(selectors.actors(request.user), pk=pk), "actor", _("Actors"))


def _page(request: HttpRequest, entry: Entry, name: str, listed: str) -> HttpResponse:
    inside = access.inside(request.user, entry.twg)
    last = together.answer(readers.last_wanted(entry, request.user, EVENTS_ON_A_PAGE)) if inside else []
    context = {
        "subject": entry,
        "kind_name": name,
        "inside": inside,
        "opens_twg": access.opens(request.user, entry.twg),
        "actions": actions(entry, request.user) if inside else [],
        "may_edit": KEEPERS(entry, request.user) and entry.state != EntryState.WITHDRAWN,
        "edit_url": reverse(f"{name}-edit", args=[entry.pk]),
        "events": last,
        "panels": panels.panels_of(entry, request.user, name),
        "crumbs": [*crumbs.to_twg(entry.twg, request.user), (listed, reverse(f"{name}s", args=[entry.twg.code]))],
    }
    return render(request, f"workflow/frameworks/{name}.html", context)


# -- entering and changing --------------------------------------------------------------------------------


@login_required
@FORM
def framework_new(request: HttpRequest, code: str) -> HttpResponse:
    twg = twg_to_keep(request, code)
    form = FrameworkForm(request.POST or None, twg=twg, initial={"confidence": "stated"})
    return _new(request, twg, form, services.record_framework, _("Enter a framework"), "frameworks")


@login_required
@FORM
def actor_new(request: HttpRequest, code: str) -> HttpResponse:
    twg = twg_to_keep(request, code)
    form = ActorForm(request.POST or None, twg=twg, new=True, initial={"confidence": "stated"})
    return _new(request, twg, form, services.record_actor, _("Enter an actor"), "actors")


def twg_to_keep(request: HttpRequest, code: str) -> Twg:
    """The TWG whose register the person keeps (403 for other readers, 404 for all else)."""
    twg: Twg = get_object_or_404(selectors.twgs(request.user), code=code)
    require(KEEPERS, twg, request.user)
    return twg


def _new(
    request: HttpRequest, twg: Twg, form: Any, record: Callable[..., Any], title: str, listed: str
) -> HttpResponse:
    return entry_page(
        request, form, lambda fields: record(twg, fields, actor=request.user), said=_("It is in the register."),
        back=reverse(listed, args=[twg.code]), title=title, button=_("Enter it"), lead=twg.name,
        draft=f"{listed}-new-{twg.pk}",
    )  # fmt: skip


@login_required
@FORM
def framework_edit(request: HttpRequest, pk: int) -> HttpResponse:
    entry: Framework = get_object_or_404(selectors.frameworks(request.user), pk=pk)
    require(KEEPERS, entry, request.user)
    rest = ("kind", "reference", "adopted", "in_force", "ended", "url", "confidence", "source")
    initial = initial_names(names=entry.names, summaries=entry.summaries) | {n: getattr(entry, n) for n in rest}
    initial["responsible"] = [institution.pk for institution in entry.responsible.all()]
    form = FrameworkForm(request.POST or None, twg=entry.twg, ended=entry.state == EntryState.ENDED, initial=initial)
    return edit_page(request, entry, form, services.change_framework, title=_("Change the framework"))


@login_required
@FORM
def actor_edit(request: HttpRequest, pk: int) -> HttpResponse:
    entry: PolicyActor = get_object_or_404(selectors.actors(request.user), pk=pk)
    require(KEEPERS, entry, request.user)
    rest = ("since", "ended", "confidence", "source")
    initial = initial_names(roles=entry.roles) | {n: getattr(entry, n) for n in rest}
    ended = entry.state == EntryState.ENDED
    form = ActorForm(request.POST or None, twg=entry.twg, new=False, ended=ended, initial=initial)
    return edit_page(request, entry, form, services.change_actor, title=_("Change the actor"))

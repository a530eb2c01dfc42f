"""Pages of TWGs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from workflow.engine import readers, together
from workflow.engine.forms_version import stated_version
from workflow.engine.together import Found, Wanted

from . import access, codes, panels, selectors_places, services, twg_selectors
from .form_tools import FORM, initial_names, save_form, show_form
from .models import Project, Twg
from .services import SEAT_GIVERS, require
from .twg_forms import FactForm, LinkForm, OpenTwgForm, ParentForm, TwgForm
from .twg_selectors import FACT_KEEPERS, KEEPERS

EVENTS_ON_A_PAGE = 5


@login_required
@require_safe
def twgs(request: HttpRequest) -> HttpResponse:
    """All TWGs that the reader may open."""
    rows = twg_selectors.listed(twg_selectors.list_of(request.user))
    return render(request, "workflow/groups/twgs.html", {"rows": rows, "may_open": access.keeper(None, request.user)})


@login_required
@require_safe
def twg_page(request: HttpRequest, code: str) -> HttpResponse:
    """A TWG: members by category, terms in force, linked bodies, profiles, what is known of it, history."""
    person = request.user
    twg = get_object_or_404(twg_selectors.twgs_with_all().visible_to(person), code=code)
    inside, may_seat = access.inside(person, twg), SEAT_GIVERS(twg, person)
    found = together.answers(
        {"bodies": twg_selectors.linked_bodies(twg, person)}
        | ({"inside": _inside(twg, person)} if inside else {})
        | panels.wanted(twg, person)
    )
    seating = twg_selectors.seating(twg) if inside or may_seat else None
    may_keep, addresses = KEEPERS(twg, person), access.may_read_addresses(person, twg)
    context = {
        "twg": twg,
        "inside": inside,
        "addresses": addresses,
        "may_keep": may_keep,
        "may_seat": may_seat,
        "may_fact": FACT_KEEPERS(twg, person),
        "local_time": twg_selectors.local_time(twg),
        "project": twg.project if inside or _opens_project(twg, person) else None,
        "seating": seating,
        "columns": 2 + addresses + may_seat,
        "fresh": may_keep and seating is not None and seating.count <= 1,
        "bodies": found["bodies"],
        "panels": panels.shown(found),
        "crumbs": [(_("TWGs"), reverse("twgs"))]
        + ([(twg.linked_to.name, reverse("twg", args=[twg.linked_to.code]))] if twg.linked_to else []),
    }
    return render(request, "workflow/groups/twg.html", context | found.get("inside", {}))


def _opens_project(twg: Twg, person: Any) -> bool:
    return twg.project_id is not None and Project.objects.all().visible_to(person).filter(pk=twg.project_id).exists()


def _inside(twg: Twg, person: Any) -> Wanted[dict[str, Any]]:
    """What only those who read the TWG from the inside are shown."""

    def made(found: Found) -> dict[str, Any]:
        in_force, draft = twg_selectors.by_state(found["terms"])
        terms = in_force or draft
        rules = [rule for rule in found["rules"] if terms and rule.terms_id == terms.pk]
        return {
            "cadence": twg_selectors.cadence(twg),
            "languages_of_work": twg_selectors.languages(twg),
            "parents": [parent for parent in found["parents"] if parent.current],
            "earlier_parents": [parent for parent in found["parents"] if not parent.current],
            "in_force": in_force,
            "draft": draft,
            "terms": terms,
            "participation": twg_selectors.participation(rules),
            "voters": twg_selectors.roles(terms.voting_roles) if terms else "",
            "facts": twg_selectors.facts(found["facts"]),
            "events": readers.last_lines(found, person),
        }

    last = readers.last_listings(twg, person, EVENTS_ON_A_PAGE)
    return Wanted(twg_selectors.inner_listings(twg) | last, made)


@login_required
@FORM
def twg_new(request: HttpRequest) -> HttpResponse:
    """A TWG for another country or region, from a preset (S48)."""
    require(access.keeper, None, request.user)
    country = request.GET.get("country", "")[:2].upper()
    back = reverse("twgs")
    form = OpenTwgForm(request.POST or None, person=request.user, initial=selectors_places.suggestion(country))

    def save() -> str:
        fields = form.values | {"code": codes.free(Twg, {"en": form.place_name})}
        twg = services.open_twg(fields, preset=form.cleaned_data["preset"], actor=request.user)
        return reverse("twg", args=[twg.code])

    said = _("The TWG is open. Give the first seats, then adopt the terms of reference.")
    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, "workflow/groups/twg_new.html", back=back
    )


def twg_to_change(request: HttpRequest, code: str, rule: access.Rule = KEEPERS) -> Twg:
    """The TWG if the reader may open its page (404 otherwise) and may do this to it (403 otherwise)."""
    twg: Twg = get_object_or_404(twg_selectors.twgs_with_all().visible_to(request.user), code=code)
    require(rule, twg, request.user)
    return twg


def _about(
    request: HttpRequest, twg: Twg, form: Any, save: Callable[[], None], *, title: str, button: str, said: str
) -> HttpResponse:
    """A form about a TWG: saved, it leads back to the TWG's page."""
    back = reverse("twg", args=[twg.code])
    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=title, button=button, back=back, lead=twg.name, version=twg.version,
        draft=f"{request.resolver_match.url_name if request.resolver_match else ''}-{twg.pk}",
    )  # fmt: skip


@login_required
@FORM
def twg_edit(request: HttpRequest, code: str) -> HttpResponse:
    twg = twg_to_change(request, code)
    initial = initial_names(names=twg.names, mandates=twg.mandates) | {
        name: getattr(twg, name) for name in ("time_zone", "languages", "launched", "cadence_from", "cadence_to")
    }
    form = TwgForm(request.POST or None, twg=twg, initial=initial | {"convener": twg.convener_id})

    def save() -> None:
        services.change_twg(twg, form.values, actor=request.user, version=stated_version(request))

    return _about(request, twg, form, save, title=_("Change the TWG"), button=_("Save"), said=_("Saved."))


@login_required
@FORM
def twg_parent(request: HttpRequest, code: str) -> HttpResponse:
    twg = twg_to_change(request, code)
    form = ParentForm(request.POST or None, twg=twg)

    def save() -> None:
        version, note = stated_version(request), form.cleaned_data["note"]
        services.set_parent(twg, form.values, actor=request.user, version=version, note=note)

    said = _("The parent institution is recorded; what held before stays in the history.")
    return _about(request, twg, form, save, title=_("Change the parent institution"), button=_("Record"), said=said)


@login_required
@FORM
def twg_link(request: HttpRequest, code: str) -> HttpResponse:
    twg = twg_to_change(request, code)
    form = LinkForm(request.POST or None)

    def save() -> None:
        code = codes.free(Twg, form.cleaned_data["names"], prefix=twg.code)
        services.link_body(twg, form.values | {"code": code}, actor=request.user, version=stated_version(request))

    return _about(request, twg, form, save, title=_("Link a body"), button=_("Link it"), said=_("The body is linked."))


@login_required
@FORM
def twg_fact(request: HttpRequest, code: str) -> HttpResponse:
    twg = twg_to_change(request, code, FACT_KEEPERS)
    form = FactForm(request.POST or None, initial={"confidence": "stated"})

    def save() -> None:
        services.record_fact(twg, form.values, actor=request.user, version=stated_version(request))

    return _about(
        request, twg, form, save, title=_("Record a fact"), button=_("Record"), said=_("The fact is recorded.")
    )

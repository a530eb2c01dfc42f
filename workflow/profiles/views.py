"""Pages of templates, profiles and editions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from workflow.engine import history, readers
from workflow.engine.forms_version import stated_version
from workflow.engine.selectors import actions
from workflow.groups import access, codes
from workflow.groups.models import Twg
from workflow.groups.services import require

from . import selectors, services
from .forms import EditionForm, ProfileForm, initial_of
from .models import Edition, Profile, Stage
from .services import KEEPERS

EVENTS_ON_A_PAGE = 5


@require_GET
def edition_page(request: HttpRequest, pk: int) -> HttpResponse:
    """An edition: where it stands, what can happen next, its parts, its last events."""
    edition = get_object_or_404(selectors.editions().visible_to(request.user), pk=pk)
    inside = access.inside(request.user, edition.twg)
    row = selectors.rows([edition])[0]
    events = list(history.events_of(edition).order_by("-sequence")[:EVENTS_ON_A_PAGE]) if inside else []
    context = {
        "edition": edition,
        "twg": edition.twg,
        "inside": inside,
        "member_of_twg": access.opens(request.user, edition.twg),
        "row": row,
        "track": row.track,
        "drawing": selectors.machine(edition, row.standing),
        "parts": selectors.parts_of(edition.template_id),
        "actions": actions(edition, request.user) if inside else [],
        "events": readers.lines_for(events, request.user),
        "crumbs": _crumbs(edition.profile, request.user),
    }
    return render(request, "workflow/profiles/edition.html", context)


def _crumbs(profile: Profile, person: Any) -> list[tuple[str, str]]:
    from django.urls import reverse

    crumbs = [(profile.title, reverse("profile", args=[profile.code]))]
    if access.opens(person, profile.twg):
        crumbs.insert(0, (profile.twg.name, reverse("twg", args=[profile.twg.code])))
    return crumbs


@require_GET
def profile_page(request: HttpRequest, code: str) -> HttpResponse:
    """A profile: whose it is, its editions, how fresh it is (S02)."""
    profile = get_object_or_404(_profiles().visible_to(request.user), code=code)
    found = selectors.editions().visible_to(request.user).filter(profile=profile).order_by("-pk")
    listed = selectors.rows(found)
    published = next((row.edition for row in listed if row.edition.stage == Stage.PUBLISHED), None)
    open_one = next((row.edition for row in listed if row.edition.is_open), None)
    context = {
        "profile": profile,
        "twg": profile.twg,
        "member_of_twg": access.opens(request.user, profile.twg),
        "inside": access.inside(request.user, profile.twg),
        "rows": listed,
        "fresh": selectors.freshness(profile, published),
        "open_edition": open_one,
        "may_edit": KEEPERS(profile, request.user),
        "crumbs": _crumbs(profile, request.user)[:-1],
    }
    return render(request, "workflow/profiles/profile.html", context)


def _profiles() -> Any:
    return Profile.objects.select_related("twg__region", "twg__project", "owner")


@require_GET
def template_page(request: HttpRequest, code: str) -> HttpResponse:
    """A version of the template, what changed since the one before, and the editions bound to it (S07, S47)."""
    template = selectors.visible_template(code, request.user)
    if template is None:
        raise Http404
    bound = selectors.editions().visible_to(request.user).filter(template=template).order_by("profile__code", "label")
    context = {
        "template": template,
        "parts": template.parts.all(),
        "changes": selectors.changes_since_previous(template),
        "rows": selectors.rows(bound),
    }
    return render(request, "workflow/profiles/template.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_new(request: HttpRequest, code: str) -> HttpResponse:
    """Open the profile of a TWG (S01)."""
    twg = get_object_or_404(Twg.objects.visible_to(request.user), code=code)
    require(KEEPERS, twg, request.user)
    suggested = {"name_en": f"National Migration Profile: {twg.place}"} if twg.country else {}
    form = ProfileForm(request.POST or None, twg=twg, initial=suggested)
    if request.method == "POST" and form.is_valid():
        fields = form.values | {"code": codes.free(Profile, form.cleaned_data["names"], prefix=twg.code)}
        profile = _attempt(form, lambda: services.open_profile(twg, fields, actor=request.user))
        if profile:
            messages.success(request, _("The profile is open. Its first edition comes next."))
            return redirect("profile", profile.code)
    context = {"form": form, "twg": twg, "title": _("Open a profile")}
    return render(request, "workflow/profiles/profile_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Title, owner, rhythm."""
    profile = get_object_or_404(_profiles().visible_to(request.user), code=code)
    require(KEEPERS, profile, request.user)
    form = ProfileForm(request.POST or None, twg=profile.twg, initial=initial_of(profile))
    if request.method == "POST" and form.is_valid():
        version = stated_version(request)

        def save() -> bool:
            services.change_profile(profile, form.values, actor=request.user, version=version)
            return True

        if _attempt(form, save):
            messages.success(request, _("Saved."))
            return redirect("profile", profile.code)
    context = {"form": form, "twg": profile.twg, "profile": profile, "title": _("Change the profile")}
    return render(request, "workflow/profiles/profile_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edition_new(request: HttpRequest, code: str) -> HttpResponse:
    """A new edition of a profile; one is open at a time."""
    profile = get_object_or_404(_profiles().visible_to(request.user), code=code)
    require(KEEPERS, profile, request.user)
    form = EditionForm(request.POST or None, profile=profile, person=request.user)
    if request.method == "POST" and form.is_valid():
        version = stated_version(request)

        def save() -> Edition:
            return services.open_edition(profile, form.cleaned_data, actor=request.user, version=version)

        edition = _attempt(form, save)
        if edition:
            messages.success(request, _("The edition is open, at the stage “Template”."))
            return redirect("edition", edition.pk)
    context = {"form": form, "profile": profile, "title": _("Open a new edition")}
    return render(request, "workflow/profiles/edition_form.html", context, status=422 if form.errors else 200)


def _attempt(form: Any, save: Any) -> Any:
    """Run a service; what it finds wrong goes to the form's fields, or above them."""
    try:
        return save()
    except ValidationError as error:
        fields = getattr(error, "error_dict", None)
        for name, found in (fields or {None: error.error_list}).items():
            form.add_error(name if name in form.fields else None, ValidationError(found))
        return None

"""Pages of templates, profiles and editions."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from workflow.documents import pdf_out
from workflow.engine import readers, together
from workflow.engine.forms_version import stated_version
from workflow.engine.selectors import actions
from workflow.engine.together import Listing, Wanted, first
from workflow.groups import access, codes, panels
from workflow.groups.form_tools import FORM, edit_page, save_form, show_form
from workflow.groups.models import Twg
from workflow.groups.services import require
from workflow.writing import selectors as writing_selectors
from workflow.writing import services as writing
from workflow.writing.models import Text
from workflow.writing.progress import progress

from . import outline, selectors, services
from .durations import standing
from .flow import with_surroundings
from .forms import EditionForm, NextForm, ProfileForm, initial_of, suggested
from .models import Edition, Profile, Stage, TemplateVersion
from .papers import TAKERS, edition_closed, editions_written_by, template_closed
from .services import KEEPERS, OPENERS

EVENTS_ON_A_PAGE = 5


@require_safe
def edition_page(request: HttpRequest, pk: int) -> HttpResponse:
    """An edition: where it stands, what can happen next, its parts, its last events."""
    edition = get_object_or_404(with_surroundings(selectors.editions().visible_to(request.user)), pk=pk)
    inside = access.inside(request.user, edition.twg)
    text = writing.text_of(edition)
    wanted = _wanted(edition, text, request.user, inside=inside)
    read = together.answers(wanted | panels.wanted(edition, request.user, "edition"))
    row = selectors.row_of(edition, standing(read["moves"]))
    context = {
        "edition": edition,
        "twg": edition.twg,
        "inside": inside,
        "member_of_twg": access.opens(request.user, edition.twg),
        "row": row,
        "track": row.track,
        "drawing": selectors.machine(edition, row.standing),
        "text": text if inside else None,
        "parts": read["parts"],
        "published": read.get("published"),
        "no_pdf": pdf_out.available(),
        "may_begin": inside and not text and not edition_closed(edition) and TAKERS(edition, request.user),
        "actions": actions(edition, request.user) if inside else [],
        "may_edit": KEEPERS(edition.profile, request.user),
        "may_open": OPENERS(edition.profile, request.user),
        "events": read.get("events", []),
        "crumbs": _crumbs(edition.profile, request.user),
        "panels": panels.shown(read, "edition"),
    }
    return render(request, "workflow/profiles/edition.html", context)


def _wanted(edition: Edition, text: Text | None, person: Any, *, inside: bool) -> dict[str, Wanted[Any]]:
    """What the page reads together: its changes of stage; the text's progress for the inside, else the template's
    parts; the draft that is published for everybody.
    """
    wanted: dict[str, Wanted[Any]] = {"moves": selectors.moves_wanted(edition)}
    if inside:
        wanted["events"] = readers.last_wanted(edition, person, EVENTS_ON_A_PAGE)
    if inside and text:
        wanted["parts"] = progress(text, person, now=False)
    else:
        wanted["parts"] = outline.parts(TemplateVersion.objects.filter(pk=edition.template_id))
    if text and edition.stage == Stage.PUBLISHED:
        wanted["published"] = writing_selectors.published_draft(text)
    return wanted


def _crumbs(profile: Profile, person: Any) -> list[tuple[str, str]]:
    crumbs = [(profile.title, reverse("profile", args=[profile.code]))]
    if access.opens(person, profile.twg):
        crumbs.insert(0, (profile.twg.name, reverse("twg", args=[profile.twg.code])))
    return crumbs


@require_safe
def profile_page(request: HttpRequest, code: str) -> HttpResponse:
    """A profile: whose it is, its editions, how fresh it is (S02)."""
    profile = get_object_or_404(_profiles().visible_to(request.user), code=code)
    found = Edition.objects.all().visible_to(request.user).filter(profile=profile).order_by("-pk")
    listed = selectors.rows_with(**together.read(**selectors.row_listings(found)))
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
        "may_open": OPENERS(profile, request.user),
        "crumbs": _crumbs(profile, request.user)[:-1],
    }
    return render(request, "workflow/profiles/profile.html", context)


def _profiles() -> Any:
    return Profile.objects.select_related("twg__region", "twg__project", "owner", "updated_by")


@require_safe
def template_page(request: HttpRequest, code: str) -> HttpResponse:
    """A version of the template, what changed since the one before, and the editions bound to it (S07, S47)."""
    visible = TemplateVersion.objects.all().visible_to(request.user)
    found = visible.annotate(written_by=Exists(editions_written_by(OuterRef("pk"))))
    template = get_object_or_404(found, code=code)
    keeps = access.project_keeper(template, request.user)
    bound = Edition.objects.all().visible_to(request.user).filter(template=template).order_by("profile__code", "label")
    before = outline.before(template)
    wanted: dict[str, Wanted[Any]] = {
        "parts": outline.guided(TemplateVersion.objects.filter(pk=template.pk)),
        "before": outline.parts(before),
        "previous": Wanted({"it": Listing(before, "code", "names", "number")}, lambda found: first(found["it"])),
        "rows": Wanted(selectors.row_listings(bound), lambda found: selectors.rows_with(**found)),
    }
    read = together.answers(wanted | panels.wanted(template, request.user, "template"))
    context = {
        "template": template,
        "parts": read["parts"],
        "previous": read["previous"],
        "changes": outline.changes(read["before"], read["parts"]) if read["previous"] else [],
        "rows": read["rows"],
        "keeps": keeps,
        "closed": template_closed(template) if keeps else "",
        "panels": panels.shown(read, "template"),
    }
    return render(request, "workflow/profiles/template.html", context)


@login_required
@FORM
def profile_new(request: HttpRequest, code: str) -> HttpResponse:
    """Open the profile of a TWG (S01)."""
    twg = get_object_or_404(Twg.objects.visible_to(request.user), code=code)
    require(KEEPERS, twg, request.user)
    form = ProfileForm(request.POST or None, twg=twg, initial=suggested(twg))
    back = reverse("twg", args=[twg.code])

    def save() -> str:
        fields = form.values | {"code": codes.free(Profile, form.cleaned_data["names"], prefix=twg.code)}
        profile = services.open_profile(twg, fields, actor=request.user)
        return reverse("profile", args=[profile.code])

    said = _("The profile is open. Its first edition comes next.")
    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=_("Open a profile"), button=_("Open the profile"), back=back, lead=twg.name,
        draft=f"profile-new-{twg.pk}",
    )  # fmt: skip


def _to_change(request: HttpRequest, code: str, rule: access.Rule = KEEPERS) -> Profile:
    """The profile if the reader may open its page (404 otherwise) and keeps it (403 otherwise)."""
    profile: Profile = get_object_or_404(_profiles().visible_to(request.user), code=code)
    require(rule, profile, request.user)
    return profile


@login_required
@FORM
def profile_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Title, owner, rhythm."""
    profile = _to_change(request, code)
    form = ProfileForm(request.POST or None, twg=profile.twg, initial=initial_of(profile))
    return edit_page(request, profile, form, services.change_profile, title=_("Change the profile"), lead=profile.title)


@login_required
@FORM
def profile_next(request: HttpRequest, code: str) -> HttpResponse:
    """Another day for the next edition of a profile that was handed over (S02)."""
    profile = _to_change(request, code, OPENERS)
    form = NextForm(request.POST or None, initial={"next_due": profile.next_due})
    back = reverse("profile", args=[profile.code])

    def save() -> None:
        told = form.cleaned_data
        services.set_next_due(
            profile, told["next_due"], actor=request.user, version=stated_version(request), note=told["note"]
        )

    return save_form(request, form, save, back=back, said=_("Saved.")) or show_form(
        request, form, title=_("When the next edition is due"), button=_("Save"), back=back, lead=profile.title,
        version=profile.version, draft=f"profile-next-{profile.pk}",
    )  # fmt: skip


@login_required
@FORM
def edition_new(request: HttpRequest, code: str) -> HttpResponse:
    """A new edition of a profile; one is open at a time."""
    profile = _to_change(request, code, OPENERS)
    form = EditionForm(request.POST or None, profile=profile, person=request.user)
    back = reverse("profile", args=[profile.code])

    def save() -> str:
        edition = services.open_edition(profile, form.cleaned_data, actor=request.user, version=stated_version(request))
        return reverse("edition", args=[edition.pk])

    said = _("The edition is open, at the stage “Template”.")
    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=_("Open a new edition"), button=_("Open the edition"), back=back, lead=profile.title,
        version=profile.version, draft=f"edition-new-{profile.pk}",
    )  # fmt: skip

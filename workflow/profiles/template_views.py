"""Pages on which a template's next version is made and its outline changed (S08, S47)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.engine.errors import Unmet
from workflow.engine.forms_version import stated_version
from workflow.groups import access
from workflow.groups.form_tools import FORM, initial_names, save_form, show_form
from workflow.groups.services import require
from workflow.writing import services as writing

from . import outline, reshaping, versions
from .models import TemplateVersion
from .outline import PartLine, SectionLine
from .papers import template_closed
from .reshaping import Outline
from .template_forms import PartForm, RemoveForm, SectionForm, VersionForm


def _kept(request: HttpRequest, code: str) -> TemplateVersion:
    """The template, for those who keep it (404 for who does not see it, 403 for other readers)."""
    seen = TemplateVersion.objects.all().visible_to(request.user).select_related("project")
    found: TemplateVersion = get_object_or_404(seen, code=code)
    require(access.project_keeper, found, request.user)
    return found


def _open(request: HttpRequest, code: str) -> TemplateVersion:
    """The same, while it can be changed."""
    found = _kept(request, code)
    if reason := template_closed(found):
        raise Unmet(reason)
    return found


@login_required
@FORM
def template_version(request: HttpRequest, code: str) -> HttpResponse:
    """The next version, begun as a copy of this one."""
    template = _kept(request, code)
    form = VersionForm(request.POST or None, initial=dict(initial_names(names=template.names)))
    back = reverse("template", args=[code])

    def save() -> str:
        made = versions.new_version(template, form.values, actor=request.user)
        return reverse("template", args=[made.code])

    said = _("The new version is begun as a copy. Editions stay with the version that they have.")
    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=_("Make a new version"), button=_("Make it"), back=back, lead=str(template),
        draft=f"template-version-{template.pk}",
    )  # fmt: skip


@login_required
@require_GET
def template_edit(request: HttpRequest, code: str) -> HttpResponse:
    """The outline, with what can be changed in it."""
    template = _open(request, code)
    context = {
        "template": template,
        "parts": outline.parts_of(template.pk),
        "crumbs": [(str(template), reverse("template", args=[code]))],
    }
    return render(request, "workflow/profiles/template_edit.html", context)


@login_required
@FORM
def template_names(request: HttpRequest, code: str) -> HttpResponse:
    """Its names and its source."""
    template = _open(request, code)
    initial: dict[str, Any] = dict(initial_names(names=template.names))
    form = VersionForm(request.POST or None, initial=initial | {"source": template.source})
    return _change(request, template, form, lambda parts: parts, title=_("Names"), fields=lambda: form.values)


def _change(
    request: HttpRequest,
    template: TemplateVersion,
    form: Any,
    reshaped: Callable[[Outline], Outline],
    *,
    title: str,
    fields: Callable[[], dict[str, Any]] = dict,
    **shown: Any,
) -> HttpResponse:
    """One change of the outline, on the version of the template that the page was drawn from."""
    back = reverse("template-edit", args=[template.code])

    def save() -> None:
        parts = reshaped(outline.as_input(outline.parts_of(template.pk)))
        versions.change_template(template, fields(), parts, actor=request.user, version=stated_version(request))

    return save_form(request, form, save, back=back, said=_("Saved.")) or show_form(
        request, form, title=title, back=back, version=template.version,
        **({"lead": str(template), "button": _("Save")} | shown),
    )  # fmt: skip


def _part(template: TemplateVersion, pk: int) -> PartLine:
    found = next((part for part in outline.parts_of(template.pk) if part.pk == pk), None)
    if found is None:
        raise Http404
    return found


@login_required
@FORM
def template_part(request: HttpRequest, code: str, pk: int | None = None) -> HttpResponse:
    """A part added, or its letter and title changed."""
    template = _open(request, code)
    part = _part(template, pk) if pk else None
    initial = {"letter": part.letter, **initial_names(titles=part.titles)} if part else {}
    form = PartForm(request.POST or None, initial=initial)
    title = _("Change part %(letter)s") % {"letter": part.letter} if part else _("Add a part")
    return _change(
        request, template, form, lambda parts: reshaping.with_part(parts, form.values, pk), title=title
    )  # fmt: skip


@login_required
@FORM
def part_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A part goes, with its sections; earlier drafts of the text still show them."""
    template = _open(request, code)
    part = _part(template, pk)
    title = _("Remove part %(letter)s") % {"letter": part.letter}
    return _change(
        request, template, RemoveForm(request.POST or None), lambda parts: reshaping.without_part(parts, pk),
        title=title, button=_("Remove it"), lead=part.title, danger=True,
    )  # fmt: skip


def _section(template: TemplateVersion, pk: int) -> tuple[PartLine, SectionLine]:
    for part in outline.parts_of(template.pk):
        for line in part.sections:
            if line.pk == pk:
                return part, line
    raise Http404


@login_required
@FORM
def template_section(request: HttpRequest, code: str, pk: int | None = None) -> HttpResponse:
    """A section added (`?part=`), or changed, or moved."""
    template = _open(request, code)
    part, line = _section(template, pk) if pk else (None, None)
    parts = outline.parts_of(template.pk)
    drafted = writing.text_of(template) is not None
    initial = _initial(part, line) if part and line else _at_the_end(parts, request.GET.get("part"))
    form = SectionForm(request.POST or None, parts=parts, drafted=drafted, initial=initial)

    def reshaped(lines: Outline) -> Outline:
        told = form.cleaned_data
        guidance = {code: text for code, text in told["guidance"].items() if text}
        if drafted and line:  # its text says it in this language
            kept = line.guidances.get(outline.TEMPLATE_LANGUAGE, "")
            guidance |= {outline.TEMPLATE_LANGUAGE: kept} if kept else {}
        fields = {"titles": told["titles"], "guidance": guidance}
        return reshaping.with_section(lines, fields, part=int(told["part"]), number=told["number"], pk=pk)

    title = _("Change %(section)s") % {"section": line.title} if line else _("Add a section")
    return _change(request, template, form, reshaped, title=title)


def _initial(part: PartLine, line: SectionLine) -> dict[str, Any]:
    return {
        "part": str(part.pk),
        "number": line.number,
        **initial_names(titles=line.titles, guidance=line.guidances),
    }


def _at_the_end(parts: list[PartLine], wanted: str | None) -> dict[str, Any]:
    part = next((part for part in parts if str(part.pk) == wanted), None)
    return {"part": str(part.pk), "number": len(part.sections) + 1} if part else {"number": 1}


@login_required
@FORM
def section_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A section goes; earlier drafts of the text still show it."""
    template = _open(request, code)
    _of, line = _section(template, pk)
    return _change(
        request, template, RemoveForm(request.POST or None), lambda parts: reshaping.without_section(parts, pk),
        title=_("Remove a section"), button=_("Remove it"), lead=line.title, danger=True,
    )  # fmt: skip

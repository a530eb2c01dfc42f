"""A template's next version: begun as a copy, changed while no edition is drafted by it (S08, S47)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.engine.storing import store
from workflow.groups import access, codes, words
from workflow.groups.services import require
from workflow.writing import services as writing

from . import outline
from .models import Part, Section, TemplateVersion
from .papers import template_closed
from .services import create_template

PartInput = Mapping[str, Any]
ASIDE = 10_000  # where numbers wait while others take their places


@transaction.atomic
def new_version(template: TemplateVersion, fields: Mapping[str, Any], *, actor: Any) -> TemplateVersion:
    """The next version of a project's template: all parts, sections and guidance of this one, to be changed.

    `fields` may give `code`, `names` and `source`. The version that it follows stays as it is, with its editions.
    """
    require(access.project_keeper, template, actor)
    engine.hold(f"templates of {template.project_id}")
    last = TemplateVersion.objects.filter(project=template.project_id).aggregate(last=Max("number"))["last"]
    names = fields.get("names") or template.names
    told = {
        "code": fields.get("code") or codes.free(TemplateVersion, names),
        "number": last + 1,
        "names": names,
        "project": template.project,
        "source": fields.get("source", ""),
    }
    parts: list[PartInput] = [*outline.as_input(outline.guided_of(template.pk), numbered=False)]
    return create_template(told, parts, actor=actor, copied_from=template)


def change_template(
    template: TemplateVersion,
    fields: Mapping[str, Any],
    parts: Sequence[PartInput] | None = None,
    *,
    actor: Any,
    version: int | None = None,
) -> None:
    """Its names and, when `parts` are given, its whole outline: what has an `id` is kept, what is left out goes.

    Raises Unmet once an edition is drafted by it (S47). The sections of its text follow.
    """
    require(access.project_keeper, template, actor)
    with engine.change(template, "changed", actor=actor, version=version) as change:
        if reason := template_closed(template):
            raise Unmet(reason)
        change.assign(fields)
        before = _told(template)
        if parts is not None:
            _reshape(template, parts)
        if (after := _told(template)) != before:
            change.data["parts"] = after
        text = writing.text_of(template)
        if text and after != before:
            writing.reshape(text, actor=actor)


def _told(template: TemplateVersion) -> list[str]:
    """The outline as history tells it."""
    return [
        line
        for part in outline.parts_of(template.pk)
        for line in (
            f"{part.letter} {words.in_language(part.titles, 'en')}",
            *(f"{part.letter}.{s.number} {words.in_language(s.titles, 'en')}" for s in part.sections),
        )
    ]


def _reshape(template: TemplateVersion, parts: Sequence[PartInput]) -> None:
    """Parts and sections as they are given, in their order; each row that is named keeps its identity."""
    own = {part.pk: part for part in Part.objects.filter(template=template)}
    sections = {section.pk: section for section in Section.objects.filter(part__template=template)}
    _check(parts, own, sections)
    for number, part in enumerate(own.values()):  # letters and numbers are free for whoever takes them
        Part.objects.filter(pk=part.pk).update(letter=chr(0xE000 + number))
    for number, section in enumerate(sections.values()):
        Section.objects.filter(pk=section.pk).update(number=ASIDE + number)
    for told in parts:
        part = _kept(own, told, Part(template=template), ("letter", "titles", "source"))
        for number, line in enumerate(told.get("sections", ()), start=1):
            fresh = _kept(sections, line, Section(), ("titles", "guidance", "source"), part=part, number=number)
            sections.pop(fresh.pk, None)
        own.pop(part.pk, None)
    Section.objects.filter(pk__in=sections).delete()
    Part.objects.filter(pk__in=own).delete()


def _kept(known: Mapping[int, Any], told: Mapping[str, Any], fresh: Any, names: Sequence[str], **more: Any) -> Any:
    """The row that the input names, or a fresh one, with what the input says."""
    row = known.get(told.get("id") or 0, fresh)
    for name, value in {n: told[n] for n in names if n in told}.items():
        setattr(row, name, value)
    for name, value in more.items():
        setattr(row, name, value)
    store(row)
    return row


def _check(parts: Sequence[PartInput], own: Mapping[int, Part], sections: Mapping[int, Section]) -> None:
    letters = [part["letter"] for part in parts]
    if not parts:
        raise ValidationError({"parts": _("A template has at least one part.")})
    if len(set(letters)) < len(letters):
        raise ValidationError({"letter": _("Two parts have the same letter.")})
    lines = [line for part in parts for line in part.get("sections", ())]
    for named, known in ((parts, own), (lines, sections)):
        numbers = [line["id"] for line in named if line.get("id")]
        if set(numbers) - set(known) or len(set(numbers)) < len(numbers):
            raise ValidationError({"parts": _("This names a part or a section that is not the template's.")})

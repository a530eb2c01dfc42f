"""An edition and a template as papers: who writes and reads their drafts, and when (S07, S08, S10, S13, S47)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflow.groups import access
from workflow.writing import papers
from workflow.writing.hooks import language_of_twg
from workflow.writing.papers import Heading, Paper

from . import outline
from .models import Edition, Stage, TemplateVersion

WRITERS = access.drafter | access.secretariat
TAKERS = access.drafter | access.secretariat | access.chair
WRITTEN_AT = (Stage.DRAFTING, Stage.COMMENT)


def register() -> None:
    papers.register(
        Paper(
            kind="edition", writers=WRITERS, takers=TAKERS, readers=_editions, headings=_edition_headings,
            closed=edition_closed, language=language_of_twg, public=_published,
            related=("profile__twg__region", "profile__twg__project"),
        )
    )  # fmt: skip
    papers.register(
        Paper(
            kind="template", writers=access.project_keeper, takers=access.project_keeper, readers=_templates,
            headings=_template_headings, closed=template_closed, language=lambda template: outline.TEMPLATE_LANGUAGE,
        )
    )  # fmt: skip


def _editions(person: Any) -> QuerySet[Edition]:
    return Edition.objects.all().internal_to(person)


def _published() -> QuerySet[Edition]:
    return Edition.objects.filter(stage=Stage.PUBLISHED)


def _edition_headings(edition: Edition) -> list[Heading]:
    """The template's sections; a part that has none is a section itself."""
    found = []
    for part in outline.guided_of(edition.template_id):
        for line in part.sections:
            place = f"{part.letter}.{line.number}"
            found.append(Heading(place, part.letter, line.titles, part.titles, line.guidances))
        if not part.sections:
            found.append(Heading(part.letter, part.letter, part.titles, part.titles))
    return found


def edition_closed(edition: Edition) -> str | Promise:
    """Why the edition's text can't be written now, or ""."""
    if edition.stage in WRITTEN_AT:
        return ""
    if edition.stage == Stage.TEMPLATE:
        return _("Drafting has not started: the TWG endorses the template first.")
    if not edition.is_open:
        return _("The text is frozen: this edition is closed.")
    return _("The text is frozen at this stage. Returning the edition to drafting opens it again.")


def _templates(person: Any) -> QuerySet[TemplateVersion]:
    return TemplateVersion.objects.all().visible_to(person)


def _template_headings(template: TemplateVersion) -> list[Heading]:
    """What the template says of each section, to be drafted, commented on and endorsed (S08).

    A section keeps its text when it moves or is renamed: it is known by its own number, not by its place.
    """
    found = []
    for part in outline.parts_of(template.pk):
        for line in part.sections:
            place, told = f"{part.letter}.{line.number}", line.guidances.get(outline.TEMPLATE_LANGUAGE, "")
            found.append(Heading(place, part.letter, line.titles, part.titles, body=told, ref=f"section:{line.pk}"))
        if not part.sections:
            found.append(Heading(part.letter, part.letter, part.titles, part.titles, ref=f"part:{part.pk}"))
    return found


def editions_written_by(template: Any) -> QuerySet[Edition]:
    """Editions of a template version that have begun to be written by it."""
    return Edition.objects.filter(template=template).exclude(stage=Stage.TEMPLATE)


def template_closed(template: TemplateVersion) -> str | Promise:
    """S47: editions keep their version; what they are written by does not change under them."""
    written_by = getattr(template, "written_by", None)  # as a page reads it along with the template
    if written_by is None:
        written_by = editions_written_by(template.pk).exists()
    if written_by:
        return _("Editions are written by this version: make a new version from it to change it.")
    return ""

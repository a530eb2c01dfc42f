"""What the inventory brings: its kinds of subject, its panels, its questions, its shelves, its part of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workflow.engine import context, details, kinds, shelves
from workflow.engine.flow import Flow
from workflow.engine.kinds import SubjectKind
from workflow.engine.shelves import Shelf
from workflow.groups import panels
from workflow.projects import loading as projects

from . import (
    asks,
    inbox,  # noqa: F401 - registers what waits
    loading,
    selectors,
)
from .choices import Question
from .flow import GapFlow, SourceFlow
from .models import DataGap, DataSource
from .panels import edition_panel, institution_panel, section_panel, twg_panel
from .publications import SupportingPublication

EVENTS = {"created": _("Entered"), "changed": _("Changed"), "imported": _("Imported")}


def register() -> None:
    asks.register()
    context.across_countries("data-comparison", _("Data sources and gaps"), "chart")
    details.reads("questions", _questions)
    panels.register("inventory", twg_panel, "recommendations/inventory/panel.html")
    panels.register("inventory", edition_panel, "recommendations/inventory/panel.html", page="edition")
    panels.register("inventory", section_panel, "recommendations/inventory/section_panel.html", page="section")
    panels.register(
        "inventory", institution_panel, "recommendations/inventory/institution_panel.html", page="institution"
    )
    projects.register_section("inventory", loading.load)
    shelves.register("data sources", Shelf(_("Data sources"), selectors.sources_found, _source_line))
    shelves.register("data gaps", Shelf(_("Data gaps"), selectors.gaps_found, _gap_line))
    _kind("data_source", DataSource, _("Data source"), "data-source", SourceFlow)
    _kind("data_gap", DataGap, _("Data gap"), "data-gap", GapFlow)
    kinds.register(
        SubjectKind(
            name="supporting_publication",
            model=SupportingPublication,
            label=_("Supporting publication"),
            visible_to=_publications,
            internal_to=_publications,
            url=lambda publication: reverse("supporting-publication", args=[publication.pk]),
            events=EVENTS,
        )
    )


def _publications(person: Any) -> Any:
    return SupportingPublication.objects.all().visible_to(person)


def _questions(codes: Iterable[str]) -> str:
    known: dict[str, Any] = dict(Question.choices)
    return ", ".join(str(known.get(code, code)) for code in codes)


def _source_line(source: DataSource) -> tuple[Any, ...]:
    keeper = source.custodian
    return ("data-source", source.pk, keeper.name if keeper else "", source.folded, keeper.folded if keeper else "")


def _gap_line(gap: DataGap) -> tuple[Any, ...]:
    return ("data-gap", gap.pk, gap.section, gap.folded)


def _kind(name: str, model: type[DataSource] | type[DataGap], label: Any, page: str, flow: type[Flow]) -> None:
    rows: Callable[[], Any] = model._default_manager.all
    kinds.register(
        SubjectKind(
            name=name,
            model=model,
            label=label,
            visible_to=lambda person: rows().visible_to(person),
            internal_to=lambda person: rows().internal_to(person),
            url=lambda subject: reverse(page, args=[subject.pk]),
            flow=flow,
            events=EVENTS,
        )
    )

"""How a project file's data inventory is loaded, each thing once and by the steps that people take (S09, S28)."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.groups.models import Institution, Project
from workflow.projects import inventory_shapes as shapes
from workflow.projects.loading import Loading
from workflow.projects.shapes import ProjectFile

from . import places, services
from .flow import GapFlow, SourceFlow
from .models import DataGap, DataSource
from .publications import SupportingPublication

# The steps that lead to each state of a gap, replayed so that the history has them.
STEPS: dict[str, tuple[str, ...]] = {
    "identified": (),
    "agreed": ("agree",),
    "addressed": ("agree", "address"),
    "closed": ("agree", "close"),
    "dropped": ("drop",),
}


def load(loading: Loading, file: ProjectFile) -> None:
    project = loading.get(Project, "project") if file.supporting_publications else None
    loading.each(file.supporting_publications, lambda record: _publication(loading, project, record))
    loading.each(file.data_sources, lambda record: _source(loading, record))
    loading.each(file.data_gaps, lambda record: _gap(loading, record))


def _publication(loading: Loading, project: Project | None, record: shapes.SupportingPublication) -> None:
    fields: dict[str, Any] = {
        "titles": dict(record.title),
        "authors": record.authors,
        "when": record.when or "",
        "forthcoming": record.forthcoming,
        "url": record.link,
        "summaries": dict(record.summary),
        "confidence": record.confidence,
        "source": loading.sources(record),
    }
    loading.once(
        SupportingPublication, f"supporting-publication/{record.key}", fields,
        lambda t: services.record_publication(project, fields, actor=None, telling=t), record,
    )  # fmt: skip


def _source(loading: Loading, record: shapes.DataSource) -> None:
    fields: dict[str, Any] = {
        "kind": record.kind,
        "names": dict(record.name),
        "custodian": loading.institution(record.custodian),
        "coverages": dict(record.coverage),
        "periodicity": record.periodicity,
        "latest": record.latest or "",
        "quality": record.quality,
        "quality_notes": dict(record.quality_note),
        "access": record.access,
        "access_notes": dict(record.access_note),
        "url": record.link,
        "sections": places.in_order(record.sections),
        "questions": list(record.questions),
        "confidence": record.confidence,
        "source": loading.sources(record),
    }
    linked: dict[str, list[Any]] = {
        "users": [loading.get(Institution, f"institution/{key}") for key in record.users],
        "publications": [_published(loading, key) for key in record.publications],
    }
    twg, key = loading.twg(record.twg), f"data-source/{record.twg}/{record.key}"
    known, made = loading.knows(key), {**fields, **linked, "key": record.key}
    source = loading.once(
        DataSource, key, fields, lambda t: services.record_source(twg, made, actor=None, telling=t), record
    )
    for name, wanted in linked.items():
        if known and {one.pk for one in wanted} != set(getattr(source, name).values_list("pk", flat=True)):
            loading.differ(record, {"users": _("users"), "publications": _("supporting publications")}[name])
    if record.ended:
        note = loading.sources(record)
        loading.step(f"{key}/end", record, partial(_step, SourceFlow, source, "end", note), note=note)


def _published(loading: Loading, key: str) -> SupportingPublication:
    return loading.get(SupportingPublication, f"supporting-publication/{key}")


def _gap(loading: Loading, record: shapes.DataGap) -> None:
    source = f"data-source/{record.twg}/{record.data_source}"
    fields: dict[str, Any] = {
        "section": record.section,
        "data_source": loading.get(DataSource, source) if record.data_source else None,
        "titles": dict(record.title),
        "severity": record.severity,
        "improvements": dict(record.improvement),
        "confidence": record.confidence,
        "source": loading.sources(record),
    }
    twg, key = loading.twg(record.twg), f"data-gap/{record.twg}/{record.key}"
    made, note = {**fields, "key": record.key}, loading.sources(record)
    gap = loading.once(DataGap, key, fields, lambda t: services.record_gap(twg, made, actor=None, telling=t), record)
    for step in STEPS[record.state]:
        loading.step(f"{key}/{step}", record, partial(_step, GapFlow, gap, step, note), note=note)


def _step(flow: Any, subject: DataSource | DataGap, step: str, note: str, telling: engine.Telling) -> None:
    engine.perform(flow(subject), step, actor=None, note=note, telling=telling)

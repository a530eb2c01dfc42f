"""What the stories of the data inventory are made of."""

from __future__ import annotations

from typing import Any

from recommendations.inventory import services
from recommendations.inventory.flow import GapFlow, SourceFlow
from recommendations.inventory.models import DataGap, DataSource
from recommendations.inventory.publications import SupportingPublication
from workflow.engine import services as engine
from workflow.engine.models import Event
from workflow.groups.models import Project, Twg

CENSUS = {"en": "Population and housing census", "fr": "Recensement de la population"}
UNDERCOUNT = {"en": "Emigrants are not counted", "fr": "Les émigrés ne sont pas comptés"}


def source(twg: Twg, *, by: Any = None, **fields: Any) -> DataSource:
    """The census, of which all is known."""
    told = {
        "kind": "census", "names": CENSUS, "coverages": {"en": "The whole population"}, "periodicity": "ten_years",
        "latest": "2000", "quality": "fair", "access": "request", "sections": ["A", "B"],
    }  # fmt: skip
    return services.record_source(twg, told | fields, actor=by)


def gap(twg: Twg, *, by: Any = None, **fields: Any) -> DataGap:
    """Something grave that is missing for Part B, and what would close it."""
    told = {
        "section": "B", "titles": UNDERCOUNT, "severity": "high",
        "improvements": {"en": "Ask for absent members in the next census"},
    }  # fmt: skip
    return services.record_gap(twg, told | fields, actor=by)


def publication(project: Project | None, *, by: Any = None, **fields: Any) -> SupportingPublication:
    """The note's mapping study (S28)."""
    told = {"titles": {"en": "Mapping study on migration questions"}, "authors": "Schachter", "when": "2009"}
    return services.record_publication(project, told | fields, actor=by)


def press(subject: Any, step: str, *, by: Any = None, version: int | None = None, **answers: Any) -> Event:
    flow = SourceFlow(subject) if isinstance(subject, DataSource) else GapFlow(subject)
    return engine.perform(flow, step, actor=by, version=version, data=answers, note=answers.get("note", ""))

"""How a project file's milestones and hosting commitments are loaded."""

from __future__ import annotations

from functools import partial
from typing import Any

from workflow.engine import services as engine
from workflow.projects.loading import Loading
from workflow.projects.shapes import Hosting as HostingRecord
from workflow.projects.shapes import Milestone as MilestoneRecord
from workflow.projects.shapes import ProjectFile

from . import services
from .flow import MilestoneFlow
from .models import Hosting, Milestone

# The steps that lead to each state, replayed so that the history has them.
STEPS: dict[str, tuple[str, ...]] = {
    "proposed": (),
    "agreed": ("agree",),
    "in_progress": ("agree", "start"),
    "achieved": ("agree", "start", "achieve"),
    "verified": ("agree", "start", "achieve", "verify"),
    "dropped": ("drop",),
}


def load(loading: Loading, project: ProjectFile) -> None:
    """S41-S43, S45."""
    loading.each(project.milestones, lambda record: _milestone(loading, record))
    loading.each(project.hosting, lambda record: _hosting(loading, record))


def _milestone(loading: Loading, record: MilestoneRecord) -> None:
    fields: dict[str, Any] = {
        "kind": record.kind,
        "titles": dict(record.title),
        "responsible": loading.institution(record.responsible),
        "counterpart": loading.institution(record.counterpart),
        "linked_body": loading.twg(record.linked_body) if record.linked_body else None,
        "when": record.when or "",
        "evidence": dict(record.evidence or {}),
        "confidence": record.confidence,
        "source": loading.sources(record),
    }
    twg = loading.twg(record.twg)
    key = f"milestone/{record.key}"
    milestone = loading.once(
        Milestone, key, fields, lambda t: services.record_milestone(twg, fields, actor=None, telling=t), record
    )
    for step in STEPS[record.state]:
        loading.step(
            f"{key}/{step}", record, partial(_step, milestone, step, loading.sources(record)),
            note=loading.sources(record),
        )  # fmt: skip


def _step(milestone: Milestone, step: str, note: str, telling: engine.Telling) -> None:
    engine.perform(MilestoneFlow(milestone), step, actor=None, note=note, telling=telling)


def _hosting(loading: Loading, record: HostingRecord) -> None:
    fields: dict[str, Any] = {
        "holder": loading.institution(record.holder),
        "statements": dict(record.statement),
        "starts": record.starts or "",
        "confidence": record.confidence,
        "source": loading.sources(record),
    }
    twg = loading.twg(record.twg)
    loading.once(
        Hosting,
        f"hosting/{record.key}",
        fields,
        lambda t: services.record_hosting(twg, fields, actor=None, telling=t),
        record,
    )

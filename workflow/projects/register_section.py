"""Loading the policy register: frameworks and policy actors, with their ends (S29, S36)."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.frameworks import services
from workflow.frameworks.flow import EntryFlow
from workflow.frameworks.models import Entry, Framework, PolicyActor
from workflow.groups.models import Institution

from . import shapes
from .loading import Loading
from .shapes import ProjectFile


def load(loading: Loading, file: ProjectFile) -> None:
    loading.each(file.frameworks, lambda record: _framework(loading, record))
    loading.each(file.policy_actors, lambda record: _actor(loading, record))


def _framework(loading: Loading, record: shapes.Framework) -> None:
    fields: dict[str, Any] = {
        "kind": record.kind,
        "names": dict(record.title),
        "reference": record.reference,
        "adopted": record.adopted or "",
        "in_force": record.in_force or "",
        "url": record.link,
        "summaries": dict(record.summary),
        "confidence": record.confidence,
        "source": loading.sources(record),
    }
    twg = loading.twg(record.twg)
    responsible = [_institution(loading, key) for key in record.responsible]
    key = f"framework/{record.key}"
    known = loading.knows(key)
    made = {**fields, "key": record.key, "responsible": responsible}
    framework = loading.once(
        Framework, key, fields, lambda t: services.record_framework(twg, made, actor=None, telling=t), record
    )
    if known and {i.pk for i in responsible} != set(framework.responsible.values_list("pk", flat=True)):
        loading.differ(record, _("responsible institutions"))
    _end(loading, key, framework, record)


def _institution(loading: Loading, key: str) -> Institution:
    return loading.get(Institution, f"institution/{key}")


def _actor(loading: Loading, record: shapes.PolicyActor) -> None:
    fields: dict[str, Any] = {
        "institution": _institution(loading, record.institution),
        "roles": dict(record.role),
        "since": record.since or "",
        "confidence": record.confidence,
        "source": loading.sources(record),
    }
    twg = loading.twg(record.twg)
    key = f"actor/{record.twg}/{record.institution}"
    entry = loading.once(
        PolicyActor, key, fields, lambda t: services.record_actor(twg, fields, actor=None, telling=t), record
    )
    _end(loading, key, entry, record)


def _end(loading: Loading, key: str, entry: Entry, record: shapes.Framework | shapes.PolicyActor) -> None:
    """What has ended is ended by the step that people take, with the source as its reason."""
    if record.ended is None:
        return
    note = loading.sources(record)
    loading.step(
        f"{key}/ended", record, partial(_ended, entry, record.ended, note), occurred=record.ended, note=note
    )  # fmt: skip


def _ended(entry: Entry, ended: str, note: str, telling: engine.Telling) -> None:
    engine.perform(EntryFlow(entry), "end", actor=None, note=note, data={"ended_on": ended}, telling=telling)

"""How a project file's meetings are loaded: planned, and what took place called so, each with its date as it is known.

Nobody is invited to what lies in the past, so nobody gets mail about it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.services import Telling
from workflow.projects.loading import Loading
from workflow.projects.shapes import Meeting as MeetingRecord
from workflow.projects.shapes import ProjectFile

from . import planning
from .flow import MeetingFlow
from .models import Meeting


def key_of(record: MeetingRecord) -> str:
    return f"meeting/{record.key}"


def load(loading: Loading, project: ProjectFile) -> None:
    """S17, S19, S35."""
    loading.each(project.meetings, lambda record: _meeting(loading, record))


def _meeting(loading: Loading, record: MeetingRecord) -> None:
    key, known = key_of(record), loading.knows(key_of(record))
    twg, together = loading.twg(record.twg), [loading.twg(other) for other in record.together]
    fields: dict[str, Any] = {
        "kind": record.kind,
        "titles": dict(record.title),
        "descriptions": dict(record.description),
        "place": record.place,
        "when": record.when or "",
        "edition": loading.edition(record.edition),
        "confidence": record.confidence,
        "source": loading.sources(record),
    }

    def plan(telling: Telling) -> Meeting:
        return planning.plan(twg, fields, actor=None, with_twgs=together, telling=telling)

    meeting = loading.once(Meeting, key, fields, plan, record)
    if known and {other.pk for other in together} != set(meeting.with_twgs.values_list("pk", flat=True)):
        loading.differ(record, _("together with"))
    if record.state == "held":
        loading.step(f"{key}/held", record, partial(_held, meeting, record.when or ""), occurred=record.when)


def _held(meeting: Meeting, when: str, telling: Telling) -> None:
    engine.perform(MeetingFlow(meeting), "recall", actor=None, data={"when": when}, telling=telling)

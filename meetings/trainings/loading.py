"""How a project file's courses are loaded, and which meeting teaches which (S33)."""

from __future__ import annotations

from typing import Any

from meetings.scheduling.loading import key_of
from meetings.scheduling.models import Meeting
from workflow.projects.loading import Loading
from workflow.projects.shapes import Course as CourseRecord
from workflow.projects.shapes import Meeting as MeetingRecord
from workflow.projects.shapes import ProjectFile

from . import services
from .models import Course, Training


def load(loading: Loading, project: ProjectFile) -> None:
    loading.each(project.courses, lambda record: _course(loading, record))
    taught = [record for record in project.meetings if record.course and loading.knows(key_of(record))]
    loading.each(taught, lambda record: _training(loading, record))


def _course(loading: Loading, record: CourseRecord) -> None:
    """Courses are common to all projects: one that is there under its code is taken as it is."""
    fields: dict[str, Any] = {
        "titles": dict(record.title), "descriptions": dict(record.description), "hours": record.hours,
    }  # fmt: skip
    key, there = f"course/{record.key}", Course.objects.filter(code=record.key).first()
    if there is not None and not loading.knows(key):
        loading.found(key, there, fields, record)
        return
    loading.once(
        Course, key, fields,
        lambda t: services.record_course({"code": record.key, **fields}, actor=None, telling=t), record,
    )  # fmt: skip


def _training(loading: Loading, record: MeetingRecord) -> None:
    course = loading.get(Course, f"course/{record.course}")
    meeting = loading.get(Meeting, key_of(record))
    loading.once(
        Training, f"training/{record.key}", {"course": course},
        lambda t: services.teach(meeting, course, actor=None, telling=t), record,
    )  # fmt: skip

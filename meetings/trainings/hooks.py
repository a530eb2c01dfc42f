"""What the trainings room brings: its kinds of subject, whom it tells, its question, its panel."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meetings.scheduling.models import Meeting, MeetingKind
from workflow.engine import kinds
from workflow.engine.kinds import SubjectKind
from workflow.engine.models import Event
from workflow.engine.notices import Notice
from workflow.groups import panels
from workflow.groups.models import Person
from workflow.handover import staff as handed_over
from workflow.projects import loading as projects

from . import flow, inbox, loading, staff  # noqa: F401 - one registers itself
from .flow import ParticipationFlow
from .models import Course, Participation, Training

EVENTS = {"recorded": _("Recorded"), "changed": _("Changed"), "enrolled": _("Enrolled")}


def notice(participation: Participation, event: Event) -> Notice | None:
    """Whoever has completed a course is told where the certificate is."""
    if event.name != "complete" or "certificate" not in event.data:
        return None
    return Notice(Person.objects.filter(pk=participation.person_id or 0), "meetings/mail/certificate")


def panel(meeting: Meeting, person: Any) -> dict[str, Any] | None:
    """On the page of a meeting that is a training: the way to its course and to those who take part."""
    return {"meeting": meeting} if meeting.kind == MeetingKind.TRAINING else None


def register() -> None:
    flow.register()
    projects.register_section("trainings", loading.load)
    handed_over.answer(staff.trained)
    panels.register("training", panel, "meetings/trainings/panel.html", page="meeting")
    _kind("course", Course, _("Course"), lambda course: reverse("course", args=[course.code]))
    _kind("training", Training, _("Training"), lambda training: reverse("training", args=[training.meeting_id]))
    _kind(
        "participation", Participation, _("Participation"), lambda one: reverse("participation", args=[one.pk]),
        flow=ParticipationFlow, notice=notice,
    )  # fmt: skip


def _kind(name: str, model: Any, label: Any, url: Any, **more: Any) -> None:
    def visible_to(person: Any) -> Any:
        found = model.objects.all().visible_to(person)
        return found.with_all() if hasattr(found, "with_all") else found

    kinds.register(
        SubjectKind(
            name=name, model=model, label=label, visible_to=visible_to, internal_to=visible_to, url=url, events=EVENTS,
            **more,
        )
    )  # fmt: skip

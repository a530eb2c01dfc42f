"""All that writes courses, trainings and who takes part in them (S33); states are `engine.perform`'s."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from meetings.scheduling.models import Meeting, MeetingKind
from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.groups import access
from workflow.groups.models import Institution, Membership, Person
from workflow.groups.services import require

from .flow import RUNNERS, ParticipationFlow
from .models import Course, Participation, ParticipationState, Training


def record_course(fields: Mapping[str, Any], *, actor: Any, telling: Telling = AS_IT_HAPPENS) -> Course:
    """A course in the common catalogue."""
    require(access.keeper, None, actor)
    course: Course = engine.create(Course(**fields), actor=actor, name="recorded", telling=telling)
    return course


def change_course(course: Course, fields: Mapping[str, Any], *, actor: Any, version: int | None = None) -> None:
    """Certificates that were issued keep the title of their day."""
    require(access.keeper, course, actor)
    with engine.change(course, "changed", actor=actor, version=version) as change:
        change.assign(fields)


@transaction.atomic
def teach(meeting: Meeting, course: Course, *, actor: Any, telling: Telling = AS_IT_HAPPENS) -> Training:
    """Say which course a training teaches; another one while nobody has completed it."""
    require(RUNNERS, meeting, actor)
    if meeting.kind != MeetingKind.TRAINING:
        raise ValidationError({"course": _("This meeting is no training.")})
    engine.hold(f"training of {meeting.pk}")
    found = Training.objects.with_all().filter(meeting=meeting).first()
    if found is None:
        made: Training = engine.create(
            Training(meeting=meeting, course=course), actor=actor, name="recorded", telling=telling
        )
        return made
    if found.participations.filter(state=ParticipationState.COMPLETED).exists():
        raise Unmet(_("Somebody has completed the course: it is not exchanged any more."))
    with engine.change(found, "changed", actor=actor) as change:
        change.subject.course = course
    return found


def enrol(training: Training, person: Person, *, actor: Any) -> Participation:
    """Somebody whom Palabre knows, for the institution of their seat in the TWG, if they hold one."""
    require(RUNNERS, training, actor)
    seat = Membership.objects.active().filter(twg=training.twg, person=person).order_by("pk").first()
    made = Participation(
        training=training, person=person, name=str(person), institution=seat.institution if seat else None
    )
    return _enrol(made, actor)


def enrol_by_name(
    training: Training, name: str, institution: Institution | None = None, *, actor: Any
) -> Participation:
    """Somebody who has no account."""
    require(RUNNERS, training, actor)
    if not name.strip():
        raise ValidationError({"name": _("Give the name.")})
    return _enrol(Participation(training=training, name=name.strip(), institution=institution), actor)


def _enrol(made: Participation, actor: Any) -> Participation:
    kept: Participation = engine.create(made, actor=actor, name="enrolled")
    return kept


@transaction.atomic
def complete(participations: Iterable[Participation], completed_on: date, *, actor: Any) -> int:
    """Say of several at once that they have completed the course: all of them, or none."""
    listed = list(participations)
    for one in listed:
        engine.perform(ParticipationFlow(one), "complete", actor=actor, data={"completed_on": completed_on})
    return len(listed)

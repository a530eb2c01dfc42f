"""What the pages of courses and trainings read, in a constant number of queries."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from meetings.scheduling.models import Invitation, Meeting, MeetingKind
from workflow.groups.models import Membership, Person

from .models import (
    Course,
    CourseQuerySet,
    Participation,
    ParticipationQuerySet,
    ParticipationState,
    Training,
    TrainingQuerySet,
)


def courses(person: Any) -> CourseQuerySet:
    return Course.objects.all().visible_to(person)


def trainings(person: Any) -> TrainingQuerySet:
    return Training.objects.all().visible_to(person).with_all()


def of_course(course: Course, person: Any) -> QuerySet[Training]:
    """The trainings that teach it, as far as the person may know, with how many have completed it."""
    completed = Count("participations", Q(participations__state=ParticipationState.COMPLETED))
    return trainings(person).filter(course=course).annotate(completed=completed, taking=Count("participations"))


def meetings(person: Any) -> QuerySet[Meeting]:
    """The meetings that are trainings."""
    found = Meeting.objects.all().visible_to(person).filter(kind=MeetingKind.TRAINING)
    return found.select_related("twg__region", "training__course")


def participations(person: Any) -> ParticipationQuerySet:
    return Participation.objects.all().visible_to(person).with_all()


def people(training: Training) -> QuerySet[Person]:
    """Those who sit in the TWG or were invited, and do not take part yet."""
    seats = Membership.objects.active().filter(twg=training.twg).values("person")
    invited = Invitation.objects.filter(meeting=training.meeting_id, removed_at=None).values("person")
    found = Person.objects.filter(Q(pk__in=seats) | Q(pk__in=invited), is_active=True)
    taking = training.participations.exclude(person=None).values("person")
    return found.exclude(pk__in=taking).order_by("name", "email")


def enrolled(training: Training) -> QuerySet[Participation]:
    return training.participations.filter(state=ParticipationState.ENROLLED).order_by("name", "pk")


def nobody() -> QuerySet[Participation]:
    return Participation.objects.none()

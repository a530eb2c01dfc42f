"""Courses, trainings and who takes part, through the API (S33)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api import expected_version
from workflow.engine.api_schema import VersionOnly
from workflow.engine.api_views import IF_MATCH, PalabreView, SubjectView
from workflow.groups.api_fields import ByCode, ById, InstitutionBrief, Names, Texts

from . import certifying, selectors, services
from .models import Course, Participation, ParticipationState, Training


class CourseRow(serializers.ModelSerializer[Course]):
    titles = Names()
    descriptions = Texts()

    class Meta:
        model = Course
        fields = ("id", "version", "code", "titles", "descriptions", "hours")


class CourseChange(VersionOnly, serializers.ModelSerializer[Course]):
    titles = Names()
    descriptions = Texts(required=False)

    class Meta:
        model = Course
        fields: tuple[str, ...] = ("titles", "descriptions", "hours", "version")


class CourseInput(CourseChange):
    class Meta(CourseChange.Meta):
        fields = ("code", "titles", "descriptions", "hours")


class TrainingRow(serializers.ModelSerializer[Training]):
    twg = serializers.CharField(source="meeting.twg.code")
    meeting = serializers.IntegerField(source="meeting_id")
    course = serializers.CharField(source="course.code")

    class Meta:
        model = Training
        fields = ("id", "version", "twg", "meeting", "course")


class TeachInput(serializers.Serializer[Any]):
    meeting = ById("meeting")
    course = ByCode("course")


class CompletedInput(serializers.Serializer[Any]):
    participations = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=500)
    completed_on = serializers.DateField()


class ParticipationRow(serializers.ModelSerializer[Participation]):
    training = serializers.IntegerField(source="training_id")
    institution = InstitutionBrief(allow_null=True)

    class Meta:
        model = Participation
        fields = ("id", "version", "training", "name", "institution", "state", "completed_on")


class ParticipationDetail(ParticipationRow):
    certificate = serializers.SerializerMethodField(help_text="The code of the certificate that holds; else empty.")

    class Meta(ParticipationRow.Meta):
        fields = (*ParticipationRow.Meta.fields, "certificate")  # type: ignore[assignment]

    @extend_schema_field(OpenApiTypes.STR)
    def get_certificate(self, participation: Participation) -> str:
        return str(certifying.current(participation) or "")


class ParticipationInput(serializers.Serializer[Any]):
    training = ById("training")
    person = ById("person", required=False, allow_null=True)
    name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    institution = ByCode("institution", required=False, allow_null=True)


class ParticipationFilters(serializers.Serializer[Any]):
    training = serializers.IntegerField(required=False, min_value=1)
    state = serializers.ChoiceField(ParticipationState.choices, required=False)


class CourseView(SubjectView):
    """The common catalogue of courses."""

    kind_name = "course"
    serializer_class = CourseRow
    lookup_field = "code"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    @extend_schema(request=CourseInput, responses={201: CourseRow})
    def create(self, request: Request) -> Response:
        return self.shown(services.record_course(self.asked(CourseInput), actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=CourseChange, responses=CourseRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        course, fields = self.get_object(), self.asked(CourseChange, partial=True)
        fields.pop("version", None)
        services.change_course(course, fields, actor=request.user, version=expected_version(request))
        return self.shown(course)


class TrainingView(SubjectView):
    """Which meetings teach which course."""

    kind_name = "training"
    serializer_class = TrainingRow

    @extend_schema(request=TeachInput, responses={201: TrainingRow})
    def create(self, request: Request) -> Response:
        """Say which course a training teaches; another one while nobody has completed it."""
        told = self.asked(TeachInput)
        return self.shown(services.teach(told["meeting"], told["course"], actor=request.user), status=201)

    @extend_schema(request=CompletedInput, responses=ParticipationRow(many=True))
    @action(detail=True, methods=["post"], pagination_class=None)
    def completed(self, request: Request, **kwargs: Any) -> Response:
        """Say of several at once that they have completed the course: all of them, or none."""
        training, told = self.get_object(), self.asked(CompletedInput)
        rows = selectors.participations(request.user).filter(training=training, pk__in=told["participations"])
        services.complete(rows, told["completed_on"], actor=request.user)
        return Response(ParticipationRow(rows.all(), many=True, context=self.get_serializer_context()).data)


class ParticipationView(SubjectView):
    """Who takes part; completing a course is an action of theirs."""

    kind_name = "participation"
    serializer_class = ParticipationRow
    detail_class = ParticipationDetail

    @extend_schema(parameters=[ParticipationFilters])
    def list(self, request: Request) -> Response:
        return self.page_of(self.get_queryset().filter(**self.filters(ParticipationFilters)), ParticipationRow)

    @extend_schema(request=ParticipationInput, responses={201: ParticipationDetail})
    def create(self, request: Request) -> Response:
        """Enrol a person, or a name alone."""
        told = self.asked(ParticipationInput)
        training, person = told["training"], told.get("person")
        if person is not None:
            return self.shown(services.enrol(training, person, actor=request.user), status=201)
        name, institution = told.get("name", ""), told.get("institution")
        return self.shown(services.enrol_by_name(training, name, institution, actor=request.user), status=201)


resources: list[tuple[str, type[PalabreView], str]] = [
    ("courses", CourseView, "course"),
    ("trainings", TrainingView, "training"),
    ("participations", ParticipationView, "participation"),
]

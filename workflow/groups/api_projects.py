"""Projects and regions through the API."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api_views import PalabreView, SubjectView

from . import access, services
from .api_fields import ByCode, FactInput, FactRow, InstitutionBrief, Names, Texts
from .api_people import ProjectSeatRow
from .models import Funder, Person, Project, ProjectSeat, Region, Twg


class FunderRow(serializers.ModelSerializer[Funder]):
    names = Names()
    institution = InstitutionBrief(allow_null=True)

    class Meta:
        model = Funder
        fields = ("names", "institution", "programme", "reference", "source")


class ProjectRow(serializers.ModelSerializer[Project]):
    names = Names()
    name = serializers.CharField(read_only=True)

    class Meta:
        model = Project
        fields = ("id", "version", "code", "names", "name", "starts", "ends", "duration_months", "website", "source")


class ProjectDetail(ProjectRow):
    descriptions = Texts()
    funders = FunderRow(many=True)
    facts = FactRow(many=True)
    twgs = serializers.SerializerMethodField(help_text="Codes of those that the reader sees.")
    seats = serializers.SerializerMethodField(help_text="IOM's, for those who may know the people in them.")

    class Meta(ProjectRow.Meta):
        fields = (*ProjectRow.Meta.fields, "descriptions", "funders", "facts", "twgs", "seats")  # type: ignore[assignment]

    def get_twgs(self, project: Project) -> list[str]:
        seen = Twg.objects.all().visible_to(self.context["request"].user)
        return list(seen.filter(project=project).values_list("code", flat=True))

    @extend_schema_field(ProjectSeatRow(many=True))
    def get_seats(self, project: Project) -> Any:
        known = Person.objects.visible_to(self.context["request"].user)
        rows = project.seats.filter(person__in=known).select_related("person", "project")
        return ProjectSeatRow(rows, many=True, context=self.context).data


class FunderInput(serializers.ModelSerializer[Funder]):
    names = Names()
    institution = ByCode("institution", required=False, allow_null=True)

    class Meta:
        model = Funder
        fields = ("names", "institution", "programme", "reference", "source")


class ProjectInput(serializers.ModelSerializer[Project]):
    names = Names()
    descriptions = Texts(required=False)
    code = serializers.SlugField(max_length=60)
    funders = FunderInput(many=True, required=False)

    class Meta:
        model = Project
        fields = (
            "code", "names", "descriptions", "starts", "ends", "duration_months", "website", "source", "funders",
        )  # fmt: skip


class ProjectSeatInput(serializers.Serializer[Any]):
    email = serializers.EmailField()
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    role = serializers.ChoiceField(ProjectSeat.Role.choices)


class ProjectView(SubjectView):
    """Projects in which the reader holds a seat, or in one of whose TWGs they do."""

    kind_name = "project"
    serializer_class = ProjectRow
    detail_class = ProjectDetail
    lookup_field = "code"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.prefetch_related("funders__institution", "facts") if self.action != "list" else rows

    @extend_schema(request=ProjectInput, responses={201: ProjectDetail})
    def create(self, request: Request) -> Response:
        fields = self.asked(ProjectInput)
        funders = fields.pop("funders", [])
        return self.shown(services.create_project(fields, funders, actor=request.user), status=201)

    @extend_schema(request=ProjectSeatInput, responses={201: ProjectDetail})
    @action(detail=True, methods=["post"])
    def seats(self, request: Request, **kwargs: Any) -> Response:
        """Give IOM's seat in the project to the person with this address."""
        project, asked = self.get_object(), self.asked(ProjectSeatInput)
        with transaction.atomic():
            person = services.person_for(asked["email"], name=asked.get("name", ""), actor=request.user)
            services.give_project_seat(project, person, asked["role"], actor=request.user)
        return self.shown(project, status=201)

    @extend_schema(request=FactInput, responses={201: ProjectDetail})
    @action(detail=True, methods=["post"])
    def facts(self, request: Request, **kwargs: Any) -> Response:
        """Record what is known of the project, how well, and who says so."""
        project = self.get_object()
        services.record_fact(project, self.asked(FactInput), actor=request.user)
        return self.shown(project, status=201)


class RegionRow(serializers.ModelSerializer[Region]):
    names = Names()
    countries = serializers.SerializerMethodField(help_text="ISO 3166 codes.")

    class Meta:
        model = Region
        fields = ("id", "code", "names", "acronym", "countries", "source")

    def get_countries(self, region: Region) -> list[str]:
        return [country.code for country in region.countries]


class RegionView(PalabreView):
    """Regions and their countries, for all who hold a seat."""

    serializer_class = RegionRow
    lookup_field = "code"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    def get_queryset(self) -> QuerySet[Region]:
        seated = not self.reading_schema and access.holds_any_seat(self.request.user)
        return Region.objects.filter(Q() if seated else Q(pk__in=[]))

    def list(self, request: Request) -> Response:
        return self.page_of(self.get_queryset(), RegionRow)

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

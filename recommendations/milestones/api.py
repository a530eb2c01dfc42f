"""Milestones and promises to host through the API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api import expected_version
from workflow.engine.api_schema import VersionOnly
from workflow.engine.api_views import IF_MATCH, PalabreView, SubjectView
from workflow.groups.api_fields import ByCode, InstitutionBrief, Names, Texts

from . import services
from .models import Hosting, HostingState, Milestone, MilestoneKind, MilestoneState


class MilestoneRow(serializers.ModelSerializer[Milestone]):
    twg = serializers.CharField(source="twg.code")
    titles = Names()
    title = serializers.CharField(read_only=True, help_text="In the reader's language.")
    responsible = InstitutionBrief(allow_null=True)
    counterpart = InstitutionBrief(allow_null=True)
    linked_body = serializers.CharField(source="linked_body.code", default=None, allow_null=True)
    evidence = Texts()

    class Meta:
        model = Milestone
        fields = (
            "id", "version", "twg", "kind", "titles", "title", "responsible", "counterpart", "linked_body", "state",
            "when", "achieved_on", "evidence", "confidence", "source",
        )  # fmt: skip


WRITTEN = ("kind", "titles", "responsible", "counterpart", "linked_body", "when", "evidence", "confidence", "source")


class MilestoneChange(VersionOnly, serializers.ModelSerializer[Milestone]):
    titles = Names()
    responsible = ByCode("institution", required=False, allow_null=True)
    counterpart = ByCode("institution", required=False, allow_null=True)
    linked_body = ByCode("twg", required=False, allow_null=True)
    evidence = Texts(required=False)

    class Meta:
        model = Milestone
        fields: tuple[str, ...] = (*WRITTEN, "version")


class MilestoneInput(MilestoneChange):
    twg = ByCode("twg")

    class Meta(MilestoneChange.Meta):
        fields = ("twg", *WRITTEN)


class MilestoneFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    kind = serializers.ChoiceField(MilestoneKind.choices, required=False)
    state = serializers.ChoiceField(MilestoneState.choices, required=False)


class HostingRow(serializers.ModelSerializer[Hosting]):
    twg = serializers.CharField(source="twg.code")
    holder = InstitutionBrief(allow_null=True)
    statements = Names()
    statement = serializers.CharField(read_only=True, help_text="In the reader's language.")

    class Meta:
        model = Hosting
        fields = (
            "id", "version", "twg", "holder", "statements", "statement", "starts", "ends", "state", "confidence",
            "source",
        )  # fmt: skip


class HostingChange(VersionOnly, serializers.ModelSerializer[Hosting]):
    holder = ByCode("institution", required=False, allow_null=True)
    statements = Names()

    class Meta:
        model = Hosting
        fields: tuple[str, ...] = ("holder", "statements", "starts", "ends", "confidence", "source", "version")


class HostingInput(HostingChange):
    twg = ByCode("twg")

    class Meta(HostingChange.Meta):
        fields = ("twg", "holder", "statements", "starts", "ends", "confidence", "source")


class HostingFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    state = serializers.ChoiceField(HostingState.choices, required=False)


def of_twg(wanted: dict[str, Any]) -> dict[str, Any]:
    """The filters as lookups."""
    return {"twg__code" if name == "twg" else name: value for name, value in wanted.items()}


class MilestoneView(SubjectView):
    """Steps towards a TWG that lasts (S41), for those who read it from the inside."""

    kind_name = "milestone"
    serializer_class = MilestoneRow

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("twg", "responsible", "counterpart", "linked_body")

    @extend_schema(parameters=[MilestoneFilters])
    def list(self, request: Request) -> Response:
        return self.page_of(self.get_queryset().filter(**of_twg(self.filters(MilestoneFilters))), MilestoneRow)

    @extend_schema(request=MilestoneInput, responses={201: MilestoneRow})
    def create(self, request: Request) -> Response:
        fields = self.asked(MilestoneInput)
        return self.shown(services.record_milestone(fields.pop("twg"), fields, actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=MilestoneChange, responses=MilestoneRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        milestone, fields = self.get_object(), self.asked(MilestoneChange, partial=True)
        fields.pop("version", None)
        services.change_milestone(milestone, fields, actor=request.user, version=expected_version(request))
        return self.shown(milestone)


class HostingView(SubjectView):
    """Institutions' promises to convene and host (S42), for those who read the TWG from the inside."""

    kind_name = "hosting"
    serializer_class = HostingRow

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("twg", "holder")

    @extend_schema(parameters=[HostingFilters])
    def list(self, request: Request) -> Response:
        return self.page_of(self.get_queryset().filter(**of_twg(self.filters(HostingFilters))), HostingRow)

    @extend_schema(request=HostingInput, responses={201: HostingRow})
    def create(self, request: Request) -> Response:
        fields = self.asked(HostingInput)
        return self.shown(services.record_hosting(fields.pop("twg"), fields, actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=HostingChange, responses=HostingRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        hosting, fields = self.get_object(), self.asked(HostingChange, partial=True)
        fields.pop("version", None)
        services.change_hosting(hosting, fields, actor=request.user, version=expected_version(request))
        return self.shown(hosting)


resources: list[tuple[str, type[PalabreView], str]] = [
    ("milestones", MilestoneView, "milestone"),
    ("hostings", HostingView, "hosting"),
]

"""The institution directory through the API, with its spreadsheet both ways."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api import expected_version
from workflow.engine.api_schema import VersionOnly
from workflow.engine.api_views import IF_MATCH, SubjectView

from . import access, directory_views, import_views, services, words
from .api_fields import Names
from .api_sheets import DryRun, PlanAnswer, SheetInput, imported
from .models import Category, Institution


class InstitutionRow(serializers.ModelSerializer[Institution]):
    names = Names()
    name = serializers.CharField(read_only=True)
    country = serializers.CharField()

    class Meta:
        model = Institution
        fields = (
            "id", "version", "code", "names", "name", "acronym", "category", "country", "website", "confidence",
            "source",
        )  # fmt: skip


class InstitutionInput(VersionOnly, serializers.ModelSerializer[Institution]):
    names = Names()
    code = serializers.SlugField(max_length=80)
    country = serializers.CharField(max_length=2, required=False, allow_blank=True)

    class Meta:
        model = Institution
        fields = (
            "code", "names", "acronym", "category", "country", "website", "confidence", "source", "version", "note",
        )  # fmt: skip


class InstitutionFilters(serializers.Serializer[Any]):
    category = serializers.ChoiceField(Category.choices, required=False)
    country = serializers.CharField(max_length=2, required=False)
    q = serializers.CharField(max_length=200, required=False, help_text="In names, acronym and code, without accents.")


class InstitutionView(SubjectView):
    """The common directory."""

    kind_name = "institution"
    serializer_class = InstitutionRow
    lookup_field = "code"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    @extend_schema(parameters=[InstitutionFilters])
    def list(self, request: Request) -> Response:
        wanted = self.filters(InstitutionFilters)
        rows = self.get_queryset()
        for word in words.fold(wanted.pop("q", "")).split():
            rows = rows.filter(folded__contains=word)
        return self.page_of(rows.filter(**wanted), InstitutionRow)

    @extend_schema(request=InstitutionInput, responses={201: InstitutionRow})
    def create(self, request: Request) -> Response:
        fields = self.asked(InstitutionInput)
        fields.pop("version", None)
        fields.pop("note", None)
        return self.shown(services.create_institution(fields, actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=InstitutionInput, responses=InstitutionRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change what is sent; the code stays what it is."""
        institution = self.get_object()
        fields = self.asked(InstitutionInput, partial=True)
        fields.pop("version", None)
        note = fields.pop("note", "")
        if fields.pop("code", institution.code) != institution.code:
            raise serializers.ValidationError({"code": ["A code never changes."]})
        services.change_institution(
            institution, fields, actor=request.user, version=expected_version(request), note=note
        )
        return self.shown(institution)

    @extend_schema(
        parameters=[InstitutionFilters],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=False, methods=["get"], url_path="export/(?P<form>xlsx|csv)", pagination_class=None)
    def export(self, request: Request, form: str) -> Any:
        """The directory as a spreadsheet that the import reads back."""
        # The framework has put the token's person on Django's own request: the page's view asks the same rules.
        return directory_views.institution_export(request._request, form=form)

    @extend_schema(
        parameters=[OpenApiParameter("dry_run", bool, description="Only tell each row's fate; write nothing.")],
        request={"multipart/form-data": SheetInput},
        responses=PlanAnswer,
    )
    @action(detail=False, methods=["post"], url_path="import", url_name="import", pagination_class=None)
    def import_sheet(self, request: Request) -> Response:
        """An .xlsx or .csv file with the columns of the export: every row's fate, then all rows or none (S15)."""
        services.require(access.keeper, None, request.user)
        upload, dry_run = self.asked(SheetInput)["file"], self.filters(DryRun).get("dry_run", False)
        return Response(imported(upload, import_views.importer(request.user), actor=request.user, dry_run=dry_run))

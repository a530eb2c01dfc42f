"""Data sources, gaps and supporting publications through the API."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api import expected_version
from workflow.engine.api_views import IF_MATCH, PalabreView, SubjectView
from workflow.groups import words
from workflow.groups.api_registers import OfTwg, RegisterSheet
from workflow.groups.api_sheets import DryRun, PlanAnswer, imported
from workflow.groups.services import require

from . import comparing, places, selectors, services, sheet_views
from .api_fields import (
    ComparisonAnswer,
    ComparisonFilters,
    GapChange,
    GapFilters,
    GapInput,
    GapRow,
    PublicationChange,
    PublicationFilters,
    PublicationInput,
    PublicationRow,
    SourceChange,
    SourceFilters,
    SourceInput,
    SourceRow,
)
from .comparing import Comparison
from .flow import KEEPERS

DRY_RUN = OpenApiParameter("dry_run", bool, description="Only tell each row's fate; write nothing.")
SHEET = {(200, "application/octet-stream"): OpenApiTypes.BINARY}


class InventoryView(SubjectView):
    """What sources and gaps share."""

    what: ClassVar[str]

    def narrowed(self, wanted: dict[str, Any]) -> QuerySet[Any]:
        """The rows that pass the filters."""
        rows = self.get_queryset()
        for word in words.fold(wanted.pop("q", "")).split():
            rows = rows.filter(self.holding(word))
        if place := wanted.pop("section", ""):
            rows = rows.filter(self.at(place))
        return rows.filter(**{"twg__code" if name == "twg" else name: value for name, value in wanted.items()})

    def holding(self, word: str) -> Q:
        return Q(folded__contains=word)

    def at(self, place: str) -> Q:
        """What is of a place of the template."""
        raise NotImplementedError

    def sheet_imported(self) -> Response:
        """Every row's fate, then all rows or none."""
        sent = self.asked(RegisterSheet)
        require(KEEPERS, sent["twg"], self.request.user)
        dry_run = self.filters(DryRun).get("dry_run", False)
        found = sheet_views.importer(sent["twg"], self.what)
        return Response(imported(sent["file"], found, actor=self.request.user, dry_run=dry_run))


class SourceView(InventoryView):
    """Sources of data on migration (S09), for those who read the TWG from the inside and its region."""

    kind_name = "data_source"
    what = "data-sources"
    serializer_class = SourceRow

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("twg", "custodian").prefetch_related("users", "publications")

    def holding(self, word: str) -> Q:
        return Q(folded__contains=word) | Q(custodian__folded__contains=word)

    def at(self, place: str) -> Q:
        return reduce(or_, (Q(placed__contains=text) for text in places.holding(place)))

    @extend_schema(parameters=[SourceFilters])
    def list(self, request: Request) -> Response:
        return self.page_of(self.narrowed(self.filters(SourceFilters)), SourceRow)

    @extend_schema(request=SourceInput, responses={201: SourceRow})
    def create(self, request: Request) -> Response:
        fields = self.asked(SourceInput)
        return self.shown(services.record_source(fields.pop("twg"), fields, actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=SourceChange, responses=SourceRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change what is sent; its code stays."""
        source, fields = self.get_object(), self.asked(SourceChange, partial=True)
        fields.pop("version", None)
        note = fields.pop("note", "")
        services.change_source(source, fields, actor=request.user, version=expected_version(request), note=note)
        return self.shown(source)

    @extend_schema(parameters=[OfTwg, SourceFilters], responses=SHEET)
    @action(detail=False, methods=["get"], url_path="export/(?P<form>xlsx|csv)", pagination_class=None)
    def export(self, request: Request, form: str) -> Any:
        """One TWG's sources as a spreadsheet that the import reads back."""
        # The framework has put the token's person on Django's own request: the page's view asks the same rules.
        return sheet_views.sources_export(request._request, code=self.filters(OfTwg)["twg"], form=form)

    @extend_schema(parameters=[DRY_RUN], request={"multipart/form-data": RegisterSheet}, responses=PlanAnswer)
    @action(detail=False, methods=["post"], url_path="import", url_name="import", pagination_class=None)
    def import_sheet(self, request: Request) -> Response:
        """An .xlsx or .csv file with the columns of the export: every row's fate, then all rows or none."""
        return self.sheet_imported()

    @extend_schema(parameters=[ComparisonFilters], responses=ComparisonAnswer)
    @action(detail=False, methods=["get"], pagination_class=None)
    def comparison(self, request: Request) -> Response:
        """Sources and open gaps of every country that the person follows: by section, kind or survey question."""
        wanted = self.filters(ComparisonFilters)
        way = wanted.get("by", "section")
        part = wanted.get("part", "") if way == "section" else ""
        found = comparing.compare(request.user, way, part)
        return Response(ComparisonAnswer({"by": way, "rows": _compared(found)}).data)


def _compared(comparison: Comparison) -> list[dict[str, Any]]:
    keys = [key for key, _label in comparison.columns]
    return [
        {
            "twg": row.twg.code,
            "place": row.twg.place,
            "sources": row.sources,
            "gaps": row.gaps,
            "cells": [{"key": key, **vars(cell)} for key, (_label, cell) in zip(keys, row.cells, strict=True) if cell],
        }
        for row in comparison.rows
    ]


class GapView(InventoryView):
    """What data is missing for which section (S39), and what would close the gap."""

    kind_name = "data_gap"
    what = "data-gaps"
    serializer_class = GapRow

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("twg")

    def at(self, place: str) -> Q:
        return Q(section=place) if "." in place else Q(section=place) | Q(section__startswith=f"{place}.")

    @extend_schema(parameters=[GapFilters])
    def list(self, request: Request) -> Response:
        return self.page_of(self.narrowed(self.filters(GapFilters)), GapRow)

    @extend_schema(request=GapInput, responses={201: GapRow})
    def create(self, request: Request) -> Response:
        fields = self.asked(GapInput)
        return self.shown(services.record_gap(fields.pop("twg"), fields, actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=GapChange, responses=GapRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change what is sent; its code stays."""
        gap, fields = self.get_object(), self.asked(GapChange, partial=True)
        fields.pop("version", None)
        note = fields.pop("note", "")
        services.change_gap(gap, fields, actor=request.user, version=expected_version(request), note=note)
        return self.shown(gap)

    @extend_schema(parameters=[OfTwg, GapFilters], responses=SHEET)
    @action(detail=False, methods=["get"], url_path="export/(?P<form>xlsx|csv)", pagination_class=None)
    def export(self, request: Request, form: str) -> Any:
        """One TWG's gaps as a spreadsheet that the import reads back."""
        return sheet_views.gaps_export(request._request, code=self.filters(OfTwg)["twg"], form=form)

    @extend_schema(parameters=[DRY_RUN], request={"multipart/form-data": RegisterSheet}, responses=PlanAnswer)
    @action(detail=False, methods=["post"], url_path="import", url_name="import", pagination_class=None)
    def import_sheet(self, request: Request) -> Response:
        """An .xlsx or .csv file with the columns of the export: every row's fate, then all rows or none."""
        return self.sheet_imported()


class PublicationView(SubjectView):
    """What supports the work on data: a mapping study, a manual (S28)."""

    kind_name = "supporting_publication"
    serializer_class = PublicationRow

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("project")

    @extend_schema(parameters=[PublicationFilters])
    def list(self, request: Request) -> Response:
        wanted = self.filters(PublicationFilters)
        rows = selectors.publications(request.user)
        found = rows.filter(project__code=wanted["project"]) if wanted else rows
        return self.page_of(found, PublicationRow)

    @extend_schema(request=PublicationInput, responses={201: PublicationRow})
    def create(self, request: Request) -> Response:
        fields = self.asked(PublicationInput)
        project = fields.pop("project", None)
        return self.shown(services.record_publication(project, fields, actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=PublicationChange, responses=PublicationRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        publication, fields = self.get_object(), self.asked(PublicationChange, partial=True)
        fields.pop("version", None)
        services.change_publication(publication, fields, actor=request.user, version=expected_version(request))
        return self.shown(publication)


resources: list[tuple[str, type[PalabreView], str]] = [
    ("data-sources", SourceView, "data-source"),
    ("data-gaps", GapView, "data-gap"),
    ("supporting-publications", PublicationView, "supporting-publication"),
]

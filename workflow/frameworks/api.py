"""The policy register through the API."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
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

from . import inserting, services, sheet_views
from .api_fields import (
    ActorChange,
    ActorFilters,
    ActorInput,
    ActorRow,
    FrameworkChange,
    FrameworkFilters,
    FrameworkInput,
    FrameworkRow,
    InsertInput,
    TextAnswer,
)
from .flow import KEEPERS

DRY_RUN = OpenApiParameter("dry_run", bool, description="Only tell each row's fate; write nothing.")
SHEET = {(200, "application/octet-stream"): OpenApiTypes.BINARY}


class EntryView(SubjectView):
    """What frameworks and actors share. A region's are read by its countries, too."""

    what: ClassVar[str]

    def narrowed(self, wanted: dict[str, Any]) -> QuerySet[Any]:
        """The entries that pass the filters."""
        rows = self.get_queryset()
        for word in words.fold(wanted.pop("q", "")).split():
            rows = rows.filter(folded__contains=word)
        lookups = {"twg": "twg__code", "institution": "institution__code"}
        return rows.filter(**{lookups.get(name, name): value for name, value in wanted.items()})

    def sheet_imported(self) -> Response:
        """Every row's fate, then all rows or none."""
        sent = self.asked(RegisterSheet)
        require(KEEPERS, sent["twg"], self.request.user)
        dry_run = self.filters(DryRun).get("dry_run", False)
        found = sheet_views.importer(sent["twg"], self.what)
        return Response(imported(sent["file"], found, actor=self.request.user, dry_run=dry_run))


class FrameworkView(EntryView):
    """Laws, policies and agreements on migration (S29, S36)."""

    kind_name = "framework"
    what = "frameworks"
    serializer_class = FrameworkRow

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("twg").prefetch_related("responsible")

    @extend_schema(parameters=[FrameworkFilters])
    def list(self, request: Request) -> Response:
        return self.page_of(self.narrowed(self.filters(FrameworkFilters)), FrameworkRow)

    @extend_schema(request=FrameworkInput, responses={201: FrameworkRow})
    def create(self, request: Request) -> Response:
        fields = self.asked(FrameworkInput)
        return self.shown(services.record_framework(fields.pop("twg"), fields, actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=FrameworkChange, responses=FrameworkRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change what is sent; its code stays, and its end comes with the action `end`."""
        entry, fields = self.get_object(), self.asked(FrameworkChange, partial=True)
        fields.pop("version", None)
        note = fields.pop("note", "")
        services.change_framework(entry, fields, actor=request.user, version=expected_version(request), note=note)
        return self.shown(entry)

    @extend_schema(parameters=[OfTwg, FrameworkFilters], responses=SHEET)
    @action(detail=False, methods=["get"], url_path="export/(?P<form>xlsx|csv)", pagination_class=None)
    def export(self, request: Request, form: str) -> Any:
        """One TWG's frameworks as a spreadsheet that the import reads back."""
        # The framework has put the token's person on Django's own request: the page's view asks the same rules.
        return sheet_views.frameworks_export(request._request, code=self.filters(OfTwg)["twg"], form=form)

    @extend_schema(parameters=[DRY_RUN], request={"multipart/form-data": RegisterSheet}, responses=PlanAnswer)
    @action(detail=False, methods=["post"], url_path="import", url_name="import", pagination_class=None)
    def import_sheet(self, request: Request) -> Response:
        """An .xlsx or .csv file with the columns of the export: every row's fate, then all rows or none."""
        return self.sheet_imported()

    @extend_schema(request=InsertInput, responses=TextAnswer)
    @action(detail=False, methods=["post"], pagination_class=None)
    def insert(self, request: Request) -> Response:
        """Put the register's table into what its writer is typing in a section of Part E; the answer is that text."""
        told = self.asked(InsertInput)
        section = told["section"]
        require(section.text.paper.writers, section.text.about, request.user)
        body = told.get("body", section.body)
        base = told.get("base", section.number)
        text = inserting.insert(section, told["what"], actor=request.user, body=body, base=base)
        return Response({"body": text, "base": base})


class ActorView(EntryView):
    """Institutions that act on migration, and what each does (S29)."""

    kind_name = "actor"
    what = "actors"
    serializer_class = ActorRow

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("twg", "institution")

    @extend_schema(parameters=[ActorFilters])
    def list(self, request: Request) -> Response:
        return self.page_of(self.narrowed(self.filters(ActorFilters)), ActorRow)

    @extend_schema(request=ActorInput, responses={201: ActorRow})
    def create(self, request: Request) -> Response:
        fields = self.asked(ActorInput)
        return self.shown(services.record_actor(fields.pop("twg"), fields, actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=ActorChange, responses=ActorRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change what is sent; the institution stays, and the end comes with the action `end`."""
        entry, fields = self.get_object(), self.asked(ActorChange, partial=True)
        fields.pop("version", None)
        note = fields.pop("note", "")
        services.change_actor(entry, fields, actor=request.user, version=expected_version(request), note=note)
        return self.shown(entry)

    @extend_schema(parameters=[OfTwg, ActorFilters], responses=SHEET)
    @action(detail=False, methods=["get"], url_path="export/(?P<form>xlsx|csv)", pagination_class=None)
    def export(self, request: Request, form: str) -> Any:
        """One TWG's actors as a spreadsheet that the import reads back."""
        return sheet_views.actors_export(request._request, code=self.filters(OfTwg)["twg"], form=form)

    @extend_schema(parameters=[DRY_RUN], request={"multipart/form-data": RegisterSheet}, responses=PlanAnswer)
    @action(detail=False, methods=["post"], url_path="import", url_name="import", pagination_class=None)
    def import_sheet(self, request: Request) -> Response:
        """An .xlsx or .csv file with the columns of the export: every row's fate, then all rows or none."""
        return self.sheet_imported()


resources: list[tuple[str, type[PalabreView], str]] = [
    ("frameworks", FrameworkView, "framework"),
    ("actors", ActorView, "actor"),
]

"""The comment matrix and the offline form through the API: actions of a round (S13)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.groups.api_sheets import DryRun, PlanAnswer, SheetInput, imported

from . import matrix, matrix_files, matrix_views
from .matrix import MatrixFilter
from .models import Round

FILTERS = [OpenApiParameter(name, OpenApiTypes.STR) for name in
           ("q", "institution", "section", "kind", "weight", "disposition")]  # fmt: skip


class MatrixRow(serializers.Serializer[Any]):
    """One comment of the matrix, as its spreadsheet has it."""

    number = serializers.CharField()
    institution = serializers.CharField()
    place = serializers.CharField()
    section = serializers.CharField()
    quote = serializers.CharField()
    comment = serializers.CharField()
    kind = serializers.CharField()
    weight = serializers.CharField()
    state = serializers.CharField(help_text="In the reader's language.")
    disposition = serializers.CharField(help_text="Empty while there is no answer.")
    answer = serializers.CharField()
    revision = serializers.CharField()
    answered = serializers.CharField()


class MatrixActions:
    """What a round's view adds for the matrix; `get_object` is the view's own, with its access."""

    def _filter(self, round_: Round) -> dict[str, str]:
        view: Any = self
        form = MatrixFilter(view.request.query_params, round_=round_)
        if not form.is_valid():
            errors: Any = form.errors
            raise serializers.ValidationError(errors)
        return form.params()

    @extend_schema(parameters=FILTERS, responses=MatrixRow(many=True))
    @action(detail=True, methods=["get"])
    def matrix(self, request: Request, **kwargs: Any) -> Response:
        """Every comment that the reader may read, with its disposition, reply and revision."""
        view: Any = self
        round_ = view.get_object()
        found = view.paginate_queryset(matrix.comments(round_, request.user, self._filter(round_)))
        response: Response = view.get_paginated_response([matrix.cells(remark, codes=True) for remark in found or []])
        return response

    @extend_schema(
        parameters=[*FILTERS, OpenApiParameter("ending", OpenApiTypes.STR, OpenApiParameter.PATH)],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"], url_path=r"matrix/(?P<ending>xlsx|docx)", pagination_class=None)
    def matrix_file(self, request: Request, ending: str, **kwargs: Any) -> HttpResponseBase:
        """The matrix as Excel or Word, whole, however long."""
        view: Any = self
        round_ = view.get_object()
        return matrix_views.sent(matrix_files.now(round_, request.user, self._filter(round_), ending))

    @extend_schema(parameters=[DryRun], request={"multipart/form-data": SheetInput}, responses=PlanAnswer)
    @action(detail=True, methods=["post"], pagination_class=None)
    def offline(self, request: Request, **kwargs: Any) -> Response:
        """The filled-in form: every row's fate, then all rows or none become the institution's comments."""
        view: Any = self
        round_ = view.get_object()
        importer = matrix_views.importer(round_, matrix_views.speaking_for(request, round_))
        upload, dry_run = view.asked(SheetInput)["file"], view.filters(DryRun).get("dry_run", False)
        return Response(imported(upload, importer, actor=request.user, dry_run=dry_run))

"""Figures, attachments and Word files through the API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api_views import PalabreView
from workflow.groups.services import require
from workflow.groups.tokens import OpenToAll

from . import figures, files, selectors, word_import
from .api_fields import (
    EnclosureChange,
    EnclosureInput,
    EnclosureRow,
    TakenOver,
    TakeOverInput,
    WhyInput,
    WordFileRow,
    WordInput,
)
from .models import Enclosure, WordFile


class TextFiles(PalabreView):
    """What hangs on a text: the part of its view that deals with files."""

    @extend_schema(methods=["GET"], responses=EnclosureRow(many=True))
    @extend_schema(methods=["POST"], request={"multipart/form-data": EnclosureInput}, responses={201: EnclosureRow})
    @action(detail=True, methods=["get", "post"], serializer_class=EnclosureRow)
    def enclosures(self, request: Request, **kwargs: Any) -> Response:
        """Its figures and attachments; POST adds one."""
        text = self.get_object()
        if request.method == "GET":
            return self.page_of(selectors.enclosures(text), EnclosureRow)
        told = self.asked(EnclosureInput)
        kind, upload = told.pop("kind"), told.pop("file")
        made = figures.add(text, upload, told, actor=request.user, kind=kind)
        return Response(EnclosureRow(made).data, status=201)

    @extend_schema(request={"multipart/form-data": WordInput}, responses={201: WordFileRow})
    @action(detail=True, methods=["post"], url_path="import", pagination_class=None)
    def word_import(self, request: Request, **kwargs: Any) -> Response:
        """Bring a Word file in: what it holds and where each part would go. Nothing of the text changes yet."""
        brought = word_import.bring(self.get_object(), self.asked(WordInput)["file"], actor=request.user)
        return Response(WordFileRow(preview_of(brought)).data, status=201)


def preview_of(brought: WordFile) -> dict[str, Any]:
    imported = word_import.read(brought)
    seen = brought.text.sections.standing().order_by("position").values_list("pk", "number")
    return {
        "id": brought.pk,
        "text": brought.text_id,
        "name": brought.name,
        "sha256": brought.sha256,
        "blocks": word_import.preview(brought, imported),
        "pictures": len(imported.images),
        "lost": imported.lost,
        "seen": {str(pk): number for pk, number in seen},
    }


class EnclosureView(PalabreView):
    """A figure or an attachment of a text."""

    permission_classes = [OpenToAll]
    serializer_class = EnclosureRow
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Enclosure]:
        if self.reading_schema:
            return Enclosure.objects.none()
        return Enclosure.objects.all().visible_to(self.request.user).select_related("text__twg__region")

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return Response(EnclosureRow(self.get_object()).data)

    @extend_schema(request=EnclosureChange, responses=EnclosureRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Its caption, source and year, while the text is open; drafts taken before keep theirs."""
        found = self.get_object()
        figures.describe(found, self.asked(EnclosureChange, partial=True), actor=request.user)
        return Response(EnclosureRow(found).data)

    @extend_schema(request=WhyInput, responses=EnclosureRow)
    @action(detail=True, methods=["post"], pagination_class=None)
    def withdraw(self, request: Request, **kwargs: Any) -> Response:
        """Take it off the list, with a reason; earlier drafts go on showing it."""
        found = self.get_object()
        figures.withdraw(found, actor=request.user, note=self.asked(WhyInput)["note"])
        return Response(EnclosureRow(found).data)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], pagination_class=None)
    def file(self, request: Request, pk: str, **kwargs: Any) -> Any:
        """The file; without a token, a figure of what is published."""
        return files.sent(request._request, files.readable(request.user, int(pk)))


class WordFileView(PalabreView):
    """A Word file that was brought in, until it is taken over or given up; for who brought it."""

    serializer_class = WordFileRow
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[WordFile]:
        if self.reading_schema:
            return WordFile.objects.none()
        seen = WordFile.objects.all().visible_to(self.request.user).select_related("text__twg__region")
        return seen.filter(brought_by=self.request.user)

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        """What it holds and where each part would go."""
        return Response(WordFileRow(preview_of(self.get_object())).data)

    @extend_schema(request=TakeOverInput, responses=TakenOver)
    @action(detail=True, methods=["post"], url_path="take-over", pagination_class=None)
    def take_over(self, request: Request, **kwargs: Any) -> Response:
        """Write its parts into the sections, all or nothing; 409 when a section was revised since it was `seen`."""
        told = self.asked(TakeOverInput)
        count = word_import.take_over(
            self.get_object(), told["targets"], told["seen"], way=told["way"], actor=request.user
        )
        return Response(TakenOver({"sections": count}).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"], pagination_class=None)
    def forget(self, request: Request, **kwargs: Any) -> Response:
        """Give it up: nothing of it was written."""
        found = self.get_object()
        require(found.text.paper.writers, found.text.about, request.user)
        word_import.forget(found)
        return Response(status=204)

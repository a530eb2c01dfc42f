"""For administrators, and decisions' files for whoever reads their subject: what the engine's own pages offer."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from . import outbox, views
from .api_views import PalabreView
from .models import OutboxRow, RecordedDecision


class OutboxEntry(serializers.ModelSerializer[OutboxRow]):
    """No mail's text is shown."""

    class Meta:
        model = OutboxRow
        fields = ("id", "kind", "status", "attempts", "due", "last_error", "created_at")


class OutboxView(PalabreView):
    """What could not be delivered. For administrators."""

    serializer_class = OutboxEntry
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[OutboxRow]:
        if not self.reading_schema and not getattr(self.request.user, "is_administrator", False):
            raise Http404
        return OutboxRow.objects.filter(status=OutboxRow.Status.FAILED).order_by("-pk")

    def list(self, request: Request) -> Response:
        return self.page_of(self.get_queryset(), OutboxEntry)

    @extend_schema(request=None, responses=OutboxEntry)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, **kwargs: Any) -> Response:
        """Send it again. 404 when it is not failed any more."""
        row = self.get_object()
        if not outbox.retry(row):
            raise Http404
        row.refresh_from_db()
        return Response(OutboxEntry(row).data)


class DecisionView(PalabreView):
    """Decisions taken outside Palabre; history's events hold their ids."""

    queryset = RecordedDecision.objects.none()
    serializer_class = None
    lookup_value_regex = "[0-9]{1,18}"

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def file(self, request: Request, pk: str, **kwargs: Any) -> Any:
        """The file of a recorded decision, for those who see its subject from the inside."""
        return views.decision_file(request._request, int(pk))


resources: list[tuple[str, type[PalabreView], str]] = [
    ("outbox", OutboxView, "outbox"),
    ("decisions", DecisionView, "decision"),
]

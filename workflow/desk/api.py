"""What waits for the reader and what is coming, through the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine import inbox
from workflow.engine.api_views import PalabreView


class ItemRow(serializers.Serializer[Any]):
    title = serializers.CharField()
    action = serializers.CharField()
    detail = serializers.CharField()
    url = serializers.CharField(help_text="The page on which it is done.")
    due = serializers.DateField(allow_null=True)
    since = serializers.DateField(allow_null=True)


class InboxAnswer(serializers.Serializer[Any]):
    waiting = ItemRow(many=True)
    coming = ItemRow(many=True)


class InboxView(PalabreView):
    """The home page's two lists."""

    serializer_class = InboxAnswer
    pagination_class = None

    @extend_schema(responses=InboxAnswer)
    def retrieve(self, request: Request) -> Response:
        """What waits for me, the soonest due first, and what is coming."""
        found = {"waiting": inbox.waiting_for(request.user), "coming": inbox.coming_for(request.user)}
        return Response(InboxAnswer(found).data)


resources: list[tuple[str, type[PalabreView], str]] = []

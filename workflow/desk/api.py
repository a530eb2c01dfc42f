"""What waits for the reader, the search and the overview, through the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine import inbox
from workflow.engine.api_views import PalabreView
from workflow.groups.tokens import OpenToAll
from workflow.profiles.api_fields import EditionRow
from workflow.profiles.selectors import editions, standing_among

from . import selectors


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
        return Response(InboxAnswer(inbox.of(request.user)).data)


class SearchFilters(serializers.Serializer[Any]):
    q = serializers.CharField(max_length=selectors.MOST_WORDS, help_text="Every word must be in a name.")


class FoundRow(serializers.Serializer[Any]):
    title = serializers.CharField()
    detail = serializers.CharField()
    url = serializers.CharField(help_text="Its page.")


class GroupRow(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    results = FoundRow(many=True)
    more = serializers.IntegerField(help_text="How many more there are.")


class SearchView(PalabreView):
    """Search over all that the reader sees."""

    permission_classes = [OpenToAll]
    serializer_class = GroupRow
    pagination_class = None

    @extend_schema(parameters=[SearchFilters], responses=GroupRow(many=True))
    def list(self, request: Request) -> Response:
        found = selectors.search(self.filters(SearchFilters)["q"], request.user)
        return Response(GroupRow(found, many=True).data)


class StandingRow(serializers.Serializer[Any]):
    """Where a profile stands."""

    edition = EditionRow()
    since = serializers.DateTimeField(source="standing.current.since", allow_null=True, default=None)
    days = serializers.IntegerField(allow_null=True, help_text="Days at the stage; null where nobody knows.")
    late = serializers.IntegerField(help_text="Days beyond the stage's limit.")
    returns = serializers.IntegerField(source="standing.returns")


class OverviewView(PalabreView):
    """Countries by stage, days in stage, the late ones marked (S40)."""

    serializer_class = StandingRow

    @extend_schema(responses=StandingRow(many=True))
    def list(self, request: Request) -> Response:
        return self.page_of(standing_among(editions().visible_to(request.user)), StandingRow)


resources: list[tuple[str, type[PalabreView], str]] = [
    ("search", SearchView, "search"),
    ("overview", OverviewView, "overview"),
]

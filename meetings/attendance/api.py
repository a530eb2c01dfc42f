"""Who came to a meeting, through the API: read as on the page, written by those who run the meeting (S18)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from meetings.scheduling.models import Meeting
from workflow.engine.api_views import PalabreView

from . import selectors, services
from .api_fields import AttendanceInput, AttendanceRow, RosterRow
from .models import Source


class AttendanceView(PalabreView):
    """The list of one meeting, for those who read the meeting; of a closed one, for government alone (S31)."""

    lookup_value_regex = "[0-9]{1,18}"
    serializer_class = RosterRow

    def get_queryset(self) -> QuerySet[Meeting]:
        if self.reading_schema:
            return Meeting.objects.none()
        return selectors.meetings(self.request.user)

    @extend_schema(responses=RosterRow(many=True))
    @action(detail=True, methods=["get"])
    def attendance(self, request: Request, **kwargs: Any) -> Response:
        """Everybody who was invited or came, by institution."""
        found = selectors.roster(self.get_object(), request.user)
        return self.page_of([*found.lines, *found.strangers], RosterRow)

    @extend_schema(request=AttendanceInput, responses={201: AttendanceRow})
    @attendance.mapping.post
    def record(self, request: Request, **kwargs: Any) -> Response:
        """Write down that somebody came, or did not. Sent twice, a person is there once."""
        meeting, fields = self.get_object(), self.asked(AttendanceInput)
        person, seen = fields.pop("person", None), fields.pop("seen", None)
        if person is not None:
            row = services.record(meeting, person, fields, actor=request.user, seen=seen, source=Source.API)
        else:
            called = fields.pop("institution_name", "")
            if "institution" not in fields and called:
                fields["institution_names"] = {"en": called}
            row = services.record_walk_in(meeting, fields, actor=request.user)
        return Response(AttendanceRow(row, context=self.get_serializer_context()).data, status=201)


resources: list[tuple[str, type[PalabreView], str]] = [("meetings", AttendanceView, "meeting-attendance")]

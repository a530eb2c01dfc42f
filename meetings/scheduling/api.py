"""Meetings through the API: planned, changed, invited to, answered; their life goes by `actions/` (S17-S20)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api import expected_version
from workflow.engine.api_schema import VersionOnly
from workflow.engine.api_views import IF_MATCH, PalabreView, SubjectView
from workflow.groups.api_fields import ByCode, Names, Texts

from . import planning, replying, selectors
from .models import Invitation, Meeting, MeetingKind, MeetingState, Reply
from .replying import ANSWERS

WRITTEN = (
    "kind", "titles", "descriptions", "zone", "when", "form", "place", "map_url", "video_url", "dial_in", "languages",
    "interpretation", "closed", "closed_reason", "public", "reminder_days", "reminder_to",
)  # fmt: skip


class MeetingRow(serializers.ModelSerializer[Meeting]):
    twg = serializers.CharField(source="twg.code")
    titles = Names()
    title = serializers.CharField(read_only=True, help_text="In the reader's language.")
    descriptions = Texts()
    agenda = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField(help_text="How many have answered what.")

    class Meta:
        model = Meeting
        fields = ("id", "version", "twg", "title", *WRITTEN, "state", "starts_at", "ends_at", "uid", "sequence",
                  "agenda", "answers")  # fmt: skip

    @extend_schema_field(OpenApiTypes.ANY)
    def get_agenda(self, meeting: Meeting) -> list[dict[str, Any]]:
        """As far as the reader may know it."""
        shown = selectors.agenda(meeting, self.context["request"].user)
        return [
            {"titles": line.item.titles, "minutes": line.item.minutes, "presenter": line.item.presenter,
             "begins": line.begins, "closed": line.item.closed}
            for line in shown
        ]  # fmt: skip

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_answers(self, meeting: Meeting) -> dict[str, int]:
        return selectors.counts(list(Invitation.objects.filter(meeting=meeting, removed_at=None)))


class MeetingBrief(serializers.ModelSerializer[Meeting]):
    """A meeting in a list."""

    twg = serializers.CharField(source="twg.code")
    titles = Names()

    class Meta:
        model = Meeting
        fields = ("id", "version", "twg", "kind", "titles", "state", "starts_at", "ends_at", "zone", "when", "form",
                  "place", "closed")  # fmt: skip


class MeetingChange(VersionOnly, serializers.ModelSerializer[Meeting]):
    titles = Names()
    descriptions = Texts(required=False)

    class Meta:
        model = Meeting
        fields: tuple[str, ...] = (*WRITTEN, "version")


class MeetingInput(MeetingChange):
    twg = ByCode("twg")

    class Meta(MeetingChange.Meta):
        fields = ("twg", *WRITTEN)


class MeetingFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    kind = serializers.ChoiceField(MeetingKind.choices, required=False)
    state = serializers.ChoiceField(MeetingState.choices, required=False)


class ComingInput(serializers.Serializer[Any]):
    reply = serializers.ChoiceField([(one.value, one.label) for one in ANSWERS])
    note = serializers.CharField(required=False, allow_blank=True, max_length=replying.MOST_NOTE, default="")
    replaced_by = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class InvitationRow(serializers.Serializer[Any]):
    reply = serializers.ChoiceField(Reply.choices)
    note = serializers.CharField(source="reply_note")
    replaced_by = serializers.CharField()
    replied_at = serializers.DateTimeField()


class RhythmRow(serializers.Serializer[Any]):
    """When one TWG meets: what was last, what is next, between which days it is due, how many days it is late."""

    twg = serializers.CharField(source="twg.code")
    last = MeetingBrief(source="due.last", allow_null=True)
    planned = MeetingBrief(source="due.planned", allow_null=True)
    earliest = serializers.DateField(source="due.earliest", allow_null=True)
    latest = serializers.DateField(source="due.latest", allow_null=True)
    late_by = serializers.IntegerField(source="due.late_by")
    by_terms = serializers.BooleanField(source="due.by_terms", help_text="By terms of reference that are in force.")


class MeetingView(SubjectView):
    """When TWGs meet (S17-S20); a closed meeting is there for government's members, chair and secretariat (S31)."""

    kind_name = "meeting"
    serializer_class = MeetingRow

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("twg").order_by("-starts_at", "-pk")

    @extend_schema(parameters=[MeetingFilters], responses=MeetingBrief(many=True))
    def list(self, request: Request) -> Response:
        wanted = self.filters(MeetingFilters)
        code, rows = wanted.pop("twg", None), self.get_queryset().filter(**wanted)
        if code:
            rows = rows.filter(Q(twg__code=code) | Q(with_twgs__code=code))
        return self.page_of(rows, MeetingBrief)

    @extend_schema(request=MeetingInput, responses={201: MeetingRow})
    def create(self, request: Request) -> Response:
        """Plan a meeting; everybody who sits in the TWG and may know of it is invited."""
        fields = self.asked(MeetingInput)
        twg = fields.pop("twg")
        made = planning.plan(twg, fields, actor=request.user)
        planning.invite(made, planning.usual(twg), actor=request.user)
        return self.shown(made, status=201)

    @extend_schema(parameters=[IF_MATCH], request=MeetingChange, responses=MeetingRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change it; what stands in calendars is sent again."""
        meeting, fields = self.get_object(), self.asked(MeetingChange, partial=True)
        fields.pop("version", None)
        planning.change(meeting, fields, actor=request.user, version=expected_version(request))
        return self.shown(meeting)

    @extend_schema(responses=RhythmRow(many=True))
    @action(detail=False, methods=["get"], pagination_class=None)
    def rhythm(self, request: Request) -> Response:
        """When each TWG that the reader follows should meet next, and who has not met for too long (S17)."""
        rows = [{"twg": twg, "due": due} for twg, due in selectors.rhythms(request.user)]
        return Response(RhythmRow(rows, many=True).data)

    @extend_schema(request=ComingInput, responses=InvitationRow)
    @action(detail=True, methods=["post"], url_path="answer")
    def answer(self, request: Request, **kwargs: Any) -> Response:
        """Say whether one comes oneself."""
        meeting, fields = self.get_object(), self.asked(ComingInput)
        said = replying.Said(fields["reply"], fields["note"], fields["replaced_by"])
        return Response(InvitationRow(replying.reply(meeting, request.user, said)).data)


resources: list[tuple[str, type[PalabreView], str]] = [("meetings", MeetingView, "meeting")]

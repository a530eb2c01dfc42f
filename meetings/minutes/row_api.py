"""Decisions and action items through the API, for those who may read the minutes that they stand in (S31)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from meetings.scheduling.models import AgendaItem, sees_behind_doors
from workflow.engine.api import expected_version
from workflow.engine.api_schema import VersionOnly
from workflow.engine.api_views import IF_MATCH, SubjectView
from workflow.groups import access
from workflow.groups.api_fields import ByCode, ById, InstitutionBrief

from . import services
from .models import ActionItem, ActionState, Decision, DecisionState, Minutes

ROW = ("id", "version", "twg", "meeting", "minutes", "number", "item", "what", "state")


class DecisionRow(serializers.ModelSerializer[Decision]):
    twg = serializers.CharField(source="minutes.meeting.twg.code")
    meeting = serializers.IntegerField(source="minutes.meeting_id")

    class Meta:
        model = Decision
        fields: tuple[str, ...] = ROW


class ActionRow(serializers.ModelSerializer[ActionItem]):
    twg = serializers.CharField(source="minutes.meeting.twg.code")
    meeting = serializers.IntegerField(source="minutes.meeting_id")
    institution = InstitutionBrief(allow_null=True)
    person = serializers.SerializerMethodField(help_text="A name, for those who may read names; else empty.")

    class Meta:
        model = ActionItem
        fields: tuple[str, ...] = (*ROW, "institution", "person", "due")

    @extend_schema_field(OpenApiTypes.STR)
    def get_person(self, action: ActionItem) -> str:
        reader = self.context["request"].user
        shown = action.person is not None and access.may_read_addresses(reader, action.twg)
        return str(action.person) if shown else ""


class ItemOf(serializers.PrimaryKeyRelatedField[AgendaItem]):
    """An item of the agenda; the service says whether it is of these minutes."""

    def get_queryset(self) -> QuerySet[AgendaItem]:
        reader = self.context["request"].user
        readable = Minutes.objects.all().visible_to(reader).values("meeting")
        seen = Q(closed=False) | sees_behind_doors(reader, "meeting__")
        return AgendaItem.objects.filter(seen, meeting__in=readable)


class DecisionChange(VersionOnly, serializers.ModelSerializer[Decision]):
    item = ItemOf(required=False, allow_null=True, queryset=AgendaItem.objects.none())

    class Meta:
        model = Decision
        fields: tuple[str, ...] = ("item", "what", "version", "note")


class DecisionInput(DecisionChange):
    minutes = ById("minutes")

    class Meta(DecisionChange.Meta):
        fields = ("minutes", "item", "what")


class ActionChange(VersionOnly, serializers.ModelSerializer[ActionItem]):
    item = ItemOf(required=False, allow_null=True, queryset=AgendaItem.objects.none())
    institution = ByCode("institution", required=False, allow_null=True)
    person = ById("person", required=False, allow_null=True)

    class Meta:
        model = ActionItem
        fields: tuple[str, ...] = ("item", "what", "institution", "person", "due", "version", "note")


class ActionInput(ActionChange):
    minutes = ById("minutes")

    class Meta(ActionChange.Meta):
        fields = ("minutes", "item", "what", "institution", "person", "due")


class RowFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    meeting = serializers.IntegerField(required=False, min_value=1)
    minutes = serializers.IntegerField(required=False, min_value=1)


class DecisionFilters(RowFilters):
    state = serializers.ChoiceField(DecisionState.choices, required=False)


class ActionFilters(RowFilters):
    state = serializers.ChoiceField(ActionState.choices, required=False)


LOOKUPS = {"twg": "minutes__meeting__twg__code", "meeting": "minutes__meeting"}


class RowView(SubjectView):
    """What decisions and action items share."""

    filter_class: type[RowFilters]

    def rows(self) -> Any:
        wanted = {LOOKUPS.get(name, name): value for name, value in self.filters(self.filter_class).items()}
        return self.get_queryset().filter(**wanted).order_by("pk")

    def changed(self, request: Request, fields: dict[str, Any]) -> Response:
        row = self.get_object()
        fields.pop("version", None)
        note = fields.pop("note", "")
        services.change_row(row, fields, actor=request.user, version=expected_version(request), note=note)
        return self.shown(row)


class DecisionView(RowView):
    """What TWGs decided in their meetings."""

    kind_name = "meeting_decision"
    serializer_class = DecisionRow
    filter_class = DecisionFilters

    @extend_schema(parameters=[DecisionFilters])
    def list(self, request: Request) -> Response:
        return self.page_of(self.rows(), DecisionRow)

    @extend_schema(request=DecisionInput, responses={201: DecisionRow})
    def create(self, request: Request) -> Response:
        fields = self.asked(DecisionInput)
        return self.shown(services.decide(fields.pop("minutes"), fields, actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=DecisionChange, responses=DecisionRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        return self.changed(request, self.asked(DecisionChange, partial=True))


class ActionView(RowView):
    """Who is to do what by when; done and dropped are its actions."""

    kind_name = "action_item"
    serializer_class = ActionRow
    filter_class = ActionFilters

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("minutes__meeting__twg__region", "item", "institution", "person")

    @extend_schema(parameters=[ActionFilters])
    def list(self, request: Request) -> Response:
        return self.page_of(self.rows(), ActionRow)

    @extend_schema(request=ActionInput, responses={201: ActionRow})
    def create(self, request: Request) -> Response:
        fields = self.asked(ActionInput)
        return self.shown(services.give_to_do(fields.pop("minutes"), fields, actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=ActionChange, responses=ActionRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        return self.changed(request, self.asked(ActionChange, partial=True))

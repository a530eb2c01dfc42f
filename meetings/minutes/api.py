"""Minutes, decisions and action items through the API, for those who may read them (S31)."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from meetings.scheduling.models import AgendaItem
from workflow.engine.api import expected_version
from workflow.engine.api_schema import VersionOnly
from workflow.engine.api_views import IF_MATCH, PalabreView, SubjectView
from workflow.groups import access
from workflow.groups.api_fields import ByCode, ById, InstitutionBrief
from workflow.writing import services as writing

from . import services
from .models import ActionItem, ActionState, Addendum, Decision, DecisionState, Minutes, MinutesState


class AddendumRow(serializers.ModelSerializer[Addendum]):
    class Meta:
        model = Addendum
        fields = ("number", "words", "by_name", "institution", "at", "sha256")


class MinutesRow(serializers.ModelSerializer[Minutes]):
    twg = serializers.CharField(source="meeting.twg.code")
    meeting = serializers.IntegerField(source="meeting_id")
    title = serializers.SerializerMethodField(help_text="In the reader's language.")
    deadline = serializers.DateTimeField(allow_null=True, help_text="Until when the TWG comments.")

    class Meta:
        model = Minutes
        fields = (
            "id", "version", "twg", "meeting", "title", "closed", "state", "deadline", "by_silence", "approved_at",
        )  # fmt: skip

    @extend_schema_field(OpenApiTypes.STR)
    def get_title(self, minutes: Minutes) -> str:
        return str(minutes)


class MinutesDetail(MinutesRow):
    text = serializers.SerializerMethodField(help_text="The id of its text: see `texts`; null where there is none.")
    round = serializers.IntegerField(source="round_id", allow_null=True)
    addenda = AddendumRow(many=True)

    class Meta(MinutesRow.Meta):
        fields = (*MinutesRow.Meta.fields, "text", "round", "addenda")  # type: ignore[assignment]

    @extend_schema_field(OpenApiTypes.INT64)
    def get_text(self, minutes: Minutes) -> int | None:
        text = writing.text_of(minutes)
        return text.pk if text else None


class MinutesFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    meeting = serializers.IntegerField(required=False, min_value=1)
    state = serializers.ChoiceField(MinutesState.choices, required=False)


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
        seen = Q(closed=False) | access.sees_closed(reader, "meeting__twg__")
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


class PrepareInput(serializers.Serializer[Any]):
    meeting = ById("meeting")


class AddendumInput(VersionOnly, serializers.ModelSerializer[Addendum]):
    class Meta:
        model = Addendum
        fields = ("words", "version")


LOOKUPS = {"twg": "minutes__meeting__twg__code", "meeting": "minutes__meeting"}


class MinutesView(SubjectView):
    """Minutes, their state and their addenda; what was said is their text's sections (see `texts`)."""

    kind_name = "minutes"
    serializer_class = MinutesRow
    detail_class = MinutesDetail

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.prefetch_related(Prefetch("addenda", Addendum.objects.order_by("number")))

    @extend_schema(parameters=[MinutesFilters])
    def list(self, request: Request) -> Response:
        wanted = self.filters(MinutesFilters)
        if "twg" in wanted:
            wanted["meeting__twg__code"] = wanted.pop("twg")
        return self.page_of(self.get_queryset().filter(**wanted), MinutesRow)

    @extend_schema(request=PrepareInput, responses={201: MinutesDetail})
    def create(self, request: Request) -> Response:
        """Prepare a meeting's minutes from its agenda; those that are there already follow it again."""
        return self.shown(services.prepare(self.asked(PrepareInput)["meeting"], actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=AddendumInput, responses={201: MinutesDetail})
    @action(detail=True, methods=["post"], pagination_class=None)
    def addenda(self, request: Request, **kwargs: Any) -> Response:
        """Correct approved minutes: the addendum is dated and signed."""
        minutes, words = self.get_object(), self.asked(AddendumInput)["words"]
        services.add_addendum(minutes, words, actor=request.user, version=expected_version(request))
        return self.shown(minutes, status=201)


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


resources: list[tuple[str, type[PalabreView], str]] = [
    ("minutes", MinutesView, "minutes"),
    ("meeting-decisions", DecisionView, "meeting-decision"),
    ("action-items", ActionView, "action-item"),
]

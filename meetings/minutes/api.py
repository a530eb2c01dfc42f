"""Minutes through the API, for those who may read them (S31)."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api import expected_version
from workflow.engine.api_schema import VersionOnly
from workflow.engine.api_views import IF_MATCH, PalabreView, SubjectView
from workflow.groups import access
from workflow.groups.api_fields import ById
from workflow.writing import services as writing

from . import annex, selectors, services
from .models import Addendum, Minutes, MinutesState
from .row_api import ActionView, DecisionView


class AddendumRow(serializers.ModelSerializer[Addendum]):
    by_name = serializers.SerializerMethodField(help_text="Empty for those who may not read names.")

    @extend_schema_field(OpenApiTypes.STR)
    def get_by_name(self, addendum: Addendum) -> str:
        return addendum.by_name if access.may_read_addresses(self.context["request"].user, addendum.minutes.twg) else ""

    class Meta:
        model = Addendum
        fields = ("number", "words", "by_name", "institution", "at", "sha256")


class AnnexRow(serializers.Serializer[Any]):
    """One person of the annex or, without `name` and `rank`, how many of one institution."""

    institution = serializers.CharField()
    people = serializers.IntegerField()
    rank = serializers.CharField()
    name = serializers.CharField()
    how = serializers.CharField()


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
    rounds = serializers.SerializerMethodField(help_text="The rounds in which they are commented on: see `rounds`.")
    attendance = serializers.SerializerMethodField(
        help_text="The annex: by rank and name for those who may read names, else how many of each institution."
    )
    addenda = AddendumRow(many=True)

    class Meta(MinutesRow.Meta):
        fields = (*MinutesRow.Meta.fields, "text", "rounds", "attendance", "addenda")  # type: ignore[assignment]

    @extend_schema_field(OpenApiTypes.INT64)
    def get_text(self, minutes: Minutes) -> int | None:
        text = writing.text_of(minutes)
        return text.pk if text else None

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_rounds(self, minutes: Minutes) -> list[int]:
        return [round_.pk for round_ in selectors.rounds_of(minutes, self.context["request"].user)]

    @extend_schema_field(AnnexRow(many=True))
    def get_attendance(self, minutes: Minutes) -> list[dict[str, Any]]:
        found = annex.annex_for(minutes.meeting, self.context["request"].user)
        return [{**one._asdict(), "people": 1} for one in found.people] + [
            {"institution": institution, "people": count, "rank": "", "name": "", "how": ""}
            for institution, count in found.institutions
        ]


class MinutesFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    meeting = serializers.IntegerField(required=False, min_value=1)
    state = serializers.ChoiceField(MinutesState.choices, required=False)


class PrepareInput(serializers.Serializer[Any]):
    meeting = ById("meeting")


class AddendumInput(VersionOnly, serializers.ModelSerializer[Addendum]):
    class Meta:
        model = Addendum
        fields = ("words", "version")


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


resources: list[tuple[str, type[PalabreView], str]] = [
    ("minutes", MinutesView, "minutes"),
    ("meeting-decisions", DecisionView, "meeting-decision"),
    ("action-items", ActionView, "action-item"),
]

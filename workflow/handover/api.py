"""Hand-overs, their checklists and capacity needs through the API, for members in the full sense and IOM."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api import expected_version
from workflow.engine.api_schema import VersionOnly
from workflow.engine.api_views import IF_MATCH, PalabreView, SubjectView
from workflow.groups.api_fields import ByCode, ById, InstitutionBrief
from workflow.writing import storing

from . import item_views, services, signing, views
from .models import (
    CapacityNeed,
    Evidence,
    Handover,
    HandoverItem,
    HandoverRecord,
    HandoverState,
    ItemState,
    NeedKind,
    NeedState,
)


class HandoverEvidenceRow(serializers.ModelSerializer[Evidence]):
    file = serializers.SerializerMethodField(help_text="Whether there is one: see `evidence/{number}/file/`.")

    class Meta:
        model = Evidence
        fields = ("number", "words", "file", "name", "content_type", "size", "sha256", "by_name", "at")

    @extend_schema_field(OpenApiTypes.BOOL)
    def get_file(self, shown: Evidence) -> bool:
        return bool(shown.file)


class ChecklistRow(serializers.ModelSerializer[HandoverItem]):
    handover = serializers.IntegerField(source="handover_id")
    title = serializers.CharField(source="__str__", help_text="In the reader's language.")
    owner = InstitutionBrief(allow_null=True)
    days_late = serializers.IntegerField()

    class Meta:
        model = HandoverItem
        fields = (
            "id", "version", "handover", "position", "kind", "name", "title", "required", "state", "owner", "due",
            "days_late", "counted",
        )  # fmt: skip


class ChecklistDetail(ChecklistRow):
    evidence = HandoverEvidenceRow(many=True)

    class Meta(ChecklistRow.Meta):
        fields = (*ChecklistRow.Meta.fields, "evidence")  # type: ignore[assignment]


class ChecklistChange(VersionOnly, serializers.ModelSerializer[HandoverItem]):
    owner = ByCode("institution", required=False, allow_null=True)

    class Meta:
        model = HandoverItem
        fields: tuple[str, ...] = ("name", "owner", "due", "required", "version")


class ChecklistInput(ChecklistChange):
    handover = ById("handover")
    name = serializers.CharField(max_length=200)

    class Meta(ChecklistChange.Meta):
        fields = ("handover", "name", "owner", "due", "required")


class CapacityNeedRow(serializers.ModelSerializer[CapacityNeed]):
    handover = serializers.IntegerField(source="handover_id")
    twg = serializers.CharField(source="twg.code")

    class Meta:
        model = CapacityNeed
        fields = ("id", "version", "handover", "twg", "kind", "severity", "what", "needed", "state")


class CapacityNeedChange(VersionOnly, serializers.ModelSerializer[CapacityNeed]):
    class Meta:
        model = CapacityNeed
        fields: tuple[str, ...] = ("kind", "severity", "what", "needed", "version")


class CapacityNeedInput(CapacityNeedChange):
    handover = ById("handover")

    class Meta(CapacityNeedChange.Meta):
        fields = ("handover", "kind", "severity", "what", "needed")


class HandoverRow(serializers.ModelSerializer[Handover]):
    edition = serializers.IntegerField(source="edition_id")
    profile = serializers.CharField(source="edition.profile.code")
    twg = serializers.CharField(source="twg.code")
    institution = InstitutionBrief(allow_null=True)

    class Meta:
        model = Handover
        fields = (
            "id", "version", "edition", "profile", "twg", "institution", "state", "reply_by", "conditions", "next_due",
        )  # fmt: skip


class HandoverDetail(HandoverRow):
    items = ChecklistRow(many=True)
    needs = CapacityNeedRow(many=True)

    class Meta(HandoverRow.Meta):
        fields = (*HandoverRow.Meta.fields, "items", "needs")  # type: ignore[assignment]


class HandoverInput(serializers.Serializer[Any]):
    edition = ById("edition", help_text="One that stands at the hand-over; what there is already is given back.")


class HandoverFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    edition = serializers.IntegerField(required=False, min_value=1)
    state = serializers.ChoiceField(HandoverState.choices, required=False)


class ChecklistFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    handover = serializers.IntegerField(required=False, min_value=1)
    state = serializers.ChoiceField(ItemState.choices, required=False)


class CapacityNeedFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    handover = serializers.IntegerField(required=False, min_value=1)
    kind = serializers.ChoiceField(NeedKind.choices, required=False)
    state = serializers.ChoiceField(NeedState.choices, required=False)


TWG = "edition__profile__twg__code"
FILE = {(200, "application/octet-stream"): OpenApiTypes.BINARY}


def _lookups(wanted: dict[str, Any], twg: str) -> dict[str, Any]:
    return {twg if name == "twg" else name: value for name, value in wanted.items()}


class HandoverView(SubjectView):
    """Who takes each profile over, by which steps, and what is handed over for it (S21)."""

    kind_name = "handover"
    serializer_class = HandoverRow
    detail_class = HandoverDetail

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.action == "list":
            return rows
        needs = CapacityNeed.objects.all().with_all()
        lines = HandoverItem.objects.select_related("owner")
        return rows.prefetch_related(Prefetch("items", lines), Prefetch("needs", needs))

    @extend_schema(parameters=[HandoverFilters])
    def list(self, request: Request) -> Response:
        return self.page_of(self.get_queryset().filter(**_lookups(self.filters(HandoverFilters), TWG)), HandoverRow)

    @extend_schema(request=HandoverInput, responses={201: HandoverDetail})
    def create(self, request: Request) -> Response:
        """Begin the hand-over of an edition that had come so far before there were any."""
        return self.shown(services.begin(self.asked(HandoverInput)["edition"], actor=request.user), status=201)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"], pagination_class=None)
    def record(self, request: Request, **kwargs: Any) -> Response:
        """The signed record, as it is downloaded from its page; 404 while nothing is signed."""
        record = get_object_or_404(HandoverRecord.objects.filter(handover=self.get_object()).order_by("-number")[:1])
        return Response(signing.document_of(record))


class ItemView(SubjectView):
    """Lines of the checklists, with the evidence for each (S21)."""

    kind_name = "handover_item"
    serializer_class = ChecklistRow
    detail_class = ChecklistDetail

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.action == "list":
            return rows
        return rows.prefetch_related(Prefetch("evidence", Evidence.objects.order_by("number")))

    @extend_schema(parameters=[ChecklistFilters])
    def list(self, request: Request) -> Response:
        wanted = _lookups(self.filters(ChecklistFilters), f"handover__{TWG}")
        return self.page_of(self.get_queryset().filter(**wanted).order_by("handover", "position"), ChecklistRow)

    @extend_schema(request=ChecklistInput, responses={201: ChecklistDetail})
    def create(self, request: Request) -> Response:
        """One thing more that is handed over, besides the template's lines."""
        fields = self.asked(ChecklistInput)
        return self.shown(services.add_item(fields.pop("handover"), fields, actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=ChecklistChange, responses=ChecklistDetail)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        item, fields = self.get_object(), self.asked(ChecklistChange, partial=True)
        fields.pop("version", None)
        services.change_item(item, fields, actor=request.user, version=expected_version(request))
        return self.shown(item)

    @extend_schema(parameters=[OpenApiParameter("number", int, OpenApiParameter.PATH)], responses=FILE)
    @action(detail=True, methods=["get"], url_path=r"evidence/(?P<number>[0-9]{1,4})/file", pagination_class=None)
    def evidence_file(self, request: Request, number: str, **kwargs: Any) -> Any:
        """The file of one piece of evidence, as it was sent."""
        shown = Evidence.objects.filter(item=self.get_object(), number=int(number)).first()
        if shown is None or not shown.file:
            raise Http404
        # The framework has put the token's person on Django's own request.
        return storing.given(request._request, shown, attached=True)

    @extend_schema(responses=FILE)
    @action(detail=False, methods=["get"], url_path="export/(?P<form>xlsx|csv)", pagination_class=None)
    def export(self, request: Request, form: str) -> Any:
        """All checklists that the reader may know of, as a spreadsheet."""
        return views.checklists_export(request._request, form=form)


class NeedView(SubjectView):
    """What update institutions lack for the next edition (S46)."""

    kind_name = "capacity_need"
    serializer_class = CapacityNeedRow

    @extend_schema(parameters=[CapacityNeedFilters])
    def list(self, request: Request) -> Response:
        wanted = _lookups(self.filters(CapacityNeedFilters), f"handover__{TWG}")
        return self.page_of(self.get_queryset().filter(**wanted), CapacityNeedRow)

    @extend_schema(request=CapacityNeedInput, responses={201: CapacityNeedRow})
    def create(self, request: Request) -> Response:
        fields = self.asked(CapacityNeedInput)
        return self.shown(services.record_need(fields.pop("handover"), fields, actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=CapacityNeedChange, responses=CapacityNeedRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        need, fields = self.get_object(), self.asked(CapacityNeedChange, partial=True)
        fields.pop("version", None)
        services.change_need(need, fields, actor=request.user, version=expected_version(request))
        return self.shown(need)

    @extend_schema(responses=FILE)
    @action(detail=False, methods=["get"], url_path="export/(?P<form>xlsx|csv)", pagination_class=None)
    def export(self, request: Request, form: str) -> Any:
        """All needs that the reader may know of, met ones too, as a spreadsheet."""
        return item_views.capacity_needs_export(request._request, form=form)


resources: list[tuple[str, type[PalabreView], str]] = [
    ("handovers", HandoverView, "handover"),
    ("handover-items", ItemView, "handover_item"),
    ("capacity-needs", NeedView, "capacity_need"),
]

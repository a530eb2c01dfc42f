"""Data requests through the API, for members in the full sense and IOM."""

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
from workflow.groups.api_registers import OfTwg
from workflow.writing import storing

from . import selectors, services, views
from .models import DataAnswer, DataRequest, RequestState


class RequestRow(serializers.ModelSerializer[DataRequest]):
    twg = serializers.CharField(source="twg.code")
    institution = InstitutionBrief()
    needed_by = InstitutionBrief(allow_null=True)
    section = serializers.IntegerField(source="section_id", allow_null=True)
    section_title = serializers.SerializerMethodField(help_text="In the reader's language; empty for none.")
    days_late = serializers.IntegerField(help_text="Whole days past the day asked for, in the TWG's zone; 0 if not.")

    class Meta:
        model = DataRequest
        fields = (
            "id", "version", "twg", "institution", "what", "why", "due", "state", "days_late", "section",
            "section_title", "needed_by", "data_source", "asked_at",
        )  # fmt: skip

    @extend_schema_field(OpenApiTypes.STR)
    def get_section_title(self, request: DataRequest) -> str:
        return str(request.section or "")


class AnswerRow(serializers.ModelSerializer[DataAnswer]):
    file = serializers.SerializerMethodField(help_text="Whether there is one: see `answers/{number}/file/`.")

    class Meta:
        model = DataAnswer
        fields = (
            "number", "words", "file", "name", "content_type", "size", "sha256", "by_name", "at", "way", "given_by",
            "given_on",
        )  # fmt: skip

    @extend_schema_field(OpenApiTypes.BOOL)
    def get_file(self, answer: DataAnswer) -> bool:
        return bool(answer.file)


class RequestDetail(RequestRow):
    answers = AnswerRow(many=True)

    class Meta(RequestRow.Meta):
        fields = (*RequestRow.Meta.fields, "answers")  # type: ignore[assignment]


class RequestChange(VersionOnly, serializers.ModelSerializer[DataRequest]):
    section = ById("section", required=False, allow_null=True)
    needed_by = ByCode("institution", required=False, allow_null=True)

    class Meta:
        model = DataRequest
        fields: tuple[str, ...] = ("what", "why", "due", "section", "needed_by", "data_source", "version", "note")


class RequestInput(RequestChange):
    twg = ByCode("twg")
    institutions = ByCode("institution", many=True, help_text="One or several; each gets a request of its own.")

    class Meta(RequestChange.Meta):
        fields = ("twg", "institutions", "what", "why", "due", "section", "needed_by", "data_source")


class RequestFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    institution = serializers.SlugField(required=False, max_length=80)
    section = serializers.IntegerField(required=False, min_value=1)
    state = serializers.ChoiceField(RequestState.choices, required=False)


class ExchangeRow(serializers.Serializer[Any]):
    institution = serializers.CharField(source="code")
    name = serializers.CharField(help_text="In the reader's language.")
    asked = serializers.IntegerField()
    given = serializers.IntegerField(help_text="Answered or received.")
    declined = serializers.IntegerField()
    late = serializers.IntegerField()
    needed = serializers.IntegerField(help_text="What others were asked for its use.")


LOOKUPS = {"twg": "twg__code", "institution": "institution__code"}


class RequestView(SubjectView):
    """What a TWG needs from institutions, and what they answered (S11, S12)."""

    kind_name = "request"
    serializer_class = RequestRow
    detail_class = RequestDetail

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.action == "list":
            return rows
        return rows.prefetch_related(Prefetch("answers", DataAnswer.objects.order_by("number")))

    @extend_schema(parameters=[RequestFilters])
    def list(self, request: Request) -> Response:
        wanted = {LOOKUPS.get(name, name): value for name, value in self.filters(RequestFilters).items()}
        return self.page_of(self.get_queryset().filter(**wanted), RequestRow)

    @extend_schema(request=RequestInput, responses={201: RequestRow(many=True)})
    def create(self, request: Request) -> Response:
        """Ask each institution the same: all are asked, or none."""
        fields = self.asked(RequestInput)
        twg, institutions = fields.pop("twg"), fields.pop("institutions")
        made = services.ask(twg, institutions, fields, actor=request.user)
        return Response(RequestRow(made, many=True, context=self.get_serializer_context()).data, status=201)

    @extend_schema(parameters=[IF_MATCH], request=RequestChange, responses=RequestDetail)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change what is asked while nobody has answered."""
        subject, fields = self.get_object(), self.asked(RequestChange, partial=True)
        fields.pop("version", None)
        note = fields.pop("note", "")
        services.change_request(subject, fields, actor=request.user, version=expected_version(request), note=note)
        return self.shown(subject)

    @extend_schema(
        parameters=[OpenApiParameter("number", int, OpenApiParameter.PATH)],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"], url_path=r"answers/(?P<number>[0-9]{1,4})/file", pagination_class=None)
    def answer_file(self, request: Request, number: str, **kwargs: Any) -> Any:
        """The file of one answer, as it was sent."""
        answer = DataAnswer.objects.filter(request=self.get_object(), number=int(number)).first()
        if answer is None or not answer.file:
            raise Http404
        # The framework has put the token's person on Django's own request.
        return storing.given(request._request, answer, attached=True)

    @extend_schema(parameters=[OfTwg], responses=ExchangeRow(many=True))
    @action(detail=False, methods=["get"], pagination_class=None)
    def exchanges(self, request: Request) -> Response:
        """Who gives data and who uses it in one TWG, by institution; withdrawn requests count for nothing (S12)."""
        twg = get_object_or_404(selectors.twgs(request.user), code=self.filters(OfTwg)["twg"])
        return Response(ExchangeRow(selectors.exchanges(twg), many=True).data)

    @extend_schema(
        parameters=[OfTwg, RequestFilters],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=False, methods=["get"], url_path="export/(?P<form>xlsx|csv)", pagination_class=None)
    def export(self, request: Request, form: str) -> Any:
        """One TWG's list as a spreadsheet, filtered as its page is."""
        # The framework has put the token's person on Django's own request: the page's view asks the same rules.
        return views.data_requests_export(request._request, code=self.filters(OfTwg)["twg"], form=form)


resources: list[tuple[str, type[PalabreView], str]] = [("requests", RequestView, "request")]

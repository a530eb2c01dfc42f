"""Recommendations through the API, for those who read them (S21, S22, S31)."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api import expected_version
from workflow.engine.api_views import IF_MATCH, PalabreView, SubjectView
from workflow.frameworks.models import Framework
from workflow.groups import words
from workflow.groups.services import require
from workflow.writing import storing

from . import issuing, selectors, services, views
from .api_fields import (
    CascadeInput,
    FromMinutes,
    OtherInput,
    RecommendationChange,
    RecommendationDetail,
    RecommendationFilters,
    RecommendationInput,
    RecommendationPlace,
    RecommendationRow,
    RecommendationStanding,
)
from .flow import KEEPERS
from .models import ProgressReport, Recommendation, ReportFile

LOOKUPS = {"twg": "twg__code", "lead": "lead__code", "meeting": "meeting", "cascaded_from": "cascaded_from"}
FILE = {(200, "application/octet-stream"): OpenApiTypes.BINARY}


class RecommendationView(SubjectView):
    """What meetings ask of institutions, on policy or on data, and what became of it."""

    kind_name = "recommendation"
    serializer_class = RecommendationRow
    detail_class = RecommendationDetail

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        found = rows.select_related("twg__region", "twg__project", "lead", "meeting", "item", "section__part")
        if self.action == "list":
            return found.prefetch_related("supporting")
        known = Recommendation.objects.all().visible_to(self.request.user)
        return found.prefetch_related(
            "supporting",
            Prefetch("frameworks", to_attr="known_frameworks", queryset=_frameworks(self.request.user)),
            Prefetch("reports", ProgressReport.objects.order_by("number").prefetch_related("files")),
            Prefetch("similar", known.only("pk"), to_attr="known_similar"),
            Prefetch("cascade", known.only("pk", "cascaded_from"), to_attr="known_cascade"),
        )

    def narrowed(self) -> QuerySet[Any]:
        """What passes the filters."""
        wanted = self.filters(RecommendationFilters)
        rows = self.get_queryset()
        for word in words.fold(wanted.pop("q", "")).split():
            rows = rows.filter(folded__contains=word)
        if wanted.pop("late", False):
            rows = selectors.overdue(rows)
        return rows.filter(**{LOOKUPS.get(name, name): value for name, value in wanted.items()})

    @extend_schema(parameters=[RecommendationFilters])
    def list(self, request: Request) -> Response:
        return self.page_of(self.narrowed().order_by("pk"), RecommendationRow)

    @extend_schema(request=RecommendationInput, responses={201: RecommendationDetail})
    def create(self, request: Request) -> Response:
        """Draft one; it gets its number with the action `issue`."""
        fields = self.asked(RecommendationInput)
        return self.shown(services.draft(fields.pop("twg"), fields, actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=RecommendationChange, responses=RecommendationDetail)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change what is sent: its words until they are answered, all else at any time."""
        subject, fields = self.get_object(), self.asked(RecommendationChange, partial=True)
        fields.pop("version", None)
        note = fields.pop("note", "")
        services.change(subject, fields, actor=request.user, version=expected_version(request), note=note)
        return self.shown(subject)

    @extend_schema(request=FromMinutes, responses={201: RecommendationDetail})
    @action(detail=False, methods=["post"], url_path="from-minutes", pagination_class=None)
    def from_minutes(self, request: Request) -> Response:
        """A decision or an action item of minutes becomes a draft, in its own words."""
        told = self.asked(FromMinutes)
        made = services.from_minutes(told.get("decision") or told["action_item"], told["ground"], actor=request.user)
        return self.shown(made, status=201)

    @extend_schema(request=CascadeInput, responses=RecommendationRow(many=True))
    @action(detail=True, methods=["post"], pagination_class=None)
    def cascade(self, request: Request, **kwargs: Any) -> Response:
        """Hand one of a region's on: each TWG gets an item of its own (S22). What was made is told."""
        subject = self.get_object()
        require(KEEPERS, subject, request.user)
        wanted = {twg.pk for twg in self.asked(CascadeInput)["twgs"]}
        twgs = [twg for twg in issuing.concerned(subject) if twg.pk in wanted]
        made = services.cascade(subject, twgs, actor=request.user)
        rows = self.kind.visible_to(request.user).filter(pk__in=[one.pk for one in made]).order_by("pk")
        return Response(RecommendationRow(rows, many=True, context=self.get_serializer_context()).data)

    @extend_schema(request=OtherInput, responses=RecommendationDetail)
    @action(detail=True, methods=["post"], pagination_class=None)
    def similar(self, request: Request, **kwargs: Any) -> Response:
        """Link it with one that says nearly the same."""
        subject = self.get_object()
        services.liken(subject, self.asked(OtherInput)["other"], actor=request.user)
        return self.shown(subject)

    @extend_schema(request=OtherInput, responses=RecommendationDetail)
    @action(detail=True, methods=["post"], url_path="similar/end", pagination_class=None)
    def similar_end(self, request: Request, **kwargs: Any) -> Response:
        """Take such a link away."""
        subject = self.get_object()
        services.part(subject, self.asked(OtherInput)["other"], actor=request.user)
        return self.shown(subject)

    @extend_schema(
        parameters=[OpenApiParameter("number", int, OpenApiParameter.PATH),
                    OpenApiParameter("file", int, OpenApiParameter.PATH)],
        responses=FILE,
    )  # fmt: skip
    @action(
        detail=True, methods=["get"], pagination_class=None,
        url_path=r"reports/(?P<number>[0-9]{1,4})/files/(?P<file>[0-9]{1,18})",
    )  # fmt: skip
    def report_file(self, request: Request, number: str, file: str, **kwargs: Any) -> Any:
        """A file that shows what a report says."""
        mine = ReportFile.objects.filter(report__recommendation=self.get_object(), report__number=int(number))
        found = mine.filter(pk=int(file)).first()
        if found is None:
            raise Http404
        # The framework has put the token's person on Django's own request.
        return storing.given(request._request, found, attached=True)

    @extend_schema(parameters=[RecommendationFilters], responses=RecommendationStanding)
    @action(detail=False, methods=["get"], pagination_class=None)
    def standing(self, request: Request) -> Response:
        """How the recommendations that pass the filters stand, in numbers."""
        return Response(RecommendationStanding(selectors.standing(self.narrowed())).data)

    @extend_schema(parameters=[RecommendationFilters], responses=RecommendationPlace(many=True))
    @action(detail=False, methods=["get"], url_path="by-twg", pagination_class=None)
    def by_twg(self, request: Request) -> Response:
        """The same, country by country; with `cascaded_from`, the roll-up of one of a region's (S22)."""
        return Response(RecommendationPlace(selectors.by_twg(self.narrowed()), many=True).data)

    @extend_schema(parameters=[RecommendationFilters], responses=FILE)
    @action(detail=False, methods=["get"], url_path="export/(?P<form>xlsx|csv|docx|pdf)", pagination_class=None)
    def export(self, request: Request, form: str) -> Any:
        """The list as Excel, CSV, Word or PDF, filtered as its page is; a long one is made by the worker."""
        # The framework has put the token's person on Django's own request: the page's view asks the same rules.
        return views.recommendations_export(request._request, ending=form)


def _frameworks(person: Any) -> QuerySet[Any]:
    return Framework.objects.all().visible_to(person).order_by("pk")


resources: list[tuple[str, type[PalabreView], str]] = [("recommendations", RecommendationView, "recommendation")]

"""Data plans through the API, for those who read the TWG from the inside (S14, S23-S27)."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine import together
from workflow.engine.api import expected_version
from workflow.engine.api_views import IF_MATCH, PalabreView, SubjectView

from . import api_analyses as analyses
from . import api_fields as fields
from . import files, schedules, selectors, services
from .models import ActionProgress

LOOKUPS = {"twg": "twg__code", "lead": "lead__code", "task_force": "task_force__code"}


def lookups(wanted: dict[str, Any]) -> dict[str, Any]:
    return {LOOKUPS.get(name, name): value for name, value in wanted.items()}


class PlanView(SubjectView):
    """A TWG's data plan; its strategy is a text of the kind `data_plan`, its endorsement an action or a ballot."""

    kind_name = "data_plan"
    serializer_class = fields.DataPlanRow

    @extend_schema(parameters=[fields.DataPlanFilters])
    def list(self, request: Request) -> Response:
        return self.page_of(
            self.get_queryset().filter(**lookups(self.filters(fields.DataPlanFilters))), fields.DataPlanRow
        )

    @extend_schema(request=fields.DataPlanInput, responses={201: fields.DataPlanRow})
    def create(self, request: Request) -> Response:
        told = self.asked(fields.DataPlanInput)
        return self.shown(services.open_plan(told.pop("twg"), told, actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=fields.DataPlanChange, responses=fields.DataPlanRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        plan, told = self.get_object(), self.asked(fields.DataPlanChange, partial=True)
        told.pop("version", None)
        services.change_plan(plan, told, actor=request.user, version=expected_version(request))
        return self.shown(plan)

    @extend_schema(parameters=[IF_MATCH], request=None, responses=fields.DataPlanRow)
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, **kwargs: Any) -> Response:
        """Ask by mail whoever leads unfinished actions how far they are."""
        plan = self.get_object()
        services.ask_progress(plan, actor=request.user, version=expected_version(request))
        return self.shown(plan)

    def _schedule(self, request: Request) -> schedules.Schedule:
        found = selectors.actions(request.user).filter(plan=self.get_object()).exclude(state="dropped")
        return schedules.schedule(found.order_by(*selectors.BY_START), request.user)

    @extend_schema(responses=analyses.ScheduleRow(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def schedule(self, request: Request, **kwargs: Any) -> Response:
        """The actions in time: how long each takes, what it needs, its room, the critical path."""
        return Response(analyses.ScheduleRow(schedules.rows_of(self._schedule(request)), many=True).data)

    @extend_schema(parameters=[analyses.SlipQuestion], responses=analyses.SlipRow(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def slips(self, request: Request, **kwargs: Any) -> Response:
        """What slips, and by how much, when one action ends so many days later."""
        asked = self.filters(analyses.SlipQuestion)
        return Response(analyses.SlipRow(self._schedule(request).slips(asked["action"], asked["days"]), many=True).data)

    @extend_schema(responses=analyses.SumRow(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def totals(self, request: Request, **kwargs: Any) -> Response:
        """Costs and commitments, for each currency by itself."""
        plan = self.get_object()
        own = selectors.actions(request.user).filter(plan=plan)
        return Response(analyses.SumRow(together.answer(selectors.money_of(own)).sums, many=True).data)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], url_path="export/(?P<ending>docx|pdf)", pagination_class=None)
    def export(self, request: Request, ending: str, **kwargs: Any) -> Any:
        """Strategy, actions, schedule and money as a document."""
        # The framework has put the token's person on Django's own request: the page's view asks the same rules.
        return files.plan_export(request._request, pk=self.get_object().pk, ending=ending)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], url_path="actions/export/(?P<ending>xlsx|csv)", pagination_class=None)
    def export_actions(self, request: Request, ending: str, **kwargs: Any) -> Any:
        """The actions as a spreadsheet, filtered as the plan's page is."""
        return files.actions_export(request._request, pk=self.get_object().pk, ending=ending)


class ActionView(SubjectView):
    """Actions of data plans; their states and progress reports are actions of theirs in the API's sense."""

    kind_name = "data_action"
    serializer_class = fields.DataActionRow
    detail_class = fields.DataActionDetail

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.action == "list":
            return rows
        reports = ActionProgress.objects.select_related("action__twg").order_by("-number")
        return selectors.with_everything(rows, self.request.user).prefetch_related(
            "publications", Prefetch("reports", reports)
        )

    @extend_schema(parameters=[fields.DataActionFilters])
    def list(self, request: Request) -> Response:
        found = self.get_queryset().filter(**lookups(self.filters(fields.DataActionFilters)))
        return self.page_of(found.order_by("pk"), fields.DataActionRow)

    @extend_schema(request=fields.DataActionInput, responses={201: fields.DataActionDetail})
    def create(self, request: Request) -> Response:
        told = self.asked(fields.DataActionInput)
        plan, needs = told.pop("plan"), told.pop("needs", [])
        return self.shown(services.plan_action(plan, told, actor=request.user, needs=needs), status=201)

    @extend_schema(parameters=[IF_MATCH], request=fields.DataActionChange, responses=fields.DataActionDetail)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        subject, told = self.get_object(), self.asked(fields.DataActionChange, partial=True)
        told.pop("version", None)
        note, needs = told.pop("note", ""), told.pop("needs", None)
        services.change_action(
            subject, told, actor=request.user, needs=needs, version=expected_version(request), note=note
        )
        return self.shown(subject)


class CommitmentView(SubjectView):
    """What pays for actions (S26): announced, requested, approved, disbursed."""

    kind_name = "commitment"
    serializer_class = fields.CommitmentRow

    @extend_schema(parameters=[fields.OfTwg])
    def list(self, request: Request) -> Response:
        wanted = {f"action__{name}__code": value for name, value in self.filters(fields.OfTwg).items()}
        return self.page_of(self.get_queryset().filter(**wanted).order_by("pk"), fields.CommitmentRow)

    @extend_schema(request=fields.CommitmentInput, responses={201: fields.CommitmentRow})
    def create(self, request: Request) -> Response:
        told = self.asked(fields.CommitmentInput)
        return self.shown(services.commit(told.pop("action"), told, actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=fields.CommitmentChange, responses=fields.CommitmentRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        subject, told = self.get_object(), self.asked(fields.CommitmentChange, partial=True)
        told.pop("version", None)
        services.change_commitment(subject, told, actor=request.user, version=expected_version(request))
        return self.shown(subject)


class OutputView(SubjectView):
    """What task forces are to deliver (S24)."""

    kind_name = "output"
    serializer_class = fields.OutputRow

    @extend_schema(parameters=[fields.OfTwg])
    def list(self, request: Request) -> Response:
        return self.page_of(self.get_queryset().filter(**lookups(self.filters(fields.OfTwg))), fields.OutputRow)

    @extend_schema(request=fields.OutputInput, responses={201: fields.OutputRow})
    def create(self, request: Request) -> Response:
        told = self.asked(fields.OutputInput)
        return self.shown(services.record_output(told.pop("twg"), told, actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=fields.OutputChange, responses=fields.OutputRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        subject, told = self.get_object(), self.asked(fields.OutputChange, partial=True)
        told.pop("version", None)
        services.change_output(subject, told, actor=request.user, version=expected_version(request))
        return self.shown(subject)


resources: list[tuple[str, type[PalabreView], str]] = [
    ("data-plans", PlanView, "data-plan"),
    ("data-actions", ActionView, "data-action"),
    ("commitments", CommitmentView, "commitment"),
    ("outputs", OutputView, "output"),
]

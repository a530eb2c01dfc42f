"""Ballots through the API: prepared, opened, voted in, counted, by the same services and rights as on the pages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api import expected_version
from workflow.engine.api_views import IF_MATCH, PalabreView, SubjectView
from workflow.groups.models import Institution

from . import preparing, proposing, selectors, services, views
from . import record as signed
from .api_fields import (
    BallotChange,
    BallotDetail,
    BallotFilters,
    BallotInput,
    BallotRow,
    Deadline,
    LaterDeadline,
    Receipt,
    RecordInput,
    VoteInput,
    WithReason,
)
from .api_themes import ThemeView
from .models import BallotState, Way
from .services import Said


def about(fields: dict[str, Any]) -> dict[str, Any]:
    """What is voted on follows from the draft."""
    draft = fields.get("draft")
    if draft is not None:
        fields |= {"about_kind": draft.text.subject_kind, "about_id": draft.text.subject_id}
    return fields


def said(fields: dict[str, Any]) -> Said:
    return Said(fields["choice"], fields["words"], tuple(fields["ranking"]))


class BallotView(SubjectView):
    """Questions put to a TWG's voting institutions (S08, S16, S34, S44), for those who read it from the inside."""

    kind_name = "ballot"
    serializer_class = BallotRow
    detail_class = BallotDetail

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("twg__region", "terms", "draft__text").order_by("-pk")

    @extend_schema(parameters=[BallotFilters])
    def list(self, request: Request) -> Response:
        wanted = {"twg__code" if n == "twg" else n: value for n, value in self.filters(BallotFilters).items()}
        return self.page_of(self.get_queryset().filter(**wanted), BallotRow)

    @extend_schema(request=BallotInput, responses={201: BallotDetail})
    def create(self, request: Request) -> Response:
        fields = about(self.asked(BallotInput))
        twg, institutions, options = fields.pop("twg"), fields.pop("quorum_institutions", []), fields.pop("options", [])
        made = preparing.draft_ballot(twg, fields, actor=request.user, institutions=institutions, options=options)
        return self.shown(made, status=201)

    @extend_schema(parameters=[IF_MATCH], request=BallotChange, responses=BallotDetail)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        ballot, fields = self.get_object(), about(self.asked(BallotChange, partial=True))
        for name in ("version", "note"):
            fields.pop(name, None)
        told = {"institutions": fields.pop("quorum_institutions", None), "version": expected_version(request)}
        options, chosen = fields.pop("options", None), fields.pop("themes", None)
        if chosen is not None:
            proposing.change_question(ballot, fields, chosen, actor=request.user, **told)
        else:
            preparing.change_ballot(ballot, fields, actor=request.user, options=options, **told)
        return self.shown(ballot)

    @extend_schema(request=VoteInput, responses={201: Receipt})
    @action(detail=True, methods=["post"], serializer_class=Receipt)
    def votes(self, request: Request, **kwargs: Any) -> Response:
        """Cast or change an institution's vote."""
        fields = self.asked(VoteInput)
        vote = services.cast(
            self.get_object(), fields["institution"].pk, said(fields), actor=request.user, number=fields["number"],
            way=Way.API,
        )  # fmt: skip
        return Response(Receipt(vote).data, status=201)

    @extend_schema(request={"multipart/form-data": RecordInput}, responses={201: Receipt})
    @action(detail=True, methods=["post"], serializer_class=Receipt, url_path="recorded-votes")
    def recorded_votes(self, request: Request, **kwargs: Any) -> Response:
        """Record a vote given on paper or in the room, with its evidence."""
        fields = self.asked(RecordInput)
        vote = services.record(
            self.get_object(), fields["institution"].pk, said(fields), actor=request.user, way=Way(fields["way"]),
            evidence=fields["evidence"], number=fields["number"],
        )  # fmt: skip
        return Response(Receipt(vote).data, status=201)

    @extend_schema(request=WithReason, responses=BallotDetail)
    @action(detail=True, methods=["post"])
    def dispute(self, request: Request, **kwargs: Any) -> Response:
        """Say that a vote recorded for the institution was not its own."""
        return self._with_reason(services.dispute)

    @extend_schema(request=WithReason, responses=BallotDetail)
    @action(detail=True, methods=["post"])
    def recuse(self, request: Request, **kwargs: Any) -> Response:
        """Take no part in the ballot."""
        return self._with_reason(services.recuse)

    def _with_reason(self, service: Any) -> Response:
        ballot, fields = self.get_object(), self.asked(WithReason)
        institution: Institution = fields["institution"]
        service(ballot, institution.pk, actor=self.request.user, note=fields["note"])
        return self.shown(ballot)

    @extend_schema(parameters=[IF_MATCH], request=LaterDeadline, responses=BallotDetail)
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, **kwargs: Any) -> Response:
        """A later deadline, with the reason as `note`."""
        ballot, fields = self.get_object(), self.asked(LaterDeadline)
        preparing.extend(
            ballot, fields["deadline"], actor=request.user, note=fields.get("note", ""),
            version=expected_version(request),
        )  # fmt: skip
        return self.shown(ballot)

    @extend_schema(request=Deadline, responses={201: BallotDetail})
    @action(detail=True, methods=["post"])
    def repeat(self, request: Request, **kwargs: Any) -> Response:
        """Prepare a second ballot on the same question."""
        made = preparing.repeat(self.get_object(), self.asked(Deadline)["deadline"], actor=request.user)
        return self.shown(made, status=201)

    @extend_schema(
        parameters=[OpenApiParameter("number", int, OpenApiParameter.PATH)],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"], url_path=r"evidence/(?P<number>[0-9]{1,12})", pagination_class=None)
    def evidence(self, request: Request, number: str, **kwargs: Any) -> Any:
        """The page on which a recorded vote was given; `number` is the vote's `id`."""
        # The framework has put the token's person on Django's own request.
        return views.evidence_of(request._request, self.get_object(), int(number))

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"], pagination_class=None)
    def record(self, request: Request, **kwargs: Any) -> Response:
        """The signed record of a closed ballot, for those who may read every vote."""
        ballot = self.get_object()
        if ballot.state != BallotState.CLOSED or not selectors.reads_votes(ballot, request.user):
            raise Http404
        return Response(signed.record_of(ballot))


resources: list[tuple[str, type[PalabreView], str]] = [
    ("ballots", BallotView, "ballot"),
    ("themes", ThemeView, "theme"),
]

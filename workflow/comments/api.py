"""Comment rounds and comments through the API, by the same services and rights as on the pages (S13)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api import expected_version, stated_version
from workflow.engine.api_schema import VersionOnly
from workflow.engine.api_views import IF_MATCH, PalabreView, SubjectView
from workflow.engine.services import without

from . import answering, clearance, remarks, selectors, services, standing, threads
from .api_fields import (
    AlikeInput,
    AskedRow,
    ClearanceInput,
    Extension,
    ForInstitution,
    Institutions,
    MineRow,
    MuteInput,
    RemarkChange,
    RemarkFilters,
    RemarkInput,
    RemarkRow,
    ReplyInput,
    RoundChange,
    RoundFilters,
    RoundInput,
    RoundRow,
)
from .matrix_api import MatrixActions
from .models import Remark, Round


class RoundView(MatrixActions, SubjectView):
    """Comment rounds of the drafts that the reader reads; one among institutions, for those who take part in it."""

    kind_name = "round"
    serializer_class = RoundRow

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("twg__region", "draft__text__twg").order_by("-pk")

    @extend_schema(parameters=[RoundFilters])
    def list(self, request: Request) -> Response:
        wanted = {"twg__code" if n == "twg" else n: value for n, value in self.filters(RoundFilters).items()}
        return self.page_of(self.get_queryset().filter(**wanted), RoundRow)

    @extend_schema(request=RoundInput, responses={201: RoundRow})
    def create(self, request: Request) -> Response:
        fields = self.asked(RoundInput)
        twg, draft, institutions = fields.pop("twg"), fields.pop("draft"), fields.pop("institutions", [])
        made = services.plan_round(twg, draft, fields, institutions, actor=request.user)
        return self.shown(made, status=201)

    @extend_schema(parameters=[IF_MATCH], request=RoundChange, responses=RoundRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        round_, fields = self.get_object(), self.asked(RoundChange, partial=True)
        institutions = fields.pop("institutions", None)
        told = without(fields, "version", "note")
        services.change_round(round_, told, institutions, actor=request.user, version=expected_version(request))
        return self.shown(round_)

    @extend_schema(responses=AskedRow(many=True))
    @action(detail=True, methods=["get"], url_path="asked")
    def asked_institutions(self, request: Request, **kwargs: Any) -> Response:
        """Who is asked, and who has answered."""
        return self.page_of(standing.lines(self.get_object()), AskedRow)

    @extend_schema(parameters=[IF_MATCH], request=Institutions, responses=RoundRow)
    @action(detail=True, methods=["post"], url_path="ask")
    def ask_more(self, request: Request, **kwargs: Any) -> Response:
        """Ask further institutions in an open round."""
        round_, fields = self.get_object(), self.asked(Institutions)
        services.ask_more(round_, fields["institutions"], actor=request.user, version=expected_version(request))
        return self.shown(round_)

    @extend_schema(parameters=[IF_MATCH], request=Extension, responses=RoundRow)
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, **kwargs: Any) -> Response:
        """A later deadline, with the reason as `note`."""
        round_, fields = self.get_object(), self.asked(Extension)
        services.extend(
            round_, fields["deadline"], actor=request.user, note=fields.get("note", ""),
            version=expected_version(request),
        )  # fmt: skip
        return self.shown(round_)

    @extend_schema(parameters=[IF_MATCH], request=VersionOnly, responses=RoundRow)
    @action(detail=True, methods=["post"])
    def remind(self, request: Request, **kwargs: Any) -> Response:
        """Mail to those who have not answered."""
        round_ = self.get_object()
        services.remind(round_, actor=request.user, version=expected_version(request))
        return self.shown(round_)

    @extend_schema(request=ForInstitution, responses=RoundRow)
    @action(detail=True, methods=["post"])
    def nothing(self, request: Request, **kwargs: Any) -> Response:
        """“No comments”, as the institution's answer."""
        round_, fields = self.get_object(), self.asked(ForInstitution)
        services.say_nothing(
            round_, actor=request.user, institution=fields.get("institution"), version=stated_version(request)
        )
        return self.shown(round_)

    @extend_schema(responses=MineRow)
    @action(detail=True, methods=["get"])
    def mine(self, request: Request, **kwargs: Any) -> Response:
        """What one's own institution has said in the round and keeps inside; 404 for who speaks for none asked."""
        found = selectors.mine(self.get_object(), request.user)
        if found is None:
            raise Http404
        return Response(MineRow(found).data)

    @extend_schema(request=ClearanceInput, responses=MineRow)
    @action(detail=True, methods=["post"])
    def clearance(self, request: Request, **kwargs: Any) -> Response:
        """Whether comments are cleared within the institution first, in all rounds of the TWG; its focal point's."""
        round_, on = self.get_object(), self.asked(ClearanceInput)["on"]
        institution = services.own_institution(round_, request.user)
        clearance.switch(round_.twg, institution, on=on, actor=request.user)
        return Response(MineRow(selectors.mine(round_, request.user)).data)

    @extend_schema(request=ForInstitution, responses=RemarkRow(many=True))
    @action(detail=True, methods=["post"], pagination_class=None)
    def submit(self, request: Request, **kwargs: Any) -> Response:
        """Submit all that is inside the institution, as one voice."""
        round_, fields = self.get_object(), self.asked(ForInstitution)
        institution = fields.get("institution") or services.own_institution(round_, request.user)
        made = remarks.submit_all(round_, institution, actor=request.user)
        return Response(RemarkRow(made, many=True, context=self.get_serializer_context()).data)


LOOKUPS = {"institution": "institution__code", "thread": "thread_id"}


class RemarkView(SubjectView):
    """Comments and replies that the reader may read: submitted ones, and those inside their own institution."""

    kind_name = "remark"
    serializer_class = RemarkRow

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.with_all().order_by("thread_id", "order")  # type: ignore[attr-defined]

    @extend_schema(parameters=[RemarkFilters])
    def list(self, request: Request) -> Response:
        wanted = {LOOKUPS.get(name, name): value for name, value in self.filters(RemarkFilters).items()}
        return self.page_of(self.get_queryset().filter(**wanted), RemarkRow)

    @extend_schema(request=RemarkInput, responses={201: RemarkRow})
    def create(self, request: Request) -> Response:
        """Comment for one's institution."""
        fields = self.asked(RemarkInput)
        round_: Round = fields.pop("round")
        made = remarks.remark(
            round_, fields.pop("comment"), actor=request.user, section=fields.pop("section", None),
            institution=fields.pop("institution", None), inside=fields.pop("inside"),
            followup=fields.pop("followup"), fields=fields,
        )  # fmt: skip
        return self.shown(made, status=201)

    @extend_schema(parameters=[IF_MATCH], request=RemarkChange, responses=RemarkRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Another wording while it is inside the institution."""
        remark, fields = self.get_object(), self.asked(RemarkChange, partial=True)
        told = {name: getattr(remark, name) for name in remarks.TOLD} | without(fields, "version", "note", "comment")
        words = fields.get("comment", remark.comment)
        remarks.change_remark(remark, words, told, actor=request.user, version=expected_version(request))
        return self.shown(remark)

    @extend_schema(request=ReplyInput, responses={201: RemarkRow})
    @action(detail=True, methods=["post"])
    def replies(self, request: Request, **kwargs: Any) -> Response:
        """A word in the thread below it."""
        fields = self.asked(ReplyInput)
        made = threads.reply(self.get_object(), fields["comment"], actor=request.user, followup=fields["followup"])
        return self.shown(made, status=201)

    @extend_schema(request=VersionOnly, responses=RemarkRow)
    @action(detail=True, methods=["post"])
    def flag(self, request: Request, **kwargs: Any) -> Response:
        """Ask for the chair's attention, with the reason as `note`."""
        remark, fields = self.get_object(), self.asked(VersionOnly)
        threads.flag(remark, actor=request.user, note=fields.get("note", ""), version=stated_version(request))
        return self.shown(remark)

    @extend_schema(request=VersionOnly, responses=RemarkRow)
    @action(detail=True, methods=["post"])
    def unflag(self, request: Request, **kwargs: Any) -> Response:
        """Say in `note` what was done about it; the flags are taken away."""
        remark, fields = self.get_object(), self.asked(VersionOnly)
        threads.unflag(remark, actor=request.user, note=fields.get("note", ""), version=stated_version(request))
        return self.shown(remark)

    @extend_schema(request=MuteInput, responses={204: None})
    @action(detail=True, methods=["post"])
    def mute(self, request: Request, **kwargs: Any) -> Response:
        """No more mail about the thread, or mail again."""
        threads.mute(self.get_object(), request.user, on=self.asked(MuteInput)["on"])
        return Response(status=204)

    @extend_schema(parameters=[IF_MATCH], request=AlikeInput, responses=RemarkRow(many=True))
    @action(detail=True, methods=["post"], url_path="answer-alike", pagination_class=None)
    def answer_alike(self, request: Request, **kwargs: Any) -> Response:
        """The same answer to this comment and to others that say the same: all, or none."""
        remark: Remark = self.get_object()
        fields = self.asked(AlikeInput)
        others = fields.pop("alike", [])
        told = without(fields, "version")
        made = answering.answer_alike(remark, others, told, actor=request.user, version=expected_version(request))
        return Response(RemarkRow(made, many=True, context=self.get_serializer_context()).data)


resources: list[tuple[str, type[PalabreView], str]] = [
    ("rounds", RoundView, "round"),
    ("comments", RemarkView, "remark"),
]

"""Ballots through the API: prepared, opened, voted in, counted, by the same services and rights as on the pages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api import expected_version
from workflow.engine.api_schema import VersionOnly
from workflow.engine.api_views import IF_MATCH, PalabreView, SubjectView
from workflow.groups.api_fields import ByCode, ById, InstitutionBrief, Names
from workflow.groups.models import Institution

from . import record, selectors, services
from .models import Ballot, BallotForm, BallotState, Decided, Option, VoteChoice, Way
from .services import Said

FIELDS = (
    "question", "explanation", "draft", "rule", "quorum_percent", "quorum_categories", "quorum_institutions", "secrecy",
    "winners", "deadline", "reminder_days",
)  # fmt: skip


class OptionRow(serializers.ModelSerializer[Option]):
    titles = Names()

    class Meta:
        model = Option
        fields = ("number", "titles")


class BallotRow(serializers.ModelSerializer[Ballot]):
    twg = serializers.CharField(source="twg.code")
    terms = serializers.IntegerField(source="terms_id", allow_null=True)
    repeats = serializers.IntegerField(source="repeats_id", allow_null=True)

    class Meta:
        model = Ballot
        fields = (
            "id", "version", "twg", "form", "about_kind", "about_id", "draft", "question", "explanation", "state",
            "decided", "rule", "quorum_percent", "quorum_categories", "secrecy", "winners", "deadline", "reminder_days",
            "repeats", "terms", "text_sha256", "opened_at", "closed_at",
        )  # fmt: skip


class VoteRow(serializers.Serializer[Any]):
    """A vote as the reader may know it; null while votes are hidden."""

    choice = serializers.ChoiceField(VoteChoice.choices)
    ranking = serializers.ListField(child=serializers.IntegerField())
    words = serializers.CharField()
    way = serializers.ChoiceField(Way.choices)
    at = serializers.DateTimeField()
    receipt = serializers.CharField()


class RollRow(serializers.Serializer[Any]):
    institution = InstitutionBrief(source="elector.institution")
    recused = serializers.SerializerMethodField()
    voted = serializers.BooleanField()
    left = serializers.BooleanField(help_text="It has left the TWG since the ballot opened.")
    vote = VoteRow(allow_null=True)

    @extend_schema_field(OpenApiTypes.BOOL)
    def get_recused(self, row: selectors.Row) -> bool:
        return row.elector.recused_at is not None


class BallotDetail(BallotRow):
    options = OptionRow(many=True)
    quorum_institutions = InstitutionBrief(many=True)
    entitled = serializers.SerializerMethodField()
    voted = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField(help_text="The count and why it decides; null while it is hidden.")
    roll = serializers.SerializerMethodField()

    class Meta(BallotRow.Meta):
        fields = (  # type: ignore[assignment]
            *BallotRow.Meta.fields, "options", "quorum_institutions", "entitled", "voted", "result", "roll",
        )  # fmt: skip

    def _standing(self, ballot: Ballot) -> selectors.Standing:
        kept: dict[int, selectors.Standing] = self.__dict__.setdefault("_standings", {})
        if ballot.pk not in kept:
            kept[ballot.pk] = selectors.standing(ballot, self.context["request"].user)
        return kept[ballot.pk]

    @extend_schema_field(OpenApiTypes.INT)
    def get_entitled(self, ballot: Ballot) -> int:
        return self._standing(ballot).entitled

    @extend_schema_field(OpenApiTypes.INT)
    def get_voted(self, ballot: Ballot) -> int:
        return self._standing(ballot).voted

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_result(self, ballot: Ballot) -> dict[str, Any] | None:
        standing = self._standing(ballot)
        if standing.result is None:
            return None
        found = standing.result
        return {
            "outcome": found.outcome.value, "sentence": str(found.sentence), "standing": found.standing.value,
            "because": str(found.because), **selectors.counted(found),
            "ranking": [{"option": o.number, "points": p.points, "chosen": p.chosen} for o, p in standing.places],
        }  # fmt: skip

    @extend_schema_field(RollRow(many=True))
    def get_roll(self, ballot: Ballot) -> Any:
        return RollRow(self._standing(ballot).rows, many=True, context=self.context).data


class BallotChange(VersionOnly, serializers.ModelSerializer[Ballot]):
    draft = ById("draft", required=False, allow_null=True)
    quorum_institutions = ByCode("institution", many=True, required=False)
    options = OptionRow(many=True, required=False)

    class Meta:
        model = Ballot
        fields: tuple[str, ...] = (*FIELDS, "options", "version")


class BallotInput(BallotChange):
    twg = ByCode("twg")
    form = serializers.ChoiceField(BallotForm.choices, required=False)

    class Meta(BallotChange.Meta):
        fields = ("twg", "form", *FIELDS, "options")


class BallotFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    state = serializers.ChoiceField(BallotState.choices, required=False)
    decided = serializers.ChoiceField(Decided.choices, required=False)


class ForInstitution(serializers.Serializer[Any]):
    institution = ByCode("institution")


class VoteInput(ForInstitution):
    choice = serializers.ChoiceField(VoteChoice.choices)
    words = serializers.CharField(required=False, allow_blank=True, default="", max_length=8000)
    ranking = serializers.ListField(child=serializers.IntegerField(min_value=1), required=False, default=list)
    number = serializers.IntegerField(
        min_value=0, help_text="How many votes of the institution you have seen: 409 when there are more."
    )


class RecordInput(VoteInput):
    way = serializers.ChoiceField([Way.PAPER, Way.ROOM])
    evidence = serializers.FileField()


class WithReason(ForInstitution):
    note = serializers.CharField(max_length=2000)


class Extension(VersionOnly):
    deadline = serializers.DateTimeField()


class Deadline(serializers.Serializer[Any]):
    deadline = serializers.DateTimeField()


class Receipt(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    choice = serializers.CharField()
    receipt = serializers.CharField(help_text="SHA-256 over the vote; it stands in the ballot's history.")
    at = serializers.DateTimeField()


def about(fields: dict[str, Any]) -> dict[str, Any]:
    """What is voted on follows from the draft."""
    draft = fields.get("draft")
    if draft is not None:
        fields |= {"about_kind": draft.text.subject_kind, "about_id": draft.text.subject_id}
    return fields


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
        made = services.draft_ballot(twg, fields, actor=request.user, institutions=institutions, options=options)
        return self.shown(made, status=201)

    @extend_schema(parameters=[IF_MATCH], request=BallotChange, responses=BallotDetail)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        ballot, fields = self.get_object(), about(self.asked(BallotChange, partial=True))
        for name in ("version", "note"):
            fields.pop(name, None)
        institutions, options = fields.pop("quorum_institutions", None), fields.pop("options", None)
        services.change_ballot(
            ballot, fields, actor=request.user, institutions=institutions, options=options,
            version=expected_version(request),
        )  # fmt: skip
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
    def recorded(self, request: Request, **kwargs: Any) -> Response:
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

    @extend_schema(parameters=[IF_MATCH], request=Extension, responses=BallotDetail)
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, **kwargs: Any) -> Response:
        """A later deadline, with the reason as `note`."""
        ballot, fields = self.get_object(), self.asked(Extension)
        services.extend(
            ballot, fields["deadline"], actor=request.user, note=fields.get("note", ""),
            version=expected_version(request),
        )  # fmt: skip
        return self.shown(ballot)

    @extend_schema(request=Deadline, responses={201: BallotDetail})
    @action(detail=True, methods=["post"])
    def repeat(self, request: Request, **kwargs: Any) -> Response:
        """Prepare a second ballot on the same question."""
        made = services.repeat(self.get_object(), self.asked(Deadline)["deadline"], actor=request.user)
        return self.shown(made, status=201)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"], pagination_class=None)
    def record(self, request: Request, **kwargs: Any) -> Response:
        """The signed record of a closed ballot, for those who may read every vote."""
        ballot = self.get_object()
        if ballot.state != BallotState.CLOSED or not selectors.reads_votes(ballot, request.user):
            raise Http404
        return Response(record.record_of(ballot))


def said(fields: dict[str, Any]) -> Said:
    return Said(fields["choice"], fields["words"], tuple(fields["ranking"]))


resources: list[tuple[str, type[PalabreView], str]] = [("ballots", BallotView, "ballot")]

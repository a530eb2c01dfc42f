"""What the API says of data plans, actions, commitments and outputs, and what it takes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from workflow.engine.api_schema import VersionOnly
from workflow.groups import access
from workflow.groups.api_fields import ByCode, ById, InstitutionBrief, Names, Texts

from .models import ActionKind, ActionProgress, Commitment, DataAction, DataActionState, DataPlan, Output, PlanState


class DataPlanRow(serializers.ModelSerializer[DataPlan]):
    twg = serializers.CharField(source="twg.code")
    titles = Names()
    title = serializers.CharField(read_only=True, help_text="In the reader's language.")
    summaries = Texts()
    endorsed_in = serializers.IntegerField(
        source="endorsed_in_id", allow_null=True, help_text="The ballot that endorsed it."
    )

    class Meta:
        model = DataPlan
        fields: tuple[str, ...] = (
            "id", "version", "twg", "number", "titles", "title", "summaries", "state", "endorsed_on", "endorsed_in",
            "confidence", "source",
        )  # fmt: skip


class DataPlanChange(VersionOnly, serializers.ModelSerializer[DataPlan]):
    titles = Names()
    summaries = Texts(required=False)

    class Meta:
        model = DataPlan
        fields: tuple[str, ...] = ("titles", "summaries", "confidence", "source", "version")


class DataPlanInput(DataPlanChange):
    twg = ByCode("twg")

    class Meta(DataPlanChange.Meta):
        fields = ("twg", "titles", "summaries", "confidence", "source")


class DataPlanFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    state = serializers.ChoiceField(PlanState.choices, required=False)


class CommitmentBrief(serializers.ModelSerializer[Commitment]):
    institution = InstitutionBrief(allow_null=True)
    statements = Texts()

    class Meta:
        model = Commitment
        fields: tuple[str, ...] = (
            "id", "version", "institution", "payer", "statements", "amount", "currency", "fiscal_year", "status",
            "confidence", "source",
        )  # fmt: skip


class CommitmentRow(CommitmentBrief):
    action = serializers.IntegerField(source="action_id")

    class Meta(CommitmentBrief.Meta):
        fields = ("action", *CommitmentBrief.Meta.fields)


class CommitmentChange(VersionOnly, serializers.ModelSerializer[Commitment]):
    institution = ByCode("institution", required=False, allow_null=True)
    statements = Texts(required=False)

    class Meta:
        model = Commitment
        fields: tuple[str, ...] = (
            "institution", "payer", "statements", "amount", "currency", "fiscal_year", "confidence", "source",
            "version",
        )  # fmt: skip


class CommitmentInput(CommitmentChange):
    action = ById("data_action")

    class Meta(CommitmentChange.Meta):
        fields = ("action", *(name for name in CommitmentChange.Meta.fields if name != "version"))


class DataActionRow(serializers.ModelSerializer[DataAction]):
    twg = serializers.CharField(source="twg.code")
    plan = serializers.IntegerField(source="plan_id")
    titles = Names()
    title = serializers.CharField(read_only=True, help_text="In the reader's language.")
    descriptions = Texts()
    lead = InstitutionBrief(allow_null=True)
    others = Texts()
    expert_name = serializers.SerializerMethodField(help_text="For those who may read names; else empty.")
    expert_roles = Texts()
    expert_institution = InstitutionBrief(allow_null=True)
    task_force = serializers.CharField(source="task_force.code", default=None, allow_null=True)
    days_late = serializers.IntegerField(help_text="Whole days past the last day that its date can be; 0 if not late.")
    decision = serializers.IntegerField(source="decision_id", allow_null=True)
    recommendation = serializers.IntegerField(source="recommendation_id", allow_null=True)

    class Meta:
        model = DataAction
        fields: tuple[str, ...] = (
            "id", "version", "twg", "plan", "kind", "titles", "title", "descriptions", "lead", "others", "expert_name",
            "expert_roles", "expert_institution", "task_force", "starts", "due", "days_late", "cost", "currency",
            "decision", "recommendation", "state", "blocked_by", "percent", "done_on", "confidence", "source",
        )  # fmt: skip

    @extend_schema_field(OpenApiTypes.STR)
    def get_expert_name(self, action: DataAction) -> str:
        named = access.may_read_addresses(self.context["request"].user, action.twg)
        return action.expert_name if named else ""


class ProgressRow(serializers.ModelSerializer[ActionProgress]):
    by_name = serializers.SerializerMethodField(help_text="For those who may read names; else empty.")

    class Meta:
        model = ActionProgress
        fields = ("number", "percent", "words", "by_name", "institution", "at")

    @extend_schema_field(OpenApiTypes.STR)
    def get_by_name(self, report: ActionProgress) -> str:
        named = access.may_read_addresses(self.context["request"].user, report.action.twg)
        return report.by_name if named else ""


class DataActionDetail(DataActionRow):
    """With what hangs on it, as far as the reader may know of it."""

    contributors = InstitutionBrief(many=True)
    needs = serializers.SerializerMethodField(help_text="The numbers of the actions that it needs first.")
    data_sources = serializers.PrimaryKeyRelatedField[Any](many=True, read_only=True)
    gaps = serializers.PrimaryKeyRelatedField[Any](many=True, read_only=True)
    publications = serializers.PrimaryKeyRelatedField[Any](many=True, read_only=True)
    commitments = CommitmentBrief(many=True)
    reports = ProgressRow(many=True)

    class Meta(DataActionRow.Meta):
        fields = (
            *DataActionRow.Meta.fields, "contributors", "needs", "data_sources", "gaps", "publications", "commitments",
            "reports",
        )  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_needs(self, action: DataAction) -> list[int]:
        return [one.needs_id for one in action.dependencies.all()]


class DataActionChange(VersionOnly, serializers.ModelSerializer[DataAction]):
    titles = Names()
    descriptions = Texts(required=False)
    others = Texts(required=False)
    expert_roles = Texts(required=False)
    lead = ByCode("institution", required=False, allow_null=True)
    contributors = ByCode("institution", many=True, required=False)
    expert_institution = ByCode("institution", required=False, allow_null=True)
    task_force = ByCode("twg", required=False, allow_null=True)
    needs = ById("data_action", many=True, required=False)
    decision = ById("meeting_decision", required=False, allow_null=True)
    recommendation = ById("recommendation", required=False, allow_null=True)
    data_sources = ById("data_source", many=True, required=False)
    gaps = ById("data_gap", many=True, required=False)
    publications = ById("publication", many=True, required=False)

    class Meta:
        model = DataAction
        fields: tuple[str, ...] = (
            "kind", "titles", "descriptions", "lead", "contributors", "others", "expert_name", "expert_roles",
            "expert_institution", "task_force", "starts", "due", "needs", "cost", "currency", "decision",
            "recommendation", "data_sources", "gaps", "publications", "confidence", "source", "version", "note",
        )  # fmt: skip


class DataActionInput(DataActionChange):
    plan = ById("data_plan")

    class Meta(DataActionChange.Meta):
        fields = ("plan", *(name for name in DataActionChange.Meta.fields if name not in ("version", "note")))


class DataActionFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    plan = serializers.IntegerField(required=False, min_value=1)
    state = serializers.ChoiceField(DataActionState.choices, required=False)
    kind = serializers.ChoiceField(ActionKind.choices, required=False)
    lead = serializers.SlugField(required=False, max_length=80)
    task_force = serializers.SlugField(required=False, max_length=80)


class OutputRow(serializers.ModelSerializer[Output]):
    twg = serializers.CharField(source="twg.code", help_text="The task force.")
    action = serializers.IntegerField(source="action_id", allow_null=True)
    titles = Names()
    title = serializers.CharField(read_only=True, help_text="In the reader's language.")

    class Meta:
        model = Output
        fields = (
            "id", "version", "twg", "action", "titles", "title", "due", "delivered_on", "url", "state", "confidence",
            "source",
        )  # fmt: skip


class OutputChange(VersionOnly, serializers.ModelSerializer[Output]):
    titles = Names()
    action = ById("data_action", required=False, allow_null=True)

    class Meta:
        model = Output
        fields: tuple[str, ...] = ("titles", "action", "due", "url", "confidence", "source", "version")


class OutputInput(OutputChange):
    twg = ByCode("twg")

    class Meta(OutputChange.Meta):
        fields = ("twg", "titles", "action", "due", "url", "confidence", "source")


class OfTwg(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)

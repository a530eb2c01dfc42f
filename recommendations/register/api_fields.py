"""What the API says and takes of recommendations."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from workflow.engine.api_schema import VersionOnly
from workflow.groups import access
from workflow.groups.api_fields import ByCode, ById, InstitutionBrief, Names, Texts
from workflow.profiles.models import Section

from .models import Ground, Priority, ProgressReport, Recommendation, RecommendationState, ReportFile


class RecommendationRow(serializers.ModelSerializer[Recommendation]):
    twg = serializers.CharField(source="twg.code")
    reference = serializers.CharField(help_text="R3, or RC1 for one of a closed session; empty before it is issued.")
    texts = Names()
    text = serializers.CharField(help_text="In the reader's language.")
    lead = InstitutionBrief(allow_null=True)
    supporting = InstitutionBrief(many=True)
    days_late = serializers.IntegerField(help_text="Whole days past `due`, in the TWG's zone; 0 if not.")
    report_days_late = serializers.IntegerField(help_text="Whole days past `report_due`; 0 if none is owed.")

    class Meta:
        model = Recommendation
        fields: tuple[str, ...] = (
            "id", "version", "twg", "number", "reference", "closed", "ground", "texts", "text", "lead", "supporting",
            "priority", "due", "days_late", "state", "percent", "issued_on", "reported_on", "report_due",
            "report_days_late", "cascaded_from", "superseded_by", "merged", "confidence", "source",
        )  # fmt: skip
        read_only_fields = fields


class ReportFileRow(serializers.ModelSerializer[ReportFile]):
    class Meta:
        model = ReportFile
        fields = ("id", "name", "content_type", "size", "sha256")


class ReportRow(serializers.ModelSerializer[ProgressReport]):
    by_name = serializers.SerializerMethodField(help_text="A name, for those who may read names; else empty.")
    files = ReportFileRow(many=True)

    class Meta:
        model = ProgressReport
        fields = ("number", "on", "percent", "words", "by_name", "institution", "way", "at", "files")

    @extend_schema_field(OpenApiTypes.STR)
    def get_by_name(self, report: ProgressReport) -> str:
        reader = self.context["request"].user
        return report.by_name if access.may_read_addresses(reader, report.recommendation.twg) else ""


class RecommendationDetail(RecommendationRow):
    rationales = Texts()
    rationale = serializers.CharField(help_text="In the reader's language.")
    answer = serializers.CharField(help_text="What the government answered.")
    section = serializers.IntegerField(source="section_id", allow_null=True)
    section_title = serializers.SerializerMethodField(help_text="In the reader's language; empty for none.")
    frameworks = serializers.SerializerMethodField(help_text="The policy frameworks that it follows.")
    similar = serializers.SerializerMethodField(help_text="Those that say nearly the same.")
    cascade = serializers.SerializerMethodField(help_text="The countries' items of one of a region's.")
    reports = ReportRow(many=True)

    class Meta(RecommendationRow.Meta):
        fields = (
            *RecommendationRow.Meta.fields, "rationales", "rationale", "answer", "rhythm", "meeting", "edition",
            "section", "section_title", "frameworks", "similar", "cascade", "reports",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.STR)
    def get_section_title(self, one: Recommendation) -> str:
        return str(one.section or "")

    @extend_schema_field({"type": "array", "items": {"type": "integer"}})
    def get_frameworks(self, one: Any) -> list[int]:
        return [framework.pk for framework in one.known_frameworks]

    @extend_schema_field({"type": "array", "items": {"type": "integer"}})
    def get_similar(self, one: Any) -> list[int]:
        return [other.pk for other in one.known_similar]

    @extend_schema_field({"type": "array", "items": {"type": "integer"}})
    def get_cascade(self, one: Any) -> list[int]:
        return [other.pk for other in one.known_cascade]


WRITTEN = (
    "ground", "texts", "rationales", "priority", "lead", "supporting", "due", "rhythm", "meeting", "edition", "section",
    "frameworks",
)  # fmt: skip


class RecommendationChange(VersionOnly, serializers.ModelSerializer[Recommendation]):
    texts = Names()
    rationales = Texts(required=False)
    lead = ByCode("institution", required=False, allow_null=True)
    supporting = ByCode("institution", many=True, required=False)
    meeting = ById("meeting", required=False, allow_null=True)
    edition = ById("edition", required=False, allow_null=True)
    section = serializers.PrimaryKeyRelatedField(queryset=Section.objects.all(), required=False, allow_null=True)
    frameworks = ById("framework", many=True, required=False)

    class Meta:
        model = Recommendation
        fields: tuple[str, ...] = (*WRITTEN, "version", "note")


class RecommendationInput(RecommendationChange):
    twg = ByCode("twg")

    class Meta(RecommendationChange.Meta):
        fields = ("twg", *WRITTEN)


class RecommendationFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    ground = serializers.ChoiceField(Ground.choices, required=False)
    state = serializers.ChoiceField(RecommendationState.choices, required=False)
    priority = serializers.ChoiceField(Priority.choices, required=False)
    lead = serializers.SlugField(required=False, max_length=80, help_text="An institution's code.")
    meeting = serializers.IntegerField(required=False, min_value=1)
    cascaded_from = serializers.IntegerField(required=False, min_value=1)
    late = serializers.BooleanField(required=False)
    q = serializers.CharField(required=False, max_length=100, help_text="Words that it holds.")


class FromMinutes(serializers.Serializer[Any]):
    decision = ById("meeting_decision", required=False)
    action_item = ById("action_item", required=False)
    ground = serializers.ChoiceField(Ground.choices)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("decision" in attrs) == ("action_item" in attrs):
            raise serializers.ValidationError({"decision": _("Give a decision or an action item.")})
        return attrs


class CascadeInput(serializers.Serializer[Any]):
    twgs = ByCode("twg", many=True, help_text="Those concerned: of the region's countries, its project, its meeting.")


class OtherInput(serializers.Serializer[Any]):
    other = ById("recommendation")


class RecommendationStanding(serializers.Serializer[Any]):
    total = serializers.IntegerField(help_text="Without drafts.")
    unanswered = serializers.IntegerField()
    under_way = serializers.IntegerField()
    declined = serializers.IntegerField()
    implemented = serializers.IntegerField(help_text="Verified or not.")
    verified = serializers.IntegerField()
    late = serializers.IntegerField()


class RecommendationPlace(serializers.Serializer[Any]):
    twg = serializers.CharField(source="twg.code")
    place = serializers.CharField(source="twg.place", help_text="The country or region, in the reader's language.")
    standing = RecommendationStanding()

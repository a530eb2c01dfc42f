"""Terms of reference through the API, and the presets that they start from."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api import expected_version
from workflow.engine.api_views import IF_MATCH, PalabreView, SubjectView

from . import services
from .api_twg_fields import TermsChange, TermsRow, participation_of
from .models import TermsOfReference
from .presets import PRESETS


class TermsView(SubjectView):
    """Terms of reference, for those who read the TWG from the inside."""

    kind_name = "terms"
    serializer_class = TermsRow

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("twg").prefetch_related("rules").order_by("twg", "-number")

    @extend_schema(parameters=[OpenApiParameter("twg", str, description="The TWG's code.")])
    def list(self, request: Request) -> Response:
        rows = self.get_queryset()
        if code := self.filters(_ByTwg).get("twg"):
            rows = rows.filter(twg__code=code)
        return self.page_of(rows, TermsRow)

    @extend_schema(parameters=[IF_MATCH], request=TermsChange, responses=TermsRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change a draft. A version that is in force is never changed: draft a new one."""
        terms: TermsOfReference = self.get_object()
        fields = self.asked(TermsChange, partial=True)
        fields.pop("version", None)
        fields.pop("note", None)
        rules = fields.pop("participation", None)
        participation = (
            participation_of(rules)
            if rules is not None
            else {rule.category: (rule.modality, rule.votes) for rule in terms.rules.all()}
        )
        services.change_terms(terms, fields, participation, actor=request.user, version=expected_version(request))
        return self.shown(terms)


class _ByTwg(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)


class PresetRow(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    description = serializers.CharField()
    participation = serializers.SerializerMethodField()

    def get_participation(self, preset: Any) -> list[dict[str, Any]]:
        return [
            {"category": str(category), "modality": str(modality), "votes": votes}
            for category, (modality, votes) in preset.participation.items()
        ]


class PresetView(PalabreView):
    """What terms of reference can start from."""

    serializer_class = PresetRow
    pagination_class = None

    def get_queryset(self) -> QuerySet[Any]:
        return TermsOfReference.objects.none()

    @extend_schema(responses=PresetRow(many=True))
    def list(self, request: Request) -> Response:
        return Response(PresetRow(list(PRESETS.values()), many=True).data)

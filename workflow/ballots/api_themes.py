"""Research themes through the API: proposed, changed, put to a ranking (S34)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api import expected_version
from workflow.engine.api_views import IF_MATCH, SubjectView

from . import proposing
from .api_fields import BallotRow, ThemeChange, ThemeFilters, ThemeInput, ThemeRow, ThemesQuestionInput


class ThemeView(SubjectView):
    """What research papers could be about: proposed by members, merged, chosen by ballot (S34)."""

    kind_name = "theme"
    serializer_class = ThemeRow

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.order_by("-pk")

    @extend_schema(parameters=[ThemeFilters])
    def list(self, request: Request) -> Response:
        wanted = {"twg__code" if n == "twg" else n: value for n, value in self.filters(ThemeFilters).items()}
        return self.page_of(self.get_queryset().filter(**wanted), ThemeRow)

    @extend_schema(request=ThemeInput, responses={201: ThemeRow})
    def create(self, request: Request) -> Response:
        """Propose a theme."""
        fields = self.asked(ThemeInput)
        made = proposing.propose_theme(fields.pop("twg"), fields, actor=request.user)
        return self.shown(made, status=201)

    @extend_schema(parameters=[IF_MATCH], request=ThemeChange, responses=ThemeRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change a theme while it is proposed."""
        theme, fields = self.get_object(), self.asked(ThemeChange, partial=True)
        fields = {name: value for name, value in fields.items() if name not in ("version", "note")}
        proposing.change_theme(theme, fields, actor=request.user, version=expected_version(request))
        return self.shown(theme)

    @extend_schema(request=ThemesQuestionInput, responses={201: BallotRow})
    @action(detail=False, methods=["post"], url_path="ballot")
    def ballot(self, request: Request, **kwargs: Any) -> Response:
        """Prepare a ballot in which institutions rank these themes."""
        fields = self.asked(ThemesQuestionInput)
        twg, chosen, required = fields.pop("twg"), fields.pop("themes"), fields.pop("quorum_institutions", [])
        made = proposing.ask_about_themes(twg, fields, chosen, actor=request.user, institutions=required)
        return Response(BallotRow(made, context=self.get_serializer_context()).data, status=201)

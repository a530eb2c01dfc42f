"""Templates, profiles and editions through the API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api import expected_version, stated_version
from workflow.engine.api_views import IF_MATCH, PalabreView, SubjectView
from workflow.groups.tokens import OpenToAll

from . import services, versions
from .api_fields import (
    Durations,
    EditionFilters,
    EditionInput,
    EditionRow,
    NextInput,
    ProfileChange,
    ProfileInput,
    ProfileRow,
    TemplateChange,
    TemplateCopy,
    TemplateDetail,
    TemplateInput,
    TemplateRow,
)
from .durations import standings
from .models import Edition


class TemplateView(SubjectView):
    """Versions of the standardised template (S07)."""

    kind_name = "template"
    serializer_class = TemplateRow
    detail_class = TemplateDetail
    lookup_field = "code"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = rows.select_related("project")
        return rows if self.action == "list" else rows.prefetch_related("parts__sections")

    @extend_schema(request=TemplateInput, responses={201: TemplateDetail})
    def create(self, request: Request) -> Response:
        fields = self.asked(TemplateInput)
        parts = fields.pop("parts")
        return self.shown(services.create_template(fields, parts, actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=TemplateChange, responses=TemplateDetail)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Names, source, and with `parts` the whole outline: parts and sections with an `id` are kept (S47).

        Refused (409) once an edition is drafted by this version: make a new one from it.
        """
        template, fields = self.get_object(), self.asked(TemplateChange, partial=True)
        fields.pop("version", None)
        fields.pop("note", None)
        parts = fields.pop("parts", None)
        versions.change_template(template, fields, parts, actor=request.user, version=expected_version(request))
        return self.shown(template)

    @extend_schema(request=TemplateCopy, responses={201: TemplateDetail})
    @action(detail=True, methods=["post"], pagination_class=None)
    def versions(self, request: Request, **kwargs: Any) -> Response:
        """Make the next version, begun as a copy of this one."""
        made = versions.new_version(self.get_object(), self.asked(TemplateCopy), actor=request.user)
        return self.shown(made, status=201)


def with_edition(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("profile__twg", "template", "update_institution")


class ProfileView(SubjectView):
    """Countries' profiles and regions' overviews; without a token, those with a published edition."""

    kind_name = "profile"
    permission_classes = [OpenToAll]
    serializer_class = ProfileRow
    lookup_field = "code"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("twg", "owner", "updated_by")

    @extend_schema(request=ProfileInput, responses={201: ProfileRow})
    def create(self, request: Request) -> Response:
        fields = self.asked(ProfileInput)
        return self.shown(services.open_profile(fields.pop("twg"), fields, actor=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=ProfileChange, responses=ProfileRow)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        profile, fields = self.get_object(), self.asked(ProfileChange, partial=True)
        fields.pop("version", None)
        note = fields.pop("note", "")
        services.change_profile(profile, fields, actor=request.user, version=expected_version(request), note=note)
        return self.shown(profile)

    @extend_schema(parameters=[IF_MATCH], request=NextInput, responses=ProfileRow)
    @action(detail=True, methods=["post"], url_path="next-due", pagination_class=None)
    def next_due(self, request: Request, **kwargs: Any) -> Response:
        """Another day for the next edition of a profile that was handed over (S02)."""
        profile, fields = self.get_object(), self.asked(NextInput)
        version, note = expected_version(request), fields.get("note", "")
        services.set_next_due(profile, fields["next_due"], actor=request.user, version=version, note=note)
        return self.shown(profile)

    @extend_schema(methods=["GET"], responses=EditionRow(many=True))
    @extend_schema(methods=["POST"], request=EditionInput, responses={201: EditionRow})
    @action(detail=True, methods=["get", "post"], serializer_class=EditionRow)
    def editions(self, request: Request, **kwargs: Any) -> Response:
        """The profile's editions that the reader sees; POST opens a new one."""
        profile = self.get_object()
        if request.method == "GET":
            seen = Edition.objects.all().visible_to(request.user).filter(profile=profile)
            return self.page_of(with_edition(seen), EditionRow)
        fields = self.asked(EditionInput)
        fields.pop("version", None)
        fields.pop("note", None)
        edition = services.open_edition(profile, fields, actor=request.user, version=stated_version(request))
        return Response(EditionRow(edition).data, status=201, headers={"ETag": f'"{edition.version}"'})


class EditionView(SubjectView):
    """Editions and their stages; without a token, published ones."""

    kind_name = "edition"
    permission_classes = [OpenToAll]
    serializer_class = EditionRow

    def prefetch(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return with_edition(rows)

    @extend_schema(parameters=[EditionFilters])
    def list(self, request: Request) -> Response:
        keys = {
            "twg": "profile__twg__code",
            "country": "profile__twg__country",
            "project": "profile__twg__project__code",
        }
        wanted = {keys.get(name, name): value for name, value in self.filters(EditionFilters).items()}
        return self.page_of(self.get_queryset().filter(**wanted), EditionRow)

    @extend_schema(responses=Durations)
    @action(detail=True, methods=["get"], pagination_class=None)
    def durations(self, request: Request, **kwargs: Any) -> Response:
        """How long it stood at each stage, computed from its events (S40)."""
        edition = self.get_object()
        return Response(Durations(standings([edition])[edition.pk]).data)


resources: list[tuple[str, type[PalabreView], str]] = [
    ("templates", TemplateView, "template"),
    ("profiles", ProfileView, "profile"),
    ("editions", EditionView, "edition"),
]

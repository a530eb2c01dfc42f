"""Templates, profiles and editions through the API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api import expected_version, stated_version
from workflow.engine.api_schema import VersionOnly
from workflow.engine.api_views import IF_MATCH, PalabreView, SubjectView
from workflow.groups.api_fields import ByCode, InstitutionBrief, Names, Texts
from workflow.groups.tokens import SignedInWithScope

from . import services
from .durations import standings
from .models import Edition, Part, Profile, Section, Stage, TemplateVersion


class OpenToAll(SignedInWithScope):
    """What is published is read without a token; `visible_to` says what that is."""

    def has_permission(self, request: Any, view: Any) -> bool:
        anonymous = not request.user.is_authenticated
        if anonymous and request.method in ("GET", "HEAD", "OPTIONS"):
            return True
        return bool(super().has_permission(request, view))


class SectionRow(serializers.ModelSerializer[Section]):
    titles = Names()
    guidance = Texts()

    class Meta:
        model = Section
        fields = ("number", "titles", "guidance", "source")


class PartRow(serializers.ModelSerializer[Part]):
    titles = Names()
    sections = SectionRow(many=True)

    class Meta:
        model = Part
        fields = ("letter", "titles", "sections", "source")


class TemplateRow(serializers.ModelSerializer[TemplateVersion]):
    names = Names()
    project = serializers.CharField(source="project.code", default=None, allow_null=True)

    class Meta:
        model = TemplateVersion
        fields = ("id", "version", "code", "number", "names", "project", "source")


class TemplateDetail(TemplateRow):
    parts = PartRow(many=True)

    class Meta(TemplateRow.Meta):
        fields = (*TemplateRow.Meta.fields, "parts")  # type: ignore[assignment]


class SectionInput(serializers.ModelSerializer[Section]):
    titles = Names()
    guidance = Texts(required=False)

    class Meta:
        model = Section
        fields = ("titles", "guidance", "source")


class PartInput(serializers.ModelSerializer[Part]):
    titles = Names()
    sections = SectionInput(many=True, required=False)

    class Meta:
        model = Part
        fields = ("letter", "titles", "sections", "source")


class TemplateInput(serializers.ModelSerializer[TemplateVersion]):
    code = serializers.SlugField(max_length=60)
    names = Names()
    project = ByCode("project", required=False, allow_null=True)
    parts = PartInput(many=True, allow_empty=False)

    class Meta:
        model = TemplateVersion
        fields = ("code", "number", "names", "project", "source", "parts")
        validators: list[Any] = []


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


class EditionRow(serializers.ModelSerializer[Edition]):
    profile = serializers.CharField(source="profile.code")
    twg = serializers.CharField(source="profile.twg.code")
    country = serializers.CharField(source="profile.twg.country")
    template = serializers.CharField(source="template.code")
    stage_label = serializers.CharField(source="get_stage_display", help_text="In the reader's language.")
    follows = serializers.IntegerField(source="follows_id", allow_null=True)
    update_institution = InstitutionBrief(allow_null=True)

    class Meta:
        model = Edition
        fields = (
            "id", "version", "profile", "twg", "country", "label", "template", "stage", "stage_label", "follows",
            "update_institution", "no_update_institution", "published_on", "source",
        )  # fmt: skip


class ProfileRow(serializers.ModelSerializer[Profile]):
    names = Names()
    title = serializers.CharField(read_only=True)
    twg = serializers.CharField(source="twg.code")
    country = serializers.CharField(source="twg.country")
    owner = InstitutionBrief(allow_null=True)

    class Meta:
        model = Profile
        fields = ("id", "version", "code", "names", "title", "twg", "country", "owner", "update_months", "source")


class ProfileInput(serializers.ModelSerializer[Profile]):
    code = serializers.SlugField(max_length=80)
    names = Names()
    twg = ByCode("twg")
    owner = ByCode("institution", required=False, allow_null=True)

    class Meta:
        model = Profile
        fields = ("code", "names", "twg", "owner", "update_months", "source")


class ProfileChange(VersionOnly, serializers.ModelSerializer[Profile]):  # type: ignore[misc]
    names = Names()
    owner = ByCode("institution", allow_null=True)

    class Meta:
        model = Profile
        fields = ("names", "owner", "update_months", "source", "version", "note")


class EditionInput(VersionOnly):
    label = serializers.CharField(max_length=40)  # type: ignore[assignment]
    template = ByCode("template")
    source = serializers.CharField(max_length=200, required=False, allow_blank=True)  # type: ignore[assignment]


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
        return rows.select_related("twg", "owner")

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


class VisitRow(serializers.Serializer[Any]):
    """One stay at a stage; `days` is null where nobody knows, `approximate` where a date is known only in part."""

    stage = serializers.ChoiceField(Stage.choices)
    since = serializers.DateTimeField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)
    days = serializers.IntegerField(allow_null=True)
    approximate = serializers.BooleanField()


class Durations(serializers.Serializer[Any]):
    visits = VisitRow(many=True)
    returns = serializers.IntegerField(help_text="How often it went back to drafting.")
    days_late = serializers.IntegerField(help_text="Days beyond the stage's limit.")


class EditionFilters(serializers.Serializer[Any]):
    stage = serializers.ChoiceField(Stage.choices, required=False)
    twg = serializers.SlugField(required=False, max_length=80)
    country = serializers.CharField(max_length=2, required=False)
    project = serializers.SlugField(required=False, max_length=60)


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

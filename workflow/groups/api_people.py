"""Oneself, one's tokens, and people through the API."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.engine.api import expected_version
from workflow.engine.api_schema import VersionOnly
from workflow.engine.api_views import IF_MATCH, PalabreView, SubjectView

from . import access, services, tokens
from .api_fields import SeatRow
from .models import ApiToken, Membership, Person, ProjectSeat


class PersonRow(serializers.ModelSerializer[Person]):
    class Meta:
        model = Person
        fields = ("id", "version", "name", "email", "language", "time_zone")


class PersonDetail(PersonRow):
    seats = serializers.SerializerMethodField(help_text="In TWGs that the reader reads from the inside; one's own all.")

    class Meta(PersonRow.Meta):
        fields = (*PersonRow.Meta.fields, "seats")  # type: ignore[assignment]

    @extend_schema_field(SeatRow(many=True))
    def get_seats(self, person: Person) -> Any:
        reader = self.context["request"].user
        held = Membership.objects.visible_to(reader).filter(person=person)
        if person.pk != reader.pk and not access.seats(reader).administrator:
            held = held.filter(access.sees_inside(reader, "twg__"))
        rows = held.select_related("twg", "institution", "person")
        return SeatRow(rows, many=True, context=self.context).data


class PersonInput(VersionOnly, serializers.ModelSerializer[Person]):
    class Meta:
        model = Person
        fields = ("name", "language", "time_zone", "version")


class ActiveInput(VersionOnly):
    active = serializers.BooleanField()


class ProjectSeatRow(serializers.ModelSerializer[ProjectSeat]):
    project = serializers.CharField(source="project.code")
    person = PersonRow()

    class Meta:
        model = ProjectSeat
        fields = ("id", "project", "person", "role", "starts_on", "ends_on")


class MeDetail(PersonDetail):
    project_seats = ProjectSeatRow(many=True)

    class Meta(PersonDetail.Meta):
        fields = (*PersonDetail.Meta.fields, "is_administrator", "project_seats")  # type: ignore[assignment]


class PersonView(SubjectView):
    """People whose names and addresses the reader may know."""

    kind_name = "person"
    serializer_class = PersonRow
    detail_class = PersonDetail

    @extend_schema(parameters=[IF_MATCH], request=PersonInput, responses=PersonDetail)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        return self._change(request, self.get_object())

    @extend_schema(methods=["GET"], responses=MeDetail)
    @extend_schema(methods=["PATCH"], parameters=[IF_MATCH], request=PersonInput, responses=PersonDetail)
    def me(self, request: Request) -> Response:
        """Who the token belongs to, and the seats it speaks from."""
        own = get_object_or_404(Person.objects.prefetch_related("project_seats__project"), pk=request.user.pk)
        if request.method == "PATCH":
            return self._change(request, own)
        return Response(MeDetail(own, context=self.get_serializer_context()).data, headers={"ETag": f'"{own.version}"'})

    def _change(self, request: Request, person: Person) -> Response:
        fields = self.asked(PersonInput, partial=True)
        fields.pop("version", None)
        fields.pop("note", None)
        services.change_person(person, fields, actor=request.user, version=expected_version(request))
        return self.shown(person)

    @extend_schema(parameters=[IF_MATCH], request=ActiveInput, responses={200: PersonDetail, 204: None})
    @action(detail=True, methods=["post"])
    def active(self, request: Request, **kwargs: Any) -> Response:
        """An administrator lets a person in or keeps them out."""
        person, asked = self.get_object(), self.asked(ActiveInput)
        services.set_active(person, asked["active"], actor=request.user, version=expected_version(request))
        return self.shown(person)


class TokenRow(serializers.ModelSerializer[ApiToken]):
    """A token without its secret, which is shown once, when it is made."""

    class Meta:
        model = ApiToken
        fields = (
            "id", "label", "prefix", "scope", "created_at", "expires_at", "last_used_at", "revoked_at", "is_valid",
        )  # fmt: skip


class TokenInput(serializers.Serializer[Any]):
    label = serializers.CharField(max_length=100)  # type: ignore[assignment]
    scope = serializers.ChoiceField(ApiToken.Scope.choices)
    days = serializers.IntegerField(min_value=1, max_value=tokens.LONGEST_DAYS)


class NewToken(TokenRow):
    secret = serializers.CharField()

    class Meta(TokenRow.Meta):
        fields = (*TokenRow.Meta.fields, "secret")  # type: ignore[assignment]


class TokenView(PalabreView):
    """One's own tokens."""

    serializer_class = TokenRow
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        own: Any = self.request.user
        return ApiToken.objects.none() if self.reading_schema else ApiToken.objects.filter(person=own)

    def list(self, request: Request) -> Response:
        return self.page_of(self.get_queryset(), TokenRow)

    @extend_schema(request=TokenInput, responses={201: NewToken})
    def create(self, request: Request) -> Response:
        """Only from a session: a stolen token must not make another that outlives it."""
        if isinstance(request.auth, ApiToken):
            raise exceptions.PermissionDenied(_("A token makes no other tokens: sign in and make it on your page."))
        own = get_object_or_404(Person, pk=request.user.pk)
        token, secret = tokens.make_token(own, **self.asked(TokenInput))
        return Response({**TokenRow(token).data, "secret": secret}, status=201)

    @extend_schema(request=None, responses=TokenRow)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, **kwargs: Any) -> Response:
        token = self.get_object()
        tokens.revoke(token)
        return Response(TokenRow(token).data)

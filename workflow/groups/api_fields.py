"""Fields that the API's resources share: names by language, references by code, seats without their holders."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from workflow.engine import edtf, kinds

from . import access, words
from .models import Fact, Institution, Membership, Parentage, Region


class BearerToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document names the tokens of groups/tokens.py."""

    target_class = "workflow.groups.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token from the page “API tokens”."}


class Names(serializers.DictField):
    """`{"en": …, "fr": …, "pt": …}`, in one language at least."""

    child = serializers.CharField(allow_blank=True, max_length=10000)
    default_validators = [words.validate_names]


class Texts(Names):
    """Like names, but may be empty."""

    default_validators = [words.validate_texts]


def known_or_blank(text: str) -> None:
    if text:
        edtf.validate(text)


class Fuzzy(serializers.CharField):
    """A date as far as it is known: 2009, 2009-06, 2009-06-15, 2009-04/2009-05."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, allow_blank=True, validators=[known_or_blank], **kwargs)


class AmongVisible:
    """What a reference may point to: the subjects of one kind that the person may see."""

    kind_name: str
    context: dict[str, Any]

    def get_queryset(self) -> QuerySet[Any]:
        kind = kinds.get(self.kind_name)
        return kind.visible_to(self.context["request"].user) if kind else Institution.objects.none()


@extend_schema_field(OpenApiTypes.STR)
class ByCode(AmongVisible, serializers.SlugRelatedField[Any]):
    """A subject by its code, among those that the person may see."""

    def __init__(self, kind_name: str = "", **kwargs: Any) -> None:
        self.kind_name = kind_name
        if not kwargs.get("read_only"):
            kwargs["queryset"] = kwargs.get("queryset", Institution.objects.none())
        super().__init__(slug_field="code", **kwargs)


@extend_schema_field(OpenApiTypes.INT64)
class ById(AmongVisible, serializers.PrimaryKeyRelatedField[Any]):
    """A subject by its number, among those that the person may see."""

    def __init__(self, kind_name: str = "", **kwargs: Any) -> None:
        self.kind_name = kind_name
        if not kwargs.get("read_only"):
            kwargs["queryset"] = kwargs.get("queryset", Institution.objects.none())
        super().__init__(**kwargs)


@extend_schema_field(OpenApiTypes.STR)
class RegionByCode(serializers.SlugRelatedField[Region]):
    """A region by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", queryset=Region.objects.all(), **kwargs)


class InstitutionBrief(serializers.ModelSerializer[Institution]):
    name = serializers.CharField(read_only=True, help_text="In the reader's language.")

    class Meta:
        model = Institution
        fields = ("id", "code", "name", "acronym", "category")


class Holder(serializers.Serializer[Any]):
    """Who holds a seat."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField()


class SeatRow(serializers.ModelSerializer[Membership]):
    """A seat. Its holder is named to those who may read the TWG's addresses, and to the holder."""

    twg = serializers.CharField(source="twg.code")
    institution = InstitutionBrief(allow_null=True)
    person = serializers.SerializerMethodField()

    class Meta:
        model = Membership
        fields = (
            "id", "twg", "role", "rank", "institution", "person", "since", "until", "starts_on", "ends_on",
            "confidence", "source",
        )  # fmt: skip

    @extend_schema_field(Holder(allow_null=True))
    def get_person(self, seat: Membership) -> dict[str, Any] | None:
        reader = self.context["request"].user
        if seat.person_id != reader.pk and not access.may_read_addresses(reader, seat.twg):
            return None
        return {"id": seat.person_id, "name": str(seat.person), "email": seat.person.email}


class FactRow(serializers.ModelSerializer[Fact]):
    statements = Names()
    statement = serializers.CharField(read_only=True)

    class Meta:
        model = Fact
        fields = ("id", "topic", "statements", "statement", "when", "confidence", "source")


class FactInput(serializers.ModelSerializer[Fact]):
    statements = Names()

    class Meta:
        model = Fact
        fields = ("topic", "statements", "when", "confidence", "source")


class ParentRow(serializers.ModelSerializer[Parentage]):
    institution = InstitutionBrief(allow_null=True)
    under = InstitutionBrief(allow_null=True)

    class Meta:
        model = Parentage
        fields = ("id", "institution", "under", "status", "since", "until", "current", "source")

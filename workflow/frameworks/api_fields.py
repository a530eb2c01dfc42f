"""What the register's resources show and take."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from workflow.engine.api_schema import VersionOnly
from workflow.groups.api_fields import ByCode, ById, InstitutionBrief, Names, Texts
from workflow.groups.api_registers import NewEntry

from .models import EntryState, Framework, FrameworkKind, Insertion, PolicyActor


class FrameworkRow(serializers.ModelSerializer[Framework]):
    twg = serializers.CharField(source="twg.code")
    names = Names()
    title = serializers.CharField(read_only=True, help_text="In the reader's language.")
    summaries = Texts()
    responsible = InstitutionBrief(many=True)

    class Meta:
        model = Framework
        fields = (
            "id", "version", "twg", "key", "kind", "names", "title", "reference", "adopted", "in_force", "ended", "url",
            "summaries", "responsible", "state", "confidence", "source",
        )  # fmt: skip


WRITTEN = (
    "kind", "names", "reference", "adopted", "in_force", "url", "summaries", "responsible", "confidence", "source",
)  # fmt: skip


class FrameworkChange(VersionOnly, serializers.ModelSerializer[Framework]):
    names = Names()
    summaries = Texts(required=False)
    responsible = ByCode("institution", many=True, required=False)

    class Meta:
        model = Framework
        fields: tuple[str, ...] = (*WRITTEN, "version", "note")


class FrameworkInput(NewEntry, FrameworkChange):
    class Meta(FrameworkChange.Meta):
        fields = ("twg", "key", *WRITTEN)
        validators: tuple[Any, ...] = ()  # the model says that a code is taken, and makes one where none is given


class FrameworkFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    kind = serializers.ChoiceField(FrameworkKind.choices, required=False)
    state = serializers.ChoiceField(EntryState.choices, required=False)
    q = serializers.CharField(max_length=200, required=False, help_text="In titles, reference and code.")


class ActorRow(serializers.ModelSerializer[PolicyActor]):
    twg = serializers.CharField(source="twg.code")
    institution = InstitutionBrief()
    roles = Names()
    role = serializers.CharField(read_only=True, help_text="In the reader's language.")

    class Meta:
        model = PolicyActor
        fields = (
            "id", "version", "twg", "institution", "roles", "role", "since", "ended", "state", "confidence", "source",
        )  # fmt: skip


class ActorChange(VersionOnly, serializers.ModelSerializer[PolicyActor]):
    roles = Names()

    class Meta:
        model = PolicyActor
        fields: tuple[str, ...] = ("roles", "since", "confidence", "source", "version", "note")


class ActorInput(ActorChange):
    twg = ByCode("twg")
    institution = ByCode("institution")

    class Meta(ActorChange.Meta):
        fields = ("twg", "institution", "roles", "since", "confidence", "source")
        validators: tuple[Any, ...] = ()  # the model says that an institution is in the register already


class ActorFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    institution = serializers.SlugField(required=False, max_length=80)
    state = serializers.ChoiceField(EntryState.choices, required=False)
    q = serializers.CharField(max_length=200, required=False, help_text="In what the actor does.")


class InsertInput(serializers.Serializer[Any]):
    """`body` and `base` are what the writer has typed so far and on which revision; the section's own if left out."""

    section = ById("section")
    what = serializers.ChoiceField(Insertion.What.choices)
    body = serializers.CharField(required=False, allow_blank=True, max_length=200_000, trim_whitespace=False)
    base = serializers.IntegerField(required=False, min_value=0)


class TextAnswer(serializers.Serializer[Any]):
    body = serializers.CharField()
    base = serializers.IntegerField()

"""What the inventory's resources show and take."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from workflow.engine.api_schema import VersionOnly
from workflow.groups.api_fields import ByCode, ById, InstitutionBrief, Names, Texts
from workflow.groups.api_registers import NewEntry

from .choices import GapState, Question, Severity, SourceKind, SourceState
from .comparing import WAYS
from .models import DataGap, DataSource
from .publications import SupportingPublication


class SourceRow(serializers.ModelSerializer[DataSource]):
    twg = serializers.CharField(source="twg.code")
    names = Names()
    name = serializers.CharField(read_only=True, help_text="In the reader's language.")
    custodian = InstitutionBrief(allow_null=True)
    users = InstitutionBrief(many=True)
    coverages = Texts()
    quality_notes = Texts()
    access_notes = Texts()
    sections = serializers.ListField(child=serializers.CharField(), help_text="Places of the template: C, C.2.")
    questions = serializers.ListField(child=serializers.ChoiceField(Question.choices))
    publications = serializers.PrimaryKeyRelatedField[SupportingPublication](many=True, read_only=True)

    class Meta:
        model = DataSource
        fields = (
            "id", "version", "twg", "key", "kind", "names", "name", "custodian", "users", "coverages", "periodicity",
            "latest", "quality", "quality_notes", "access", "access_notes", "url", "sections", "questions",
            "publications", "state", "reviewed_on", "confidence", "source",
        )  # fmt: skip


SOURCE_WRITTEN = (
    "kind", "names", "custodian", "users", "coverages", "periodicity", "latest", "quality", "quality_notes", "access",
    "access_notes", "url", "sections", "questions", "publications", "confidence", "source",
)  # fmt: skip


class SourceChange(VersionOnly, serializers.ModelSerializer[DataSource]):
    names = Names()
    custodian = ByCode("institution", required=False, allow_null=True)
    users = ByCode("institution", many=True, required=False)
    coverages = Texts(required=False)
    quality_notes = Texts(required=False)
    access_notes = Texts(required=False)
    sections = serializers.ListField(child=serializers.CharField(max_length=6), required=False, max_length=200)
    questions = serializers.ListField(
        child=serializers.ChoiceField(Question.choices), required=False, max_length=len(Question)
    )
    publications = ById("supporting_publication", many=True, required=False)

    class Meta:
        model = DataSource
        fields: tuple[str, ...] = (*SOURCE_WRITTEN, "version", "note")


class SourceInput(NewEntry, SourceChange):
    class Meta(SourceChange.Meta):
        fields = ("twg", "key", *SOURCE_WRITTEN)
        validators: tuple[Any, ...] = ()  # the model says that a code is taken, and makes one where none is given


class SourceFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    kind = serializers.ChoiceField(SourceKind.choices, required=False)
    section = serializers.CharField(required=False, max_length=6, help_text="A part, C, or a section, C.2.")
    state = serializers.ChoiceField(SourceState.choices, required=False)
    q = serializers.CharField(max_length=200, required=False, help_text="In names, code and custodian.")


class GapRow(serializers.ModelSerializer[DataGap]):
    twg = serializers.CharField(source="twg.code")
    titles = Names()
    title = serializers.CharField(read_only=True, help_text="In the reader's language.")
    improvements = Texts()

    class Meta:
        model = DataGap
        fields = (
            "id", "version", "twg", "key", "section", "data_source", "titles", "title", "severity", "improvements",
            "state", "confidence", "source",
        )  # fmt: skip


GAP_WRITTEN = ("section", "data_source", "titles", "severity", "improvements", "confidence", "source")


class GapChange(VersionOnly, serializers.ModelSerializer[DataGap]):
    titles = Names()
    data_source = ById("data_source", required=False, allow_null=True)
    improvements = Texts(required=False)

    class Meta:
        model = DataGap
        fields: tuple[str, ...] = (*GAP_WRITTEN, "version", "note")


class GapInput(NewEntry, GapChange):
    class Meta(GapChange.Meta):
        fields = ("twg", "key", *GAP_WRITTEN)
        validators: tuple[Any, ...] = ()


class GapFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    section = serializers.CharField(required=False, max_length=6, help_text="A part, C, or a section, C.2.")
    severity = serializers.ChoiceField(Severity.choices, required=False)
    state = serializers.ChoiceField(GapState.choices, required=False)
    q = serializers.CharField(max_length=200, required=False, help_text="In what is missing, what is proposed, code.")


# -- across countries -------------------------------------------------------------------------------------


class ComparisonFilters(serializers.Serializer[Any]):
    by = serializers.ChoiceField([way for way, _label in WAYS], required=False)
    part = serializers.CharField(required=False, max_length=2, help_text="Compare its sections; only by section.")


class ComparedCell(serializers.Serializer[Any]):
    key = serializers.CharField()
    sources = serializers.IntegerField()
    gaps = serializers.IntegerField(help_text="Those that are open.")
    grave = serializers.IntegerField(help_text="Of these, those of high severity.")


class ComparedRow(serializers.Serializer[Any]):
    twg = serializers.CharField()
    place = serializers.CharField()
    sources = serializers.IntegerField()
    gaps = serializers.IntegerField()
    cells = ComparedCell(many=True)


class ComparisonAnswer(serializers.Serializer[Any]):
    by = serializers.CharField()
    rows = ComparedRow(many=True)


# -- supporting publications ------------------------------------------------------------------------------


class PublicationRow(serializers.ModelSerializer[SupportingPublication]):
    project = serializers.CharField(source="project.code", default=None, allow_null=True)
    titles = Names()
    title = serializers.CharField(read_only=True, help_text="In the reader's language.")
    summaries = Texts()

    class Meta:
        model = SupportingPublication
        fields = (
            "id", "version", "project", "titles", "title", "authors", "when", "forthcoming", "url", "summaries",
            "confidence", "source",
        )  # fmt: skip


PUBLICATION_WRITTEN = ("titles", "authors", "when", "forthcoming", "url", "summaries", "confidence", "source")


class PublicationChange(VersionOnly, serializers.ModelSerializer[SupportingPublication]):
    titles = Names()
    summaries = Texts(required=False)

    class Meta:
        model = SupportingPublication
        fields: tuple[str, ...] = (*PUBLICATION_WRITTEN, "version")


class PublicationInput(PublicationChange):
    project = ByCode("project", required=False, allow_null=True)

    class Meta(PublicationChange.Meta):
        fields = ("project", *PUBLICATION_WRITTEN)


class PublicationFilters(serializers.Serializer[Any]):
    project = serializers.SlugField(required=False, max_length=60)

"""Templates, profiles and editions as the API reads and writes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from workflow.engine.api_schema import VersionOnly
from workflow.groups.api_fields import ByCode, InstitutionBrief, Names, Texts

from .models import Edition, Part, Profile, Section, Stage, TemplateVersion


class SectionRow(serializers.ModelSerializer[Section]):
    titles = Names()
    guidance = Texts()

    class Meta:
        model = Section
        fields = ("id", "number", "titles", "guidance", "source")


class PartRow(serializers.ModelSerializer[Part]):
    titles = Names()
    sections = SectionRow(many=True)

    class Meta:
        model = Part
        fields = ("id", "letter", "titles", "sections", "source")


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


class SectionChange(SectionInput):
    id = serializers.IntegerField(required=False, min_value=1, help_text="Of a section that is kept.")

    class Meta(SectionInput.Meta):
        fields = ("id", *SectionInput.Meta.fields)  # type: ignore[assignment]


class PartChange(PartInput):
    id = serializers.IntegerField(required=False, min_value=1, help_text="Of a part that is kept.")
    sections = SectionChange(many=True, required=False)

    class Meta(PartInput.Meta):
        fields = ("id", *PartInput.Meta.fields)  # type: ignore[assignment]


class TemplateChange(VersionOnly):
    names = Names()
    source = serializers.CharField(max_length=200, allow_blank=True)  # type: ignore[assignment]
    parts = PartChange(many=True, allow_empty=False)


class TemplateCopy(serializers.Serializer[Any]):
    """What the next version is called; as the one that it follows where nothing is said."""

    code = serializers.SlugField(max_length=60, required=False)
    names = Names(required=False)
    source = serializers.CharField(max_length=200, required=False, allow_blank=True)  # type: ignore[assignment]


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
    updated_by = InstitutionBrief(allow_null=True, help_text="Since the hand-over: who opens and drafts what follows.")
    next_due = serializers.DateField(allow_null=True, help_text="As set at the hand-over.")

    class Meta:
        model = Profile
        fields = (
            "id", "version", "code", "names", "title", "twg", "country", "owner", "update_months", "updated_by",
            "next_due", "source",
        )  # fmt: skip


class ProfileInput(serializers.ModelSerializer[Profile]):
    code = serializers.SlugField(max_length=80)
    names = Names()
    twg = ByCode("twg")
    owner = ByCode("institution", required=False, allow_null=True)

    class Meta:
        model = Profile
        fields = ("code", "names", "twg", "owner", "update_months", "source")


class ProfileChange(VersionOnly, serializers.ModelSerializer[Profile]):
    names = Names()
    owner = ByCode("institution", allow_null=True)

    class Meta:
        model = Profile
        fields = ("names", "owner", "update_months", "source", "version", "note")


class NextInput(VersionOnly):
    next_due = serializers.DateField()


class EditionInput(VersionOnly):
    label = serializers.CharField(max_length=40)  # type: ignore[assignment]
    template = ByCode("template")
    source = serializers.CharField(max_length=200, required=False, allow_blank=True)  # type: ignore[assignment]


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

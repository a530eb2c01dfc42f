"""Texts, sections, revisions, drafts and files as the API reads and writes them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from workflow.engine.api_schema import VersionOnly
from workflow.groups.api_fields import Names, Texts

from . import papers, word_import
from .bodies import BODY_LIMIT, NOTE_LIMIT
from .models import Draft, DraftSection, Enclosure, Revision, Text, TextSection


class TextRow(serializers.ModelSerializer[Text]):
    title = serializers.CharField(source="__str__", read_only=True, help_text="In the reader's language.")
    twg = serializers.CharField(source="twg.code", default=None, allow_null=True)
    writable = serializers.SerializerMethodField(help_text="Whether it can be written now, by those who write it.")

    class Meta:
        model = Text
        fields = ("id", "version", "subject_kind", "subject_id", "title", "twg", "language", "writable")

    @extend_schema_field(OpenApiTypes.BOOL)
    def get_writable(self, text: Text) -> bool:
        return not text.paper.closed(text.about)


class TextInput(serializers.Serializer[Any]):
    """Whose text is begun: an edition's, a template's, terms of reference's."""

    subject_kind = serializers.CharField(max_length=40)
    subject_id = serializers.IntegerField(min_value=1)

    def validate_subject_kind(self, kind: str) -> str:
        if kind not in papers.kinds_of_paper():
            raise serializers.ValidationError("No texts are written of this kind.")
        return kind


class TextFilters(serializers.Serializer[Any]):
    subject_kind = serializers.CharField(max_length=40, required=False)
    subject_id = serializers.IntegerField(min_value=1, required=False)
    twg = serializers.SlugField(max_length=80, required=False)


class TextSectionRow(serializers.ModelSerializer[TextSection]):
    text = serializers.IntegerField(source="text_id")
    titles = Names()
    title = serializers.CharField(read_only=True, help_text="In the reader's language.")
    revision = serializers.IntegerField(source="number", help_text="The revision that stands; 0: nothing is written.")

    class Meta:
        model = TextSection
        fields = (
            "id", "version", "text", "position", "place", "part", "titles", "title", "revision", "word_count",
            "unsourced_tables", "figures", "withdrawn_at",
        )  # fmt: skip


class TextSectionDetail(TextSectionRow):
    guidance = Texts()

    class Meta(TextSectionRow.Meta):
        fields = (*TextSectionRow.Meta.fields, "guidance", "body")  # type: ignore[assignment]


class TextSectionFilters(serializers.Serializer[Any]):
    text = serializers.IntegerField(min_value=1, required=False)
    part = serializers.CharField(max_length=4, required=False)


class TextSectionInput(VersionOnly):
    """The whole text of a section, in Markdown. `note` says what changed."""

    body = serializers.CharField(max_length=BODY_LIMIT, allow_blank=True, trim_whitespace=False)
    note = serializers.CharField(max_length=NOTE_LIMIT, required=False, allow_blank=True)


class RestoreInput(VersionOnly):
    note = serializers.CharField(max_length=NOTE_LIMIT, required=False, allow_blank=True)


class RevisionRow(serializers.ModelSerializer[Revision]):
    author = serializers.CharField(source="author_name", help_text="“Somebody” where the name is not yours to read.")

    class Meta:
        model = Revision
        fields = ("number", "way", "note", "author", "at", "word_count", "sha256")


class RevisionDetail(RevisionRow):
    class Meta(RevisionRow.Meta):
        fields = (*RevisionRow.Meta.fields, "body")  # type: ignore[assignment]


class CompareQuery(serializers.Serializer[Any]):
    before = serializers.IntegerField(min_value=0, help_text="0 for the empty page.")
    after = serializers.IntegerField(min_value=0)


class DraftQuery(serializers.Serializer[Any]):
    before = serializers.IntegerField(min_value=0, required=False, help_text="Another draft's number; the one before.")


class PieceRow(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="same, added or removed")
    text = serializers.CharField()


class LineRow(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="same, changed, added, removed, or skipped for unchanged lines left out")
    old = serializers.CharField(allow_null=True)
    new = serializers.CharField(allow_null=True)
    pieces = PieceRow(many=True)
    count = serializers.IntegerField(help_text="How many unchanged lines are left out here.")


class Differences(serializers.Serializer[Any]):
    """One section's differences, line by line and within a line word by word."""

    section = serializers.IntegerField()
    title = serializers.CharField()
    lines = LineRow(many=True)


class DraftRow(serializers.ModelSerializer[Draft]):
    text = serializers.IntegerField(source="text_id")
    title = serializers.CharField(source="__str__", read_only=True)

    class Meta:
        model = Draft
        fields = ("id", "version", "text", "number", "name", "title", "taken_at", "word_count", "sha256")

    def to_representation(self, draft: Draft) -> dict[str, Any]:
        """What the TWG calls its draft is not the public's: they read what is published."""
        told = super().to_representation(draft)
        return told if getattr(draft, "inside", True) else {**told, "name": "", "title": str(draft.text)}


class DraftSectionRow(serializers.ModelSerializer[DraftSection]):
    section = serializers.IntegerField(source="section_id")
    titles = Names()
    revision = serializers.IntegerField(source="revision.number", default=0)
    sha256 = serializers.CharField(source="revision.sha256", default="")
    body = serializers.CharField()

    class Meta:
        model = DraftSection
        fields = ("section", "position", "place", "part", "titles", "revision", "sha256", "body")


class FigureRow(serializers.Serializer[Any]):
    """A figure as the draft froze it."""

    number = serializers.IntegerField()
    sha256 = serializers.CharField()
    caption = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    year = serializers.CharField()


class DraftDetail(DraftRow):
    sections = DraftSectionRow(many=True)
    figures = FigureRow(many=True)

    class Meta(DraftRow.Meta):
        fields = (*DraftRow.Meta.fields, "figures", "sections")  # type: ignore[assignment]


class DraftFilters(serializers.Serializer[Any]):
    text = serializers.IntegerField(min_value=1, required=False)


class DraftInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)


class EnclosureRow(serializers.ModelSerializer[Enclosure]):
    text = serializers.IntegerField(source="text_id")
    lacks_source = serializers.BooleanField(read_only=True)

    class Meta:
        model = Enclosure
        fields = (
            "id", "text", "number", "kind", "caption", "source", "year", "lacks_source", "name", "content_type", "size",
            "sha256", "added_at", "withdrawn_at",
        )  # fmt: skip


class EnclosureChange(serializers.Serializer[Any]):
    caption = serializers.CharField(max_length=300)
    source = serializers.CharField(max_length=300, required=False, allow_blank=True)  # type: ignore[assignment]
    year = serializers.CharField(max_length=20, required=False, allow_blank=True)


class EnclosureInput(EnclosureChange):
    """PNG or JPEG for a figure, which needs its source and year; an attachment also PDF, Word, Excel, CSV."""

    kind = serializers.ChoiceField(Enclosure.Kind.choices)
    file = serializers.FileField(max_length=400)


class WhyInput(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=2000)


class WordInput(serializers.Serializer[Any]):
    file = serializers.FileField(max_length=400, help_text=f"A .docx of {settings.UPLOAD_LIMIT // 2**20} MB at most.")


class BlockRow(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    level = serializers.IntegerField()
    title = serializers.CharField()
    markdown = serializers.CharField()
    section = serializers.IntegerField(allow_null=True, help_text="Where its heading says that it goes.")
    follows = serializers.BooleanField(help_text="It names no section, and goes where the part before it goes.")
    excess = serializers.CharField(help_text="What it has too much of to be a section; empty when it may be kept.")


class LossRow(serializers.Serializer[Any]):
    what = serializers.CharField()
    count = serializers.IntegerField()


class WordFileRow(serializers.Serializer[Any]):
    """What a Word file holds and what could not be kept. Nothing of it is written yet."""

    id = serializers.IntegerField()
    text = serializers.IntegerField()
    name = serializers.CharField()
    sha256 = serializers.CharField()
    blocks = BlockRow(many=True)
    pictures = serializers.IntegerField()
    lost = LossRow(many=True)
    seen = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="Each section's revision, by its id: send it back to take over.",
    )


class TakeOverInput(serializers.Serializer[Any]):
    targets = serializers.DictField(
        child=serializers.IntegerField(min_value=1),
        help_text="A section's id by a block's index.",
        allow_empty=False,
    )
    seen = serializers.DictField(child=serializers.IntegerField(min_value=0))
    way = serializers.ChoiceField([word_import.REPLACE, word_import.APPEND], default=word_import.REPLACE)

    def validate_targets(self, told: dict[str, int]) -> dict[int, int]:
        return _by_number(told)

    def validate_seen(self, told: dict[str, int]) -> dict[int, int]:
        return _by_number(told)


def _by_number(told: dict[str, int]) -> dict[int, int]:
    if not all(key.isdecimal() and len(key) < 19 for key in told):
        raise serializers.ValidationError("The names must be numbers.")
    return {int(key): value for key, value in told.items()}


class TakenOver(serializers.Serializer[Any]):
    sections = serializers.IntegerField(help_text="How many were written.")

"""Rounds and comments as the API reads and writes them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from workflow.engine.api_schema import VersionOnly
from workflow.groups import access
from workflow.groups.api_fields import ByCode, ById, InstitutionBrief

from .models import Disposition, Remark, RemarkKind, RemarkState, Round, RoundState, Weight

WRITTEN = ("name", "message", "opens_on", "deadline", "reminder_days", "everybody", "discussion")


class RoundRow(serializers.ModelSerializer[Round]):
    twg = serializers.CharField(source="twg.code")

    class Meta:
        model = Round
        fields = ("id", "version", "twg", "draft", *WRITTEN, "state", "opened_at")


class AskedRow(serializers.Serializer[Any]):
    """An institution in a round: whether it has answered, and how."""

    institution = InstitutionBrief()
    answered = serializers.BooleanField()
    comments = serializers.IntegerField(help_text="Submitted, not withdrawn.")
    waiting = serializers.IntegerField(help_text="Of these, without an answer.")
    last = serializers.DateTimeField(allow_null=True)
    nothing_at = serializers.DateTimeField(allow_null=True, help_text="When it said that it has no comments.")


class RoundChange(VersionOnly, serializers.ModelSerializer[Round]):
    institutions = ByCode("institution", many=True, required=False)

    class Meta:
        model = Round
        fields: tuple[str, ...] = (*WRITTEN, "institutions", "version")


class RoundInput(RoundChange):
    twg = ByCode("twg")
    draft = ById("draft")

    class Meta(RoundChange.Meta):
        fields = ("twg", "draft", *WRITTEN, "institutions")


class RoundFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    draft = serializers.IntegerField(required=False, min_value=1)
    state = serializers.ChoiceField(RoundState.choices, required=False)


class Extension(VersionOnly):
    """The reason comes as `note`."""

    deadline = serializers.DateTimeField()


class Institutions(VersionOnly):
    institutions = ByCode("institution", many=True, allow_empty=False)


class ForInstitution(VersionOnly):
    institution = ByCode("institution", required=False, allow_null=True, help_text="One's own when left out.")


class MineRow(serializers.Serializer[Any]):
    """One's own institution in a round; only those who speak for it are told."""

    institution = InstitutionBrief()
    focal = serializers.BooleanField(help_text="Whether the reader clears what it says.")
    clears = serializers.BooleanField(help_text="Whether its comments are cleared within it first.")
    inside = serializers.IntegerField(help_text="Comments that are not submitted.")
    comments = serializers.IntegerField(help_text="Submitted, not withdrawn.")
    answers = serializers.IntegerField(help_text="Answered, neither accepted nor reopened yet.")
    nothing_at = serializers.DateTimeField(allow_null=True)


class ClearanceInput(serializers.Serializer[Any]):
    on = serializers.BooleanField()


class RemarkRow(serializers.ModelSerializer[Remark]):
    section = serializers.IntegerField(source="section_id", allow_null=True)
    parent = serializers.SerializerMethodField(  # type: ignore[assignment]  # a declared field, not the serializer's own
        help_text="The comment that this is a reply to; null for a comment."
    )
    institution = InstitutionBrief(allow_null=True)
    by = serializers.SerializerMethodField(help_text="Empty where the reader may not read names.")
    at = serializers.DateTimeField(source="submit_date")
    revision = serializers.IntegerField(source="revision.number", default=None, allow_null=True)

    class Meta:
        model = Remark
        fields = (
            "id", "version", "round", "number", "section", "thread_id", "parent", "institution", "by", "at", "state",
            "inside", "comment", "kind", "weight", "quote", "disposition", "answer", "answered_at", "revision",
        )  # fmt: skip

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_parent(self, remark: Remark) -> int | None:
        return remark.parent_id if remark.is_reply else None

    @extend_schema_field(serializers.CharField())
    def get_by(self, remark: Remark) -> str:
        reader = self.context["request"].user
        open_ = remark.user_id == reader.pk or access.may_read_addresses(reader, remark.round.twg)
        return str(remark.user or "") if open_ else ""


class RemarkFilters(serializers.Serializer[Any]):
    round = serializers.IntegerField(required=False, min_value=1)
    section = serializers.IntegerField(required=False, min_value=1)
    thread = serializers.IntegerField(required=False, min_value=1)
    institution = serializers.SlugField(required=False, max_length=80)
    state = serializers.ChoiceField(RemarkState.choices, required=False)
    kind = serializers.ChoiceField(RemarkKind.choices, required=False)
    weight = serializers.ChoiceField(Weight.choices, required=False)
    disposition = serializers.ChoiceField(Disposition.choices, required=False)


class Said(serializers.Serializer[Any]):
    comment = serializers.CharField(max_length=20000, trim_whitespace=False)
    kind = serializers.ChoiceField(RemarkKind.choices, required=False)
    weight = serializers.ChoiceField(Weight.choices, required=False)
    quote = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    before = serializers.CharField(required=False, allow_blank=True, max_length=400, trim_whitespace=False)
    after = serializers.CharField(required=False, allow_blank=True, max_length=400, trim_whitespace=False)


class RemarkInput(Said):
    round = ById("round")
    section = ById("section", required=False, allow_null=True, help_text="None: on the draft as a whole.")
    institution = ByCode("institution", required=False, allow_null=True)
    inside = serializers.BooleanField(required=False, default=False)
    followup = serializers.BooleanField(required=False, default=True)


class RemarkChange(VersionOnly, Said):
    comment = serializers.CharField(max_length=20000, required=False, trim_whitespace=False)


class ReplyInput(serializers.Serializer[Any]):
    comment = serializers.CharField(max_length=20000, trim_whitespace=False)
    followup = serializers.BooleanField(required=False, default=True)


class MuteInput(serializers.Serializer[Any]):
    on = serializers.BooleanField(help_text="True: no more mail about the thread.")


class AlikeInput(VersionOnly):
    """One answer to several comments of a round that say the same."""

    disposition = serializers.ChoiceField(Disposition.choices)
    answer = serializers.CharField(required=False, allow_blank=True, default="", max_length=4000)
    revision = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    alike = ById("remark", many=True, required=False)

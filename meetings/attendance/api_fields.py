"""What the API tells and takes of who came to a meeting."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from meetings.scheduling.models import Reply
from workflow.engine import texts
from workflow.groups.api_fields import ByCode, ById
from workflow.groups.models import Category, Rank

from .models import MOST_INSTITUTION, MOST_NAME, Attendance, Way
from .selectors import Line


class RosterRow(serializers.Serializer[Line]):
    """Somebody invited, or in the list of those who came. Names and ranks are empty for who may not read them."""

    id = serializers.IntegerField(source="attendance.pk", default=None, help_text="Null while nothing is written down.")
    person = serializers.SerializerMethodField(help_text="Null for a walk-in, and where the name is not the reader's.")
    name = serializers.CharField()
    institution = serializers.CharField(help_text="As it was called on that day.")
    category = serializers.CharField()
    role = serializers.CharField()
    rank = serializers.SerializerMethodField()
    invited = serializers.SerializerMethodField()
    reply = serializers.ChoiceField(Reply.choices, source="invitation.reply", default="")
    came = serializers.BooleanField()
    way = serializers.ChoiceField(Way.choices, source="attendance.way", default="")
    arrived_at = serializers.DateTimeField(source="attendance.arrived_at", default=None)
    left_at = serializers.DateTimeField(source="attendance.left_at", default=None)
    confirmed = serializers.BooleanField(source="attendance.confirmed", default=False)
    changes = serializers.IntegerField(
        source="attendance.changes", default=0, help_text="What `seen` says when one changes it."
    )

    def get_person(self, line: Line) -> int | None:
        return line.person.pk if line.named and line.person else None

    def get_rank(self, line: Line) -> str:
        return line.attendance.rank if line.attendance and line.named else ""

    def get_invited(self, line: Line) -> bool:
        return line.invitation is not None


class AttendanceRow(serializers.ModelSerializer[Attendance]):
    """A line as it was just written."""

    institution = serializers.CharField(source="institution_name")

    class Meta:
        model = Attendance
        fields = (
            "id", "person", "name", "institution", "category", "role", "rank", "came", "way", "arrived_at", "left_at",
            "replaces", "confirmed", "changes",
        )  # fmt: skip


class AttendanceInput(serializers.Serializer[Any]):
    """Who came: a `person`, or a walk-in by `name` and `institution` (or `institution_name`)."""

    person = ById("person", required=False)
    name = serializers.CharField(max_length=MOST_NAME, required=False, validators=[texts.validate])
    institution = ByCode("institution", required=False)
    institution_name = serializers.CharField(max_length=MOST_INSTITUTION, required=False, validators=[texts.validate])
    category = serializers.ChoiceField(Category.choices, required=False)
    rank = serializers.ChoiceField(Rank.choices, required=False, allow_blank=True)
    came = serializers.BooleanField(required=False)
    way = serializers.ChoiceField(Way.choices, required=False)
    arrived_at = serializers.DateTimeField(required=False, allow_null=True)
    left_at = serializers.DateTimeField(required=False, allow_null=True)
    replaces = ById("person", required=False, allow_null=True)
    seen = serializers.IntegerField(required=False, min_value=0, help_text="`changes` as read; 409 if it is another.")

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        if ("person" in fields) == ("name" in fields):
            raise serializers.ValidationError({"person": ["Give either a person or the name of a walk-in."]})
        if "person" in fields and {"institution", "institution_name", "category"} & set(fields):
            raise serializers.ValidationError(
                {"institution": ["A person's institution follows from their invitation."]}
            )
        return fields

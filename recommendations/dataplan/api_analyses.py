"""What the API says of a plan in time and of its money."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from workflow.groups.api_fields import Fuzzy


class SumRow(serializers.Serializer[Any]):
    """No currency is ever added to another."""

    currency = serializers.CharField()
    cost = serializers.DecimalField(max_digits=20, decimal_places=2)
    by_status = serializers.DictField(child=serializers.DecimalField(max_digits=20, decimal_places=2))
    secured = serializers.DecimalField(max_digits=20, decimal_places=2, help_text="Approved and disbursed.")
    missing = serializers.DecimalField(max_digits=20, decimal_places=2)


class ScheduleRow(serializers.Serializer[Any]):
    action = serializers.IntegerField(source="action.pk")
    title = serializers.CharField(source="action.title", help_text="In the reader's language.")
    starts = Fuzzy(source="action.starts")
    due = Fuzzy(source="action.due")
    days = serializers.IntegerField(help_text="0 where one of its ends is not known.")
    needs = serializers.SerializerMethodField()
    slack = serializers.IntegerField(
        allow_null=True, help_text="Days that it can end later before the end of the plan does; null where not known."
    )
    critical = serializers.BooleanField()

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_needs(self, row: Any) -> list[int]:
        return [need.pk for need in row.needs]


class SlipQuestion(serializers.Serializer[Any]):
    action = serializers.IntegerField(min_value=1)
    days = serializers.IntegerField(min_value=1, max_value=3650)


class SlipRow(serializers.Serializer[Any]):
    action = serializers.IntegerField(source="action.pk")
    days = serializers.IntegerField(help_text="By how many days it would be later.")
    due = serializers.DateField(allow_null=True, help_text="The day on which it would then be due.")

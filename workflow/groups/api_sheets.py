"""Spreadsheets through the API, whatever they hold: every row's fate, then all rows or none (S15)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from workflow.engine.errors import Incomplete

from .import_page import Importer, planned
from .sheet_files import UnreadableFile


class SheetInput(serializers.Serializer[Any]):
    file = serializers.FileField()


class DryRun(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField(required=False, default=False)


class FateRow(serializers.Serializer[Any]):
    """What becomes of one row of the file."""

    line = serializers.IntegerField()
    code = serializers.CharField()
    fate = serializers.CharField(help_text="new, changed or unchanged")
    changes = serializers.ListField(child=serializers.ListField(), help_text="column, before, after")


class PlanAnswer(serializers.Serializer[Any]):
    written = serializers.IntegerField(help_text="Rows written; none after a dry run.")
    new = serializers.IntegerField(source="plan.new")
    changed = serializers.IntegerField(source="plan.changed")
    unchanged = serializers.IntegerField(source="plan.unchanged")
    notices = serializers.ListField(child=serializers.CharField(), source="plan.notices")
    rows = FateRow(many=True, source="plan.fates")


def imported(upload: Any, importer: Importer, *, actor: Any, dry_run: bool) -> dict[str, Any]:
    """Plan an uploaded file and, unless it is a dry run, write it; the answer's data. Raises Incomplete by row."""
    try:
        plan = planned(upload, importer)
    except UnreadableFile as unreadable:
        raise Incomplete({"file": [unreadable.reason]}) from unreadable
    if plan.errors:
        raise Incomplete({f"{f.line}.{column}": [text] for f in plan.fates for column, text in f.errors})
    written = 0 if dry_run else importer.apply(plan.to_do, actor)
    return PlanAnswer({"written": written, "plan": plan}).data

"""What a row of the register's spreadsheets says: its fields, and what is wrong with it, on its column (S29)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from workflow.groups.models import Confidence
from workflow.groups.sheet_rows import Errors, Known, Row, choice, institution, split, texts, too_long

from .models import Framework, FrameworkKind, PolicyActor


def _common(row: Row, errors: Errors, *columns: str) -> dict[str, Any]:
    plain = {column: row[column] for column in (*columns, "ended", "source") if column in row}
    return plain | choice(row, "confidence", Confidence, errors)


def framework_fields(row: Row, known: Known, existing: Framework | None) -> tuple[dict[str, Any], Errors]:
    errors: Errors = []
    fields = _common(row, errors, "reference", "adopted", "in_force")
    fields["names"] = texts(row, "title", existing.names if existing else {})
    fields["summaries"] = texts(row, "summary", existing.summaries if existing else {})
    if not fields["names"]:
        errors.append(("title_en", _("Give a title in at least one language.")))
    errors += too_long(fields["names"], "title", 300) + too_long(fields["summaries"], "summary", 4000)
    if "link" in row:
        fields["url"] = row["link"]
    fields |= choice(row, "kind", FrameworkKind, errors)
    if not row["kind"]:
        errors.append(("kind", _("The kind is missing.")))
    if "responsible" in row:
        named = {institution(code, known, errors, "responsible") for code in split(row["responsible"])}
        fields["responsible"] = sorted(named - {""})
    return fields, errors


def actor_fields(row: Row, known: Known, existing: PolicyActor | None) -> tuple[dict[str, Any], Errors]:
    errors: Errors = []
    fields = _common(row, errors, "since")
    fields["roles"] = texts(row, "role", existing.roles if existing else {})
    if not fields["roles"]:
        errors.append(("role_en", _("Say in at least one language what it does.")))
    errors += too_long(fields["roles"], "role", 4000)
    if code := row["institution"].lower():
        institution(code, known, errors, "institution")
    return fields, errors

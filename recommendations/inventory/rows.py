"""What a row of the inventory's spreadsheets says: its fields, and what is wrong with it, on its column (S09)."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from workflow.groups import words
from workflow.groups.models import Confidence
from workflow.groups.sheet_rows import (
    Errors,
    Known,
    Row,
    choice,
    institution,
    none_of_these,
    split,
    texts,
    too_long,
)
from workflow.groups.sheets import values_by_words

from . import places
from .choices import Access, Periodicity, Quality, Question, Severity, SourceKind
from .models import DataGap, DataSource
from .outlines import Outline

# What is told in several languages: the field, its columns' first word, and the most characters.
SOURCE_TEXTS = (
    ("names", "name", 300), ("coverages", "coverage", 4000), ("quality_notes", "quality_note", 4000),
    ("access_notes", "access_note", 4000),
)  # fmt: skip
GAP_TEXTS = (("titles", "gap", 300), ("improvements", "improvement", 4000))


def source_fields(row: Row, known: Known, existing: DataSource | None) -> tuple[dict[str, Any], Errors]:
    errors: Errors = []
    fields = _texts(row, SOURCE_TEXTS, existing, errors)
    if not fields["names"]:
        errors.append(("name_en", _("Give a name in at least one language.")))
    fields |= choice(row, "kind", SourceKind, errors) | _common(row, errors)
    if not row["kind"]:
        errors.append(("kind", _("The kind is missing.")))
    for column, choices in (("periodicity", Periodicity), ("quality", Quality), ("access", Access)):
        fields |= choice(row, column, choices, errors, clears=True)
    fields |= {name: row[column] for column, name in (("latest", "latest"), ("link", "url")) if column in row}
    if "custodian" in row:
        code = row["custodian"].lower()
        fields["custodian"] = institution(code, known, errors, "custodian") if code else ""
    if "users" in row:
        named = {institution(code, known, errors, "users") for code in split(row["users"])}
        fields["users"] = sorted(named - {""})
    if "sections" in row:
        told = {_place(place, known, errors, "sections") for place in split(row["sections"])}
        fields["sections"] = places.in_order(told - {""})
    if "questions" in row:
        fields["questions"] = _several(row["questions"], "questions", Question, errors)
    return fields, errors


def gap_fields(row: Row, known: Known, existing: DataGap | None) -> tuple[dict[str, Any], Errors]:
    errors: Errors = []
    fields = _texts(row, GAP_TEXTS, existing, errors)
    if not fields["titles"]:
        errors.append(("gap_en", _("Say in at least one language what is missing.")))
    fields |= choice(row, "severity", Severity, errors) | _common(row, errors)
    if not row["severity"]:
        errors.append(("severity", _("The severity is missing.")))
    if not row["section"]:
        errors.append(("section", _("The section is missing.")))
    else:
        fields["section"] = _place(row["section"], known, errors, "section")
    if "source" in row:
        code = row["source"].lower()
        if code and code not in known.others["sources"]:
            errors.append(("source", _("There is no source “%(code)s” in the inventory.") % {"code": code[:80]}))
        fields["data_source"] = code
    return fields, errors


def _texts(row: Row, told: Any, existing: Any, errors: Errors) -> dict[str, Any]:
    fields = {}
    for name, column, most in told:
        fields[name] = texts(row, column, getattr(existing, name) if existing else {})
        errors += too_long(fields[name], column, most)
    return fields


def _common(row: Row, errors: Errors) -> dict[str, Any]:
    plain = {"source": row["known_from"]} if "known_from" in row else {}
    return plain | choice(row, "confidence", Confidence, errors)


def _place(text: str, known: Known, errors: Errors, column: str) -> str:
    """A place as the template has it, or, where there is no template, as it is written; "" for what is none."""
    outline: Outline = known.others["outline"]
    place = outline.own(text.upper())
    try:
        places.validate(place)
    except ValidationError as error:
        errors.append((column, error.messages[0]))
        return ""
    if outline.titles and place not in outline.titles:
        errors.append((column, _("The template has no part or section “%(place)s”.") % {"place": place}))
        return ""
    return place


def _several(text: str, column: str, choices: type[TextChoices], errors: Errors) -> list[str]:
    """Choices divided by semicolons or new lines: their labels hold spaces and commas."""
    values, found = values_by_words(choices), set()
    for told in filter(None, (part.strip() for part in re.split(r"[;|]", text))):
        value = values.get(words.fold(told))
        if value is None:
            errors.append((column, none_of_these(told)))
        else:
            found.add(value)
    return [str(one.value) for one in choices if one.value in found]

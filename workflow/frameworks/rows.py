"""What a row of the register's spreadsheets says: its fields, and what is wrong with it, on its column (S29)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from workflow.groups import words
from workflow.groups.models import Confidence, Institution, Twg
from workflow.groups.sheets import values_by_words

from .models import Framework, FrameworkKind, PolicyActor

Errors = list[tuple[str, str]]


@dataclass
class Known:
    """What a file's rows are compared with: the register's own entries, and the institutions that rows name."""

    twg: Twg
    entries: Mapping[str, Any]
    institutions: Mapping[str, Institution]
    codes: Counter[str] = field(default_factory=Counter)


def split(text: str) -> list[str]:
    """The codes in a cell, however they are divided."""
    return [code for code in re.split(r"[\s,;|]+", text.lower()) if code]


def institutions(codes: Iterable[str]) -> dict[str, Institution]:
    """By small letters; the directory is small enough to be read at once."""
    wanted = set(codes)
    found = Institution.objects.all() if wanted else Institution.objects.none()
    return {i.code.lower(): i for i in found if i.code.lower() in wanted}


def _texts(row: Mapping[str, str], name: str, existing: Mapping[str, str]) -> dict[str, str]:
    """What is told in several languages; a column that the file lacks keeps what is there."""
    told = dict(existing)
    for code, _label in settings.LANGUAGES:
        told[code] = row.get(f"{name}_{code}", told.get(code, ""))
    return {code: text for code, text in told.items() if text}


def _long(told: Mapping[str, str], name: str, most: int) -> Errors:
    return [(f"{name}_{code}", _("This is too long.")) for code, text in told.items() if len(text) > most]


def _choice(row: Mapping[str, str], column: str, choices: type[TextChoices], errors: Errors) -> dict[str, str]:
    """The value behind a choice's words in any language; nothing where the column lacks or the cell is empty."""
    text = row.get(column, "")
    if not text:
        return {}
    value = values_by_words(choices).get(words.fold(text))
    if value is None:
        errors.append((column, _("“%(text)s” is none of what this column takes.") % {"text": text[:60]}))
        return {}
    return {column: value}


def _common(row: Mapping[str, str], errors: Errors, *columns: str) -> dict[str, Any]:
    plain = {column: row[column] for column in (*columns, "ended", "source") if column in row}
    return plain | _choice(row, "confidence", Confidence, errors)


def framework_fields(row: Mapping[str, str], known: Known, existing: Framework | None) -> tuple[dict[str, Any], Errors]:
    errors: Errors = []
    fields = _common(row, errors, "reference", "adopted", "in_force")
    fields["names"] = _texts(row, "title", existing.names if existing else {})
    fields["summaries"] = _texts(row, "summary", existing.summaries if existing else {})
    if not fields["names"]:
        errors.append(("title_en", _("Give a title in at least one language.")))
    errors += _long(fields["names"], "title", 300) + _long(fields["summaries"], "summary", 4000)
    if "link" in row:
        fields["url"] = row["link"]
    fields |= _choice(row, "kind", FrameworkKind, errors)
    if not row["kind"]:
        errors.append(("kind", _("The kind is missing.")))
    if "responsible" in row:
        fields["responsible"] = sorted({_known(code, known, errors) for code in split(row["responsible"])} - {""})
    return fields, errors


def _known(code: str, known: Known, errors: Errors) -> str:
    """The institution's code as the directory writes it."""
    found = known.institutions.get(code)
    if found is None:
        errors.append(("responsible", _("There is no institution “%(code)s” in the directory.") % {"code": code[:80]}))
        return ""
    return found.code


def actor_fields(row: Mapping[str, str], known: Known, existing: PolicyActor | None) -> tuple[dict[str, Any], Errors]:
    errors: Errors = []
    fields = _common(row, errors, "since")
    fields["roles"] = _texts(row, "role", existing.roles if existing else {})
    if not fields["roles"]:
        errors.append(("role_en", _("Say in at least one language what it does.")))
    errors += _long(fields["roles"], "role", 4000)
    code = row["institution"].lower()
    if code and code not in known.institutions:
        text = {"code": row["institution"][:80]}
        errors.append(("institution", _("There is no institution “%(code)s” in the directory.") % text))
    return fields, errors

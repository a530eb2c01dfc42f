"""Importing institutions from a spreadsheet: a dry run that tells each row's fate, then all rows or none (S15)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_countries import countries

from workflow.engine import services as engine
from workflow.engine.errors import Conflict, Incomplete

from . import access, words
from .models import Category, Institution
from .services import require
from .spreadsheet import Sheet


@dataclass
class Fate:
    """What becomes of one row: new, changed, unchanged or wrong. `version` is the institution's at the dry run."""

    line: int
    code: str
    fate: str
    fields: dict[str, Any] = field(default_factory=dict)
    changes: list[tuple[str, str, str]] = field(default_factory=list)  # column, before, after
    errors: list[tuple[str, str]] = field(default_factory=list)  # column, message
    version: int = 0


@dataclass
class Plan:
    """The dry run of a file."""

    fates: list[Fate]
    notices: list[str]

    def _count(self, fate: str) -> int:
        return sum(f.fate == fate for f in self.fates)

    @property
    def new(self) -> int:
        return self._count("new")

    @property
    def changed(self) -> int:
        return self._count("changed")

    @property
    def unchanged(self) -> int:
        return self._count("unchanged")

    @property
    def errors(self) -> int:
        return self._count("wrong")

    @property
    def to_do(self) -> list[Fate]:
        return [f for f in self.fates if f.fate in ("new", "changed")]

    def packed(self) -> str:
        """The rows to apply, for the session."""
        return json.dumps([asdict(f) for f in self.to_do])

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.packed().encode()).hexdigest()


def plan(sheet: Sheet) -> Plan:
    """What the file would do. Writes nothing."""
    codes = Counter(row.get("code", "").lower() for _line, row in sheet.rows)
    known = {i.code: i for i in Institution.objects.filter(code__in=codes)}
    fates = [_fate(line, row, known, codes) for line, row in sheet.rows]
    return Plan(fates, sheet.notices)


def _fate(line: int, row: dict[str, str], known: dict[str, Institution], codes: Counter[str]) -> Fate:
    code = row.get("code", "").lower()
    existing = known.get(code)
    fields, errors = _fields(row, existing)
    if not code:
        errors.append(("code", _("The code is missing.")))
    elif codes[code] > 1:
        errors.append(("code", _("This code stands in the file more than once.")))
    fate = Fate(line, code, "wrong", fields, [], errors, existing.version if existing else 0)
    if not errors:
        errors += _invalid(code, fields, existing)
    if errors:
        return fate
    if existing is None:
        fate.fate = "new"
        return fate
    for name, value in fields.items():
        before = getattr(existing, name)
        before = before if isinstance(before, dict) else str(before)
        if before != value:
            fate.changes.append((name, _shown(before), _shown(value)))
    fate.fate = "changed" if fate.changes else "unchanged"
    return fate


def _shown(value: Any) -> str:
    return " / ".join(f"{k}: {v}" for k, v in sorted(value.items())) if isinstance(value, dict) else str(value)


def _fields(row: dict[str, str], existing: Institution | None) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """A row's fields; a column that the file lacks keeps what is there."""
    errors: list[tuple[str, str]] = []
    names = dict(existing.names) if existing else {}
    for language in ("en", "fr", "pt"):
        if f"name_{language}" in row:
            names[language] = row[f"name_{language}"]
    names = {language: name for language, name in names.items() if name}
    fields: dict[str, Any] = {"names": names}
    if not names:
        errors.append(("name_en", _("Give a name in at least one language.")))
    for column in ("acronym", "website"):
        if column in row:
            fields[column] = row[column]
    category = _categories().get(words.fold(row.get("category", "")))
    if category is None:
        errors.append(("category", _("“%(text)s” is no category.") % {"text": row.get("category", "")[:60]}))
    else:
        fields["category"] = category
    if "country" in row:
        country = _countries().get(words.fold(row["country"])) if row["country"] else ""
        if country is None:
            errors.append(("country", _("“%(text)s” is no country.") % {"text": row["country"][:60]}))
        else:
            fields["country"] = country
    return fields, errors


def _invalid(code: str, fields: dict[str, Any], existing: Institution | None) -> list[tuple[str, str]]:
    """What the model itself finds wrong, on its column."""
    trial = Institution(code=code, **fields)
    try:
        trial.clean_fields(exclude=["version", "head", "folded"])
    except ValidationError as error:
        columns = {"names": "name_en"}
        return [(columns.get(k, k), str(m)) for k, messages in error.message_dict.items() for m in messages]
    too_long = [(f"name_{k}", _("This name is too long.")) for k, v in fields["names"].items() if len(v) > 300]
    return too_long


@cache
def _categories() -> dict[str, str]:
    """Every name of every category, folded: its value, and its label in each language."""
    found = {}
    for language in ("en", "fr", "pt"):
        with translation.override(language):
            found |= {words.fold(str(c.label)): c.value for c in Category}
    return found | {words.fold(c.value): c.value for c in Category}


@cache
def _countries() -> dict[str, str]:
    found = {}
    for language in ("en", "fr", "pt"):
        with translation.override(language):
            found |= {words.fold(name): code for code, name in countries}
    return found | {words.fold(code): code for code in dict(countries)}


def unpacked(text: str) -> list[Fate]:
    return [Fate(**entry) for entry in json.loads(text)]


def apply(fates: list[Fate], *, actor: Any) -> int:
    """Write all rows or none, each with its event. Raises Conflict when the directory has changed since the dry run."""
    require(access.keeper, None, actor)
    with transaction.atomic():
        for fate in fates:
            if fate.fate == "new":
                _enter(fate, actor)
            else:
                _change(fate, actor)
    return len(fates)


def _enter(fate: Fate, actor: Any) -> None:
    existing = Institution.objects.filter(code=fate.code).first()
    if existing:
        raise Conflict(
            existing,
            engine.events_since(existing, 0),
            _("Somebody has entered %(code)s meanwhile.") % {"code": fate.code},
        )
    engine.create(Institution(code=fate.code, **fate.fields), actor=actor, data={"imported": True})


def _change(fate: Fate, actor: Any) -> None:
    existing = Institution.objects.filter(code=fate.code).first()
    if existing is None:
        raise Incomplete({"code": [_("%(code)s is no longer in the directory.") % {"code": fate.code}]})
    with engine.change(existing, "imported", actor=actor, version=fate.version) as change:
        for name, value in fate.fields.items():
            setattr(change.subject, name, value)

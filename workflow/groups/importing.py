"""Importing institutions from a spreadsheet: a dry run that tells each row's fate, then all rows or none (S15)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import slug_re
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries
from django_countries.data import COUNTRIES

from workflow.engine import services as engine
from workflow.engine.errors import Conflict
from workflow.engine.texts import UNSEEN

from . import access, words
from .models import Category, Institution
from .services import require
from .spreadsheet import Sheet

PLAIN = ("acronym", "category", "country", "website")  # columns that are fields of the same name
MOST_SHOWN = 500  # rows on one page


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

    @property
    def name(self) -> str:
        return words.in_language(self.fields.get("names", {}))


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

    @property
    def problems(self) -> list[dict[str, str]]:
        """Every mistake with its row and column, as far as a page can show them."""
        wrong = [(fate.line, column, message) for fate in self.fates for column, message in fate.errors]
        told = [
            {"where": _("Row %(row)s, %(column)s") % {"row": row, "column": column}, "text": message}
            for row, column, message in wrong[:MOST_SHOWN]
        ]
        if len(wrong) > MOST_SHOWN:
            more = len(wrong) - MOST_SHOWN
            told.append({"text": ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}})
        return told

    @property
    def shown(self) -> list[Fate]:
        """The rows without a mistake, those that change something first, as far as a page can show them."""
        fine = [f for f in self.fates if f.fate != "wrong"]
        return sorted(fine, key=lambda f: f.fate == "unchanged")[:MOST_SHOWN]

    def packed(self) -> str:
        """The rows to apply, for the session."""
        return json.dumps([asdict(f) for f in self.to_do])

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.packed().encode()).hexdigest()


def plan(sheet: Sheet) -> Plan:
    """What the file would do. Writes nothing."""
    codes = Counter(row["code"].lower() for _line, row in sheet.rows)
    stored = Institution.objects.annotate(lower=Lower("code")).filter(lower__in=codes)
    known = {institution.code.lower(): institution for institution in stored}
    fates = [_fate(line, row, known, codes) for line, row in sheet.rows]
    return Plan(fates, sheet.notices)


def _fate(line: int, row: dict[str, str], known: dict[str, Institution], codes: Counter[str]) -> Fate:
    code = row["code"].lower()
    existing = known.get(code)
    fields, errors = _fields(row, existing)
    errors += [(column, _("This cell holds characters that can't be shown.")) for column in _unprintable(row)]
    if not code:
        errors.append(("code", _("The code is missing.")))
    elif not slug_re.match(code):
        errors.append(("code", _("A code has letters without accents, digits, hyphens and underscores only.")))
    elif codes[code] > 1:
        errors.append(("code", _("This code stands in the file more than once.")))
    fate = Fate(line, code, "wrong", fields, errors=errors)
    if existing:
        fate.code, fate.version = existing.code, existing.version
    if not errors:
        errors += _invalid(code, fields, existing)
    if errors:
        return fate
    if existing is None:
        fate.fate = "new"
        return fate
    now, then = _columns(existing.names, existing), _columns(fields["names"], fields)
    fate.changes = [(column, now[column], value) for column, value in then.items() if now[column] != value]
    fate.fate = "changed" if fate.changes else "unchanged"
    return fate


def _unprintable(row: dict[str, str]) -> list[str]:
    return [column for column, text in row.items() if UNSEEN.search(text) or {*text} & {*"\t\r\n"}]


def _columns(names: Mapping[str, str], rest: Institution | Mapping[str, Any]) -> dict[str, str]:
    """What stands in each of the file's columns, for an institution or for the fields that a row gives."""
    fields = rest if isinstance(rest, Mapping) else {name: str(getattr(rest, name)) for name in PLAIN}
    told = {f"name_{language}": names.get(language, "") for language, _name in settings.LANGUAGES}
    return told | {name: fields[name] for name in PLAIN if name in fields}


def _fields(row: dict[str, str], existing: Institution | None) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """A row's fields; a column that the file lacks keeps what is there."""
    errors: list[tuple[str, str]] = []
    names = dict(existing.names) if existing else {}
    for language, _name in settings.LANGUAGES:
        if f"name_{language}" in row:
            names[language] = row[f"name_{language}"]
    names = {language: name for language, name in names.items() if name}
    fields: dict[str, Any] = {"names": names}
    if not names:
        errors.append(("name_en", _("Give a name in at least one language.")))
    for column in ("acronym", "website"):
        if column in row:
            fields[column] = row[column]
    category = _categories().get(words.fold(row["category"]))
    if category is None and row["category"]:
        errors.append(("category", _("“%(text)s” is no category.") % {"text": row["category"][:60]}))
    elif category is None:
        errors.append(("category", _("The category is missing.")))
    else:
        fields["category"] = category
    if "country" in row:
        country = _countries().get(_key(row["country"]))
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
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {words.fold(str(c.label)): c.value for c in Category}
    return found | {words.fold(c.value): c.value for c in Category}


@cache
def _countries() -> dict[str, str]:
    """Every country's names in each language and its ISO 3166 codes of two and three letters; "" for none."""
    found = {"": ""}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            # The list's own names too, where the project calls a country otherwise (Cabo Verde, Cape Verde).
            found |= {_key(str(name)): code for code, name in (*COUNTRIES.items(), *countries)}
            found[_key(_("International"))] = ""
    for code in dict(countries):
        found |= {_key(code): code, _key(countries.alpha3(code)): code}
    return found


def _key(text: str) -> str:
    return words.fold(text).replace("’", "'")


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
        reason = _("Somebody has entered %(code)s meanwhile: send the file again.") % {"code": fate.code}
        raise Conflict(existing, engine.events_since(existing, 0), reason)
    engine.create(Institution(code=fate.code, **fate.fields), actor=actor, data={"imported": True})


def _change(fate: Fate, actor: Any) -> None:
    existing = Institution.objects.get(code=fate.code)  # nothing ever leaves the directory
    with engine.change(existing, "imported", actor=actor, version=fate.version) as change:
        for name, value in fate.fields.items():
            setattr(change.subject, name, value)
